"""Padded batches of similar length, drawn from several training sets without a Python loop over sentences. Numpy only."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from mojaz_models.dataset import Side

Batch = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Source and target pieces, [sentences, longest] each; the source begins with the tags."""

LONGEST = 160
"""Longest sentence that is trained on, in pieces."""


class Pairs:
    """Parallel sentences, with tags put before every source. `good` are the rows that can be trained on."""

    def __init__(self, name: str, source: Side, target: Side, tags: Sequence[int], weight: float = 1.0) -> None:
        if len(source) != len(target):
            raise ValueError(f"{name}: {len(source)} sources, {len(target)} targets")
        self.name, self.source, self.target, self.tags, self.weight = name, source, target, list(tags), weight
        ratio = target.length / np.maximum(1, source.length)
        filled = (source.length > 1) & (target.length > 1)
        short = (source.length <= LONGEST) & (target.length <= LONGEST)
        alike = (ratio < 4) & (ratio > 0.2) | (target.length < 12)
        self.good: NDArray[np.int64] = np.flatnonzero(filled & short & alike)


class Mixture:
    """Batches of about `tokens` pieces, (source + target) / 2, from sets in the proportion of size x weight. `pad` fills up."""

    def __init__(self, sets: Sequence[Pairs], pad: int, tokens: int, seed: int = 0) -> None:
        self.sets, self.pad, self.tokens = list(sets), pad, tokens
        self._rng = np.random.default_rng(seed)

    def epoch(self) -> Iterator[tuple[int, NDArray[np.int64]]]:
        """(set, its rows) of every batch of one pass, set after set, short sentences first."""
        rows = [self._rows(pairs) for pairs in self.sets]
        for at, taken in enumerate(rows):
            yield from self._cut(at, taken)

    def batches(self) -> Iterator[Batch]:
        """Batches without end, every pass shuffled anew."""
        while True:
            plan = list(self.epoch())
            if not plan:
                raise ValueError("no sentence of these sets can be trained on")
            self._rng.shuffle(plan)
            for at, rows in plan:
                yield self.gather(at, rows)

    def gather(self, at: int, rows: NDArray[np.int64]) -> Batch:
        """The batch of some rows of set number `at`."""
        pairs = self.sets[at]
        source, target = self._padded(pairs.source, rows), self._padded(pairs.target, rows)
        tags = np.broadcast_to(np.array(pairs.tags, np.int64), (len(rows), len(pairs.tags)))
        return np.concatenate([tags, source], 1), target

    def _rows(self, pairs: Pairs) -> NDArray[np.int64]:
        """`good` as often as the weight says; its fraction is a draw without replacement."""
        whole, part = int(pairs.weight), pairs.weight - int(pairs.weight)
        drawn = self._rng.choice(pairs.good, int(part * len(pairs.good)), replace=False)
        return np.concatenate([pairs.good] * whole + [drawn])

    def _cut(self, at: int, rows: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.int64]]]:
        pairs = self.sets[at]
        source, target = pairs.source.length[rows], pairs.target.length[rows]
        order = np.argsort(source + target + self._rng.random(len(rows)) * 4, kind="stable")
        rows = rows[order]
        size = np.maximum.accumulate(np.maximum(source, target)[order] + len(pairs.tags))
        begin = 0
        while begin < len(rows):
            end = begin + max(1, int(self.tokens // size[min(begin + 64, len(rows) - 1)]))
            yield at, rows[begin:end]
            begin = end

    def _padded(self, side: Side, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        start, length = side.start[rows], side.length[rows]
        span = np.arange(int(length.max()))
        at = np.minimum(start[:, None] + span, len(side.tokens) - 1)
        return np.where(span < length[:, None], side.tokens[at].astype(np.int64), self.pad)
