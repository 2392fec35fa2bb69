"""Our server under load: sentences and digests by 1 to 64 callers, how full its batches are, how long a caller waits."""

import asyncio
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil
import workload
from counted import read_batches
from mojaz_client import Article, AsyncClient, Digest, Line
from raw import Raw
from record import Record, percentiles, work
from serving import serving

T = TypeVar("T")
NAME = "Mojaz"
CALLERS = (1, 4, 16, 64)


@dataclass(frozen=True)
class Counting:
    """A running server and the log of its batches."""

    client: AsyncClient
    log: Path
    process: psutil.Process


@asynccontextmanager
async def counting(bundle: str) -> AsyncIterator[Counting]:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "batches")
        command = (sys.executable, Path(__file__).parent / "counted.py", log)
        with serving("--model", bundle, "--cache-mib", "0", command=command) as server:
            async with AsyncClient(server.address, timeout=600) as client:
                yield Counting(client, log, psutil.Process(server.process.pid))


async def load(callers: int, items: Sequence[T], call: Callable[[T], Awaitable[object]]) -> tuple[float, list[float]]:
    """Seconds for all items, and of each call; every caller takes the next item when its last one is answered."""
    waiting, seconds = iter(items), list[float]()

    async def caller() -> None:
        for item in waiting:
            began = time.perf_counter()
            await call(item)
            seconds.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    return time.perf_counter() - began, seconds


def measure_texts(bundle: str, sentences: Sequence[str]) -> list[Record]:
    return asyncio.run(_texts(bundle, sentences))


async def _texts(bundle: str, sentences: Sequence[str]) -> list[Record]:
    records: list[Record] = []
    async with counting(bundle) as server:
        for callers in CALLERS:
            # the last, fullest level has the very sentences of the other contenders
            few = len(sentences) // (8 if callers == 1 else 2)
            texts = list(sentences) if callers == CALLERS[-1] else workload.take(few, seed=callers)
            _, end = read_batches(server.log)
            before = work(server.process)
            seconds, each = await load(callers, texts, lambda text: server.client.translate([text], segments=True))
            used = work(server.process) - before
            batches, _ = read_batches(server.log, end)
            how = f"{len(texts)} sentences, one in a call"
            records += [
                Record("texts", NAME, "sentences", len(texts) / seconds, "per s", how, callers),
                Record("texts", NAME, "processor time", 1000 * used / len(texts), "ms per sentence", "of the server", callers),
                Record(
                    "texts", NAME, "model calls", sum(batches) / seconds, "per s", "sentences with their second tries", callers
                ),
                Record("texts", NAME, "batch fill", statistics.fmean(batches), "sentences", f"mean of {len(batches)}", callers),
                *percentiles("texts", NAME, each, how, callers),
            ]
    return records


def measure_digests(bundle: str, raw: Raw, count: int) -> list[Record]:
    return asyncio.run(_digests(bundle, raw, count))


async def _digests(bundle: str, raw: Raw, count: int) -> list[Record]:
    async with counting(bundle) as server:
        await server.client.digest(workload.articles(1, seed=19)[0])  # all tables are read
        records = await _one_by_one(server.client, raw, max(5, count // 4))
        for callers in CALLERS[1:]:
            articles = workload.articles(max(count, 2 * callers), seed=callers + 1)
            _, end = read_batches(server.log)
            seconds, each = await load(callers, articles, server.client.digest)
            batches, _ = read_batches(server.log, end)
            how = f"{len(articles)} articles of {workload.PER_ARTICLE} sentences, three lines each"
            records += [
                Record("digests", NAME, "articles", len(articles) / seconds, "per s", how, callers),
                Record("digests", NAME, "batch fill", statistics.fmean(batches), "sentences", f"mean of {len(batches)}", callers),
                *percentiles("digests", NAME, each, how, callers),
            ]
    return records


async def _one_by_one(client: AsyncClient, raw: Raw, count: int) -> list[Record]:
    """One digest at a time beside the model's own time for the same sentences, in turns: a busy second hits both."""
    waited, computed = list[float](), list[float]()
    for article in workload.articles(count, seed=20):
        began = time.perf_counter()
        made = await client.digest(article)
        waited.append(time.perf_counter() - began)
        texts = _translated(made)
        computed.append(raw.seconds(texts, -(-len(texts) // raw.cores)))
    firsts = [await _first_line(client, article) for article in workload.articles(count, seed=21)]
    how = f"{count} articles, one after the other"
    ratios = [a / b for a, b in zip(waited, computed, strict=True)]
    return [
        Record("digests", NAME, "articles", count / sum(waited), "per s", how, 1),
        *percentiles("digests", NAME, waited, how, 1),
        Record("digests", NAME, "first line", 1000 * statistics.median(firsts), "ms", f"StreamDigest, median of {count}", 1),
        Record(
            "digests",
            NAME,
            "p50 to raw compute",
            statistics.median(ratios),
            "times",
            f"digest by the clock / its headline and lines in CTranslate2, a batch for each core, median of {count} pairs",
            1,
        ),
    ]


def _translated(digest: Digest) -> list[str]:
    return list(dict.fromkeys(itertools.chain([digest.headline.source], (line.pair.source for line in digest.lines))))


async def _first_line(client: AsyncClient, article: Article) -> float:
    began = time.perf_counter()
    parts = client.stream_digest(article)
    async for part in parts:
        if isinstance(part, Line):
            break
    seconds = time.perf_counter() - began
    await parts.aclose()  # type: ignore[attr-defined]
    return seconds
