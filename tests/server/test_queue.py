"""The order in which sentences are served: fair between callers, people before archives, cheap however many wait."""

import random
import time
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from mojaz_server.engine.queue import Job, Queue
from mojaz_server.pipeline.records import Priority

BULK, INTERACTIVE = Priority.BULK, Priority.INTERACTIVE


def job(name: str, pieces: int = 10, beam: int = 5) -> Job:
    return Job(text=name, pieces=pieces, beam=beam)


def put(queue: Queue[Job], caller: str, many: int, priority: Priority = INTERACTIVE, pieces: int = 10) -> list[Job]:
    jobs = [job(f"{caller} {k}", pieces) for k in range(many)]
    for each in jobs:
        queue.put(each, caller, priority)
    return jobs


def taken(queue: Queue[Job], tokens: int, batches: int) -> list[str]:
    return [each.text for _ in range(batches) for each in queue.take(tokens)]


def test_an_editor_is_not_delayed_by_an_archive_of_the_same_priority() -> None:
    queue: Queue[Job] = Queue(10)
    put(queue, "archive", 1000)
    taken(queue, 100, 10)
    put(queue, "editor", 4)
    assert {f"editor {k}" for k in range(4)} <= set(taken(queue, 100, 2))


def test_callers_get_the_same_number_of_pieces_whatever_they_have_sent() -> None:
    queue: Queue[Job] = Queue(10)
    put(queue, "a", 1000, pieces=40)
    put(queue, "b", 4000, pieces=10)
    put(queue, "c", 300, pieces=20)
    served: Counter[str] = Counter()
    for _ in range(60):
        for each in queue.take(200):
            served[each.text.split()[0]] += each.pieces
    assert max(served.values()) - min(served.values()) <= 4 * 200, served


def test_bulk_yields_to_interactive_but_gets_its_share() -> None:
    queue: Queue[Job] = Queue(10)
    put(queue, "archive", 500, BULK)
    taken(queue, 100, 5)
    put(queue, "editor", 500)
    first = taken(queue, 100, 5)
    assert all(name.startswith("editor") for name in first), "a person who comes is served at once"
    longer = Counter(name.split()[0] for name in taken(queue, 100, 45))
    assert 0.05 <= longer["archive"] / longer.total() <= 0.15


def test_bulk_has_everything_when_nobody_else_waits() -> None:
    queue: Queue[Job] = Queue(1)
    put(queue, "archive", 50, BULK)
    assert len(taken(queue, 100, 5)) == 50


def test_a_job_in_two_lines_is_served_once_by_the_first_that_comes_up() -> None:
    queue: Queue[Job] = Queue(10)
    archive = put(queue, "archive", 100, BULK)
    put(queue, "editor", 1)
    queue.put(archive[99], "editor", INTERACTIVE)
    assert set(taken(queue, 10, 2)) == {"editor 0", "archive 99"}
    assert len(queue) == 99
    assert sorted(taken(queue, 10, 99)) == sorted(f"archive {k}" for k in range(99))
    assert (len(queue), queue.callers, queue.pieces) == (0, 0, 0)


Step = tuple[str, int, int, bool]
STEPS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 90), st.sampled_from((1, 5)), st.booleans()), max_size=60)


@settings(max_examples=150, deadline=None)
@given(STEPS, st.data())
def test_nothing_is_lost_served_twice_or_mixed(steps: list[Step], data: st.DataObject) -> None:
    queue: Queue[Job] = Queue(10)
    waiting: set[Job] = set()
    for caller, pieces, beam, bulk in steps:
        new = job(caller, pieces, beam)
        queue.put(new, caller, BULK if bulk else INTERACTIVE)
        waiting.add(new)
        if data.draw(st.booleans()):
            queue.put(new, data.draw(st.sampled_from("abc")), INTERACTIVE)
        if data.draw(st.integers(0, 3)) == 0:
            gone = data.draw(st.sampled_from(sorted(waiting, key=lambda each: each.number)))
            queue.discard(gone)
            queue.discard(gone)
            waiting.discard(gone)
        assert len(queue) == len(waiting)
    while batch := queue.take(120):
        assert len(batch) == 1 or sum(each.pieces for each in batch) <= 120
        assert len({each.beam for each in batch}) == 1
        assert waiting.issuperset(batch)
        waiting.difference_update(batch)
    assert not waiting
    assert (len(queue), queue.callers, queue.pieces) == (0, 0, 0)


def test_a_hundred_thousand_waiting_cost_no_more_each_than_a_thousand() -> None:
    def seconds_each(many: int) -> float:
        queue: Queue[Job] = Queue(10)
        jobs = [job(str(k), pieces=10 + k % 50) for k in range(many)]
        began = time.process_time()
        for k, each in enumerate(jobs):
            queue.put(each, f"caller {k % 7}", BULK if k % 2 else INTERACTIVE)
        for each in random.Random(1).sample(jobs, many // 2):
            queue.discard(each)
        while queue.take(1024):
            pass
        return (time.process_time() - began) / many

    small = min(seconds_each(1000) for _ in range(3))
    assert seconds_each(100_000) < 6 * small, "what grows with the queue would be a hundred times as slow"
