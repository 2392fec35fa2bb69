"""One table of what each kind of error can be measured by, for one bundle or several: what a medicine gave on its own kind.

    python -m mojaz_models.evaluate.kinds BUNDLE [BUNDLE ...] --pairs news_dev.tsv --training news.xz

The raw model, beam and penalties of its manifest. `--training` is the packed set of news pairs: how often a word was seen is
counted in its English, which names are frequent in its Arabic. Contrast rows: how often the reference is likelier to the model
than the reference with one error (evaluate.contrast). Check rows: sentences of a hundred in which a check of the server fails.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mojaz_server.engine.bundle import Bundle
from mojaz_server.engine.translator import Translator

from mojaz_models.dataset import read_pairs
from mojaz_models.evaluate import contrast, fidelity, frequent, seldom
from mojaz_models.evaluate.measures import faults
from mojaz_models.evaluate.share import Share
from mojaz_models.evaluate.testsets import TestSet, read_test_sets
from mojaz_models.evaluate.translation import translate


@dataclass(frozen=True, slots=True)
class Training:
    """What is known of the training pairs: how often each English word was seen, which names are frequent."""

    words: Mapping[str, int]
    names: frozenset[str]

    @classmethod
    def of(cls, arabic: Sequence[str], english: Sequence[str]) -> "Training":
        return cls(seldom.counted(english), frequent.frequent(arabic))


def measured(folder: Path, test_set: TestSet, training: Training) -> Iterator[tuple[str, Share]]:
    """(name, share) of every row of the table for one bundle. The test set has references."""
    sources, references = test_set.sources, list(test_set.references or ())
    outputs = translate(Translator(Bundle.load(folder)), sources)
    texts = [output.text for output in outputs]
    counted = faults(sources, outputs)
    yield "name: frequent persons and places kept", frequent.kept_names(sources, references, texts, training.names)
    yield "number: figures kept", counted.figures
    yield "date: months kept", counted.months
    yield "quotation: as many as in the source", counted.quotations
    yield "wrong sense: words in quotation marks kept", seldom.kept_quoted(references, texts)
    shares = seldom.kept_by_band(references, texts, training.words)
    for (least, most), share in zip(seldom.BANDS, shares, strict=True):
        yield f"wrong sense: words seen {least} to {most} times kept", share
    score = contrast.Scorer(folder)
    for errors in contrast.planted(list(zip(sources, references, strict=True))):
        yield f"contrast, {errors.kind}: {errors.sort}", contrast.preferred(score, errors)
    flags = Counter(kind.value for pair in zip(sources, texts, strict=True) for kind in fidelity.kinds(*pair))
    for kind, count in sorted(flags.items()):
        yield f"check fails: {kind}", Share(count, len(sources))


def table(columns: Mapping[str, Mapping[str, Share]]) -> list[str]:
    """The lines of a table: a row for each measure, a column for each bundle, in per cent; of how many."""
    rows = dict.fromkeys(name for column in columns.values() for name in column)
    lines = ["| in % | " + " | ".join(columns) + " | of |", "|---|" + "---|" * (len(columns) + 1)]
    for name in rows:
        shares = [column.get(name) for column in columns.values()]
        total = max(share.total for share in shares if share)
        cells = (
            "-" if not total else f"{share.percent:.1f}" if share else "0.0" for share in shares
        )  # no check of the kind failed
        lines.append(f"| {name} | {' | '.join(cells)} | {total} |")
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("bundles", type=Path, nargs="+")
    parser.add_argument("--pairs", type=Path, required=True, metavar="FILE", help="a test set: Arabic, tab, English")
    parser.add_argument("--training", type=Path, required=True, metavar="FILE", help="the packed news pairs")
    parser.add_argument("--most", type=int, default=0, metavar="N", help="only the first N sentences of the test set")
    chosen = parser.parse_args(arguments)
    (test_set,) = read_test_sets(pairs=[chosen.pairs], most=chosen.most)
    training = Training.of(*read_pairs(chosen.training))
    columns = {f"{at}: {folder.name}": dict(measured(folder, test_set, training)) for at, folder in enumerate(chosen.bundles, 1)}
    print(f"{test_set.name}, {len(test_set.sources)} sentences\n")
    print("\n".join(table(columns)))


if __name__ == "__main__":
    main()
