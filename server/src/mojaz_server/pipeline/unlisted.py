"""Finds the words of an Arabic sentence that may be names and that no glossary knows: a look at the Arabic alone, for `suggest`.

A word may be a name if it follows a title ("الوزير"), is a given name or follows one, stands in a short quotation or is no word
of the lexicon. What of that is a name the English tells, see spelled.py.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from mojaz_server.pipeline.glossary import Glossary
from mojaz_server.pipeline.lexicon import translations
from mojaz_server.pipeline.starter import table
from mojaz_server.pipeline.terms import Word, stems, words
from mojaz_server.pipeline.wordlists import words as listed

_SHORTEST = 3
_LONG = 3  # words after a title or a given name that may belong to the name
_QUOTED = re.compile(r"[\"«“]([^\"«»“”]{3,40})[\"»”]")
_WITHIN_QUOTES = 3
_BREAK = re.compile(r"[^\s\"«»“”-]")


def unlisted(text: str, glossary: Glossary) -> Iterator[Word]:
    """The words of a raw sentence that may be names, in order; none of an entry that the glossary finds in it."""
    known = [match.span for match in glossary.match(text)]
    found = words(text)
    likely = _called(found, text) | _quoted(found, text) | {word for word in found if not translations(word.key)}
    for word in found:
        if (
            word in likely
            and _is_telling(word.key)
            and not any(span.start < word.end and word.start < span.end for span in known)
        ):
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


def _is_telling(key: str) -> bool:
    """Whether a word is long and rare enough to be a name by itself."""
    return len(key) >= _SHORTEST and key not in listed("salience", "stopwords") and key not in listed("verbs")


@cache
def _given_names() -> frozenset[str]:
    """The first words of the persons whom the starter glossary names in full, folded."""
    full = (words(form.text) for row in table() if row.category == "person" for form in row.forms)
    return frozenset(name[0].key for name in full if len(name) > 1)
