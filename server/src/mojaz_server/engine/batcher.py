"""One queue for the sentences of all callers, merged into batches for the model.

A free worker takes a batch at once: the sentence that has waited longest and those nearest to it in length, up to `batch_tokens`
pieces, padding counted. Bulk sentences queue as if they had come `BULK_DELAY` seconds later, so they yield but never starve.
Cancelling the task that waits for a sentence takes it out of the queue before it costs compute.
"""

import asyncio
import bisect
import itertools
import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

from mojaz_server.engine.bundle import Bundle
from mojaz_server.engine.translator import Output
from mojaz_server.errors import EngineFailed, ServerFull, Unavailable
from mojaz_server.pipeline.records import Calibration, Priority
from mojaz_server.pipeline.translate import Hypothesis

BULK_DELAY = 5.0
SEVERAL = -1  # in the place of a beam: several translations are wanted
LOOK_AHEAD = 256  # sentences compared for length when a batch is filled

log = logging.getLogger(__name__)


class Model(Protocol):
    """What the batcher drives: translator.py with weights, echo.py without."""

    bundle: Bundle
    compute_type: str

    def count(self, text: str) -> int: ...

    def translate_batch(self, texts: Sequence[str], beam: int = 0) -> list[Output]: ...

    def alternatives_batch(self, texts: Sequence[str]) -> list[list[Output]]: ...


@dataclass(slots=True, order=True)
class _Job:
    due: float
    number: int
    text: str = field(compare=False)
    pieces: int = field(compare=False)
    beam: int = field(compare=False)
    entered: float = field(compare=False)
    answer: "asyncio.Future[list[Hypothesis]]" = field(compare=False)


class Batcher:
    """The pipeline's `Translator`, served by a `Model` on `workers` threads."""

    def __init__(self, *, workers: int, batch_tokens: int, max_queued: int) -> None:
        self._model: Model  # given by start
        self._workers = workers
        self._batch_tokens = batch_tokens
        self._max_queued = max_queued
        self._waiting: list[_Job] = []  # sorted by due time
        self._numbers = itertools.count()
        self._work = asyncio.Event()
        self._closed = False
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="engine")
        self._tasks: list[asyncio.Task[None]] = []
        self._seconds_per_sentence = 0.05  # running mean, for the delay told to refused callers

    @property
    def model(self) -> str:
        return self._model.bundle.id

    @property
    def max_pieces(self) -> int:
        return self._model.bundle.decoding.max_source_pieces

    @property
    def calibration(self) -> Calibration | None:
        return self._model.bundle.calibration

    @property
    def queued(self) -> int:
        """Sentences that wait for a worker."""
        return len(self._waiting)

    def count(self, text: str) -> int:
        return self._model.count(text)

    def start(self, model: Model) -> None:
        """Start the workers on a model that is loaded; nothing may be asked of the batcher before."""
        self._model = model
        self._tasks = [asyncio.create_task(self._serve(), name=f"engine-{i}") for i in range(self._workers)]

    async def close(self) -> None:
        """Refuse new sentences, let running batches end, fail what still waits with Unavailable."""
        self._closed = True
        for job in self._waiting:
            if not job.answer.done():
                job.answer.set_exception(Unavailable("the server is shutting down"))
        self._waiting.clear()
        self._work.set()
        await asyncio.gather(*self._tasks)
        self._threads.shutdown()

    def admit(self) -> None:
        """Raise ServerFull if the queue is full; asked once for each call or stream item, before its first sentence."""
        if len(self._waiting) >= self._max_queued:
            delay = max(0.1, len(self._waiting) * self._seconds_per_sentence)
            raise ServerFull(f"{len(self._waiting)} sentences are waiting, the limit is {self._max_queued}", delay)

    async def translate(self, text: str, beam: int, priority: Priority) -> Hypothesis:
        """Queue one normalized segment and wait for its translation. Raises EngineFailed, Unavailable."""
        (only,) = await self._wait(text, beam, priority)
        return only

    async def alternatives(self, text: str, priority: Priority) -> list[Hypothesis]:
        """Several translations of one normalized segment, the most likely first. Raises EngineFailed, Unavailable."""
        return await self._wait(text, SEVERAL, priority)

    async def _wait(self, text: str, beam: int, priority: Priority) -> list[Hypothesis]:
        if self._closed:
            raise Unavailable("the server is shutting down")
        now = time.monotonic()
        job = _Job(
            due=now + (BULK_DELAY if priority is Priority.BULK else 0.0),
            number=next(self._numbers),
            text=text,
            pieces=self.count(text),
            beam=beam,
            entered=now,
            answer=asyncio.get_running_loop().create_future(),
        )
        bisect.insort(self._waiting, job)
        self._work.set()
        try:
            return await job.answer
        except asyncio.CancelledError:
            if job in self._waiting:
                self._waiting.remove(job)
            raise

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._work.wait()
            batch = self._take()
            if not batch:
                if self._closed:
                    return
                self._work.clear()
                continue
            began = time.monotonic()
            try:
                outputs = await loop.run_in_executor(self._threads, self._run, batch)
            except Exception as error:
                log.exception("the engine failed on a batch of %d", len(batch))
                outputs = [EngineFailed(str(error))] * len(batch)
            self._deliver(batch, outputs, began)

    def _take(self) -> list[_Job]:
        """The next batch, out of the queue; empty if nothing waits."""
        if not self._waiting:
            return []
        first = self._waiting[0]
        near = [job for job in self._waiting[:LOOK_AHEAD] if job.beam == first.beam]
        near.sort(key=lambda job: (job is not first, abs(job.pieces - first.pieces)))
        batch: list[_Job] = []
        longest = 0
        for job in near:
            longest = max(longest, job.pieces)
            if batch and longest * (len(batch) + 1) > self._batch_tokens:
                break
            batch.append(job)
        taken = {job.number for job in batch}
        self._waiting = [job for job in self._waiting if job.number not in taken]
        return batch

    def _run(self, batch: list[_Job]) -> list[list[Output] | EngineFailed]:
        """In an engine thread: a batch that fails is tried again one by one, so that only the guilty sentence fails."""
        beam, texts = batch[0].beam, [job.text for job in batch]
        try:
            if beam == SEVERAL:
                return list(self._model.alternatives_batch(texts))
            return [[output] for output in self._model.translate_batch(texts, beam)]
        except EngineFailed as error:
            if len(batch) == 1:
                return [error]
            return [output for job in batch for output in self._run([job])]

    def _deliver(self, batch: list[_Job], outputs: list[list[Output] | EngineFailed], began: float) -> None:
        seconds = time.monotonic() - began
        self._seconds_per_sentence += 0.1 * (seconds / len(batch) / self._workers - self._seconds_per_sentence)
        for job, found in zip(batch, outputs, strict=True):
            if job.answer.done():
                continue  # cancelled while it was translated
            if isinstance(found, EngineFailed):
                job.answer.set_exception(found)
                continue
            waited, worked = 1000 * (began - job.entered), 1000 * seconds / len(batch)
            job.answer.set_result([_hypothesis(output, waited, worked) for output in found])


def _hypothesis(output: Output, queue_ms: float, compute_ms: float) -> Hypothesis:
    return Hypothesis(
        text=output.text,
        score=output.score,
        ended=output.ended,
        unknown=output.unknown,
        pieces=output.pieces,
        queue_ms=queue_ms,
        compute_ms=compute_ms,
    )
