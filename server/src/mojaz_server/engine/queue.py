"""Which sentences are next: fair between callers, people before archives. No time, no threads.

Two sides, interactive and bulk, each with a line for every caller. A line's `turn` is how many pieces its caller was served
since it came, counted from where the others stood then (start-time fair queueing). The line with the lowest turn is next, so
callers get equal numbers of pieces, however many sentences are in their lines. Between the sides the same account is kept, but
the bulk side pays more for each piece: while people wait it gets `bulk_percent` of the work, never nothing.

Putting, taking and discarding a sentence costs the same with ten and with 100,000 waiting.
"""

import heapq
import itertools
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from mojaz_server.pipeline.records import Priority


@dataclass(slots=True, eq=False)
class Job:
    """A sentence that waits: `pieces` is its cost, jobs of different `beam` never share a batch. It stands in the line of every
    caller that wants it and is served once."""

    text: str
    pieces: int
    beam: int
    number: int = 0
    lines: "list[_Line[Any]]" = field(default_factory=list)


Waiting = TypeVar("Waiting", bound=Job)


class _Line(Generic[Waiting]):
    """The jobs of one caller on one side, in the order they came, apart by beam."""

    def __init__(self, caller: str, side: "_Side[Waiting]") -> None:
        self.caller, self.side = caller, side
        self.turn = side.now
        self.pieces = 0
        self.jobs = 0
        self.by_beam: dict[int, OrderedDict[Waiting, None]] = {}

    def put(self, job: Waiting) -> None:
        self.by_beam.setdefault(job.beam, OrderedDict())[job] = None
        self.pieces += job.pieces
        self.jobs += 1

    def drop(self, job: Waiting) -> None:
        jobs = self.by_beam[job.beam]
        del jobs[job]
        if not jobs:
            del self.by_beam[job.beam]
        self.pieces -= job.pieces
        self.jobs -= 1
        if not self.jobs:
            del self.side.lines[self.caller]

    def first(self) -> Waiting:
        return min((next(iter(jobs)) for jobs in self.by_beam.values()), key=lambda job: job.number)


class _Side(Generic[Waiting]):
    """The lines of one priority; `weight` is what a piece costs on the account of the sides."""

    def __init__(self, weight: float) -> None:
        self.weight = weight
        self.turn = 0.0
        self.lines: dict[str, _Line[Waiting]] = {}  # of callers that wait
        self.now = 0.0  # where a new line begins: the turn of the line that was served last

    def put(self, job: Waiting, caller: str) -> None:
        line = self.lines.get(caller) or self.lines.setdefault(caller, _Line(caller, self))
        if line not in job.lines:
            line.put(job)
            job.lines.append(line)

    def next_line(self) -> _Line[Waiting]:
        line = min(self.lines.values(), key=lambda line: line.turn)
        self.now = line.turn
        return line

    def in_turn(self, beam: int) -> Iterator[tuple[_Line[Waiting], Waiting]]:
        """Jobs as they would be served one by one."""
        turns = [
            (line.turn, n, line, iter(line.by_beam[beam])) for n, line in enumerate(self.lines.values()) if beam in line.by_beam
        ]
        heapq.heapify(turns)
        while turns:
            turn, n, line, jobs = turns[0]
            job = next(jobs, None)
            if job is None:
                heapq.heappop(turns)
                continue
            yield line, job
            heapq.heapreplace(turns, (turn + job.pieces, n, line, jobs))


class Queue(Generic[Waiting]):
    """Sentences that wait. `bulk_percent` of the work is bulk while both sides wait."""

    def __init__(self, bulk_percent: int) -> None:
        self._sides: dict[Priority, _Side[Waiting]] = {
            Priority.INTERACTIVE: _Side(1.0),
            Priority.BULK: _Side(100 / bulk_percent - 1),
        }
        self._numbers = itertools.count()
        self._waiting = 0

    def __len__(self) -> int:
        return self._waiting

    def put(self, job: Waiting, caller: str, priority: Priority) -> None:
        """Let a job wait in a caller's line, beside those in which it waits already."""
        if not job.lines:
            job.number = next(self._numbers)
            self._waiting += 1
        side = self._sides[priority]
        if not side.lines:
            side.turn = max([side.turn, *(other.turn for other in self._sides.values() if other.lines)])
        side.put(job, caller)

    def discard(self, job: Waiting) -> None:
        """Take a job out of every line, if it waits."""
        if not job.lines:
            return
        for line in job.lines:
            line.drop(job)
        job.lines.clear()
        self._waiting -= 1

    @property
    def pieces(self) -> int:
        """Pieces that wait; those of a job in two lines are counted twice."""
        # A list, since the page of metrics asks from a thread of its own
        return sum(line.pieces for side in self._sides.values() for line in list(side.lines.values()))

    @property
    def callers(self) -> int:
        """Callers that wait."""
        return len({caller for side in self._sides.values() for caller in side.lines})

    def ahead(self, caller: str, priority: Priority) -> int:
        """Pieces that are served before a job that the caller puts now: his own, as many of every other caller that has them, and
        before a bulk job all interactive ones."""
        side = self._sides[priority]
        own = side.lines[caller].pieces if caller in side.lines else 0
        pieces = sum(min(own, line.pieces) for line in side.lines.values())
        if priority is Priority.BULK:
            pieces += sum(line.pieces for line in self._sides[Priority.INTERACTIVE].lines.values())
        return pieces

    def take(self, batch_tokens: int) -> list[Waiting]:
        """The next batch, out of the queue; empty if nothing waits. It has at most `batch_tokens` pieces, unless its first
        sentence alone has more. Lengths are mixed: sentences of like length together were no cheaper."""
        side = self._next_side(batch_tokens)
        if side is None:
            return []
        batch, pieces = list[tuple[_Line[Waiting], Waiting]](), 0
        for line, job in side.in_turn(side.next_line().first().beam):
            pieces += job.pieces
            if batch and pieces > batch_tokens:
                break
            batch.append((line, job))
        for line, job in batch:
            if job.lines:  # else it stood in two lines and is served already
                self.discard(job)
                line.turn += job.pieces
                side.turn += job.pieces * side.weight
        return list(dict.fromkeys(job for _, job in batch))

    def _next_side(self, batch_tokens: int) -> _Side[Waiting] | None:
        """The side that would have had least after its next batch."""
        waiting = [side for side in self._sides.values() if side.lines]
        return min(waiting, key=lambda side: side.turn + batch_tokens * side.weight, default=None)
