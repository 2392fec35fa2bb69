"""Fits which English words Arabic words are translated with: the server's data/lexicon.tsv.

    python -m mojaz_models.lexicon CORPORA_FOLDER

IBM model 1 with a preference for the diagonal (as fast_align has it), both ways, over stems of news_references.tsv.xz. Needs
numpy only, some minutes of one core and 8 GB of memory.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import mojaz_server.pipeline
import numpy as np
import numpy.typing as npt
from mojaz_server.pipeline import terms
from mojaz_server.pipeline.lexicon import arabic_stem, english_stem
from mojaz_server.pipeline.wordlists import words

from mojaz_models import lines
from mojaz_models.text import without_proclitics

_LONGEST = 60  # words of a side; longer pairs are left out
_SLANT = 4.0  # how much less likely a link across the whole sentence is, in nats
_NULL = 0.01  # weight of coming from nowhere, beside the mean of all words
_ENGLISH = re.compile("[A-Za-z]+")
_LEAST = 3  # uses of a stem
_TRUST = 0.6  # in models that need not agree
_LEAST_STRONG, _LEAST_LIGHT = (
    0.02,
    0.2,
)  # strength of entries that are kept; the latter of light English words

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def pairs(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    """The words of each pair: folded Arabic, English in small letters."""
    for line in lines.read(path):
        _, arabic, english = line.split("\t")
        here, there = [word.key for word in terms.words(arabic)], [word.lower() for word in _ENGLISH.findall(english)]
        if 0 < len(here) <= _LONGEST and 0 < len(there) <= _LONGEST:
            yield here, there


def stripped(counts: Counter[str]) -> dict[str, str]:
    """The stem of each Arabic word, without proclitics."""
    return {word: arabic_stem(without_proclitics(word, counts)) for word in counts}


def numbered(sentences: Sequence[Sequence[str]]) -> tuple[list[str], list[Ints]]:
    """Names of the frequent stems, and each sentence as their numbers; -1 is a rare one."""
    counts = Counter(stem for sentence in sentences for stem in sentence)
    names = sorted(stem for stem, times in counts.items() if times >= _LEAST)
    number = {name: i for i, name in enumerate(names)}
    return names, [np.array([number.get(stem, -1) for stem in sentence], np.int64) for sentence in sentences]


@dataclass(frozen=True, slots=True)
class Links:
    """All possible links: `pair` numbers the two stems of each, `here` and `there` its two words, `near` prefers the diagonal."""

    pair: npt.NDArray[np.int32]
    here: npt.NDArray[np.int32]
    there: npt.NDArray[np.int32]
    near: npt.NDArray[np.float32]
    stems: tuple[Ints, Ints]
    """Numbers of the Arabic and the English stem of each pair of stems."""


def possible(arabic: Sequence[Ints], english: Sequence[Ints]) -> Links:
    """All links between frequent stems."""
    size = 1 + max(int(row.max(initial=0)) for row in english)
    keys, here, there, near = [], [], [], []
    at_here = at_there = 0
    for f, e in zip(arabic, english, strict=True):
        i, j = np.meshgrid(np.arange(len(f)), np.arange(len(e)))
        known = (f[i] >= 0) & (e[j] >= 0)
        i, j = i[known], j[known]
        keys.append(f[i] * size + e[j])
        here.append((at_here + i).astype(np.int32))
        there.append((at_there + j).astype(np.int32))
        near.append(np.exp(-_SLANT * np.abs((i + 0.5) / len(f) - (j + 0.5) / len(e))).astype(np.float32))
        at_here, at_there = at_here + len(f), at_there + len(e)
    unique, pair = np.unique(np.concatenate(keys), return_inverse=True)
    return Links(
        pair.astype(np.int32),
        np.concatenate(here),
        np.concatenate(there),
        np.concatenate(near),
        (unique // size, unique % size),
    )


@dataclass(frozen=True, slots=True)
class Fitted:
    """Of each pair of stems: p(English|Arabic), p(Arabic|English), and how many links are expected."""

    english: Floats
    arabic: Floats
    count: Floats


def fit(links: Links, *, agree: bool, rounds: int = 5, tell: Callable[[str], None] = print) -> Fitted:
    """Both models by expectation maximization. If they must `agree` (Liang et al. 2006), a link is expected as the product
    of theirs: sure of its words, blind for rare translations; else each has its own, and a link's count is their mean."""
    f, e = links.stems
    english, arabic, count = np.ones(len(f)), np.ones(len(f)), np.zeros(len(f))
    for number in range(rounds):
        there, here = _share(english, links, links.there), _share(arabic, links, links.here)
        if agree:
            there = here = there * here
        there_count, here_count = (np.bincount(links.pair, share, len(f)) + 1e-9 for share in (there, here))
        english, arabic = there_count / np.bincount(f, there_count)[f], here_count / np.bincount(e, here_count)[e]
        count = (there_count + here_count) / 2
        tell(f"round {number + 1}: {count.sum():,.0f} links expected of {int(links.there[-1]) + 1:,} English words")
    return Fitted(english, arabic, count)


def _share(probability: Floats, links: Links, word: npt.NDArray[np.int32]) -> npt.NDArray[np.float32]:
    """The probability that a word of one side (`word`) is linked to each of the other; what comes from nowhere is left out."""
    value = probability[links.pair].astype(np.float32) * links.near
    whole = np.bincount(word, value)
    usual = np.bincount(word, links.near)  # of a word that fits all alike
    none = _NULL * usual * whole.sum() / usual.sum()
    return np.asarray(value / (whole + none + 1e-30)[word], np.float32)


def entries(
    names: tuple[list[str], list[str]], stems: tuple[Ints, Ints], agreeing: Fitted, free: Fitted
) -> Iterator[tuple[str, str, float]]:
    """Arabic stem, English stem, strength (0 to 1). The models that agree are trusted more; the free ones know more translations.
    English words that only hold others together need more: they stand beside everything."""
    strength = np.maximum(_strength(agreeing, 0.5, 0.7, 0.5), _TRUST * _strength(free, 0.3, 2.0, 1.0))
    light = np.isin(names[1], sorted({english_stem(word) for word in words("links", "light") if word.isascii()}))
    kept = strength >= np.where(light[stems[1]], _LEAST_LIGHT, _LEAST_STRONG)
    for k in np.flatnonzero(kept):
        yield names[0][stems[0][k]], names[1][stems[1][k]], float(strength[k])


def _strength(fitted: Fitted, one_way: float, doubt: float, least: float) -> Floats:
    """Between the geometric mean of both probabilities and the larger one (its share is `one_way`), less for few links."""
    both, either = np.sqrt(fitted.english * fitted.arabic), np.maximum(fitted.english, fitted.arabic)
    careful = ((1 - one_way) * both + one_way * either) * fitted.count / (fitted.count + doubt)
    return np.where(fitted.count >= least, careful, 0.0)


def write(path: Path, found: Sequence[tuple[str, str, float]]) -> None:
    """A row for each Arabic stem: its English stems, each with its strength in hundredths."""
    by_stem: dict[str, list[tuple[float, str]]] = {}
    for arabic, english, strength in found:
        by_stem.setdefault(arabic, []).append((strength, english))
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(
            "# Arabic stem, then its English stems, each with the strength in hundredths; made by mojaz_models.lexicon\n"
        )
        for arabic, row in sorted(by_stem.items()):
            row.sort(key=lambda pair: (-pair[0], pair[1]))
            stream.write(
                arabic + "\t" + " ".join(f"{english}:{min(99, round(100 * strength))}" for strength, english in row) + "\n"
            )


def main() -> None:
    path = Path(sys.argv[1]) / "news_references.tsv.xz"
    read = list(pairs(path))
    stem = stripped(Counter(word for here, _ in read for word in here))
    arabic_names, arabic = numbered([[stem[word] for word in here] for here, _ in read])
    english_names, english = numbered([[english_stem(word) for word in there] for _, there in read])
    print(f"{len(read):,} pairs, {len(arabic_names):,} Arabic stems, {len(english_names):,} English stems", flush=True)
    links = possible(arabic, english)
    print(f"{len(links.pair):,} possible links, {len(links.stems[0]):,} pairs of stems", flush=True)
    names, fitted = (arabic_names, english_names), (fit(links, agree=True), fit(links, agree=False))
    found = list(entries(names, links.stems, *fitted))
    write(Path(mojaz_server.pipeline.__file__).parent / "data" / "lexicon.tsv", found)
    print(f"{len(found):,} entries", flush=True)


if __name__ == "__main__":
    main()
