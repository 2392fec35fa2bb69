"""How well word links are found, against links set by hand, with bootstrap intervals.

    python -m mojaz_models.evaluate.alignment TESTSETS_FOLDER [BUNDLE_FOLDER]

models/gold/flores_dev_links.tsv has the links of 100 sentences of flores_dev.tsv, sure and possible. AER is the alignment error
rate of Och and Ney (2003): 1 - (|A and S| + |A and P|) / (|A| + |S|); precision counts against possible links, recall against
sure ones. With a bundle the cross-attention of its model is measured too, the English given to it as if it had written it.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from mojaz_server.pipeline.glossary import Glossary
from mojaz_server.pipeline.links import links

from mojaz_models.evaluate.attention import AS_SHIPPED, AVERAGED, Attention, likeliest, mutual
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


def scores(sums: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """AER, precision and recall in per cent [..., 3] of summed counts [..., 4]: found, sure, both, found and possible."""
    found, sure, found_sure, found_possible = np.moveaxis(sums, -1, 0)
    error = 1 - (found_sure + found_possible) / np.maximum(found + sure, 1)
    return 100 * np.stack([error, found_possible / np.maximum(found, 1), found_sure / np.maximum(sure, 1)], -1)


def by_words(source: str, target: str) -> Iterator[tuple[int, int]]:
    """The server's links as pairs of words between blanks."""
    here, there = _starts(source), _starts(target)
    for link in links(source, target, Glossary.EMPTY):
        yield here[link.source.start], there[link.target.start]


def _starts(text: str) -> list[int]:
    """For each character the number of the word between blanks that it belongs to."""
    numbers, number, inside = [], -1, False
    for char in text:
        number += not char.isspace() and not inside
        inside = not char.isspace()
        numbers.append(number)
    return numbers


def diagonal(source: str, target: str) -> Iterator[tuple[int, int]]:
    """Each English word with the Arabic word at the same share of the sentence: what has no evidence at all."""
    here, there = len(source.split()), len(target.split())
    return ((int((j + 0.5) / there * here), j) for j in range(there))


def methods(bundle: Path | None) -> dict[str, Method]:
    """What is measured, by name."""
    found: dict[str, Method] = {"diagonal": diagonal}
    for heads, name in ((AS_SHIPPED, "one head"), (AVERAGED, "all heads")):
        if bundle is None:
            break
        attention = Attention(bundle, heads)
        found[f"attention, {name}, likeliest"] = attention.links(likeliest)
        found[f"attention, {name}, mutual"] = attention.links(mutual)
    return {**found, "mojaz": by_words}


def table(folder: Path, bundle: Path | None, most: int = 0) -> Iterator[str]:
    """The benchmark's lines; `most` sentences, 0 is all."""
    texts = list(rows(folder / "flores_dev.tsv"))
    gold = read_gold()[: most or None]
    parts = {"all": gold, "fresh": [one for one in gold if one.fresh], "drafted": [one for one in gold if not one.fresh]}
    for name, method in methods(bundle).items():
        own = {one.line: counts(method(*texts[one.line - 1]), one) for one in gold}
        for part, sentences in parts.items():
            yield f"{name:32}{part:8}{len(sentences):4} sentences  {_cells([own[one.line] for one in sentences])}"


def _cells(found: Sequence[Counts]) -> str:
    """AER, precision and recall with 95 % intervals of resampled sentences."""
    each = np.array([(one.found, one.sure, one.found_sure, one.found_possible) for one in found])
    draws = np.random.default_rng(1).integers(len(each), size=(RESAMPLES, len(each)))
    low, high = np.percentile(scores(each[draws].sum(1)), (2.5, 97.5), axis=0)
    values = zip(("AER", "P", "R"), scores(each.sum(0)), low, high, strict=True)
    return "  ".join(f"{name} {value:.1f} [{least:.1f}, {most:.1f}]" for name, value, least, most in values)


def main() -> None:
    for line in table(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None):
        print(line, flush=True)


if __name__ == "__main__":
    main()
