"""Segments with their translations from files: two files line by line, or a translation memory (TMX)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from xml.etree import ElementTree

from mojaz_client.cli.inputs import not_utf8, place_of, read_lines
from mojaz_client.errors import FieldInvalid
from mojaz_client.records import Segment

SOURCE_LANGUAGE, TARGET_LANGUAGE = "ar", "en"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_CODES = ("bpt", "ept", "ph", "it", "ut")  # what TMX puts round markup of the document; not text


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
    number = 0
    try:
        for _, element in ElementTree.iterparse(path):
            if element.tag != "tu":
                continue
            number += 1
            texts = dict(_variant(variant) for variant in element.iter("tuv"))
            if not texts.keys() >= {SOURCE_LANGUAGE, TARGET_LANGUAGE}:
                languages = ", ".join(sorted(texts)) or "none"
                problem = f"{path}, unit {number}: needs {SOURCE_LANGUAGE} and {TARGET_LANGUAGE}, has {languages}"
                raise FieldInvalid(problem, field="segments")
            element.clear()
            if texts[SOURCE_LANGUAGE].strip():
                yield Placed(f"unit {number}", Segment(texts[SOURCE_LANGUAGE], texts[TARGET_LANGUAGE]))
    except ElementTree.ParseError as error:
        problem = f"{path}: is not TMX: {error}"
    else:
        if number:
            return
        problem = f"{path}: has no translation units; name two files, or a TMX file"
    raise FieldInvalid(problem, field="segments")


def _variant(variant: ElementTree.Element) -> tuple[str, str]:
    """(language without region, text) of one side of a unit."""
    language = variant.get(_LANGUAGE) or variant.get("lang") or ""
    segment = variant.find("seg")
    return language.lower().split("-")[0].split("_")[0], "" if segment is None else _plain(segment)


def _plain(element: ElementTree.Element) -> str:
    inside = "".join(("" if child.tag in _CODES else _plain(child)) + (child.tail or "") for child in element)
    return (element.text or "") + inside
