"""Reads what models are measured on: pairs of Arabic and English, or Arabic alone. What is wrong is named with file and line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from mojaz_models import lines
from mojaz_models.errors import CorpusError
from mojaz_models.text import swapped


@dataclass(frozen=True, slots=True)
class TestSet:
    """Sentences, with reference translations or (`references` is None) without."""

    __test__ = False  # no test case, whatever pytest thinks of the name

    name: str
    sources: list[str]
    references: list[str] | None = None


def read_test_sets(
    folder: Path | None = None, pairs: Sequence[Path] = (), unlabelled: Sequence[Path] = (), most: int = 0
) -> list[TestSet]:
    """All *.tsv files of a folder and single files of pairs (Arabic, tab, English), then files of Arabic sentences, one a line.

    `most` sentences of each; 0 is all. Files may be .xz. Raises CorpusError."""
    paths = [*(sorted(folder.glob("*.tsv")) if folder else ()), *pairs]
    if not paths and not unlabelled:
        raise CorpusError(
            f"{folder}: there is no *.tsv file of pairs" if folder else "name test sets: --tests, --pairs or --lines"
        )
    names = [_name(path) for path in (*paths, *unlabelled)]
    for name in names:
        if names.count(name) > 1:
            raise CorpusError(f"two test sets are called {name}: scores and outputs could not be told apart")
    limit = most or None
    return [*(_read_pairs(path, limit) for path in paths), *(_read_sources(path, limit) for path in unlabelled)]


def rows(path: Path) -> Iterator[tuple[str, str]]:
    """The first two columns of each line of a tab-separated file, neither blank. Raises CorpusError."""
    for at, line in _lines(path):
        columns = line.split("\t")
        if len(columns) < 2:
            raise CorpusError(f"{path}, line {at}: there is no tab: a line is Arabic, tab, English")
        for name, text in zip(("Arabic", "English"), columns, strict=False):
            if not text.strip():
                raise CorpusError(f"{path}, line {at}: there is no {name}: a line is Arabic, tab, English")
        if swapped(*columns[:2]):
            raise CorpusError(f"{path}, line {at}: the sides are swapped: a line is Arabic, tab, English")
        yield columns[0], columns[1]


def _read_pairs(path: Path, limit: int | None) -> TestSet:
    found = list(islice(rows(path), limit))
    if not found:
        raise CorpusError(f"{path} is empty")
    return TestSet(_name(path), [arabic for arabic, _ in found], [english for _, english in found])


def _read_sources(path: Path, limit: int | None) -> TestSet:
    found = list(islice((line for _, line in _lines(path) if line.strip()), limit))
    if not found:
        raise CorpusError(f"{path} is empty")
    return TestSet(_name(path), found)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines; the mark that some editors put before UTF-8 is no part of the first."""
    for at, line in enumerate(lines.read(path, whole=False), 1):
        yield at, line.removeprefix("\ufeff") if at == 1 else line


def _name(path: Path) -> str:
    return path.name.removesuffix(".xz").rsplit(".", 1)[0]
