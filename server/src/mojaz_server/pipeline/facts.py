"""Numbers, dates and names of the digest's lines, each with its place in the Arabic and, if it is there, in the English."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from mojaz_server.pipeline.check.calendar import Date, arabic_dates, english_dates
from mojaz_server.pipeline.check.figures import DIGITS, Figure, Form
from mojaz_server.pipeline.check.reading import arabic_figures, english_figures
from mojaz_server.pipeline.counted import counted, in_english
from mojaz_server.pipeline.glossary import Glossary
from mojaz_server.pipeline.links import links
from mojaz_server.pipeline.names import names
from mojaz_server.pipeline.records import Fact, FactKind, Line, Span


def facts(lines: Sequence[Line], published: datetime | None) -> tuple[Fact, ...]:
    """The facts of the lines in the order of the text, each once in a digest.

    `source_span` counts in the article's body, `target_span` in the English of its line (None if it is not there). `value` is a
    number in digits, a date in ISO 8601 ("2020-01-03", "2020-01", "--10-17") or the usual English of a name. Relative days
    ("أمس") are dates only if `published` is known.
    """
    found: list[Fact] = []
    seen: set[tuple[FactKind, str]] = set()
    for index, line in enumerate(lines):
        for fact, identity in sorted(_of_line(line, index, published), key=lambda pair: pair[0].source_span):
            if (fact.kind, identity) not in seen:
                seen.add((fact.kind, identity))
                found.append(fact)
    return tuple(found)


def _of_line(line: Line, index: int, published: datetime | None) -> Iterator[tuple[Fact, str]]:
    """The facts of one line with what makes two of them the same."""
    source, target = line.pair.source, "" if line.pair.withheld else line.pair.target

    def fact(kind: FactKind, span: Span, there: Span | None, value: str) -> Fact:
        body_span = span.moved(line.pair.span.start)
        return Fact(kind, span.of(source), body_span, there.of(target) if there else "", there, index, value)

    dates = arabic_dates(source, published)
    english = english_dates(target)
    for date in dates:
        yield fact(FactKind.DATE, date.span, _date_there(date, english), date.value), date.value
    figures = [f for f in arabic_figures(source) if _is_fact(f) and not _inside(f, dates)]
    there_figures = [f for f in english_figures(target) if not _inside(f, english)]
    linked = links(source, target, Glossary.EMPTY) if figures else ()
    for figure in figures:
        there = _figure_there(figure, there_figures)
        number = fact(FactKind.NUMBER, figure.span, there, _value(figure, source))
        if (word := counted(source, figure.end)) is not None:
            number = replace(number, counted=word.of(source), counted_target=in_english(word, linked, target))
        yield number, f"{number.value} {number.counted}"
    for name in names(source, target):
        yield fact(name.kind, name.span, name.target, name.identity), name.identity


def _is_fact(figure: Figure) -> bool:
    """Digits and written numbers from three on, but no ordinals and no "one" or "two", which are seldom counts."""
    return figure.form is Form.DIGITS or figure.form is Form.WORDS or bool(figure.scale)


def _inside(figure: Figure, dates: Sequence[Date]) -> bool:
    return any(figure.span.overlaps(date.span) for date in dates)


def _value(figure: Figure, source: str) -> str:
    """A figure's value in digits; a time or another group of numbers keeps its separators."""
    raw = source[figure.start : figure.end].translate(DIGITS)
    return raw if figure.parts and re.fullmatch(r"\d+(?:[:/]\d+)+", raw) else figure.value


def _figure_there(figure: Figure, english: Sequence[Figure]) -> Span | None:
    exact = next((other for other in english if other.value == figure.value), None)
    near = exact or next((other for other in english if set(other.values) & set(figure.values)), None)
    return near.span if near else None


def _date_there(date: Date, english: Sequence[Date]) -> Span | None:
    """The English date that says the same, or the same as far as both say it ("17 October" for "2019-10-17")."""
    return next((other.span for other in english if other.value == date.value or date.agrees(other)), None)
