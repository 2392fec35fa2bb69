"""One bidirectional stream driven by threads, in bounded memory."""

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import grpc

from mojaz_client._calls import WINDOW, Batch
from mojaz_client.errors import DeadlineExceeded, MojazError, error_from_call
from mojaz_client.records import Outcome, TranslationOutcome


class _End:
    """The last event of a stream: why it ended, None if it ended well."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error


class Exchange:
    """One bidirectional stream. gRPC's thread takes items from the caller, a thread of ours takes answers from gRPC, the caller's
    own thread takes outcomes from the queue between them."""

    def __init__(
        self,
        method: Callable[[Iterator[Any]], Any],
        batch: Batch[Any, Any, Any, Any],
        items: Iterable[Any],
        timeout: float,
        address: str,
    ) -> None:
        self._method = method
        self._batch = batch
        self._items = iter(items)
        self._timeout = timeout
        self._address = address
        self._events: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._window = threading.Semaphore(WINDOW)
        self._stopped = False
        self._last = time.monotonic()  # when something was last sent or answered

    def outcomes(self) -> Iterator[Any]:
        call = self._method(self._requests())
        threading.Thread(target=self._receive, args=(call,), name="mojaz-answers", daemon=True).start()
        try:
            while not isinstance(event := self._next_event(), _End):
                self._window.release()
                yield event
            if event.error:
                raise event.error
            self._batch.finish()
        finally:
            self._stopped = True
            self._window.release()
            call.cancel()

    def _requests(self) -> Iterator[Any]:
        try:
            while self._admitted():
                try:
                    item = next(self._items)
                except StopIteration:
                    return
                message = self._batch.send(item)
                self._last = time.monotonic()
                if isinstance(message, Outcome | TranslationOutcome):
                    self._events.put(message)
                else:
                    yield message
        except Exception as error:  # the caller's own iterable failed: that is the caller's to see
            self._events.put(_End(error))

    def _admitted(self) -> bool:
        self._window.acquire()
        return not self._stopped

    def _receive(self, call: Any) -> None:
        end = _End()
        try:
            for answer in call:
                self._events.put(self._batch.receive(answer))
                self._last = time.monotonic()
        except grpc.RpcError as error:
            end = _End(error_from_call(error, self._address))
        except MojazError as error:
            end = _End(error)
        self._events.put(end)

    def _next_event(self) -> Any:
        while True:
            try:
                return self._events.get(timeout=self._timeout)
            except queue.Empty:
                silent = self._batch.waiting and time.monotonic() - self._last >= self._timeout
            if silent:
                raise DeadlineExceeded(f"no answer for {self._timeout:g} s, {self._batch.waiting} items are open")
