"""Looks for the name of a person that was translated as a word: سعيد is not "happy" after a title or another name."""

import re
from collections.abc import Iterator, Sequence

from mojaz_server.pipeline.lexicon import english_stem, translations
from mojaz_server.pipeline.records import Check, CheckKind, Span
from mojaz_server.pipeline.romanize import PARTICLES, lookup, romanize
from mojaz_server.pipeline.sounds import alike
from mojaz_server.pipeline.terms import Word, words
from mojaz_server.pipeline.wordlists import words as listed

_LOW = re.compile(r"(?<![\w'’-])[a-z]{3,}(?!\w)")
_CAPITAL = re.compile(r"(?<!\w)[A-Z][^\W\d_]+")
_ALIKE = 0.6
_SEEN = 10  # how often news must have a word as a name
_AFTER_TITLE, _AFTER_NAME = 0.1, 0.4  # in which share of its uses, if a title or a name stands before it
_SURE = 0.8  # share from which a word is nothing but a name
_MEANING = 0.15  # strength in the lexicon from which an English word is what the Arabic one means


def compare_persons(source: str, target: str) -> Iterator[Check]:
    """The names of `source` whose meaning stands in `target` and whose sound does not."""
    here = words(source)
    capitals = _CAPITAL.findall(target)
    for at, word in enumerate(here):
        if _names_person(here, at, source, capitals) and not _written(word.key, capitals):
            meanings = translations(word.key)
            there = next((m for m in _LOW.finditer(target) if meanings.get(english_stem(m[0]), 0.0) >= _MEANING), None)
            if there is not None:
                written = word.span.of(source)
                name = romanize(written)[0].text
                message = f"{written} is the name of a person ({name}): the English has {there[0]}"
                yield Check(CheckKind.NAME_CHANGED, message, word.span, Span(*there.span()))


def _names_person(here: Sequence[Word], at: int, source: str, capitals: Sequence[str]) -> bool:
    """Whether a word that is a name at times, and stands here without proclitics, follows a title or another name."""
    known = lookup(here[at].key)
    if (
        known is None
        or known.seen < _SEEN
        or here[at].key in PARTICLES
        or not at
        or not source[here[at - 1].end : here[at].start].isspace()
    ):
        return False
    before = here[at - 1]
    if before.key in listed("titles"):
        return known.share >= _AFTER_TITLE
    return known.share >= _AFTER_NAME and _is_name(before.key) and _written(before.key, capitals)


def _is_name(key: str) -> bool:
    known = lookup(key) or (lookup(key[2:]) if key.startswith("ال") else None)
    return known is not None and known.share >= _SURE


def _written(key: str, capitals: Sequence[str]) -> bool:
    """Whether a capitalized word sounds like a name."""
    known = lookup(key)
    usual = {spelling.text for spelling in known.written} if known else set[str]()
    return any(word in usual or alike(key, word) >= _ALIKE for word in capitals)
