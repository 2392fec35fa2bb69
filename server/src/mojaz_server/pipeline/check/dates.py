"""Compares the months of a sentence with those of its English; a month named in two calendars is one month."""

import re
from collections.abc import Iterator, Sequence

from mojaz_server.pipeline.check.months import Month
from mojaz_server.pipeline.check.reading import english_figures
from mojaz_server.pipeline.records import Check, CheckKind, Span

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


def compare_months(source: str, target: str, source_months: Sequence[Month], target_months: Sequence[Month]) -> Iterator[Check]:
    """The months of `source` missing from `target`, and the ones of `target` that are not in `source`."""
    here = {month.number for month in source_months if not month.hijri}
    there = {month.number for month in target_months if not month.hijri}
    numeric = {part for figure in english_figures(target) for part in figure.parts if re.search(r"[./-]", target)}
    for month in {(month.hijri, month.number): month for month in reversed(source_months)}.values():  # "يناير/كانون الثاني" once
        span = Span(month.start, month.end)
        if month.hijri:
            lost = not any(other.hijri and other.number == month.number for other in target_months) and not there and not here
        else:
            lost = month.number not in there and str(month.number) not in numeric
            lost = lost and not (any(other.hijri for other in target_months) and not there)
        if lost:
            yield Check(CheckKind.DATE_CHANGED, f"The month {span.of(source)} is not in the English", span)
    if here and not any(month.hijri for month in source_months):
        for month in target_months:
            if not month.hijri and month.number not in here and there - here:
                span = Span(month.start, month.end)
                yield Check(CheckKind.DATE_CHANGED, f"The month {span.of(target)} is not in the Arabic", None, span)
