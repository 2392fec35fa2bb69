"""Traces for OpenTelemetry: a span for each call, within the caller's own trace if it names one, and one for each step in it.

Only here is opentelemetry imported, which is the extra mojaz-server[tracing]. Spans hold sizes, counts and names of steps; no
text, and no message of an exception, since that may quote one.
"""

import asyncio
import contextlib
from collections.abc import Iterable, Iterator

from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from mojaz_server import __version__
from mojaz_server.pipeline.step import around_steps
from mojaz_server.record import Record

CONTEXT = ("traceparent", "tracestate")
OUR_FAULT = ("UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS")
"""Statuses that mean an error of the server, as OpenTelemetry's conventions for gRPC have it."""
TIMEOUT = 3.0
"""Seconds that a collector has to take spans; the end of a server waits for one that is silent."""


def otlp(endpoint: str) -> SpanExporter:
    """An exporter to a collector that speaks OTLP over gRPC at http://HOST:PORT or, with TLS, https://HOST:PORT."""
    return OTLPSpanExporter(endpoint=endpoint, insecure=endpoint.startswith("http://"), timeout=TIMEOUT)


class Traces:
    """The traces of one server, sent by `exporter` from a thread of its own; what it cannot take in time is dropped."""

    def __init__(self, exporter: SpanExporter) -> None:
        resource = Resource.create({"service.name": "mojaz", "service.version": __version__})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("mojaz", __version__)
        self._propagator = TraceContextTextMapPropagator()

    @contextlib.contextmanager
    def call(self, record: Record, metadata: Iterable[tuple[str, str | bytes]]) -> Iterator[None]:
        """Around a call, whose record is complete when this ends."""
        given = {key: value for key, value in metadata if key in CONTEXT and isinstance(value, str)}
        around_steps.set(self._step)
        with self._tracer.start_as_current_span(
            record.path.removeprefix("/"),
            self._propagator.extract(given),
            SpanKind.SERVER,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            finally:
                _describe(span, record)

    @contextlib.contextmanager
    def _step(self, name: str, size: int) -> Iterator[None]:
        with self._tracer.start_as_current_span(
            name, attributes={"mojaz.size": size}, record_exception=False, set_status_on_exception=False
        ):
            yield

    async def close(self) -> None:
        """Send what was not sent yet."""
        await asyncio.to_thread(self._provider.shutdown)


def _describe(span: Span, record: Record) -> None:
    spent = record.spent
    span.set_attributes(
        {
            "rpc.system": "grpc",
            "rpc.service": record.service,
            "rpc.method": record.method,
            "rpc.response.status_code": record.code,
            "mojaz.request_id": record.request_id,
            "mojaz.received": record.received,
            "mojaz.received_bytes": record.received_bytes,
            "mojaz.sent": record.sent,
            "mojaz.sent_bytes": record.sent_bytes,
            "mojaz.sentences": spent.sentences,
            "mojaz.queue_ms": spent.queue_ms,
            "mojaz.compute_ms": spent.compute_ms,
        }
    )
    if record.reason:
        span.set_attribute("error.type", record.reason)
    if record.code in OUR_FAULT:
        span.set_status(StatusCode.ERROR)
