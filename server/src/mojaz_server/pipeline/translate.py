"""Sentences into English: a sentence too long for the model is divided at clause boundaries and joined again, nothing dropped."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from mojaz_server.pipeline.clauses import divide
from mojaz_server.pipeline.options import TranslateOptions
from mojaz_server.pipeline.orthography import as_read
from mojaz_server.pipeline.records import Calibration, Priority, Translated
from mojaz_server.pipeline.step import step
from mojaz_server.pipeline.together import together

_SHORT = 2000
"""Characters; to count the pieces of such a text takes less time than to have another thread do it."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """The model's answer for one segment. See `Translated` for the units; `cached`: it was made for an earlier one."""

    text: str
    score: float
    ended: bool
    unknown: int
    pieces: int
    queue_ms: float
    compute_ms: float
    cached: bool = False


class Translator(Protocol):
    """What the pipeline needs of an engine; engine/batcher.py and engine/cache.py have it."""

    @property
    def model(self) -> str:
        """name@version, as digests name it."""
        ...

    @property
    def max_pieces(self) -> int:
        """Longest segment that the model translates well, in its own pieces."""
        ...

    @property
    def calibration(self) -> Calibration | None:
        """How the model's translations turn out, if that was measured."""
        ...

    def count(self, text: str) -> int:
        """Number of pieces of a normalized text."""
        ...

    def translate(self, text: str, beam: int, priority: Priority) -> Coroutine[Any, Any, Hypothesis]:
        """Translate one normalized segment of at most `max_pieces` pieces; cancelling the task takes it out of the queue."""
        ...

    def alternatives(self, text: str, priority: Priority) -> Coroutine[Any, Any, list[Hypothesis]]:
        """Several translations of such a segment, the most likely first."""
        ...


@step
async def translate(sentence: str, translator: Translator, options: TranslateOptions) -> Translated:
    """Translate one sentence as it stands in the article. What holds no Arabic letter stays as it is."""
    text = as_read(sentence)
    if not any("\u0620" <= c <= "\u064a" for c in text):
        return Translated(text, 0.0)
    if len(text) <= _SHORT and translator.count(text) <= translator.max_pieces:
        parts: Sequence[str] = (text,)
    else:
        parts = await asyncio.to_thread(divide, text, translator.count, translator.max_pieces)
    found = await together(translator.translate(part, options.beam, options.priority) for part in parts)
    return joined(found)


def joined(found: Sequence[Hypothesis]) -> Translated:
    """The translation of a sentence whose parts these are."""
    pieces = sum(h.pieces for h in found)
    return Translated(
        text=" ".join(h.text for h in found if h.text),
        score=sum(h.score * h.pieces for h in found) / pieces if pieces else 0.0,
        ended=all(h.ended for h in found),
        unknown=sum(h.unknown for h in found),
        parts=len(found),
        queue_ms=max(h.queue_ms for h in found),
        compute_ms=sum(h.compute_ms for h in found),
        cached=all(h.cached for h in found),
    )
