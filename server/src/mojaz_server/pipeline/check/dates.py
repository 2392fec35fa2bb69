"""Compares the months and weekdays of a sentence with those of its English; a month named in two calendars is one month."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from mojaz_server.pipeline.check.calendar import ARABIC_WEEKDAYS, WEEKDAYS, arabic_dates, english_dates
from mojaz_server.pipeline.check.figures import Figure
from mojaz_server.pipeline.check.months import Month
from mojaz_server.pipeline.records import Check, CheckKind, Span
from mojaz_server.pipeline.terms import stems, words

ENGLISH = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_LISTED = 20  # characters beside a date in which other days of its month are listed
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(WEEKDAYS)})(?='?s?\b)", re.IGNORECASE)


def compare_dates(
    source: str,
    target: str,
    figures: Sequence[Figure],
    months: tuple[Sequence[Month], Sequence[Month]],
    told: Sequence[Check],
) -> Iterator[Check]:
    """The days, months and weekdays of `source` missing from `target`, and what stands there; not those `told` already."""
    yield from _compare_months(source, target, figures, *months)
    if months[0] and months[1]:
        yield from _compare_days(source, target, [failed.source for failed in told if failed.source])
    yield from _compare_weekdays(source, target)


def _compare_months(
    source: str, target: str, figures: Sequence[Figure], arabic: Sequence[Month], english: Sequence[Month]
) -> Iterator[Check]:
    here = {month.number for month in arabic if not month.hijri}
    there = {month.number for month in english if not month.hijri}
    numeric = {part for figure in figures for part in figure.parts if re.search(r"[./-]", target)}
    others = [month for month in english if not month.hijri and month.number not in here] if here else []
    for month in {(month.hijri, month.number): month for month in reversed(arabic)}.values():  # "يناير/كانون الثاني" once
        if month.hijri:
            lost = not any(other.hijri and other.number == month.number for other in english) and not there and not here
        else:
            lost = month.number not in there and str(month.number) not in numeric
            lost = lost and not (any(other.hijri for other in english) and not there)
        if lost:
            other = others.pop(0) if others and not month.hijri else None
            name = f"The month {month.span.of(source)}" + ("" if month.hijri else f" ({ENGLISH[month.number - 1]})")
            said = f": it has {other.span.of(target)}" if other else ""
            message = f"{name} is not in the English{said}"
            yield Check(CheckKind.DATE_CHANGED, message, month.span, other.span if other else None)
    if not any(month.hijri for month in arabic):
        for month in others:
            message = f"The month {month.span.of(target)} is not in the Arabic"
            yield Check(CheckKind.DATE_CHANGED, message, None, month.span)


def _compare_weekdays(source: str, target: str) -> Iterator[Check]:
    """A weekday of the Arabic that is not in the English while another is; agencies leave weekdays out and add them."""
    english = [(match[0].capitalize(), Span(*match.span())) for match in _WEEKDAY.finditer(target)]
    arabic = list(_arabic_weekdays(source))
    lost = [(day, span) for day, span in arabic if day not in {other for other, _ in english}]
    left = Counter(day for day, _ in arabic)
    others = []
    for day, span in english:
        left[day] -= 1
        if left[day] < 0:
            others.append(span)
    for (day, span), there in zip(lost, others, strict=False):
        yield Check(CheckKind.DATE_CHANGED, f"{span.of(source)} is {day}: the English has {there.of(target)}", span, there)


def _arabic_weekdays(source: str) -> Iterator[tuple[str, Span]]:
    for word in words(source):
        key = next((stem for stem in stems(word.key) if stem in ARABIC_WEEKDAYS), None)
        if key is not None:
            yield WEEKDAYS[ARABIC_WEEKDAYS.index(key)], word.span


def _compare_days(source: str, target: str, told: Sequence[Span]) -> Iterator[Check]:
    """A day of a month where the English has other days of that month only; its number may stand elsewhere in the sentence."""
    there = [date for date in english_dates(target) if date.day is not None]
    for date in arabic_dates(source):
        same = [other for other in there if other.month == date.month]
        if date.day is not None and same and date.day not in {other.day for other in same}:
            span, other = date.span, same[0].span
            if re.search(rf"(?<!\d){date.day}(?!\d)", target[max(0, other.start - _LISTED) : other.end + _LISTED]):
                continue  # "August 24 and 31"
            if any(span.overlaps(each) for each in told):
                continue
            message = f"{span.of(source)} is {ENGLISH[(date.month or 1) - 1]} {date.day}: the English has {other.of(target)}"
            yield Check(CheckKind.DATE_CHANGED, message, span, other)
