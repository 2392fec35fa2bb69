"""Translations kept in files: for people to read beside their sources, and for measures that are thought of later."""

from collections.abc import Sequence
from pathlib import Path

from mojaz_models.evaluate.testsets import TestSet
from mojaz_models.evaluate.translation import Result


def write_readable(folder: Path, results: Sequence[Result], sets: Sequence[TestSet]) -> None:
    """Write source, translation and (if there is one) reference of every sentence, a file for each model and test set."""
    folder.mkdir(parents=True, exist_ok=True)
    by_name = {test_set.name: test_set for test_set in sets}
    for result in results:
        test_set = by_name[result.test_set]
        columns = [test_set.sources, _lines(result), *([test_set.references] if test_set.references is not None else [])]
        text = "".join("\t".join(row) + "\n" for row in zip(*columns, strict=True))
        (folder / f"{result.model}.{result.test_set}.tsv").write_text(text, encoding="utf8")


def keep(folder: Path, results: Sequence[Result]) -> None:
    """Write SET.txt for each result, in place of older ones: a translation a line, in the order of the set; nothing of the
    set's own text, which is not ours to pass on."""
    folder.mkdir(parents=True, exist_ok=True)
    for result in results:
        text = "".join(line + "\n" for line in _lines(result))
        (folder / f"{result.test_set}.txt").write_text(text, encoding="utf8")


def _lines(result: Result) -> list[str]:
    return [" ".join(output.text.split()) for output in result.outputs]
