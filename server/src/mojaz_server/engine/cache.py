"""Translations that were made before, by whatever model. Wire copy repeats itself, sentence by sentence.

Only the very text that the model would get is a hit, under the same model, beam and way of decoding. Bounded in memory, the least
recently used forgotten first; with a file (shelf.py) it survives a restart.
"""

import hashlib
import sys
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mojaz_server.engine.shelf import Shelf
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
    failures: int


class Cache:
    """Hypotheses by model, beam and text. `mib` 0 keeps nothing."""

    def __init__(self, mib: int, file: str = "") -> None:
        self._limit = mib * 2**20
        self._shelf = Shelf(Path(file), self._limit) if file else None
        self._kept: OrderedDict[bytes, tuple[Hypothesis, ...]] = OrderedDict()  # the least recently used first
        self._bytes = self._hits = self._misses = 0

    async def load(self, fingerprint: str) -> bytes:
        """Remember what the file has of a model; what the model is called here."""
        model = hashlib.blake2b(fingerprint.encode(), digest_size=16).digest()
        for key, made in await self._shelf.load(model) if self._shelf else ():
            if key not in self._kept:
                self._remember(key, tuple(made))
        return model

    async def close(self) -> None:
        """Write what the file has not yet."""
        if self._shelf:
            await self._shelf.close()

    def counts(self) -> Counts:
        """How the cache does."""
        failures = self._shelf.failures if self._shelf else 0
        return Counts(self._limit, self._bytes, len(self._kept), self._hits, self._misses, failures)

    def find(self, model: bytes, beam: int, text: str) -> tuple[Hypothesis, ...]:
        """What a model made of a text before; nothing if it is not known."""
        key = _key(model, beam, text)
        found = self._kept.get(key, ())
        if found:
            self._kept.move_to_end(key)
            self._hits += 1
        else:
            self._misses += 1
        return found

    def keep(self, model: bytes, beam: int, text: str, made: Sequence[Hypothesis]) -> None:
        """Remember what was just made, if it is whole: where decoding was cut depends on what else was in the batch."""
        key = _key(model, beam, text)
        if self._limit and key not in self._kept and all(hypothesis.ended for hypothesis in made):
            kept = tuple(replace(hypothesis, queue_ms=0.0, compute_ms=0.0, cached=True) for hypothesis in made)
            self._remember(key, kept)
            if self._shelf:
                self._shelf.keep(model, key, kept)

    def _remember(self, key: bytes, kept: tuple[Hypothesis, ...]) -> None:
        self._kept[key] = kept
        self._bytes += _size(kept)
        while self._bytes > self._limit:
            _, forgotten = self._kept.popitem(last=False)
            self._bytes -= _size(forgotten)


def _key(model: bytes, beam: int, text: str) -> bytes:
    return hashlib.blake2b(f"{beam} {text}".encode(), digest_size=16, key=model).digest()


def _size(kept: Sequence[Hypothesis]) -> int:
    return _OVERHEAD + sum(_OVERHEAD + sys.getsizeof(hypothesis.text) for hypothesis in kept)
