"""Outcomes that come as they finish, handed on in the order of their items and in bounded memory."""

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

AHEAD = 256  # items read but not handed on: enough to hide one slow article, little enough for memory


class _Numbered(Protocol):
    @property
    def index(self) -> int: ...


T = TypeVar("T")
N = TypeVar("N", bound=_Numbered)


def in_order(items: Iterable[T], work: Callable[[Iterable[T]], Iterator[N]]) -> Iterator[N]:
    """Yields what `work` makes of the items in their order; `items` is read no more than AHEAD ahead of what was yielded.

    `work` must read its items in another thread, as digest_many and translate_many do: it may have to wait.
    """
    room = threading.Semaphore(AHEAD)
    early: dict[int, N] = {}
    following = 0

    def admitted() -> Iterator[T]:
        for item in items:
            room.acquire()
            yield item

    try:
        for outcome in work(admitted()):
            early[outcome.index] = outcome
            while following in early:
                yield early.pop(following)
                following += 1
                room.release()
    finally:
        room.release()  # lets a reading thread go that waits for room
