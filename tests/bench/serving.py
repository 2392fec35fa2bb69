"""Measures the server with the embedded model: throughput, waiting time, start, memory, the client's import.

    make bench

Every figure is taken in one run on one machine; ratios compare with CTranslate2 alone on the same sentences. Nothing is asserted.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from mojaz_client import Article, AsyncClient  # noqa: E402
from mojaz_server.engine.store import open_model  # noqa: E402
from mojaz_server.pipeline.normalize import normalize  # noqa: E402
from mojaz_server.pipeline.split import split  # noqa: E402
from serving import serving  # noqa: E402

SAMPLE = (ROOT / "docs/samples/dam.txt").read_text(encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default=str(ROOT / "models/bundles/mojaz-ar-en"))
    parser.add_argument("--rounds", type=int, default=20, help="times the sample's sentences are translated")
    options = parser.parse_args()
    sentences = [sentence.text for paragraph in split(SAMPLE) for sentence in paragraph.sentences] * options.rounds
    cores = len(os.sched_getaffinity(0))
    print(f"{cores} cores, {len(sentences)} sentences, model {Path(options.model).name}\n")
    raw = raw_rate(options.model, sentences, cores)
    row("CTranslate2 alone, one call", f"{raw:.1f} sentences/s")
    started = time.monotonic()
    with serving("--model", options.model) as server:
        row("cold start to SERVING", f"{time.monotonic() - started:.2f} s")
        process = psutil.Process(server.process.pid)
        row("memory after the start", f"{process.memory_info().rss / 2**20:.0f} MiB")
        for callers in (1, 4, 16):
            rate = asyncio.run(served_rate(server.address, sentences, callers))
            row(f"server, {callers} callers", f"{rate:.1f} sentences/s = {rate / raw:.2f} of CTranslate2 alone")
        p50, p95, first = asyncio.run(waiting(server.address))
        row("one digest at a time", f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, first part after {first:.0f} ms")
        row("memory after the load", f"{process.memory_info().rss / 2**20:.0f} MiB")
    row("import mojaz_client", f"{import_seconds('mojaz_client'):.3f} s, import grpc {import_seconds('grpc, grpc.aio'):.3f} s")


def row(name: str, value: str) -> None:
    print(f"{name:32} {value}", flush=True)


def raw_rate(model: str, sentences: list[str], cores: int) -> float:
    """Sentences per second of the model alone, as quick as it goes: all in one call, sorted and cut by CTranslate2 itself."""
    engine = open_model(model, workers=1, threads=cores, compute_type="int8")
    texts = sorted(map(normalize, sentences), key=len)
    began = time.monotonic()
    for at in range(0, len(texts), 32):
        engine.translate_batch(texts[at : at + 32])
    return len(texts) / (time.monotonic() - began)


async def served_rate(address: str, sentences: list[str], callers: int) -> float:
    async def caller(client: AsyncClient, share: list[str]) -> None:
        for at in range(0, len(share), 8):
            await client.translate(share[at : at + 8], segments=True)

    async with AsyncClient(address) as client:
        began = time.monotonic()
        await asyncio.gather(*(caller(client, sentences[i::callers]) for i in range(callers)))
        return len(sentences) / (time.monotonic() - began)


async def waiting(address: str, rounds: int = 20) -> tuple[float, float, float]:
    """Milliseconds of a digest of three lines: median, 95th percentile, and until the first part of a streamed one."""
    async with AsyncClient(address) as client:
        times, firsts = [], []
        for _ in range(rounds):
            began = time.monotonic()
            await client.digest(Article(body=SAMPLE))
            times.append(1000 * (time.monotonic() - began))
        for _ in range(rounds):
            began = time.monotonic()
            stream = client.stream_digest(Article(body=SAMPLE))
            await anext(stream)
            firsts.append(1000 * (time.monotonic() - began))
            await stream.aclose()
    return statistics.median(times), statistics.quantiles(times, n=20)[-1], statistics.median(firsts)


def import_seconds(modules: str) -> float:
    """Seconds that an import takes in a new interpreter, the interpreter's own start taken off; best of five."""

    def seconds(code: str) -> float:
        began = time.monotonic()
        subprocess.run([sys.executable, "-c", code], check=True)
        return time.monotonic() - began

    return min(seconds(f"import {modules}") for _ in range(5)) - min(seconds("pass") for _ in range(5))


if __name__ == "__main__":
    main()
