"""The figures of a server as Prometheus reads them: counted as things happen, or read from the engine when somebody asks.

Every label has few values, all known beforehand: no word of a caller becomes one.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from threading import Thread
from wsgiref.simple_server import WSGIServer

from google.protobuf import descriptor_pool
from mojaz.v1 import error_pb2
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, start_http_server
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from mojaz_server import __version__
from mojaz_server.errors import ConfigError
from mojaz_server.pipeline.records import CheckKind
from mojaz_server.record import Record, record_of

CALL = ("grpc_type", "grpc_service", "grpc_method")
CALL_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)
WAIT_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
BATCH_SENTENCES = (1, 2, 4, 8, 16, 32, 64, 128)
FILL = (0.1, 0.25, 0.5, 0.75, 0.9, 1)
REASONS = [
    name.removeprefix("ERROR_REASON_")
    for name in error_pb2.ErrorReason.DESCRIPTOR.values_by_name
    if not name.endswith("UNSPECIFIED")
]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a server is at this moment; counts are since its start."""

    serving: bool
    workers: int
    queued_sentences: int
    queued_tokens: int
    cache_bytes: int
    cache_hits: int
    cache_misses: int
    cache_failures: int
    shared: int
    models: Sequence[dict[str, str]]


class Metrics:
    """The figures of one server with these `services`. `read` is called, in another thread, when somebody asks for them."""

    def __init__(self, read: Callable[[], Reading], services: Iterable[str]) -> None:
        self.registry = registry = _Registry()
        ProcessCollector(registry=registry)
        registry.register(_Readings(read))
        self._count_calls(registry)
        self._count_batches(registry)
        self._checks = Counter("mojaz_checks", "Flags raised on answers.", ["kind"], registry=registry)
        self._rejections = Counter(
            "mojaz_rejections", "Calls and items of streams answered by an error.", ["reason"], registry=registry
        )
        self._expect(services)

    def _count_calls(self, registry: CollectorRegistry) -> None:
        self._started = Counter("grpc_server_started", "Calls that came.", CALL, registry=registry)
        self._handled = Counter("grpc_server_handled", "Calls that ended.", [*CALL, "grpc_code"], registry=registry)
        self._received = Counter("grpc_server_msg_received", "Messages received.", CALL, registry=registry)
        self._sent = Counter("grpc_server_msg_sent", "Messages sent.", CALL, registry=registry)
        self._seconds = Histogram(
            "grpc_server_handling_seconds",
            "Seconds from a call's coming to its end.",
            CALL,
            buckets=CALL_SECONDS,
            registry=registry,
        )

    def _count_batches(self, registry: CollectorRegistry) -> None:
        self._waits = Histogram(
            "mojaz_queue_wait_seconds", "Seconds that a sentence waited for a worker.", buckets=WAIT_SECONDS, registry=registry
        )
        self._sentences = Histogram("mojaz_batch_sentences", "Sentences of a batch.", buckets=BATCH_SENTENCES, registry=registry)
        self._fill = Histogram("mojaz_batch_fill_ratio", "Tokens of a batch to --batch-tokens.", buckets=FILL, registry=registry)
        self._compute = Counter("mojaz_compute_seconds", "Seconds that workers computed, all together.", registry=registry)
        tokens = Counter("mojaz_tokens", "Tokens read and written by the model.", ["direction"], registry=registry)
        self._read, self._written = tokens.labels("in"), tokens.labels("out")
        self._second_tries = Counter(
            "mojaz_second_tries", "Sentences and clauses translated in several ways after a failed check.", registry=registry
        )
        self._engine_failures = Counter("mojaz_engine_failures", "Sentences on which the model failed.", registry=registry)

    def _expect(self, services: Iterable[str]) -> None:
        """Have what may come stand on the page at 0, so that the first time is seen as a change."""
        for kind in CheckKind:
            self._checks.labels(kind.value)
        for reason in REASONS:
            self._rejections.labels(reason)
        for service in map(descriptor_pool.Default().FindServiceByName, services):
            for method in service.methods:
                path = f"/{service.full_name}/{method.name}"
                labels = _labels(record_of(path, method.client_streaming, method.server_streaming))
                for family in (self._started, self._received, self._sent, self._seconds):
                    family.labels(*labels)
                self._handled.labels(*labels, "OK")

    def started(self, record: Record) -> None:
        """A call came."""
        self._started.labels(*_labels(record)).inc()

    def received(self, record: Record) -> None:
        """A message of a call came."""
        self._received.labels(*_labels(record)).inc()

    def sent(self, record: Record) -> None:
        """A message of a call went out."""
        self._sent.labels(*_labels(record)).inc()

    def ended(self, record: Record) -> None:
        """A call ended."""
        labels = _labels(record)
        self._handled.labels(*labels, _code(record.code)).inc()
        self._seconds.labels(*labels).observe(record.seconds)

    def failed(self, reason: str) -> None:
        """A call, or an item of a stream, was answered by an error."""
        self._rejections.labels(reason).inc()

    def flagged(self, kinds: Iterable[CheckKind]) -> None:
        """These checks failed on an answer."""
        for kind in kinds:
            self._checks.labels(kind.value).inc()

    def batch(
        self, *, waits: Sequence[float], fill: float, read: int, written: int, seconds: float, several: bool, failed: int
    ) -> None:
        """The engine is done with a batch; see `engine.batcher.Watch`."""
        for wait in waits:
            self._waits.observe(wait)
        self._sentences.observe(len(waits))
        self._fill.observe(fill)
        self._compute.inc(seconds)
        self._read.inc(read)
        self._written.inc(written)
        self._engine_failures.inc(failed)
        if several:
            self._second_tries.inc(len(waits))


class Page:
    """The figures at http://HOST:PORT/metrics, served by a thread of its own: it answers whatever the event loop does."""

    def __init__(self, metrics: Metrics, address: str) -> None:
        """Listen. Raises ConfigError."""
        host, _, port = address.rpartition(":")
        self._server: WSGIServer
        self._thread: Thread
        try:
            self._server, self._thread = start_http_server(int(port), host.strip("[]"), metrics.registry)
        except OSError as error:
            raise ConfigError(f"--metrics-address {address}: cannot listen there: {error}") from error
        self.address = f"{host}:{self._server.server_port}"

    async def close(self) -> None:
        """Stop listening."""
        await asyncio.to_thread(self._server.shutdown)
        self._server.server_close()
        await asyncio.to_thread(self._thread.join)


class _Registry(CollectorRegistry):
    """A registry that leaves out when each counter was made: one line more for each line, and nobody reads it."""

    def collect(self) -> Iterator[Metric]:
        for metric in super().collect():
            metric.samples = [sample for sample in metric.samples if not sample.name.endswith("_created")]
            yield metric


class _Readings(Collector):
    """What is read when somebody asks."""

    def __init__(self, read: Callable[[], Reading]) -> None:
        self._read = read

    def describe(self) -> Iterable[Metric]:
        return ()  # else registering would read a server that is still being made

    def collect(self) -> Iterator[Metric]:
        now = self._read()
        yield InfoMetricFamily("mojaz_server", "The version that runs.", {"version": __version__})
        yield GaugeMetricFamily("mojaz_serving", "1 while health answers SERVING.", now.serving)
        yield GaugeMetricFamily("mojaz_workers", "Batches that can be translated side by side.", now.workers)
        yield GaugeMetricFamily("mojaz_queue_sentences", "Sentences that wait for a worker.", now.queued_sentences)
        yield GaugeMetricFamily("mojaz_queue_tokens", "Tokens of these sentences.", now.queued_tokens)
        yield GaugeMetricFamily("mojaz_cache_bytes", "Memory that the cache fills.", now.cache_bytes)
        lookups = CounterMetricFamily("mojaz_cache_lookups", "Sentences looked for in the cache.", labels=["result"])
        lookups.add_metric(["hit"], now.cache_hits)
        lookups.add_metric(["miss"], now.cache_misses)
        yield lookups
        yield CounterMetricFamily("mojaz_cache_failures", "Failures of the cache's file.", now.cache_failures)
        yield CounterMetricFamily("mojaz_shared_sentences", "Sentences whose equal was on its way already.", now.shared)
        models = InfoMetricFamily("mojaz_model", "The model that serves.", labels=list(now.models[0]) if now.models else [])
        for model in now.models:
            models.add_metric(list(model.values()), {})
        yield models


def _labels(record: Record) -> tuple[str, str, str]:
    return record.kind, record.service, record.method


def _code(name: str) -> str:
    """A status as go-grpc-prometheus writes it: INVALID_ARGUMENT is InvalidArgument."""
    return {"OK": "OK", "CANCELLED": "Canceled"}.get(name) or "".join(word.capitalize() for word in name.split("_"))
