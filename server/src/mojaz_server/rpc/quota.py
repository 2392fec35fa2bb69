"""What one caller may have: calls at once, and calls begun in a minute."""

import asyncio
import contextlib
from collections import Counter, OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from typing import Any, TypeAlias

from mojaz_server.call import current_call
from mojaz_server.errors import QuotaExceeded

_MINUTE = 60.0  # seconds
_MOST_CALLERS = 100_000
_ALMOST_ONE = 0.999  # who waited for the next call as long as it was told must not miss it by a rounding
_RETRY_AFTER = 1.0  # seconds; when one of its calls ends is for the caller to know


class Quota:
    """Counts calls by caller. Times are monotonic, in seconds. 0 is no limit.

    A caller that was quiet for a minute may begin a minute's calls at once (a token bucket). Of callers that began nothing for
    a minute nothing is remembered, and no more than 100,000 of the others are.
    """

    def __init__(self, at_once: int, per_minute: int) -> None:
        self._at_once, self._per_minute = at_once, per_minute
        self._running: Counter[str] = Counter()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # calls, and when they were counted; oldest first

    @contextlib.contextmanager
    def call(self, caller: str, now: float) -> Iterator[None]:
        """The life of one call. Raises QuotaExceeded."""
        if not self.enter(caller):
            raise QuotaExceeded(f"{self._at_once} of your calls are being served, the limit for one caller", _RETRY_AFTER)
        try:
            if wait := self.begin(caller, now):
                raise QuotaExceeded(f"you have begun {self._per_minute} calls in a minute, the limit for one caller", wait)
            yield
        finally:
            self.leave(caller)

    def enter(self, caller: str) -> bool:
        """Take a place among the caller's calls at once, if there is one."""
        if self._at_once and self._running[caller] >= self._at_once:
            return False
        self._running[caller] += 1
        return True

    def leave(self, caller: str) -> None:
        """Give a place back."""
        self._running[caller] -= 1
        if not self._running[caller]:
            del self._running[caller]

    def begin(self, caller: str, now: float) -> float:
        """Take one of the caller's calls of this minute; if there is none, seconds until there will be, else 0."""
        if not self._per_minute:
            return 0.0
        self._forget(now)
        left, since = self._left.get(caller, (self._per_minute, now))
        left = min(self._per_minute, left + (now - since) * self._per_minute / _MINUTE)
        if left < _ALMOST_ONE:
            return (1 - left) * _MINUTE / self._per_minute
        self._left[caller] = left - 1, now
        self._left.move_to_end(caller)
        return 0.0

    def _forget(self, now: float) -> None:
        """Those who have all their calls again."""
        while self._left and (len(self._left) > _MOST_CALLERS or now - next(iter(self._left.values()))[1] >= _MINUTE):
            self._left.popitem(last=False)


Behavior: TypeAlias = Callable[[AsyncIterator[Any], Any], AsyncGenerator[Any, None]]


def item_by_item(behavior: Behavior, quota: Quota, clock: Callable[[], float]) -> Behavior:
    """A method that answers each request of a stream, with each of them a call of its caller.

    The stream's own call is that of its first item. A further item waits, and those after it in the network, until its caller has
    a place and a call of the minute for it: a stream gets slower where single calls would be refused."""

    async def call(requests: AsyncIterator[Any], context: Any) -> AsyncGenerator[Any, None]:
        items = _Items(quota, current_call.get().caller, clock)
        with contextlib.closing(items):
            async with contextlib.aclosing(behavior(items.admitted(requests), context)) as answers:
                async for answer in answers:
                    yield answer
                    items.answered()

    return call


class _Items:
    """The items of one stream that are in the making: all but one have a place of their own, one has the stream's."""

    def __init__(self, quota: Quota, caller: str, clock: Callable[[], float]) -> None:
        self._quota, self._caller, self._clock = quota, caller, clock
        self._making = 0
        self._progress = asyncio.Event()

    async def admitted(self, requests: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """The requests, each when its turn has come."""
        begun = True  # the first one, with its stream
        async for request in requests:
            while self._making and not self._quota.enter(self._caller):
                self._progress.clear()
                await self._progress.wait()
            self._making += 1
            while not begun and (wait := self._quota.begin(self._caller, self._clock())):  # noqa: ASYNC110  # no event will come
                await asyncio.sleep(wait)
            begun = False
            yield request

    def answered(self) -> None:
        """An item is done."""
        self._making -= 1
        if self._making:
            self._quota.leave(self._caller)
        self._progress.set()

    def close(self) -> None:
        """Give all places of unanswered items back."""
        while self._making > 1:
            self.answered()
