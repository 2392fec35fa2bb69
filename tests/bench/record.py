"""One measured figure with how it was made, and the machine that it was made on."""

import json
import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class Record:
    """`measure` of `contender` in a `part` of the benchmark; `at` is the load: callers at once, articles, words, or 0."""

    part: str
    contender: str
    measure: str
    value: float
    unit: str
    how: str
    at: int = 0


def find(records: Iterable[Record], contender: str, measure: str, at: int = 0) -> float | None:
    """The value of a figure, None if its part was not run."""
    return next((r.value for r in records if (r.contender, r.measure, r.at) == (contender, measure, at)), None)


def work(process: psutil.Process) -> float:
    """Seconds of processor time that a process has used; other work on the machine hardly changes them."""
    used = process.cpu_times()
    return float(used.user + used.system)


def percentiles(part: str, contender: str, seconds: Sequence[float], how: str, at: int = 0) -> list[Record]:
    """p50, p95 and p99 of how long each call took, in milliseconds."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive") if len(seconds) > 1 else list(seconds) * 99
    return [Record(part, contender, f"p{p}", 1000 * cuts[p - 1], "ms", how, at) for p in (50, 95, 99)]


def machine() -> dict[str, str]:
    """What the figures depend on beside the code. The load says whether anything else ran on the machine."""
    cpu = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), platform.machine()
    )
    packages = ("ctranslate2", "grpcio", "sentencepiece", "mojaz-server")
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "processor": f"{cpu}, {len(os.sched_getaffinity(0))} cores",
        "load before": f"{os.getloadavg()[0]:.1f}",
        "versions": ", ".join([f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in packages)]),
    }


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []


def save(path: Path, about: dict[str, str], records: Iterable[Record]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = {"machine": about, "records": [asdict(record) for record in records]}
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def load(path: Path) -> tuple[dict[str, str], list[Record]]:
    data = json.loads(path.read_text(encoding="utf-8"))
    return data["machine"], [Record(**record) for record in data["records"]]
