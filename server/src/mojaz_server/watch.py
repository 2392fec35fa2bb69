"""Everything that looks at calls from outside: access log, metrics and traces. What a server does does not depend on it."""

import contextlib
import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeAlias

from mojaz_server.metrics import Metrics
from mojaz_server.pipeline.records import CheckKind
from mojaz_server.record import Record

Metadata: TypeAlias = Iterable[tuple[str, str | bytes]]

access = logging.getLogger("mojaz.access")


class Spans(Protocol):
    """What traces calls; tracing.py does."""

    def call(self, record: Record, metadata: Metadata) -> AbstractContextManager[None]:
        """Around a call, whose record is complete when this ends."""
        ...


class Watch:
    """Is told of calls by the gate and of answers by the services."""

    def __init__(self, metrics: Metrics, spans: Spans | None = None) -> None:
        self._metrics, self._spans = metrics, spans

    @contextlib.contextmanager
    def call(self, record: Record, metadata: Metadata) -> Iterator[None]:
        """Around a call with the `metadata` that came with it; its record is complete when this ends."""
        self._metrics.started(record)
        try:
            with self._spans.call(record, metadata) if self._spans else contextlib.nullcontext():
                yield
        finally:
            self._metrics.ended(record)
            if record.reason:
                self._metrics.failed(record.reason)
            access.info("call", extra=_line(record))

    def received(self, record: Record, request: Any) -> Any:
        """The request that came, or the stream of requests, of which each is counted when it comes."""
        if hasattr(request, "__aiter__"):
            return self._each_received(record, request)
        record.received += 1
        record.received_bytes += request.ByteSize()
        self._metrics.received(record)
        return request

    async def _each_received(self, record: Record, requests: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async for request in requests:
            yield self.received(record, request)

    def sent(self, record: Record, answer: Any) -> Any:
        """The answer, which goes out now."""
        record.sent += 1
        record.sent_bytes += answer.ByteSize()
        self._metrics.sent(record)
        return answer

    def failed(self, reason: str) -> None:
        """An item of a stream was answered by an error."""
        self._metrics.failed(reason)

    def flagged(self, kinds: Iterable[CheckKind]) -> None:
        """An answer goes out on which these checks failed."""
        self._metrics.flagged(kinds)


def _line(record: Record) -> dict[str, object]:
    """A call in the access log; the request id is in every line of the log that the call caused."""
    spent = record.spent
    return {
        "method": record.path,
        "peer": record.peer,
        "caller": record.caller,
        "code": record.code,
        "reason": record.reason,
        "received": record.received,
        "received_bytes": record.received_bytes,
        "sent": record.sent,
        "sent_bytes": record.sent_bytes,
        "sentences": spent.sentences,
        "queue_ms": round(spent.queue_ms, 1),
        "compute_ms": round(spent.compute_ms, 1),
        "ms": round(1000 * record.seconds, 1),
    }
