"""One queue for the sentences of all callers, merged into batches for the model.

A free worker takes a batch at once, without a fixed delay; which sentences are in it is queue.py's business. Equal sentences
that wait or are translated at the same time are one job. Cancelling the task that waits for a sentence takes it out of the
queue before it costs compute; a sentence that cannot be ready before its call's deadline is refused when it comes. What the
model does wrong is counted here; what is done about it is engines.py's business.
"""

import asyncio
import logging
import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from mojaz_server.call import Call, current_call
from mojaz_server.engine.bundle import Bundle
from mojaz_server.engine.pace import Pace
from mojaz_server.engine.queue import Job, Queue
from mojaz_server.engine.translator import Output
from mojaz_server.errors import DeadlineExceeded, EngineFailed, MojazError, Unavailable
from mojaz_server.pipeline.records import Calibration, Priority
from mojaz_server.pipeline.translate import Hypothesis

SEVERAL = -1  # in the place of a beam: several translations are wanted
FAILED_IN_A_ROW = 3  # batches of which nothing came out, after which the model itself is in doubt

Done = TypeVar("Done")

log = logging.getLogger(__name__)


class Model(Protocol):
    """What the batcher drives: translator.py with weights, echo.py without."""

    bundle: Bundle
    compute_type: str
    fingerprint: str

    def count(self, text: str) -> int: ...

    def translate_batch(self, texts: Sequence[str], beam: int = 0) -> list[Output]: ...

    def alternatives_batch(self, texts: Sequence[str]) -> list[list[Output]]: ...

    def unload(self) -> None: ...


class Watch(Protocol):
    """Who is told of every batch when it is done, in the event loop."""

    def batch(
        self, *, waits: Sequence[float], fill: float, read: int, written: int, seconds: float, several: bool, failed: int
    ) -> None:
        """`waits`: the seconds that each sentence waited for a worker; `fill`: share of the tokens that a batch may have; tokens
        `read` and `written`; `several`: other translations were wanted after a failed check; sentences that `failed`."""
        ...


@dataclass(slots=True, eq=False, kw_only=True)
class _Asked(Job):
    """A sentence that somebody waits for; `expires` is the latest deadline of those who do, times are monotonic seconds."""

    answer: "asyncio.Future[list[Output]]"
    waiters: int = 0
    expires: float = 0.0
    entered: float = 0.0
    began: float = 0.0
    compute_ms: float = 0.0


class Batcher:
    """The pipeline's `Translator`, served by a `Model` on `workers` threads."""

    def __init__(self, *, workers: int, batch_tokens: int, bulk_percent: int = 10, watch: Watch | None = None) -> None:
        self._model: Model  # given by start
        self._workers = workers
        self._batch_tokens = batch_tokens
        self._queue: Queue[_Asked] = Queue(bulk_percent)
        self._asked: dict[tuple[int, str], _Asked] = {}
        self._pace = Pace(workers)
        self._work = asyncio.Event()
        self._watch = watch
        self._ended: Callable[[], MojazError] | None = None  # what whoever asks is told, once nothing is translated any more
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="engine")
        self._tasks: list[asyncio.Task[None]] = []
        self._in_a_row = 0
        self.running: set[object] = set()  # one for each batch that a worker has in hand
        self.doubt = asyncio.Event()  # set when FAILED_IN_A_ROW batches have failed
        self.shared = 0  # sentences that were not translated anew because an equal one was on its way
        self.batches = 0  # batches of which something came out
        self.failures = 0  # batches of which nothing came out

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
        return len(self._queue)

    @property
    def queued_pieces(self) -> int:
        """Their pieces."""
        return self._queue.pieces

    @property
    def seconds(self) -> float:
        """How long what waits takes, at the best pace of late."""
        return self._pace.seconds(self.beam(0), self._queue.pieces)

    def count(self, text: str) -> int:
        return self._model.count(text)

    def start(self, model: Model) -> None:
        """Start the workers on a model that is loaded; nothing may be asked of the batcher before."""
        self._model = model
        self._tasks = [asyncio.create_task(self._serve(), name=f"engine-{i}") for i in range(self._workers)]

    def fail(self, error: Callable[[], MojazError]) -> None:
        """Answer everybody with an error, those who wait, those whose batch runs and those who come."""
        self._end(error, list(self._asked.values()))

    async def close(self) -> None:
        """Refuse new sentences, let running batches end, fail what still waits with Unavailable."""
        self._end(lambda: Unavailable("the server is shutting down"), [job for job in self._asked.values() if job.lines])
        await asyncio.gather(*self._tasks)
        self._threads.shutdown()

    def _end(self, error: Callable[[], MojazError], jobs: Sequence[_Asked]) -> None:
        self._ended = self._ended or error
        for job in jobs:
            self._fail(job, self._ended())
        self._work.set()

    async def works(self, sentence: str) -> bool:
        """Whether the model can translate a sentence that has nothing special."""
        try:
            await self._in_thread(partial(self._model.translate_batch, [sentence]))
        except Exception:
            log.exception("the model fails on a sentence that it has translated before")
            return False
        return True

    def beam(self, beam: int) -> int:
        """The beam that is meant: 0 is the model's own."""
        return beam or self._model.bundle.decoding.beam_size

    async def translate(self, text: str, beam: int, priority: Priority) -> Hypothesis:
        """Queue one normalized segment and wait for its translation. Raises DeadlineExceeded, EngineFailed, Unavailable."""
        (only,) = await self._wait(text, self.beam(beam), priority)
        return only

    async def alternatives(self, text: str, priority: Priority) -> list[Hypothesis]:
        """Several translations of one normalized segment, the most likely first. Raises as `translate` does."""
        return await self._wait(text, SEVERAL, priority)

    async def _wait(self, text: str, beam: int, priority: Priority) -> list[Hypothesis]:
        entered, call = time.monotonic(), current_call.get()
        job = self._ask(text, beam, priority, call, entered)
        job.waiters += 1
        try:
            outputs = await asyncio.shield(job.answer)
        finally:
            job.waiters -= 1
            if job.answer.done() or not job.waiters:
                self._queue.discard(job)
                if self._asked.get((beam, text)) is job:
                    del self._asked[beam, text]
        queue_ms = 1000 * max(0.0, job.began - entered)
        call.spent.add(queue_ms, job.compute_ms)
        return [_hypothesis(output, queue_ms, job.compute_ms) for output in outputs]

    def _ask(self, text: str, beam: int, priority: Priority, call: Call, now: float) -> _Asked:
        """The job for a sentence: a new one, or one that somebody waits for and that now stands in this caller's line, too."""
        if self._ended:
            raise self._ended()
        known = self._asked.get((beam, text))
        if known and not known.lines:
            self.shared += 1
            return known  # being translated
        pieces = known.pieces if known else self.count(text)
        self._require_time(beam, pieces, priority, call, now)
        job = known or _Asked(text=text, pieces=pieces, beam=beam, entered=now, answer=asyncio.get_running_loop().create_future())
        self.shared += known is not None
        self._asked[beam, text] = job
        job.expires = max(job.expires, call.deadline)
        self._queue.put(job, call.caller, priority)
        self._work.set()
        return job

    def _require_time(self, beam: int, pieces: int, priority: Priority, call: Call, now: float) -> None:
        """Raise DeadlineExceeded if even at the best pace of late the sentence would come too late."""
        if call.deadline == math.inf:
            return
        left = call.deadline - now
        needed = self._pace.seconds(beam, pieces + self._queue.ahead(call.caller, priority))
        if needed > left:
            raise DeadlineExceeded(
                f"cannot be ready in time: about {needed:.1f} s of work, the deadline is in {max(0.0, left):.1f} s; "
                "ask for less at once, give more time or come back later"
            )

    async def _serve(self) -> None:
        while True:
            await self._work.wait()
            batch = self._take()
            if not batch:
                if self._ended:
                    return
                self._work.clear()
                continue
            began = time.monotonic()
            self._deliver(batch, await self._in_thread(partial(self._run, batch)), began)

    async def _in_thread(self, work: Callable[[], Done]) -> Done:
        token = object()
        self.running.add(token)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self.running.discard(token)

    def _take(self) -> list[_Asked]:
        """The next batch, out of the queue; empty if nothing waits. What came too late for all who wait is not in it."""
        while jobs := self._queue.take(self._batch_tokens):
            now = time.monotonic()
            for job in jobs:
                if job.expires < now:
                    self._fail(job, DeadlineExceeded("the deadline passed while the sentence waited for the model"))
            if batch := [job for job in jobs if not job.answer.done()]:
                return batch
        return []

    def _fail(self, job: _Asked, error: MojazError) -> None:
        self._queue.discard(job)
        if job.waiters and not job.answer.done():
            job.answer.set_exception(error)

    def _run(self, batch: Sequence[_Asked]) -> list[list[Output] | EngineFailed]:
        """In an engine thread: a batch that fails is tried again one by one, so that only the guilty sentence fails. Whatever the
        model raises is its failure: out of memory is no EngineFailed."""
        beam, texts = batch[0].beam, [job.text for job in batch]
        try:
            if beam == SEVERAL:
                return list(self._model.alternatives_batch(texts))
            return [[output] for output in self._model.translate_batch(texts, beam)]
        except Exception as error:
            if len(batch) == 1:
                log.exception("the model failed on a sentence of %d pieces", batch[0].pieces)
                return [error if isinstance(error, EngineFailed) else EngineFailed(f"{type(error).__name__}: {error}")]
            return [output for job in batch for output in self._run([job])]

    def _deliver(self, batch: Sequence[_Asked], outputs: Sequence[list[Output] | EngineFailed], began: float) -> None:
        seconds = time.monotonic() - began
        self._note(batch, outputs, began, seconds)
        for job, found in zip(batch, outputs, strict=True):
            job.began, job.compute_ms = began, 1000 * seconds / len(batch) / max(1, job.waiters)
            if isinstance(found, EngineFailed):
                self._fail(job, found)
            elif not job.answer.done():
                job.answer.set_result(found)

    def _note(
        self, batch: Sequence[_Asked], outputs: Sequence[list[Output] | EngineFailed], began: float, seconds: float
    ) -> None:
        """Keep count of a batch, and doubt the model when one after the other fails."""
        pieces = sum(job.pieces for job in batch)
        made = [found for found in outputs if not isinstance(found, EngineFailed)]
        if self._watch:
            self._watch.batch(
                waits=[began - job.entered for job in batch],
                fill=pieces / self._batch_tokens,
                read=pieces,
                written=sum(output.pieces for found in made for output in found),
                seconds=seconds,
                several=batch[0].beam == SEVERAL,
                failed=len(outputs) - len(made),
            )
        if made:
            self._pace.note(batch[0].beam, pieces, seconds)
            self.batches, self._in_a_row = self.batches + 1, 0
            return
        self.failures, self._in_a_row = self.failures + 1, self._in_a_row + 1
        if self._in_a_row >= FAILED_IN_A_ROW:
            self._in_a_row = 0
            self.doubt.set()


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
