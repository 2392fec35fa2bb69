"""Compares the figures of a sentence with those of its English: none may get lost, none may be invented."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from mojaz_server.pipeline.check.figures import DIGITS, Figure, Form
from mojaz_server.pipeline.check.months import Month
from mojaz_server.pipeline.records import Check, CheckKind
from mojaz_server.pipeline.terms import words

_SMALLEST = {"0", "1", "2"}  # written as a figure in one language and as "both", "a second" or a dual in the other
_CODE = 6  # digits of a telephone number or other code, which each language groups its own way
_YEAR_BEFORE = re.compile(r"(?:عام|سنة|العام)\s*$")
_DUAL = re.compile("..(?:ان|ين|تا)$")
_SHARES = {"0.5": re.compile("نصف|half", re.IGNORECASE), "0.25": re.compile("ربع|quarter", re.IGNORECASE)}
_DAY_GAP = re.compile(r"\s*(?:من\s+)?(?:شهر\s+)?")
_QUARTERS = {"نصف": "30", "ربع": "15", "ثلث": "20", "إلا ربع": "45", "ثمن": "16"}  # minutes; and "ثمن النهائي" is the round of 16


class _Side:
    """The figures of one language and what they say, for look-ups."""

    def __init__(self, figures: Sequence[Figure], text: str, months: Sequence[Month]) -> None:
        self.figures = figures
        self.values = {value for figure in figures for value in figure.values}
        self.parts = {part for figure in figures for part in figure.parts} | {str(month.number) for month in months}
        self.parts |= {value for value, share in _SHARES.items() if share.search(text)}
        self.scales = {figure.scale for figure in figures if figure.scale}
        self.unscaled = {value for figure in figures if not figure.scale for value in figure.values}
        self.codes = [figure.digits for figure in figures if len(figure.digits) >= _CODE]
        self._text = text

    @cached_property
    def glued(self) -> str:
        """All digits of the text in a row."""
        return "".join(filter(str.isdigit, self._text.translate(DIGITS)))

    def has(self, figure: Figure, mine: "_Side") -> bool:
        """Whether the other side's `figure` stands here in some legitimate form."""
        if self.values.intersection(figure.values):
            return True
        if not figure.scale and self.parts.intersection(figure.values):
            return True
        if figure.parts and all(part in self.values or part in self.parts for part in figure.parts):
            return True
        if len(figure.digits) >= _CODE and figure.digits in self.glued:  # telephone numbers and codes, grouped another way
            return True
        if figure.digits and any(figure.digits in code for code in self.codes if code in mine.glued):
            return True
        return self._shares_scale(figure, mine)

    def _shares_scale(self, figure: Figure, mine: "_Side") -> bool:
        """ "3 to 5 million" and "3 million to 5 million" are the same: one side may name the scale once for several figures."""
        if figure.scale:
            return bool(figure.parts) and figure.parts[0] in self.unscaled and figure.scale in self.scales
        scaled = {other.parts[0] for other in self.figures if other.scale in mine.scales and other.parts}
        return bool(scaled.intersection(figure.values))


def compare_figures(
    source: str,
    target: str,
    arabic: Sequence[Figure],
    english: Sequence[Figure],
    months: tuple[Sequence[Month], Sequence[Month]],
) -> Iterator[Check]:
    """The figures that are in one of `source` (raw Arabic) and `target` (English) only; one of each side is a figure changed."""
    here, there = _Side(arabic, source, months[0]), _Side(english, target, months[1])
    lost = [figure for figure in arabic if _is_lost(_with_century(figure, source), source, here, there, months[0])]
    invented = list(_invented(source, target, here, there))
    for figure in lost:
        what = _part_of_date(figure, source, months[0])
        other = min(invented, key=lambda each: _distance(figure, each, what, source, target), default=None)
        if other is not None:
            invented.remove(other)
        yield _gone(figure, other, what, source, target)
    for figure in invented:
        yield Check(CheckKind.NUMBER_INVENTED, f"{_text(figure, target)} is not in the Arabic", None, figure.span)


def _is_lost(figure: Figure, source: str, here: _Side, there: _Side, months: Sequence[Month]) -> bool:
    return (_required(figure) or _is_day(figure, source, months)) and not there.has(figure, here)


def _invented(source: str, target: str, here: _Side, there: _Side) -> Iterator[Figure]:
    """The figures of the English that the Arabic has in no form."""
    loose = _loose_values(source)
    for figure in there.figures:
        if _required(figure) and not loose.intersection((*figure.values, *figure.parts)) and not here.has(figure, there):
            if target.startswith("s", figure.end) and figure.value[-2:] in here.values:  # "1950s" for "الخمسينيات"
                continue
            yield figure


def _part_of_date(figure: Figure, source: str, months: Sequence[Month]) -> str | None:
    if _is_year(figure, source, months):
        return "year"
    return "day" if _is_day(figure, source, months) else None


def _distance(figure: Figure, other: Figure, part: str | None, source: str, target: str) -> float:
    """How unlikely it is that `other` stands in the place of `figure`: years for years, else the nearest by place."""
    kind = (len(other.digits) == 4) != (part == "year")
    return kind + abs(figure.start / len(source) - other.start / len(target))


def _gone(figure: Figure, other: Figure | None, part: str | None, source: str, target: str) -> Check:
    """The flag for a lost figure and what stands in its place, if anything."""
    raw, span = _text(figure, source), figure.span
    name = raw if raw == figure.value or not figure.value.isdigit() or raw.isascii() else f"{raw} ({figure.value})"
    name = f"The {part} {name}" if part else name
    if other is None:
        return Check(CheckKind.DATE_CHANGED if part else CheckKind.NUMBER_LOST, f"{name} is not in the English", span)
    message = f"{name} is not in the English: it has {_text(other, target)}"
    return Check(CheckKind.DATE_CHANGED if part else CheckKind.NUMBER_CHANGED, message, span, other.span)


def _text(figure: Figure, text: str) -> str:
    """A figure as it stands in a text, on one line."""
    return re.sub(r"\s+", " ", text[figure.start : figure.end])[:60]


def _required(figure: Figure) -> bool:
    return figure.form is Form.DIGITS or (figure.form is Form.WORDS and figure.value not in _SMALLEST)


def _with_century(figure: Figure, source: str) -> Figure:
    """A year of two digits ("عام 67") with the centuries it may belong to; any other figure as it is."""
    if len(figure.digits) != 2 or not _YEAR_BEFORE.search(source[max(0, figure.start - 12) : figure.start]):
        return figure
    return replace(figure, values=(*figure.values, f"19{figure.digits}", f"20{figure.digits}"))


def _is_day(figure: Figure, source: str, months: Sequence[Month]) -> bool:
    """Whether a figure, often an ordinal, is the day of a date: it ends right before a month."""
    after = (month for month in months if 0 <= month.start - figure.end <= 12)
    return any(_DAY_GAP.fullmatch(source[figure.end : month.start]) for month in after)


def _is_year(figure: Figure, source: str, months: Sequence[Month]) -> bool:
    """Whether a figure is the year of a date: four digits after a month or after the word for year."""
    if not (len(figure.digits) == 4 and figure.digits[:2] in {"19", "20", "14", "18", "13"}):
        return False
    before = source[max(0, figure.start - 12) : figure.start]
    return any(0 <= figure.start - month.end <= 3 for month in months) or _YEAR_BEFORE.search(before) is not None


def _loose_values(source: str) -> set[str]:
    """Values that Arabic expresses without a number: duals, halves and quarters of an hour."""
    found = {value for word, value in _QUARTERS.items() if word in source}
    if any(_DUAL.search(word.key) for word in words(source)):
        found.add("2")
    if re.search(r"دون\s+(?:رد|مقابل)", source):  # "بهدف دون رد": one to nil
        found |= {"0", "1"}
    if "نظيف" in source:  # "بهدفين نظيفين": to nil
        found.add("0")
    if "فاتح" in source:  # Maghrebi first of a month
        found.add("1")
    return found
