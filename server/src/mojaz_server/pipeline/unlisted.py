"""Finds the words of an Arabic sentence that may be names and that no glossary knows: a look at the Arabic alone, for `suggest`.

A word may be a name if it is no usual word of the news and follows a title ("الوزير"), is a given name or follows one, stands
in a short quotation, or if the lexicon has no English for it or one that sounds like it. What of that is a name the English
tells, see spelled.py.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from mojaz_server.pipeline.check.equivalents import equivalents
from mojaz_server.pipeline.glossary import Glossary
from mojaz_server.pipeline.lexicon import translations
from mojaz_server.pipeline.names import names
from mojaz_server.pipeline.salience import stem
from mojaz_server.pipeline.sounds import alike
from mojaz_server.pipeline.starter import table
from mojaz_server.pipeline.terms import Word, stems, words
from mojaz_server.pipeline.wordlists import words as listed

_SHORTEST = 3
_LONG = 3  # words after a title or a given name that may belong to the name
_QUOTED = re.compile(r"[\"«“]([^\"«»“”]{3,40})[\"»”]")
_WITHIN_QUOTES = 3
_ALIKE = 0.7  # from which a translation sounds like the word
_BREAK = re.compile(r"[^\s\"«»“”-]")


def unlisted(text: str, glossary: Glossary) -> Iterator[Word]:
    """The words of a raw sentence that may be names, in order; none of an entry that the glossary finds in it."""
    known = [match.span for match in glossary.match(text)] + [name.span for name in names(text, "")]
    found = words(text)
    likely = _called(found, text) | _quoted(found, text) | {word for word in found if not _is_ordinary(word.key)}
    for word in found:
        if word in likely and _is_telling(word.key) and not any(word.span.overlaps(span) for span in known):
            yield word


def _called(found: Sequence[Word], text: str) -> set[Word]:
    """The words after titles, and given names with the words after them."""
    likely, left = set[Word](), 0
    for number, word in enumerate(found):
        if number and _BREAK.search(text[found[number - 1].end : word.start]):
            left = 0
        forms = set(stems(word.key))
        if not forms.isdisjoint(listed("titles")):
            left = _LONG
        elif left or not forms.isdisjoint(_given_names()):
            likely.add(word)
            left = left - 1 if forms.isdisjoint(_given_names()) else _LONG
    return likely


def _quoted(found: Sequence[Word], text: str) -> set[Word]:
    """The words of quotations that are short enough to be a name."""
    likely = set[Word]()
    for quoted in _QUOTED.finditer(text):
        inside = [word for word in found if quoted.start() < word.start and word.end < quoted.end()]
        if len(inside) <= _WITHIN_QUOTES:
            likely.update(inside)
    return likely


@lru_cache(maxsize=1 << 16)
def _is_ordinary(key: str) -> bool:
    """Whether the lexicon translates a word, and not with what sounds like it."""
    english = translations(key)
    return bool(english) and alike(key, max(english, key=lambda word: english[word])) < _ALIKE


def _is_telling(key: str) -> bool:
    """Whether a word is long enough for a name and no usual one of the news."""
    usual = key in listed("salience", "stopwords") or key in listed("verbs") or equivalents().get(stem(key)) is not None
    return len(key) >= _SHORTEST and not usual


@cache
def _given_names() -> frozenset[str]:
    """The first words of the persons whom the starter glossary names in full, folded."""
    full = (words(form.text) for row in table() if row.category == "person" for form in row.forms)
    return frozenset(name[0].key for name in full if len(name) > 1)
