"""The end of a server: who is told what, and what is waited for."""

import asyncio
import json
import signal
import threading
import time
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from mojaz.v1 import digest_pb2, digest_pb2_grpc
from mojaz_client import Article, AsyncClient, Client, MojazError, Unavailable
from mojaz_server.serve import Server
from serving import serving

SHORT = "قال الوزير إن المحادثات ستستأنف."
LONG = Article(body="\n".join(f"قال وزير الخارجية رقم {i} إن المحادثات ستستأنف يوم الاثنين في العاصمة." for i in range(2500)))


async def until_busy(server: Server) -> None:
    async with asyncio.timeout(120):
        while not server._engines.queued:  # noqa: ASYNC110
            await asyncio.sleep(0.001)


async def test_calls_are_taken_while_balancers_are_waited_for(started) -> None:  # type: ignore[no-untyped-def]
    async with started(drain_wait_seconds=1000.0) as (server, client):
        assert (await client.digest(SHORT)).lines
        stopping = asyncio.create_task(server.stop())
        async with asyncio.timeout(60):
            while await client.health():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert (await client.digest(SHORT)).lines
        assert not stopping.done()
        server._hurry.set()
        await asyncio.wait_for(stopping, 60)


async def test_what_is_not_done_within_the_grace_is_told_that_the_server_ends(started) -> None:  # type: ignore[no-untyped-def]
    async with started(workers=1, threads=1, drain_seconds=0.2) as (server, client):
        call = asyncio.create_task(client.digest(LONG, full_translation=True, beam_size=8))
        await until_busy(server)
        await asyncio.wait_for(server.stop(), 60)
        with pytest.raises(Unavailable, match="shutting down"):
            await call


async def test_a_stream_without_work_ends_at_once_and_one_with_work_is_answered_first(started) -> None:  # type: ignore[no-untyped-def]
    async with (
        started(workers=1, threads=1, drain_seconds=1000.0) as (server, client),
        grpc.aio.insecure_channel(server.address) as channel,
    ):
        assert await client.health()
        stub = digest_pb2_grpc.DigestServiceStub(channel)
        idle, busy = stub.DigestArticles(), stub.DigestArticles()
        request = digest_pb2.DigestArticlesRequest(request_id="1")
        request.article.body = "\n".join(LONG.body.split("\n")[:100])
        request.options.full_translation = True
        await busy.write(request)
        await idle.wait_for_connection()
        await until_busy(server)
        stopping = asyncio.create_task(server.stop())
        answer = await asyncio.wait_for(busy.read(), 120)
        assert len(answer.digest.paragraphs) == 100
        for stream in (idle, busy):
            assert await asyncio.wait_for(stream.code(), 60) is grpc.StatusCode.UNAVAILABLE
            assert "shutting down" in await stream.details()
        await asyncio.wait_for(stopping, 60)


async def test_who_watches_the_health_holds_nobody_up(started) -> None:  # type: ignore[no-untyped-def]
    async with started(drain_seconds=1000.0) as (server, _), grpc.aio.insecure_channel(server.address) as channel:
        watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
        await watch.read()
        await asyncio.wait_for(server.stop(), 60)


def test_the_second_signal_ends_the_wait(tiny: Path) -> None:
    flags = ("--model", str(tiny), "--drain-wait-seconds", "1000", "--drain-seconds", "1000", "--workers", "1")
    with serving(*flags) as running, Client(running.address, timeout=300.0) as client:
        answers: list[MojazError] = []

        def call() -> None:
            with pytest.raises(MojazError) as caught:
                client.digest(LONG, full_translation=True, beam_size=8)
            answers.append(caught.value)

        calling = threading.Thread(target=call)
        calling.start()
        while client.info().cache.misses == 0:
            time.sleep(0.02)
        running.process.send_signal(signal.SIGTERM)
        end = time.monotonic() + 60
        while client.health() and time.monotonic() < end:
            time.sleep(0.02)
        assert client.digest(SHORT).lines, "the wait for balancers is not over"
        running.process.send_signal(signal.SIGINT)
        calling.join(60)
        assert "shutting down" in str(answers[0])
        assert running.process.wait(timeout=60) == 0
        log = [json.loads(line)["message"] for line in running.log.read_text(encoding="utf-8").splitlines()]
    assert log[-1] == "stopped"


async def test_a_late_caller_is_sent_elsewhere(started) -> None:  # type: ignore[no-untyped-def]
    async with started(workers=1, threads=1, drain_seconds=1000.0) as (server, client):
        call = asyncio.create_task(client.digest(LONG, full_translation=True, beam_size=8))
        await until_busy(server)
        stopping = asyncio.create_task(server.stop())
        await asyncio.sleep(0)
        async with AsyncClient(server.address, timeout=2.0) as late:
            with pytest.raises(MojazError):
                await late.digest(SHORT)
        server._hurry.set()
        await asyncio.gather(call, stopping, return_exceptions=True)
