"""Many articles, each in a call of its own and several calls at once, through short absences of the server.

In a call of its own an article can be sent again when the connection breaks; a broken stream loses all that were on their way.
"""

import itertools
import queue
import random
import threading
import time
from collections.abc import Iterable, Iterator

from mojaz_client import Client
from mojaz_client._calls import DigestOptions
from mojaz_client.cli.exits import complain
from mojaz_client.errors import ConnectionFailed, MojazError, ServerFull, Unavailable
from mojaz_client.records import Article, Outcome

AT_ONCE = 16  # calls: enough for full batches of three-line digests, few enough for a client of little memory
PATIENCE = 120.0  # seconds
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 5.0  # seconds between tries


def digest_each(
    client: Client, articles: Iterable[Article], options: DigestOptions, patience: float = PATIENCE
) -> Iterator[Outcome]:
    """Yields outcomes in the order they finish; the articles are read in other threads, no more than 2 * AT_ONCE ahead of
    what was taken.

    A server that is full, starting or gone is tried again for `patience` seconds, after as long as it says itself if it does.

    Raises:
        ConnectionFailed, Unavailable: no server for `patience` seconds; at once, if none was there from the beginning.
        Whatever reading `articles` raises.
    """
    return _Calls(client, articles, options, patience).outcomes()


class _Calls:
    def __init__(self, client: Client, articles: Iterable[Article], options: DigestOptions, patience: float) -> None:
        self._client, self._options, self._patience = client, options, patience
        self._articles = enumerate(articles)
        self._reading = threading.Lock()
        self._room = threading.Semaphore(2 * AT_ONCE)
        self._stopped = threading.Event()
        self._events: queue.SimpleQueue[Outcome | Exception | None] = queue.SimpleQueue()  # None: a thread has ended
        self._answered = False  # whether a server was ever there
        self._away = False  # whether its absence was told

    def outcomes(self) -> Iterator[Outcome]:
        for _ in range(AT_ONCE):
            threading.Thread(target=self._work, name="mojaz-calls", daemon=True).start()
        running = AT_ONCE
        try:
            while running:
                event = self._events.get()
                if event is None:
                    running -= 1
                elif isinstance(event, Exception):
                    raise event
                else:
                    self._room.release()
                    yield event
        finally:
            self._stopped.set()
            self._room.release(AT_ONCE)

    def _work(self) -> None:
        try:
            while (found := self._next()) is not None:
                self._events.put(self._outcome(*found))
        except Exception as error:  # for the thread that takes the outcomes
            self._events.put(error)
        self._events.put(None)

    def _next(self) -> tuple[int, Article] | None:
        self._room.acquire()
        with self._reading:
            return None if self._stopped.is_set() else next(self._articles, None)

    def _outcome(self, index: int, article: Article) -> Outcome:
        first_try = time.monotonic()
        for pause in self._pauses():
            try:
                made = self._client.digest(article, **self._options)
            except (ConnectionFailed, Unavailable, ServerFull) as error:
                failure: MojazError = error
                if self._given_up(error, time.monotonic() - first_try):
                    break
                self._stopped.wait(max(pause, error.retry_after or 0.0))
            except MojazError as error:
                return Outcome(index, article, error=error)
            else:
                self._answered, self._away = True, False
                return Outcome(index, article, digest=made)
        if isinstance(failure, ServerFull):
            return Outcome(index, article, error=failure)
        raise failure

    def _given_up(self, error: MojazError, waited: float) -> bool:
        here = self._answered or not isinstance(error, ConnectionFailed)
        if not here or self._stopped.is_set() or waited >= self._patience:
            return True
        if not self._away and not isinstance(error, ServerFull):
            self._away = True
            complain(f"{error.message}; trying again for up to {self._patience:g} s")
        return False

    @staticmethod
    def _pauses() -> Iterator[float]:
        """Doubled each time, and never the same for all calls, which would come back all at once."""
        for power in itertools.count():
            yield min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(power, 8)) * random.uniform(0.5, 1.0)
