"""Deadlines, cancelled calls, a full server, draining: nothing waits in vain and nothing is computed for nobody."""

import asyncio

import pytest
from mojaz_client import (
    Article,
    AsyncClient,
    ConnectionFailed,
    DeadlineExceeded,
    LimitExceeded,
    Segment,
    ServerFull,
    Unavailable,
)
from mojaz_client._channel import _options as client_options
from mojaz_server.admission import CHARS_PER_TOKEN
from mojaz_server.config import Config
from mojaz_server.rpc.listen import options as server_options
from mojaz_server.serve import Server

LONG = Article(body="\n".join(f"قال وزير الخارجية رقم {i} إن المحادثات ستستأنف يوم الاثنين في العاصمة." for i in range(2500)))
SHORT = Article(body="قال الوزير إن المحادثات ستستأنف.")


async def until_idle(server: Server) -> None:
    """Wait until nothing is in work; fails by its own time limit if that never happens."""
    async with asyncio.timeout(120):
        while server._engines.queued or server._admission.tokens:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def until_busy(server: Server) -> None:
    async with asyncio.timeout(120):
        while not server._engines.queued:  # noqa: ASYNC110
            await asyncio.sleep(0.001)


async def test_a_deadline_ends_the_call_and_empties_the_queue(started) -> None:  # type: ignore[no-untyped-def]
    async with started(workers=1, threads=1) as (server, client):
        with pytest.raises(DeadlineExceeded):
            await client.digest(LONG, full_translation=True, beam_size=8, timeout=0.5)
        await until_idle(server)
        assert (await client.digest(SHORT)).lines


async def test_the_servers_own_time_limit_holds_without_a_deadline(started) -> None:  # type: ignore[no-untyped-def]
    async with started(workers=1, threads=1, max_call_seconds=0.3) as (server, client):
        with pytest.raises(DeadlineExceeded, match=r"0\.3 s"):
            await client.digest(LONG, full_translation=True, beam_size=8)
        await until_idle(server)


async def test_a_cancelled_call_leaves_the_queue(started) -> None:  # type: ignore[no-untyped-def]
    async with started(workers=1, threads=1) as (server, client):
        call = asyncio.create_task(client.digest(LONG, full_translation=True, beam_size=8))
        await until_busy(server)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await until_idle(server)


async def test_a_full_server_says_when_to_come_back_and_still_gives_information(started) -> None:  # type: ignore[no-untyped-def]
    async with started(workers=1, threads=1, max_queued_tokens=1) as (server, client):
        call = asyncio.create_task(client.digest(LONG, full_translation=True, beam_size=8))
        await until_busy(server)
        with pytest.raises(ServerFull) as caught:
            await client.digest(SHORT)
        assert caught.value.retry_after and caught.value.retry_after > 0
        assert (await client.info()).limits.max_queued_tokens == 1
        assert await client.health()
        with pytest.raises(ServerFull):
            await client.translate(["قال الوزير"])
        with pytest.raises(ServerFull):
            await client.check([Segment("قال الوزير", "The minister said")])
        call.cancel()
        await until_idle(server)
        assert (await client.digest(SHORT)).lines


async def test_too_many_calls_at_once_are_refused(started) -> None:  # type: ignore[no-untyped-def]
    async with started(workers=1, threads=1, max_concurrent_calls=1) as (server, client):
        call = asyncio.create_task(client.digest(LONG, full_translation=True, beam_size=8))
        await until_busy(server)
        with pytest.raises(ServerFull, match="limit is 1"):
            await client.digest(SHORT)
        call.cancel()


async def test_interactive_work_overtakes_bulk_work(started) -> None:  # type: ignore[no-untyped-def]
    from mojaz_client import Priority

    async with started(workers=1, threads=1) as (server, client):
        bulk = asyncio.create_task(client.digest(LONG, full_translation=True, beam_size=8, priority=Priority.BULK))
        await until_busy(server)
        await client.digest(SHORT)
        assert not bulk.done()
        bulk.cancel()


async def test_a_message_too_large_is_a_limit_not_a_crash(started) -> None:  # type: ignore[no-untyped-def]
    async with started(max_message_bytes=20_000) as (_, client):
        with pytest.raises(LimitExceeded) as caught:
            await client.digest("كلمة " * 10_000)
        assert caught.value.field == "message"
        assert (await client.digest(SHORT)).lines


async def test_draining_finishes_what_runs_and_refuses_what_comes(started) -> None:  # type: ignore[no-untyped-def]
    async with started(workers=1, threads=1, drain_seconds=120.0) as (server, client):
        some = Article(body="\n".join(LONG.body.split("\n")[:200]))
        running = asyncio.create_task(client.digest(some, full_translation=True))
        await until_busy(server)
        stopping = asyncio.create_task(server.stop())
        await asyncio.sleep(0.05)
        async with AsyncClient(server.address, timeout=2.0) as late:
            with pytest.raises((Unavailable, ConnectionFailed)):
                await late.digest(SHORT)
        assert len((await running).paragraphs) == 200
        await stopping


async def test_many_calls_at_once_are_bounded_before_any_is_queued(started) -> None:  # type: ignore[no-untyped-def]
    async with started(workers=1, threads=1, max_queued_tokens=20_000) as (server, client):
        some = Article(body="\n".join(LONG.body.split("\n")[:200]))
        tokens = len(some.body) // CHARS_PER_TOKEN
        answers = await asyncio.gather(*(client.digest(some) for _ in range(40)), return_exceptions=True)
        refused = [answer for answer in answers if isinstance(answer, ServerFull)]
        assert len(answers) - len(refused) >= 20_000 // tokens, "what was let in was answered"
        assert refused
        assert all(answer.retry_after for answer in refused)
        assert server._admission.tokens == 0


def test_a_client_pings_no_more_often_than_a_server_bears() -> None:
    theirs, ours = dict(client_options("news.example:50051")), dict(server_options(Config()))
    assert theirs["grpc.keepalive_time_ms"] >= 2 * ours["grpc.http2.min_ping_interval_without_data_ms"]
    assert not theirs["grpc.keepalive_permit_without_calls"], "pings without a call count as too many after two hours"
    assert ours["grpc.keepalive_permit_without_calls"], "the server notices a caller that has gone"
