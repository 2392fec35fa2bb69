"""How well word links are found, against links set by hand, with bootstrap intervals.

    python -m mojaz_models.evaluate.alignment TESTSETS_FOLDER

models/gold/flores_dev_links.tsv has the links of 100 sentences of flores_dev.tsv, sure and possible. AER is the alignment error rate of Och
and Ney (2003): 1 - (|A and S| + |A and P|) / (|A| + |S|); precision counts against possible links, recall against sure ones.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from mojaz_server.pipeline.links import links

from mojaz_models.evaluate.testsets import rows

GOLD = Path(__file__).resolve().parents[3] / "gold" / "flores_dev_links.tsv"
RESAMPLES = 2000

Pairs = frozenset[tuple[int, int]]
"""Links as (source word, target word), counted from 0."""
Method = Callable[[str, str], Iterable[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Gold:
    """The links of one sentence: its line in the test set (from 1), whether it was set without a draft, its numbers of words."""

    line: int
    fresh: bool
    words: tuple[int, int]
    sure: Pairs
    possible: Pairs
    """All links, the sure ones too."""


def read_gold(path: Path = GOLD) -> list[Gold]:
    """All sentences of the gold file."""
    found = []
    for text in path.read_text(encoding="utf-8").splitlines():
        if text.startswith("#"):
            continue
        line, how, here, there, marked = text.split("\t")
        sure, possible = (frozenset(_links(marked, sign)) for sign in "-?")
        found.append(Gold(int(line), how == "fresh", (int(here), int(there)), sure, sure | possible))
    return found


def _links(marked: str, sign: str) -> Iterator[tuple[int, int]]:
    for link in marked.split(" "):
        here, found, there = link.partition(sign)
        if found:
            yield int(here), int(there)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many links were found (A), are sure (S), and are both found and sure, found and possible."""

    found: int
    sure: int
    found_sure: int
    found_possible: int


def counts(found: Iterable[tuple[int, int]], gold: Gold) -> Counts:
    """Compare the links found in one sentence with its gold."""
    own = set(found)
    return Counts(len(own), len(gold.sure), len(own & gold.sure), len(own & gold.possible))


def scores(sums: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    """AER, precision and recall in per cent of summed counts [..., 4]."""
    found, sure, found_sure, found_possible = np.moveaxis(sums, -1, 0)
    error = 1 - (found_sure + found_possible) / np.maximum(found + sure, 1)
    return 100 * np.stack([error, found_possible / np.maximum(found, 1), found_sure / np.maximum(sure, 1)], -1)


def by_words(source: str, target: str) -> Iterator[tuple[int, int]]:
    """The server's links as pairs of words between blanks."""
    here, there = _starts(source), _starts(target)
    for link in links(source, target, {}):
        yield here[link.source.start], there[link.target.start]


def _starts(text: str) -> list[int]:
    """For each character the number of the word between blanks that it belongs to."""
    numbers, number, inside = [], -1, False
    for char in text:
        number += not char.isspace() and not inside
        inside = not char.isspace()
        numbers.append(number)
    return numbers


if __name__ == "__main__":
    texts = list(rows(Path(sys.argv[1]) / "flores_dev.tsv"))
    gold = read_gold()
    for name, part in (("all", gold), ("fresh", [g for g in gold if g.fresh]), ("drafted", [g for g in gold if not g.fresh])):
        if part:
            c = np.array([[*vars_] for g in part for vars_ in [(lambda k: (k.found, k.sure, k.found_sure, k.found_possible))(counts(by_words(*texts[g.line - 1]), g))]])
            print(name, len(part), scores(c.sum(0)).round(1))
