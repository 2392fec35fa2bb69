"""Everything that looks at calls from outside: access log, metrics and traces. What a server does does not depend on it."""

import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from mojaz_server.config import Config
from mojaz_server.errors import ConfigError
from mojaz_server.metrics import Metrics, Page, Reading
from mojaz_server.pipeline.records import CheckKind
from mojaz_server.record import Record

if TYPE_CHECKING:
    from mojaz_server.tracing import Traces

Metadata: TypeAlias = Iterable[tuple[str, str | bytes]]

access = logging.getLogger("mojaz.access")


class Watch:
    """Is told of calls by the gate, of answers by the services and, as `metrics`, of batches by the engine. `read` gives what is
    read of the server when somebody asks for its metrics. Raises ConfigError."""

    def __init__(self, config: Config, read: Callable[[], Reading], services: Iterable[str]) -> None:
        self.metrics = Metrics(read, services)
        self._page_address = config.metrics_address
        self._page: Page | None = None
        self._traces = _traces(config.trace_endpoint)

    def open(self) -> str:
        """Show the metrics, if they have an address; returns it with its real port. Raises ConfigError."""
        if self._page_address:
            self._page = Page(self.metrics, self._page_address)
        return self._page.address if self._page else ""

    async def close(self) -> None:
        """Close the page of metrics and send the last traces."""
        if self._page:
            await self._page.close()
        if self._traces:
            await self._traces.close()

    @contextlib.contextmanager
    def call(self, record: Record, metadata: Metadata) -> Iterator[None]:
        """Around a call with the `metadata` that came with it; its record is complete when this ends."""
        self.metrics.started(record)
        try:
            with self._traces.call(record, metadata) if self._traces else contextlib.nullcontext():
                yield
        finally:
            self.metrics.ended(record)
            if record.reason:
                self.metrics.failed(record.reason)
            access.info("call", extra=_line(record))

    def received(self, record: Record, request: Any) -> Any:
        """The request that came, or the stream of requests, of which each is counted when it comes."""
        if hasattr(request, "__aiter__"):
            return self._each_received(record, request)
        record.received += 1
        record.received_bytes += request.ByteSize()
        self.metrics.received(record)
        return request

    async def _each_received(self, record: Record, requests: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async for request in requests:
            yield self.received(record, request)

    def sent(self, record: Record, answer: Any) -> Any:
        """The answer, which goes out now."""
        record.sent += 1
        record.sent_bytes += answer.ByteSize()
        self.metrics.sent(record)
        return answer

    def failed(self, reason: str) -> None:
        """An item of a stream was answered by an error."""
        self.metrics.failed(reason)

    def flagged(self, kinds: Iterable[CheckKind]) -> None:
        """An answer goes out on which these checks failed."""
        self.metrics.flagged(kinds)


def _traces(endpoint: str) -> "Traces | None":
    if not endpoint:
        return None
    try:
        from mojaz_server.tracing import Traces, otlp  # noqa: PLC0415  # an extra, which nobody needs who does not trace
    except ImportError:
        raise ConfigError("--trace-endpoint needs OpenTelemetry: pip install 'mojaz-server[tracing]'") from None
    return Traces(otlp(endpoint))


def _line(record: Record) -> dict[str, object]:
    """A call in the access log; the request id is in every line of the log that the call caused."""
    spent = record.spent
    return {
        "method": record.path,
        "peer": record.peer,
        "caller": record.caller,
        "key": record.key,
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
