"""IBM model 1: which words of one language stand for which of another, by expectation maximization. Numpy only."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Links:
    """All possible links of sentence pairs: for each target word of a sentence a block with each source word once."""

    source: Ints
    target: Ints
    sizes: Ints
    """Number of links of each block."""


@dataclass(frozen=True, slots=True)
class Model:
    """For each pair of words that stand in one sentence pair: the probability of the target given the source, and how often the
    link is expected in all sentences."""

    source: Ints
    target: Ints
    probability: Floats
    count: Floats


def links(pairs: Iterable[tuple[Ints, Ints]]) -> Links:
    """The links of sentence pairs: numbers of the source words, each once, and of the target words."""
    source, target, sizes = [], [], []
    for f, e in pairs:
        if len(f) and len(e):
            source.append(np.tile(f, len(e)))
            target.append(np.repeat(e, len(f)))
            sizes.append(np.full(len(e), len(f), np.int64))
    return Links(np.concatenate(source), np.concatenate(target), np.concatenate(sizes))


def fit(found: Links, rounds: int) -> Model:
    """The model after some rounds. A target word can come from nowhere, by a probability of its own."""
    starts = np.concatenate([[0], np.cumsum(found.sizes)[:-1]])
    words, size = found.target[starts], int(found.target.max()) + 1  # the target word of each block
    keys, link = np.unique(found.source * size + found.target, return_inverse=True)
    source, target = keys // size, keys % size
    probability, count, nowhere = np.ones(len(keys)), np.zeros(len(keys)), np.full(size, 0.02)
    for _ in range(rounds):
        share = probability[link]
        share /= np.repeat(np.add.reduceat(share, starts) + nowhere[words] * found.sizes, found.sizes)
        count = np.asarray(np.bincount(link, share, len(keys)), np.float64)
        lost = np.bincount(words, 1 - np.add.reduceat(share, starts), size)
        nowhere = lost / lost.sum()
        probability = count / np.bincount(source, count)[source]
    return Model(source, target, probability, count)
