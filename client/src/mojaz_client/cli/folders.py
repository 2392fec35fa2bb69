"""Folders named on the command line: the files of articles in them, and how many articles there will be."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from mojaz_client.cli.inputs import STDIN, Input, InputFormat, format_of, read_chunks
from mojaz_client.errors import FieldInvalid

NAMES = (".txt", ".json", ".jsonl", ".ndjson")


def files_in(paths: Iterable[Path], output: Path | None, tell: Callable[[str, str], None]) -> Iterator[Path | Input]:
    """The files named, and for a folder those in it and below, by name, but not the `output`; a folder that cannot be read
    comes as an error.

    `tell` (message, place) hears of files in a folder that were left out because they are not named as articles are.
    """
    for path in paths:
        if path != STDIN and path.is_dir():
            yield from _walk(path, output.resolve() if output else None, tell)
        else:
            yield path


def _walk(folder: Path, output: Path | None, tell: Callable[[str, str], None]) -> Iterator[Path | Input]:
    unreadable: list[OSError] = []
    others: Counter[str] = Counter()
    for place, below, names in os.walk(folder, onerror=unreadable.append):
        below.sort()
        for name in sorted(names):
            path = Path(place, name)
            if output and name == output.name and path.resolve() == output:
                continue
            if path.suffix.lower() in NAMES:
                yield path
            else:
                others[path.suffix or "no suffix"] += 1
    for error in unreadable:
        yield Input(str(error.filename), error=FieldInvalid(error.strerror or str(error)))
    if others:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(others.items()))
        tell(f"left out, only {' '.join(NAMES)} are read from a folder: {kinds}", str(folder))


def count_articles(files: Iterable[Path | Input], kind: InputFormat) -> int | None:
    """How many articles the files have, without reading them as JSON: a .json file counts as one until it is read, an unreadable
    file as one that fails. None if it cannot be known, as for stdin."""
    total = 0
    for file in files:
        if file == STDIN:
            return None
        if isinstance(file, Path) and format_of(file, kind) is InputFormat.JSONL:
            total += _count_lines(file)
        else:
            total += 1
    return total


def _count_lines(path: Path) -> int:
    """Lines that hold something. A pipe can be read only once and is not counted: it is one, and more when they come."""
    if not path.is_file():
        return 1
    count, blank = 0, True
    try:
        for chunk in read_chunks(path):
            first, *rest = chunk.split(b"\n")
            blank = blank and not first.strip()
            for line in rest:
                count += not blank
                blank = not line.strip()
    except OSError:
        return 1
    return count + (not blank)
