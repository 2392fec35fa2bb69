"""Which English words news has for an Arabic word: data/equivalents.tsv, learned from news pairs by mojaz_models.equivalents."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from mojaz_server.pipeline.remembered import remembered
from mojaz_server.pipeline.salience import stem
from mojaz_server.pipeline.tables import rows
from mojaz_server.pipeline.terms import words

ENGLISH_WORD = re.compile(r"[^\W\d_]+")
_ENDING = re.compile("(?:ations?|ions?|ings?|ers?|ors?|ments?|ed|ies|es|s|ly|al|y|e)$")
_LIKELY = 3
_SHORTEST = 4  # letters that an English stem keeps at least


class Term(NamedTuple):
    """An Arabic word at [start, end) of a text, by its stem."""

    stem: str
    start: int
    end: int


class Equivalents(NamedTuple):
    """The English stems that stand for an Arabic stem, and the likeliest of them; how often (0 to 1) one is in its translation,
    and how often in the English of any other sentence."""

    english: frozenset[str]
    likely: frozenset[str]
    kept: float
    chance: float


@lru_cache(maxsize=1 << 16)
def english_stem(word: str) -> str:
    """An English word in lower case without its endings: "translations" and "translated" are one."""
    word = word.lower()
    while len(word) > _SHORTEST and (shorter := _ENDING.sub("", word)) != word and len(shorter) >= _SHORTEST:
        word = shorter
    return word


@remembered
def english_stems(text: str) -> tuple[str, ...]:
    """The stems of the words of an English text, in order."""
    return tuple([english_stem(word) for word in ENGLISH_WORD.findall(text)])


@remembered
def arabic_terms(text: str) -> tuple[Term, ...]:
    """The words of a raw Arabic text, in order."""
    return tuple([Term(stem(word.key), word.start, word.end) for word in words(text)])


@cache
def equivalents() -> Mapping[str, Equivalents]:
    """The table, by Arabic stem."""
    return {
        arabic: Equivalents(frozenset(english.split()), frozenset(english.split()[:_LIKELY]), int(kept) / 100, int(chance) / 1000)
        for arabic, kept, chance, english in rows("equivalents.tsv")
    }
