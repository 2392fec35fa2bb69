"""Learns which English words stand for an Arabic word in news, for the check that nothing was left out (data/equivalents.tsv).

`python -m mojaz_models.equivalents news_references.tsv.xz [news_terms.tsv.xz] > data/equivalents.tsv`: IBM model 1 on the stems
of news pairs, pruned; for every stem how often one of its equivalents is in its translation, and how often by chance elsewhere.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from mojaz_server.pipeline.check.equivalents import arabic_terms, english_stems

from mojaz_models import lines
from mojaz_models.model1 import Ints, fit, links

ROUNDS, LONGEST, RAREST = 6, 60, 4
FEWEST = 12
"""Sentences that a stem must stand in to be kept."""
MOST = 10
"""Equivalents of a stem."""
LIKELY = 0.012
"""Probability from which on an English stem is an equivalent."""
TIMES = 2.5
"""Times that an equivalent is expected to have been the translation, at least."""
LOWEST_KEPT, HIGHEST_CHANCE = 0.6, 0.25
"""A stem that is seldom translated by its equivalents, or whose equivalents are everywhere, tells nothing."""
_COMMON = 0.2  # share of sentences from which on an English stem is a function word

Pair = tuple[list[str], list[str]]


def read(path: Path) -> Iterator[Pair]:
    """The stems of the pairs of a file: the last two of its three columns, or of a file of terms the first two."""
    for line in lines.read(path):
        columns = line.split("\t")
        arabic, english = columns[:2] if "terms" in path.name else columns[1:3]
        yield sorted({term.stem for term in arabic_terms(arabic)}), [*english_stems(english)]


def learn(pairs: Sequence[Pair]) -> dict[str, list[tuple[str, float]]]:
    """IBM model 1: for each Arabic stem the English stems that are likely, the likeliest first."""
    arabic, english = _vocabulary(a for a, _ in pairs), _vocabulary(e for _, e in pairs)
    common = Counter(stem for _, e in pairs for stem in set(e))
    frequent = {stem for stem, count in common.items() if count > _COMMON * len(pairs)}
    model = fit(links(_numbered(pairs, arabic, english, frequent)), ROUNDS)
    kept = (model.probability >= LIKELY) & (model.count >= TIMES)
    names_a, names_e = list(arabic), list(english)
    found: dict[str, list[tuple[str, float]]] = {}
    for a, b, p in sorted(
        zip(model.source[kept], model.target[kept], model.probability[kept], strict=True), key=lambda row: -row[2]
    ):
        found.setdefault(names_a[a], []).append((names_e[b], float(p)))
    return {a: rows[:MOST] for a, rows in found.items()}


def _vocabulary(sentences: Iterator[list[str]]) -> dict[str, int]:
    counts = Counter(stem for sentence in sentences for stem in sentence)
    return {stem: at for at, stem in enumerate(stem for stem, count in counts.items() if count >= RAREST)}


def _numbered(
    pairs: Sequence[Pair], arabic: dict[str, int], english: dict[str, int], frequent: set[str]
) -> Iterator[tuple[Ints, Ints]]:
    """The pairs as numbers of their stems, without rare and without `frequent` ones."""
    for a, e in pairs:
        ids_a = np.array([arabic[stem] for stem in a if stem in arabic], np.int64)
        if len(ids_a) <= LONGEST:
            yield ids_a, np.array([english[stem] for stem in e if stem in english and stem not in frequent], np.int64)


def rates(pairs: Sequence[Pair], table: dict[str, list[tuple[str, float]]]) -> dict[str, tuple[float, float, int]]:
    """For each stem how often an equivalent is in the English of its sentence, in that of the next one, and its count."""
    sets = [set(e) for _, e in pairs]
    known = {a: {e for e, _ in rows} for a, rows in table.items()}
    kept, chance, count = Counter[str](), Counter[str](), Counter[str]()
    for at, (a, _) in enumerate(pairs):
        for stem in a:
            if stem in known:
                count[stem] += 1
                kept[stem] += not known[stem].isdisjoint(sets[at])
                chance[stem] += not known[stem].isdisjoint(sets[(at + 1) % len(sets)])
    return {s: ((kept[s] + 1) / (n + 2), (chance[s] + 1) / (n + 20), n) for s, n in count.items()}


def main(paths: Sequence[Path]) -> None:
    """Print the table."""
    news = list(read(paths[0]))
    table = learn([*news, *(pair for path in paths[1:] for pair in read(path))])
    print("# Arabic stem, per cent of translations that have one of its equivalents, per mille by chance, English stems;")
    print("# made by mojaz_models.equivalents")
    for stem, (kept, chance, count) in sorted(rates(news, table).items(), key=lambda row: -row[1][2]):
        if count >= FEWEST and kept >= LOWEST_KEPT and chance <= HIGHEST_CHANCE:
            print(stem, min(round(kept * 100), 99), max(round(chance * 1000), 1), " ".join(e for e, _ in table[stem]), sep="\t")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
