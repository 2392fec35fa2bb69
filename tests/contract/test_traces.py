"""Traces as a collector gets them: a real one of OTLP over gRPC, and the SDK's own in memory."""

import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import grpc
import pytest
from mojaz.v1 import article_pb2, digest_pb2, digest_pb2_grpc
from mojaz_client import Article, NotArabic
from mojaz_server.engine.batcher import Batcher
from mojaz_server.engine.echo import Echo
from mojaz_server.pipeline.options import TranslateOptions
from mojaz_server.pipeline.translation import translate_text
from mojaz_server.record import record_of
from mojaz_server.tracing import Traces
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as collector_pb2
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc as collector_pb2_grpc
from opentelemetry.proto.trace.v1 import trace_pb2
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
SECRET = "كلمةسرية"  # a word that no trace may hold


class Collector(collector_pb2_grpc.TraceServiceServicer):
    """Keeps the spans that it gets."""

    def __init__(self) -> None:
        self.spans: list[trace_pb2.Span] = []
        self.resource: dict[str, str] = {}

    async def Export(self, request: object, context: object) -> object:  # noqa: N802  # named by the contract
        for resource in request.resource_spans:  # type: ignore[attr-defined]
            self.resource = {each.key: each.value.string_value for each in resource.resource.attributes}
            self.spans += [span for scope in resource.scope_spans for span in scope.spans]
        return collector_pb2.ExportTraceServiceResponse()


@asynccontextmanager
async def collecting() -> AsyncIterator[tuple[Collector, str]]:
    collector, server = Collector(), grpc.aio.server()
    collector_pb2_grpc.add_TraceServiceServicer_to_server(collector, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield collector, f"http://127.0.0.1:{port}"
    finally:
        await server.stop(None)


def attributes(span: trace_pb2.Span) -> dict[str, object]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in span.attributes}


def within(spans: list[trace_pb2.Span], outer: trace_pb2.Span) -> Iterator[trace_pb2.Span]:
    for span in spans:
        if span.parent_span_id == outer.span_id:
            yield span
            yield from within(spans, span)


async def test_a_digest_is_one_trace_within_the_callers_own(started, article: str) -> None:  # type: ignore[no-untyped-def]
    body = f"{article}\nوقالت {SECRET} إن الأمر انتهى."
    request = digest_pb2.DigestArticleRequest(article=article_pb2.Article(body=body))
    metadata = (("traceparent", f"00-{TRACE}-{PARENT}-01"), ("x-request-id", "editor-7"))
    async with (
        collecting() as (collector, endpoint),
        started(trace_endpoint=endpoint) as (server, _),
        grpc.aio.insecure_channel(server.address) as channel,
    ):
        answer = await digest_pb2_grpc.DigestServiceStub(channel).DigestArticle(request, metadata=metadata)
    assert collector.resource["service.name"] == "mojaz"
    (call,) = [span for span in collector.spans if span.parent_span_id.hex() == PARENT]
    assert {span.trace_id.hex() for span in collector.spans} == {TRACE}
    assert (call.name, call.kind) == ("mojaz.v1.DigestService/DigestArticle", trace_pb2.Span.SPAN_KIND_SERVER)
    said = attributes(call)
    assert (said["rpc.response.status_code"], said["mojaz.request_id"]) == ("OK", "editor-7")
    assert said["mojaz.received_bytes"] == request.ByteSize()
    assert said["mojaz.sent_bytes"] == answer.ByteSize()
    (digest,) = [span for span in collector.spans if span.parent_span_id == call.span_id]
    names = Counter(span.name for span in within(collector.spans, digest))
    sentences = len(answer.digest.lines) + 1
    once = ("split", "summarize", "headline", "respell", "assemble")
    assert {name: names[name] for name in once} == dict.fromkeys(once, 1)
    assert names["pair"] == names["judge"] == sentences <= names["translate"]
    assert {attributes(span)["mojaz.size"] for span in collector.spans if span.name == "split"} == {len(body)}
    assert SECRET not in str(collector.spans) + "".join(
        span.SerializeToString().decode("utf-8", "ignore") for span in collector.spans
    )


async def test_each_article_of_a_stream_is_a_span_and_an_error_is_told_without_its_words(started) -> None:  # type: ignore[no-untyped-def]
    async with collecting() as (collector, endpoint), started(trace_endpoint=endpoint) as (_, client):
        bodies = ["أعلنت الوزارة بدء المشروع.", "قال الوزير إن المحادثات ستستأنف."]
        assert len([each async for each in client.digest_many(Article(body) for body in bodies)]) == 2
        with pytest.raises(NotArabic):
            await client.digest("Secret words.")
    by_name = {span.name: span for span in collector.spans}
    stream, refused = by_name["mojaz.v1.DigestService/DigestArticles"], by_name["mojaz.v1.DigestService/DigestArticle"]
    assert not stream.parent_span_id
    assert [span.name for span in collector.spans if span.parent_span_id == stream.span_id] == ["digest", "digest"]
    assert attributes(refused)["error.type"] == "NOT_ARABIC"
    assert refused.status.code == trace_pb2.Status.STATUS_CODE_UNSET, "the caller's mistake is no error of the server"
    assert not refused.events
    assert "Secret" not in str(collector.spans)


async def test_steps_that_fail_end_their_spans() -> None:
    exporter = InMemorySpanExporter()
    traces = Traces(exporter)
    batcher = Batcher(workers=1, batch_tokens=512)
    batcher.start(Echo())
    record = record_of("/mojaz.v1.TranslationService/TranslateText", False, False)
    with traces.call(record, ()):
        await batcher.close()  # no model answers any more
        with pytest.raises(Exception, match="shutting down"):
            await translate_text("أعلنت الوزارة بدء المشروع.", "text", batcher, TranslateOptions())
        record.code, record.reason = "UNAVAILABLE", "UNAVAILABLE"
    await traces.close()
    spans = {span.name: span for span in exporter.get_finished_spans()}
    assert list(spans) == ["split", "translate", "pair", "translate_text", "mojaz.v1.TranslationService/TranslateText"]
    assert not spans["mojaz.v1.TranslationService/TranslateText"].status.is_ok
    assert not any(span.events for span in spans.values())


async def test_a_collector_that_is_not_there_delays_no_call_and_no_end(started) -> None:  # type: ignore[no-untyped-def]
    async with started(trace_endpoint="http://127.0.0.1:1") as (_, client):
        for _ in range(3):
            assert (await client.digest("أعلنت الوزارة بدء المشروع.")).lines


def test_without_the_extra_the_flag_says_what_to_install() -> None:
    code = "import sys; sys.modules['opentelemetry'] = None; from mojaz_server.cli import main; main(sys.argv[1:])"
    flags = ["--model", "echo", "--address", "127.0.0.1:0", "--trace-endpoint", "http://127.0.0.1:4317"]
    ended = subprocess.run([sys.executable, "-c", code, *flags], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, "Traceback" in ended.stderr) == (2, False)
    assert "mojaz-server[tracing]" in ended.stderr


def test_the_server_does_not_load_opentelemetry_unless_it_traces() -> None:
    code = "import sys, mojaz_server.serve; print([name for name in sys.modules if name.startswith('opentelemetry')])"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout.strip() == "[]"
