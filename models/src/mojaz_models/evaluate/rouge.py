"""ROUGE with Arabic normalization: F of shared unigrams, bigrams and longest common subsequence of folded words, no stemming."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from mojaz_server.pipeline.normalize import fold, readable

SIGNATURE = "rouge-f|tok:folded-words|norm:nfkc,nodiacritics,alef,yeh,teh|stem:no|refs:mean|mojaz"
_WORD = re.compile(r"[^\W_]+")


class Rouge(NamedTuple):
    """F scores, 0 to 1."""

    one: float
    two: float
    longest: float


def rouge(summary: str, references: Sequence[str]) -> Rouge:
    """Mean over the references (at least one) of the F scores of a summary."""
    own = tokens(summary)
    scores = [_against(own, tokens(reference)) for reference in references]
    return Rouge(*(sum(column) / len(scores) for column in zip(*scores, strict=True)))


def tokens(text: str) -> list[str]:
    """Words as they are compared: no diacritics, punctuation or differences of alef, yeh and teh marbuta."""
    return _WORD.findall(fold(readable(text)))


def _against(own: list[str], reference: list[str]) -> Rouge:
    pairs, pairs_of_reference = list(pairwise(own)), list(pairwise(reference))
    return Rouge(
        _f((Counter(own) & Counter(reference)).total(), len(own), len(reference)),
        _f((Counter(pairs) & Counter(pairs_of_reference)).total(), len(pairs), len(pairs_of_reference)),
        _f(longest_common_subsequence(own, reference), len(own), len(reference)),
    )


def _f(shared: int, own: int, reference: int) -> float:
    return 2 * shared / (own + reference) if own and reference else 0.0


def longest_common_subsequence(one: Sequence[str], other: Sequence[str]) -> int:
    """Length of the longest common subsequence, bit-parallel (Hyyrö 2004): a machine word of the other text at a time."""
    places: dict[str, int] = {}
    for i, word in enumerate(other):
        places[word] = places.get(word, 0) | 1 << i
    every = (1 << len(other)) - 1
    row = every
    for word in one:
        matched = row & places.get(word, 0)
        row = ((row + matched) | (row - matched)) & every
    return len(other) - row.bit_count()
