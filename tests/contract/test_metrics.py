"""The page of metrics of real servers, read over HTTP as Prometheus reads it."""

import asyncio
import subprocess
import sys
import urllib.request
from pathlib import Path

import grpc
import pytest
from mojaz_client import Article, NotArabic
from mojaz_server.serve import Server
from prometheus_client.parser import text_string_to_metric_families
from serving import Serving

SERVER = Path(sys.executable).parent / "mojaz-server"
ANY_PORT = "127.0.0.1:0"
DIGEST = {"grpc_service": "mojaz.v1.DigestService", "grpc_method": "DigestArticle", "grpc_type": "unary"}
STREAM = {"grpc_service": "mojaz.v1.DigestService", "grpc_method": "DigestArticles", "grpc_type": "bidi_stream"}


class Figures(dict[tuple[str, frozenset[tuple[str, str]]], float]):
    """What a page says, by name and labels."""

    def __call__(self, name: str, **labels: str) -> float:
        return self[name, frozenset(labels.items())]


async def scrape(server: Server) -> Figures:
    def read() -> Figures:
        with urllib.request.urlopen(f"http://{server.metrics_address}/metrics", timeout=60) as page:
            families = text_string_to_metric_families(page.read().decode())
            return Figures({(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples})

    return await asyncio.to_thread(read)


async def test_calls_are_counted_by_method_and_status(started, article: str) -> None:  # type: ignore[no-untyped-def]
    async with started(metrics_address=ANY_PORT) as (server, client):
        before = await scrape(server)
        await client.digest(article)
        with pytest.raises(NotArabic):
            await client.digest("Nothing in Arabic here.")
        answers = [each async for each in client.digest_many([Article(article), Article("English."), Article(article)])]
        page = await scrape(server)
    assert before("grpc_server_handled_total", **DIGEST, grpc_code="OK") == 0
    assert page("grpc_server_started_total", **DIGEST) == 2
    assert page("grpc_server_handled_total", **DIGEST, grpc_code="OK") == 1
    assert page("grpc_server_handled_total", **DIGEST, grpc_code="InvalidArgument") == 1
    assert page("grpc_server_handling_seconds_count", **DIGEST) == 2
    assert page("grpc_server_msg_received_total", **DIGEST) == 2
    assert page("grpc_server_msg_sent_total", **DIGEST) == 1
    assert page("grpc_server_handled_total", **STREAM, grpc_code="OK") == 1
    assert page("grpc_server_msg_received_total", **STREAM) == page("grpc_server_msg_sent_total", **STREAM) == len(answers)
    assert page("mojaz_rejections_total", reason="NOT_ARABIC") == 2, "one call, one item of a stream"


async def test_the_engines_work_adds_up(started, article: str) -> None:  # type: ignore[no-untyped-def]
    async with started(metrics_address=ANY_PORT) as (server, client):
        digest = await client.digest(article, full_translation=True)
        await client.digest(article, full_translation=True)
        (model,) = (await client.info()).models
        page = await scrape(server)
    assert page("mojaz_serving") == 1
    assert page("mojaz_model_info", model=model.id, compute_type=model.compute_type) == 1
    misses, shared = page("mojaz_cache_lookups_total", result="miss"), page("mojaz_shared_sentences_total")
    translated = page("mojaz_batch_sentences_sum")
    assert 0 < translated == misses - shared == page("mojaz_queue_wait_seconds_count")
    assert page("mojaz_cache_lookups_total", result="hit") > 0
    assert page("mojaz_batch_fill_ratio_count") == page("mojaz_batch_sentences_count")
    assert page("mojaz_tokens_total", direction="in") >= translated <= page("mojaz_tokens_total", direction="out")
    assert page("mojaz_compute_seconds_total") > 0
    assert page("mojaz_queue_sentences") == page("mojaz_queue_tokens") == page("mojaz_engine_failures_total") == 0
    pairs = [pair for paragraph in digest.paragraphs for pair in paragraph.pairs]
    flags = [check for pair in pairs for check in pair.checks] + list(digest.headline.checks)
    counted = sum(value for (name, _), value in page.items() if name == "mojaz_checks_total")
    assert 0 < counted == 2 * len(flags)
    assert 0 < page("mojaz_second_tries_total") <= translated
    assert page("process_resident_memory_bytes") > 0


async def test_what_waits_is_seen_while_it_waits(started) -> None:  # type: ignore[no-untyped-def]
    long = Article("\n".join(f"قال وزير الخارجية رقم {i} إن المحادثات ستستأنف يوم الاثنين." for i in range(500)))
    async with started(metrics_address=ANY_PORT, workers=1) as (server, client):
        call = asyncio.create_task(client.digest(long, full_translation=True, beam_size=8))
        async with asyncio.timeout(120):
            while not (page := await scrape(server))("mojaz_queue_sentences"):
                pass
        assert page("mojaz_queue_tokens") >= page("mojaz_queue_sentences")
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        async with asyncio.timeout(120):
            while not (page := await scrape(server)).get(
                ("grpc_server_handled_total", frozenset((DIGEST | {"grpc_code": "Canceled"}).items()))
            ):
                pass
        assert page("mojaz_rejections_total", reason="CANCELLED") == 1


async def test_no_word_of_a_caller_becomes_a_label(started) -> None:  # type: ignore[no-untyped-def]
    async with started(metrics_address=ANY_PORT) as (server, client):
        before = await scrape(server)
        async with grpc.aio.insecure_channel(server.address) as channel:
            for path in ("/mojaz.v1.DigestService/Invented", "/invented.Service/Digest", "/mojaz.v1.Invented/DigestArticle"):
                with pytest.raises(grpc.aio.AioRpcError, match="UNIMPLEMENTED"):
                    await channel.unary_unary(path)(b"")
        await client.info()
        assert (await scrape(server)).keys() == before.keys()


async def test_two_servers_of_one_process_count_apart(started) -> None:  # type: ignore[no-untyped-def]
    async with started(metrics_address=ANY_PORT) as (one, client), started(metrics_address=ANY_PORT) as (other, _):
        await client.digest("أعلنت الوزارة بدء المشروع.")
        assert (await scrape(one))("grpc_server_started_total", **DIGEST) == 1
        assert (await scrape(other))("grpc_server_started_total", **DIGEST) == 0
    with pytest.raises(OSError, match="refused"):
        await scrape(one)


def test_a_port_in_use_is_one_line_and_exit_2(server: Serving, tiny: Path) -> None:
    command = [SERVER, "--model", str(tiny), "--address", ANY_PORT, "--metrics-address", server.address]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, "Traceback" in ended.stderr) == (2, False)
    assert f"--metrics-address {server.address}" in ended.stderr
