"""What is wanted of the figures, and whether they are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import peers
import raw
import served
from record import Record, find


@dataclass(frozen=True, slots=True)
class Goal:
    """`value` reads the figure out of the records, None if a part that it needs was not run."""

    name: str
    wanted: str
    value: Callable[[Sequence[Record]], float | None]
    holds: Callable[[float], bool]
    form: str = "{:.2f}"


def _ratio(over: float | None, under: float | None) -> float | None:
    return over / under if over and under else None


def _spread(name: str, measure: str) -> Callable[[Sequence[Record]], float | None]:
    """The dearest over the cheapest of all loads."""

    def value(records: Sequence[Record]) -> float | None:
        costs = [r.value for r in records if (r.part, r.contender, r.measure) == ("cost", name, measure)]
        return max(costs) / min(costs) if len(costs) > 1 else None

    return value


def _growth(name: str, measure: str) -> Callable[[Sequence[Record]], float | None]:
    """The most that a load costs of what a smaller one does; where the larger is cheaper nothing grows."""

    def value(records: Sequence[Record]) -> float | None:
        found = sorted((r.at, r.value) for r in records if (r.part, r.contender, r.measure) == ("cost", name, measure))
        return max((larger / smaller for (_, smaller), (_, larger) in combinations(found, 2)), default=None)

    return value


GOALS = (
    Goal(
        "saturated throughput, of CTranslate2 offline",
        "at least 0.95",
        lambda r: _ratio(find(r, served.NAME, "sentences", 64), find(r, raw.NAME, "sentences")),
        lambda v: v >= 0.95,
    ),
    Goal(
        "the same with second tries counted",
        "at least 0.95",
        lambda r: _ratio(find(r, served.NAME, "model calls", 64), find(r, raw.NAME, "sentences")),
        lambda v: v >= 0.95,
    ),
    Goal(
        "throughput at 16 callers, of LibreTranslate",
        "at least 4 times",
        lambda r: _ratio(find(r, served.NAME, "sentences", 16), find(r, peers.LIBRE, "sentences", 16)),
        lambda v: v >= 4,
    ),
    Goal(
        "one digest, of the raw compute of its sentences",
        "at most 1.15",
        lambda r: find(r, served.NAME, "p50 to raw compute", 1),
        lambda v: v <= 1.15,
    ),
    Goal("cold start to SERVING", "at most 1.5 s", lambda r: find(r, served.NAME, "cold start"), lambda v: v <= 1.5),
    Goal(
        "memory beside the weights",
        "at most 250 MB",
        lambda r: find(r, served.NAME, "memory beside the weights"),
        lambda v: v <= 250,
        "{:.0f}",
    ),
    Goal("an article in a long stream, dearest to cheapest", "at most 1.25", _spread("Mojaz", "an article"), lambda v: v <= 1.25),
    Goal(
        "1,000 words of a long article, of those of a shorter one",
        "at most 1.25",
        _growth("Mojaz, echo", "1,000 words"),
        lambda v: v <= 1.25,
    ),
)
