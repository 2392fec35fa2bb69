"""A figure as it stands in a sentence, whatever its language: what it may be worth and how digits are read."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from mojaz_server.pipeline.records import Span

DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬٪\u00a0\u202f\u2009’", "01234567890123456789.,%   '")
# Digits with separators; blanks separate groups of three only ("1 200"), and never two numbers of which one is longer.
NUMBER = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?![\d.,]*\d)|\d+(?:[.,:'/]\d+)*")
_LONGEST_SCALED = 24  # digits; beyond it a figure is a code, and arithmetic on it would only round
_STUTTER = re.compile(r"\d+,\d{4,}")  # "900,0000" is neither groups nor a decimal, but what a stuttering model writes
_CLOCK = re.compile(r"(?:1?\d|2[0-3])[.,][0-5]\d")
_GROUPED = re.compile(r"\d{1,3}(?:[.,' ]\d{3})+")


class Form(Enum):
    """How a figure is written: digits must survive translation, words nearly always do, loose words often change."""

    DIGITS = "digits"
    WORDS = "words"
    LOOSE = "loose"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure at [start, end) of a text.

    `values` are what the whole may be worth, as canonical decimals, the likeliest first ("1.200" is 1200 or 1.2); `parts` are
    the pieces that may stand for it one by one ("10:30", "17/10/2019"); `digits` is all its digits in a row; `scale` is the
    thousand, million ... it was multiplied by, if any.
    """

    start: int
    end: int
    form: Form
    values: tuple[str, ...]
    parts: tuple[str, ...] = ()
    digits: str = ""
    scale: str = ""

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def value(self) -> str:
        """The likeliest value."""
        return self.values[0]


def canonical(digits: str) -> str:
    """A decimal without needless zeros: "007" is "7", "5.0" is "5"."""
    whole, _, fraction = digits.partition(".")
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def times(value: str, factor: str) -> str:
    """The product of two canonical decimals; a value too long for exact arithmetic stays as it is."""
    if len(value) > _LONGEST_SCALED:
        return value
    return canonical(format(Decimal(value) * Decimal(factor), "f"))


def plus(value: str, other: str) -> str:
    """The sum of two canonical decimals; a value too long for exact arithmetic stays as it is."""
    if len(value) > _LONGEST_SCALED:
        return value
    return canonical(format(Decimal(value) + Decimal(other), "f"))


def below(value: str, limit: str) -> bool:
    """Whether a canonical decimal is smaller than another."""
    return len(value) <= _LONGEST_SCALED and Decimal(value) < Decimal(limit)


def readings(number: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What ASCII digits with separators may be worth: (values, parts). "1,200" is 1200, perhaps 1.2; "10:30" has parts 10, 30."""
    pieces = re.split(r"[.,:'/ ]", number)
    separators = [char for char in number if not char.isdigit()]
    joined = canonical("".join(pieces))
    if separators == [":"]:
        return _time(*pieces), tuple(map(canonical, pieces))
    if not separators or _STUTTER.fullmatch(number):
        return (joined,), ()
    grouped = _GROUPED.fullmatch(number) is not None and pieces[0] != "0" and len(set(separators)) == 1
    if len(separators) == 1 and separators[0] in ".,":
        return _with_point(number, *pieces, grouped=grouped)
    if grouped:
        return (joined,), tuple(map(canonical, pieces))
    if len(set(separators)) == 2 and separators.count(separators[-1]) == 1 and separators[-1] in ".,":
        return (canonical("".join(pieces[:-1]) + "." + pieces[-1]), joined), ()
    return (joined,), tuple(map(canonical, pieces))


def _with_point(number: str, whole: str, rest: str, *, grouped: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What digits with one point or comma may be worth."""
    joined, decimal = canonical(whole + rest), canonical(f"{whole}.{rest}")
    if grouped:  # "783،562" on the other side is two figures
        return (joined, decimal), (canonical(whole), canonical(rest))
    # "10.30" may be a time; any other decimal is no whole number, and a 6 and a 5 on the other side are no 6.5
    return ((decimal, joined) if _CLOCK.fullmatch(number) else (decimal,)), ()


def _time(hour: str, minute: str) -> tuple[str, ...]:
    """What a time may be worth: "22:30" is also 10:30 in the evening, "20:00" also 8."""
    hours = [hour, str(int(hour) - 12)] if len(hour) == 2 and 12 < int(hour) < 24 else [hour]
    whole = [canonical(each) for each in hours] if minute == "00" else []
    return (*(canonical(each + minute) for each in hours), *whole)
