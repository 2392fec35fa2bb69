"""Translations that were made before: in front of the batcher, with its face. Wire copy repeats itself, sentence by sentence.

Only the very text that the model would get is a hit, under the same model, beam and way of decoding. Bounded in memory, the least
recently used forgotten first; with a file (shelf.py) it survives a restart.
"""

import hashlib
import sys
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mojaz_server.engine.batcher import SEVERAL, Batcher, Model
from mojaz_server.engine.shelf import Shelf
from mojaz_server.pipeline.records import Calibration, Priority
from mojaz_server.pipeline.translate import Hypothesis

_OVERHEAD = 200  # bytes of an entry's and of a hypothesis's objects beside their text


@dataclass(frozen=True, slots=True)
class Counts:
    """How the cache does. `hits` and `misses` count since the start, `failures` those of the file."""

    limit_bytes: int
    bytes: int
    sentences: int
    hits: int
    misses: int
    shared: int
    failures: int


class Cache:
    """The pipeline's `Translator`: a `Batcher` that is asked only for what is not in memory. `mib` 0 keeps nothing."""

    def __init__(self, batcher: Batcher, mib: int, file: str = "") -> None:
        self._batcher = batcher
        self._limit = mib * 2**20
        self._shelf = Shelf(Path(file), self._limit) if file else None
        self._kept: OrderedDict[bytes, tuple[Hypothesis, ...]] = OrderedDict()  # the least recently used first
        self._bytes = self._hits = self._misses = 0
        self._model = b""

    @property
    def model(self) -> str:
        return self._batcher.model

    @property
    def max_pieces(self) -> int:
        return self._batcher.max_pieces

    @property
    def calibration(self) -> Calibration | None:
        return self._batcher.calibration

    def count(self, text: str) -> int:
        return self._batcher.count(text)

    def admit(self) -> None:
        """Raise ServerFull if there is no room for more work now."""
        self._batcher.admit()

    async def start(self, model: Model) -> None:
        """Start the batcher on a model that is loaded, and remember what the file has of it."""
        self._model = hashlib.blake2b(model.fingerprint.encode(), digest_size=16).digest()
        for key, made in await self._shelf.load(self._model) if self._shelf else ():
            self._remember(key, tuple(made))
        self._batcher.start(model)

    async def close(self) -> None:
        """End the batcher, and write what the file has not yet."""
        await self._batcher.close()
        if self._shelf:
            await self._shelf.close()

    def counts(self) -> Counts:
        """How the cache does."""
        failures = self._shelf.failures if self._shelf else 0
        return Counts(self._limit, self._bytes, len(self._kept), self._hits, self._misses, self._batcher.shared, failures)

    async def translate(self, text: str, beam: int, priority: Priority) -> Hypothesis:
        """The translation of one normalized segment. Raises as `Batcher.translate` does."""
        key = self._key(text, self._batcher.beam(beam))
        (only,) = self._find(key) or self._keep(key, [await self._batcher.translate(text, beam, priority)])
        return only

    async def alternatives(self, text: str, priority: Priority) -> list[Hypothesis]:
        """Several translations of one normalized segment, the most likely first. Raises as `Batcher.alternatives` does."""
        key = self._key(text, SEVERAL)
        return list(self._find(key) or self._keep(key, await self._batcher.alternatives(text, priority)))

    def _key(self, text: str, beam: int) -> bytes:
        return hashlib.blake2b(f"{beam} {text}".encode(), digest_size=16, key=self._model).digest()

    def _find(self, key: bytes) -> tuple[Hypothesis, ...]:
        found = self._kept.get(key, ())
        if found:
            self._kept.move_to_end(key)
            self._hits += 1
        else:
            self._misses += 1
        return found

    def _keep(self, key: bytes, made: Sequence[Hypothesis]) -> Sequence[Hypothesis]:
        """Remember what was just made, if it is whole: where decoding was cut depends on what else was in the batch."""
        if self._limit and key not in self._kept and all(hypothesis.ended for hypothesis in made):
            kept = tuple(replace(hypothesis, queue_ms=0.0, compute_ms=0.0, cached=True) for hypothesis in made)
            self._remember(key, kept)
            if self._shelf:
                self._shelf.keep(key, kept)
        return made

    def _remember(self, key: bytes, kept: tuple[Hypothesis, ...]) -> None:
        self._kept[key] = kept
        self._bytes += _size(kept)
        while self._bytes > self._limit:
            _, forgotten = self._kept.popitem(last=False)
            self._bytes -= _size(forgotten)


def _size(kept: Sequence[Hypothesis]) -> int:
    return _OVERHEAD + sum(_OVERHEAD + sys.getsizeof(hypothesis.text) for hypothesis in kept)
