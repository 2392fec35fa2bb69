"""Ten times the calls that a server takes, and callers who give up: it says no in time, does not grow and forgets who is gone."""

import asyncio
import random
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from faults.load import BODY, WITHIN, resident
from faults.table import Table
from mojaz_client import Article, AsyncClient, MojazError, ServerFull
from serving import serving

AT_ONCE = 8
MOST_GROWTH = 32 * 2**20  # bytes
LONG = Article(body="\n".join(BODY.format(i) for i in range(300)))


@dataclass(slots=True)
class Seen:
    """Seconds that each answer took, and what should not have come."""

    answered: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)  # health and information
    lost: list[str] = field(default_factory=list)


async def overload(client: AsyncClient, seconds: float) -> Seen:
    """Ten times as many callers as are served at once, each again as soon as it has its answer; and one who asks how it is."""
    seen, until = Seen(), time.monotonic() + seconds

    async def call(caller: int) -> None:
        number = 0
        while time.monotonic() < until:
            number += 1
            began = time.monotonic()
            try:
                answer = await client.digest(BODY.format(f"{caller} {number}"))
            except ServerFull as full:
                seen.refused.append(time.monotonic() - began)
                if not full.retry_after:
                    seen.lost.append("a refusal without RetryInfo")
                await asyncio.sleep(0.05)
            except MojazError as error:
                seen.lost.append(repr(error))
            else:
                seen.answered.append(time.monotonic() - began)
                if not answer.lines:
                    seen.lost.append("a digest without lines")

    async def ask() -> None:
        while time.monotonic() < until:
            began = time.monotonic()
            if not (await client.info(timeout=WITHIN)).models or not await client.health(timeout=WITHIN):
                seen.lost.append("no information")
            seen.asked.append((time.monotonic() - began) / 2)
            await asyncio.sleep(0.05)

    await asyncio.gather(ask(), *map(call, range(10 * AT_ONCE)))
    return seen


async def test_ten_times_the_load(tiny: Path, table: Table, rounds: Callable[[int, int], int]) -> None:
    flags = ("--model", str(tiny), "--max-concurrent-calls", str(AT_ONCE), "--cache-mib", "1")
    with serving(*flags) as server:
        async with AsyncClient(server.address) as client:
            await overload(client, rounds(2, 15))
            before = resident(server.process.pid)
            seen = await overload(client, rounds(3, 30))
            growth = resident(server.process.pid) - before
    table.add(
        "overload",
        f"{10 * AT_ONCE} callers where {AT_ONCE} are served, for {rounds(3, 30)} s, again 50 ms after each refusal",
        f"{len(seen.answered):,} calls accepted, {len(seen.refused):,} refused",
        f"{len(seen.lost)} calls",
        f"refused in {_middle(seen.refused)}, health and information {_middle(seen.asked)}, a digest {_middle(seen.answered)};"
        f" memory grew by {growth / 2**20:.1f} MiB",
    )
    assert not seen.lost, seen.lost[:3]
    assert seen.answered and seen.refused and seen.asked
    assert statistics.median(seen.refused) < statistics.median(seen.answered), "a refusal must not wait with the work"
    assert growth < MOST_GROWTH


def _middle(seconds: list[float]) -> str:
    """The median and the 99th percentile."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive") if len(seconds) > 1 else seconds * 99
    return f"{1000 * cuts[49]:.0f} ms (p99 {1000 * cuts[98]:.0f})" if cuts else "never"


@pytest.mark.parametrize("way", ["call", "connection"])
async def test_who_gives_up_leaves_nothing_behind(  # type: ignore[no-untyped-def]
    started, way: str, table: Table, rounds: Callable[[int, int], int]
) -> None:
    """Calls and streams of every kind, given up at any moment: by cancelling the call, or with the whole connection."""
    times, chance = rounds(4, 60), random.Random(3)
    async with started(workers=1, threads=1, cache_mib=0) as (server, _):
        for _ in range(times):
            async with AsyncClient(server.address.replace("127.0.0.1", "localhost"), timeout=600.0) as client:
                calls = [asyncio.ensure_future(one) for kind in KINDS for one in (kind(client), kind(client))]
                await asyncio.sleep(chance.random() / 4)
                if way == "connection":
                    await client.close()
                for call in calls:
                    call.cancel()
                for call in calls:
                    with suppress(asyncio.CancelledError, MojazError):
                        await call
        async with asyncio.timeout(300):
            while server._engines.queued or server._gate._calls:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        left = server._engines.queued + sum(len(engine.batcher._asked) for engine in server._engines._all())
        async with AsyncClient(server.address) as client:
            assert (await client.digest(BODY.format(1))).lines
    table.add(
        f"given up ({way})",
        "digests, streams of parts, of articles and of texts, and translations, cancelled at any moment",
        f"{2 * len(KINDS) * times:,} calls",
        f"{left} sentences left in the queue",
    )
    assert left == 0


async def _parts(client: AsyncClient) -> None:
    async for _ in client.stream_digest(LONG, full_translation=True):
        pass


async def _articles(client: AsyncClient) -> None:
    async for _ in client.digest_many([LONG] * 5, full_translation=True):
        pass


async def _texts(client: AsyncClient) -> None:
    async for _ in client.translate_many([LONG.body] * 5):
        pass


KINDS: tuple[Callable[[AsyncClient], Awaitable[object]], ...] = (
    lambda client: client.digest(LONG, full_translation=True),
    lambda client: client.translate([LONG.body]),
    lambda client: client.suggest_entries([LONG] * 3),
    _parts,
    _articles,
    _texts,
)
