"""Segments with their translations from files: two files line by line, or a translation memory (TMX)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from mojaz_client.cli.inputs import not_utf8, place_of, read_chunks, read_lines
from mojaz_client.errors import FieldInvalid, MojazError
from mojaz_client.files.tmx import units
from mojaz_client.records import Segment


@dataclass(frozen=True, slots=True)
class Placed:
    """A segment and where it stands: "line 3" or "unit 3"."""

    place: str
    segment: Segment


def read_segments(source: Path, target: Path | None) -> Iterator[Placed]:
    """The segments of two files of as many lines, or of a TMX file. Lines that are empty on both sides count for nothing.

    Raises:
        FieldInvalid: the files have not the same number of lines, a side is missing, a file is no UTF-8 or no TMX.
    """
    return _lines(source, target) if target else _units(source)


def _lines(source: Path, target: Path) -> Iterator[Placed]:
    for number, (arabic, english) in enumerate(zip_longest(read_lines(source), read_lines(target)), 1):
        if arabic is None or english is None:
            shorter, longer = (source, target) if arabic is None else (target, source)
            problem = f"{place_of(shorter)} has {number - 1} lines, {place_of(longer)} more; give one translation for each line"
            raise FieldInvalid(problem, field="segments")
        segment = Segment(_text(arabic, source, number), _text(english, target, number))
        if segment.source.strip():
            yield Placed(f"line {number}", segment)
        elif segment.target.strip():
            raise FieldInvalid(f"{place_of(source)}, line {number}: is empty and has a translation", field="segments")


def _text(line: bytes, path: Path, number: int) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        problem = f"{place_of(path)}, line {number}: {not_utf8(error)}"
    raise FieldInvalid(problem, field="segments")


def _units(path: Path) -> Iterator[Placed]:
    count = 0
    try:
        for count, unit in enumerate(units(read_chunks(path)), 1):  # noqa: B007  # told below
            if unit.source.strip():
                yield Placed(f"unit {unit.number}", Segment(unit.source, unit.target))
    except MojazError as error:
        problem = f"{path}, {error.message}"
    else:
        if count:
            return
        problem = f"{path}: has no translation units; name two files, or a TMX file"
    raise FieldInvalid(problem, field="segments")
