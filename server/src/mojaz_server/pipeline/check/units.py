"""Compares the units of figures: a currency, a per cent or a measure must stay with its figure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from mojaz_server.pipeline.check.figures import DIGITS, Figure, Form
from mojaz_server.pipeline.records import Check, CheckKind, Span
from mojaz_server.pipeline.tables import rows
from mojaz_server.pipeline.terms import fold, stems, words

_NEAR = re.compile(r"[\s\W]{0,3}")
_SIGN_BEFORE = re.compile(r"(US\$|[$€£¥]|(?:USD|EUR|GBP|SAR|EGP|AED|Dh)\s?)\s*$")
_JOINER = re.compile(
    r"\s*(?:[-–—,/]|and|or|to|per\s*cent to|%\s*(?:and|to|or|-))?\s*(?:about|around|nearly|then|between|[$€£])?\s*"
)
_BETWEEN = r"[\s\-\"”»]*(?:(?!and\b|to\b|or\b|by\b|in\b|on\b|at\b|for\b)[A-Za-z.]+[\s-]+){0,2}?"
_WIDE = 40  # characters after a figure in which its unit stands
_MUST_STAY = {"percent", "currency"}  # another measure may be left out: "12 مترا" is also "12 by 5 meters"


class _Unit(NamedTuple):
    name: str
    sort: str


@cache
def _arabic() -> Mapping[str, _Unit]:
    return {
        fold(form): _Unit(name, sort)
        for name, sort, arabic, _ in rows("units.tsv")
        for form in arabic.split("|")
        if " " not in form
    }


@cache
def _english() -> tuple[re.Pattern[str], Mapping[str, _Unit]]:
    """What stands between a figure and its unit, and the unit; and what each form means."""
    found = {form.lower(): _Unit(name, sort) for name, sort, _, english in rows("units.tsv") for form in english.split("|")}
    written = sorted((form for form in found if form[0].isalpha()), key=len, reverse=True)
    signs = "".join(re.escape(form) for form in found if len(form) == 1 and not form.isalpha())
    pattern = re.compile(rf"{_BETWEEN}(\b(?:{'|'.join(written)})\b|[{signs}])", re.IGNORECASE)
    return pattern, found


def compare_units(source: str, target: str, arabic: Sequence[Figure], english: Sequence[Figure]) -> Iterator[Check]:
    """The figures of `source` whose unit the same figure of `target` has not."""
    for figure in arabic:
        unit, end = _unit_after(source, figure)
        if unit is None or (figure.form is Form.LOOSE and not figure.scale):
            continue
        there = [other for other in english if set(other.values) & set(figure.values)]
        units = [_unit_of(target, other, english) for other in there]
        if not there or unit in units or (any(near is None for near in units) and unit.sort not in _MUST_STAY):
            continue
        near = next((other for other in units if other is not None and other.sort in _kin(unit)), None)
        if near is None and (unit.sort not in _MUST_STAY or (_mentioned(unit, target) and len(there) > 1)):
            continue
        if near is not None and near.sort != unit.sort and unit.sort not in _MUST_STAY:
            continue
        other = there[0]
        said = f"it has {near.name}" if near else "it has none"
        figure_text = re.sub(r"\s+", " ", target[other.start : other.end])[:60]
        message = f"{figure_text} should be {unit.name} in the English: {said}"
        yield Check(CheckKind.UNIT_CHANGED, message, Span(figure.start, end), other.span)


def _kin(unit: _Unit) -> set[str]:
    return {"percent", "currency"} if unit.sort in _MUST_STAY else {unit.sort}


def _unit_listed(target: str, figure: Figure, figures: Sequence[Figure]) -> _Unit | None:
    """The unit whose sign stands before the figure that this one is listed with: "$5 to 7 million"."""
    for other in figures:
        if other.end <= figure.start and re.fullmatch(r"\s*(?:to|and|or|[-–])\s*", target[other.end : figure.start]):
            sign = _SIGN_BEFORE.search(target[max(0, other.start - 6) : other.start])
            return _english()[1].get(sign[1].strip().lower()) if sign else None
    return None


def _mentioned(unit: _Unit, target: str) -> bool:
    pattern, found = _english()
    return any(found[match[1].lower()] == unit for match in pattern.finditer(target))


def _unit_after(source: str, figure: Figure) -> tuple[_Unit | None, int]:
    """The unit right after an Arabic figure, and where it ends."""
    rest = source[figure.end : figure.end + _WIDE].translate(DIGITS)
    percent = re.match(r"[\s)\]]{0,2}(?:%|(?:في|ب)\s*ال(?:مئ|مائ|ماي|مي|ميئ)[ةه]\b|بالم(?:ئ|ائ|ي)[ةه]\b)", rest)
    if percent:
        return _Unit("per cent", "percent"), figure.end + percent.end()
    first = next(iter(words(rest)), None)
    cut = figure.end + _WIDE < len(source)
    if (
        first is None
        or not _NEAR.fullmatch(rest[: first.start])
        or "." in rest[: first.start]
        or (cut and first.end == len(rest))
    ):
        return None, figure.end
    found = next((unit for key in (first.key, *stems(first.key)) if (unit := _arabic().get(key))), None)
    return found, figure.end + first.end


def _unit_of(target: str, figure: Figure, figures: Sequence[Figure]) -> _Unit | None:
    """The unit of an English figure: a sign before it, or a word or sign after it or after the figures that it is listed with."""
    pattern, found = _english()
    sign = _SIGN_BEFORE.search(target[max(0, figure.start - 6) : figure.start])
    if sign:
        return found.get(sign[1].strip().lower())
    at, following = figure.end, [other for other in figures if other.start >= figure.end]
    while True:
        match = pattern.match(target, at, at + _WIDE)
        if match and not any(at <= other.start < match.end() for other in following):
            return found[match[1].lower()]
        joined = next((other for other in following if _JOINER.fullmatch(target[at : other.start])), None)
        if joined is None:
            return _unit_listed(target, figure, figures)
        if sign := _SIGN_BEFORE.search(target[max(0, joined.start - 6) : joined.start]):
            return found.get(sign[1].strip().lower())
        at, following = joined.end, [other for other in following if other.start >= joined.end]
