"""The error census: what readers of a release's translations found wrong, by kind and weight, release beside release.

    python -m mojaz_models.evaluate.census models/census

A census is a file `MODEL@VERSION.tsv`, one error a line: test set, place of the sentence in it, kind, weight, the English words
concerned. `sentences.tsv` beside it names the sentences that were read (test set, place); all releases are read on the same ones.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mojaz_models import lines
from mojaz_models.errors import CorpusError

KINDS = (
    "name", "number", "date", "negation", "who-did-what", "dropped clause", "invented clause", "wrong sense", "title or rank",
    "quotation", "untranslated", "clumsy English",
)  # fmt: skip
WEIGHTS = ("changes the facts", "misleads", "ugly")
"""The worst first."""
SENTENCES = "sentences.tsv"

Place = tuple[str, str]
"""A test set, and where in it a sentence stands: "12", or "12.5" for a sentence of an article."""


@dataclass(frozen=True, slots=True)
class Found:
    """One error in one sentence. `words`: those of the English that are wrong, or what it lacks."""

    place: Place
    kind: str
    weight: str
    words: str


def read_sentences(path: Path) -> list[Place]:
    """The sentences that every census of a folder has read. Raises CorpusError."""
    found: dict[Place, None] = {}
    for at, (test_set, place) in _rows(path, ("test set", "place")):
        if (test_set, place) in found:
            raise CorpusError(f"{path}, line {at}: {test_set} {place} is named twice")
        found[test_set, place] = None
    if not found:
        raise CorpusError(f"{path} is empty")
    return list(found)


def read_census(path: Path, sentences: Sequence[Place]) -> list[Found]:
    """The errors of one release in `sentences`. Raises CorpusError."""
    known = set(sentences)
    found = []
    for at, (test_set, place, kind, weight, words) in _rows(path, ("test set", "place", "kind", "weight", "words")):
        if (test_set, place) not in known:
            raise CorpusError(f"{path}, line {at}: {test_set} {place} is not in {SENTENCES}")
        for name, value, allowed in (("kind", kind, KINDS), ("weight", weight, WEIGHTS)):
            if value not in allowed:
                raise CorpusError(f"{path}, line {at}: unknown {name} {value!r}; known are {', '.join(allowed)}")
        found.append(Found((test_set, place), kind, weight, words))
    return found


def read_all(folder: Path) -> tuple[list[Place], dict[str, list[Found]]]:
    """The sentences of a folder, and what was found in them by model, in the order of their file names. Raises CorpusError."""
    sentences = read_sentences(folder / SENTENCES)
    paths = sorted(path for path in folder.glob("*.tsv") if path.name != SENTENCES)
    if not paths:
        raise CorpusError(f"{folder}: there is no census, a file MODEL@VERSION.tsv")
    return sentences, {path.stem: read_census(path, sentences) for path in paths}


def table(sentences: Sequence[Place], censuses: Mapping[str, Sequence[Found]]) -> list[str]:
    """The lines of a table: a row for each kind, three numbers for each model, the worst weight first; below it how many
    sentences have an error of that weight, and how many have none."""
    counts = [Counter((found.kind, found.weight) for found in errors) for errors in censuses.values()]
    rows = [(kind, [[count[kind, weight] for weight in WEIGHTS] for count in counts]) for kind in KINDS]
    rows.append(("all", [[sum(row[1][k][w] for row in rows) for w in range(len(WEIGHTS))] for k in range(len(counts))]))
    touched = [[len({found.place for found in errors if found.weight == w}) for w in WEIGHTS] for errors in censuses.values()]
    rows.append((f"sentences with one, of {len(sentences)}", touched))
    free = [len(sentences) - len({found.place for found in errors}) for errors in censuses.values()]
    heads = [f"{model}: {' / '.join(WEIGHTS)}" for model in censuses]
    return [
        f"| kind | {' | '.join(heads)} |",
        f"|---|{'---|' * len(heads)}",
        *(f"| {kind} | {' | '.join(' / '.join(map(str, numbers)) for numbers in cells)} |" for kind, cells in rows),
        f"| sentences without any | {' | '.join(map(str, free))} |",
    ]


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Numbered rows with a text in every column."""
    for at, line in enumerate(lines.read(path), 1):
        row = line.split("\t")
        if len(row) != len(columns):
            raise CorpusError(f"{path}, line {at}: {len(row)} columns, not {len(columns)}: {', '.join(columns)}")
        for name, text in zip(columns, row, strict=True):
            if not text.strip():
                raise CorpusError(f"{path}, line {at}: there is no text for {name}")
        yield at, row


def main(folder: Path) -> None:
    """Print the table of a folder."""
    print("\n".join(table(*read_all(folder))))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
