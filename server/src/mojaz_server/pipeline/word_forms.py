"""Which English is another form of a term: "Iranian" of Iran, "French" of France, "open" of opening."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from mojaz_server.pipeline.lexicon import english_stem
from mojaz_server.pipeline.records import Span
from mojaz_server.pipeline.tables import rows

_WORD = re.compile(r"[^\W_]+")
_AGENT = re.compile("(?<=[a-z]{4})ors?$")
_POSSESSIVE = re.compile(r"['’]s?(?!\w)")
_ENDINGS = ("an", "ian", "ese", "ish", "ist")
"""Of what is of a name; they may take the place of its last letter if that is one of `_MUTE`. An -i is in the table
alone, or Toni would be a form of Tony."""
_ADDED = ("n", *_ENDINGS)
_MUTE = "aeioy"


@lru_cache(maxsize=1 << 14)
def is_form(told: str, wanted: str) -> bool:
    """Whether `told` says word by word what `wanted` says, at least one word in another form: what is of a country, or a word of
    the same stem. Other capitals are no other form, nor is another spelling of a name."""
    if told in _nationalities().get(wanted, ()):
        return True
    here, there = _words(told), _words(wanted)
    if len(here) != len(there) or [word.lower() for word in here] == [word.lower() for word in there]:
        return False
    return all(map(_is_of, here, there))


def find_forms(wanted: str, text: str) -> Iterator[Span]:
    """Where an English text has another form of `wanted`, be it in a hyphenated word."""
    found = list(_WORD.finditer(text))
    for length in {1, len(_words(wanted))}:
        for first, last in zip(found, found[length - 1 :], strict=False):
            span = Span(first.start(), last.end())
            if is_form(span.of(text), wanted):
                yield span


def _words(text: str) -> list[str]:
    return _WORD.findall(_POSSESSIVE.sub("", text))


def _is_of(word: str, wanted: str) -> bool:
    """Whether a word is another one, or a form of it."""
    told, low = word.lower(), wanted.lower()
    if told == low:
        return True
    if not wanted[0].isupper():
        return english_stem(_AGENT.sub("", told)) == english_stem(_AGENT.sub("", low))
    known = {low + ending for ending in _ADDED} | ({low} if word[0].isupper() else set())
    if low[-1] in _MUTE:
        known |= {low[:-1] + ending for ending in _ENDINGS}
    return not known.isdisjoint((told, told.removesuffix("s")))


@cache
def _nationalities() -> dict[str, frozenset[str]]:
    """Words for what is of a country, in the singular and the plural, that do not simply end as such words do."""
    found = {country: words.split("|") for country, words in rows("nationalities.tsv")}
    return {country: frozenset([*words, *(f"{word}s" for word in words)]) for country, words in found.items()}
