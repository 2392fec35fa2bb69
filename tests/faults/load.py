"""Callers that insist: what a newsroom's own program does when the server goes away and comes back."""

import itertools
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from typing import Any

import psutil
from mojaz_client import Article, ConnectionFailed, ServerFull, Unavailable

BODY = "قال وزير الخارجية إن المحادثات رقم {} ستستأنف يوم الاثنين. وأضاف أن الوفد غادر العاصمة."
AGAIN = (ConnectionFailed, Unavailable, ServerFull)
"""What says: the same request may be answered another time."""
WITHIN = 300.0  # seconds; a shared machine can be slow


def articles(ended: threading.Event) -> Iterator[Article]:
    """Articles until told to end; none is like another, so that the cache has none of them."""
    for i in itertools.count():
        if ended.is_set():
            return
        yield Article(body=BODY.format(i), id=f"a{i}")


def insist(stream: Callable[[Iterable[Any]], Iterable[Any]], items: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    """The index and outcome of every item, through as many streams as it takes: whatever has no outcome when a stream breaks, or
    one that says to come again, is sent with the next. `items` may be without an end."""
    source, reading = enumerate(items), threading.Lock()
    waiting: dict[int, Any] = {}

    def sent(again: Iterable[int], order: list[int]) -> Iterator[Any]:
        for number in again:
            order.append(number)
            yield waiting[number]
        while True:
            with reading:  # a stream that broke may still be asking for its next item
                if (found := next(source, None)) is None:
                    return
                waiting[found[0]] = found[1]
                order.append(found[0])
            yield found[1]

    while True:
        order: list[int] = []
        try:
            for outcome in stream(sent(list(waiting), order)):
                if not isinstance(outcome.error, AGAIN):
                    del waiting[order[outcome.index]]
                    yield order[outcome.index], outcome
        except AGAIN:
            time.sleep(0.1)
        else:
            if not waiting:
                return


def until(*happened: Callable[[], bool]) -> None:
    """Wait until all of this has happened; fails if that takes minutes."""
    deadline = time.monotonic() + WITHIN
    while not all(one() for one in happened):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def resident(process: int) -> int:
    """Bytes of memory that a process holds now."""
    size: int = psutil.Process(process).memory_info().rss
    return size


def more_of(answered: Sized, failed: Sized, count: int = 20) -> None:
    """Wait for that many more answers, or for a failure."""
    wanted = len(answered) + count
    until(lambda: len(answered) >= wanted or bool(failed))
