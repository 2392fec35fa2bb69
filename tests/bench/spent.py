"""Where the processor time of the server goes: one digest at a time, and sentences of many callers."""

import asyncio
import json
import signal
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import workload
from mojaz_client import AsyncClient
from profiled import MODEL
from record import Record
from served import CALLERS, NAME, load
from serving import Serving, serving

Spent = Mapping[str, float]


def measure(bundle: str, sentences: Sequence[str]) -> list[Record]:
    return asyncio.run(_measure(bundle, sentences))


async def _measure(bundle: str, sentences: Sequence[str]) -> list[Record]:
    articles = workload.articles(max(5, len(sentences) // 20), seed=60)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "account")
        command = (sys.executable, Path(__file__).parent / "profiled.py", log)
        with serving("--model", bundle, "--cache-mib", "0", command=command) as server:
            async with AsyncClient(server.address, timeout=600) as client:
                await load(1, workload.articles(8, seed=61), client.digest)  # the tables are read
                before = _account(server, log)
                await load(1, articles, client.digest)
                between = _account(server, log)
                await load(CALLERS[-1], sentences, lambda text: client.translate([text], segments=True))
                after = _account(server, log)
    return [
        *_records(_steps(before, between), len(articles), "a digest, one caller", 1),
        *_records(_steps(between, after), len(sentences), f"a sentence, {CALLERS[-1]} callers", CALLERS[-1]),
    ]


def _account(server: Serving, log: Path) -> Mapping[str, Spent]:
    """What the server has used so far."""
    before = log.stat().st_size
    server.process.send_signal(signal.SIGUSR1)
    while not (found := log.read_bytes()[before:]).endswith(b"\n"):
        time.sleep(0.01)
    account: Mapping[str, Spent] = json.loads(found)
    return account


def _steps(before: Mapping[str, Spent], after: Mapping[str, Spent]) -> Spent:
    """Seconds by step between two accounts; together they are the processor time of the server."""
    steps, calls, threads = (_less(after[part], before[part]) for part in ("steps", "calls", "threads"))
    model, tries = threads.pop(MODEL, 0.0), sum(calls.values()) or 1.0
    rest = sum(threads.values()) - sum(steps.values())
    return {
        "model, first tries": model * calls.get("translate_batch", 0.0) / tries,
        "model, second tries": model * calls.get("alternatives_batch", 0.0) / tries,
        **dict(sorted(steps.items(), key=lambda step: -step[1])),
        "event loop, queue, threads, gRPC": rest,
    }


def _less(after: Spent, before: Spent) -> dict[str, float]:
    return {name: value - before.get(name, 0.0) for name, value in after.items()}


def _records(steps: Spent, count: int, what: str, at: int) -> list[Record]:
    total = sum(steps.values())
    rows = {**steps, "all": total}
    return [
        Record("spent", NAME, step, 1000 * seconds / count, "ms", f"{seconds / total:.1%} of {what}", at)
        for step, seconds in rows.items()
        if seconds > 0
    ]
