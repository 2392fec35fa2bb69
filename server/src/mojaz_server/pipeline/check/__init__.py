"""Compares a translation with its source: `compare` says what an editor should look at, `is_garbage` what to withhold."""

from collections.abc import Iterator, Sequence

from mojaz_server.pipeline.check.coverage import compare_coverage
from mojaz_server.pipeline.check.dates import compare_dates
from mojaz_server.pipeline.check.figures import Figure
from mojaz_server.pipeline.check.months import arabic_months, english_months
from mojaz_server.pipeline.check.naming import compare_names
from mojaz_server.pipeline.check.negation import compare_negation
from mojaz_server.pipeline.check.numbers import compare_figures
from mojaz_server.pipeline.check.persons import compare_persons
from mojaz_server.pipeline.check.quotes import compare_quotes
from mojaz_server.pipeline.check.reading import arabic_figures, english_figures
from mojaz_server.pipeline.check.shape import (
    LOW_SCORE,
    check_decoding,
    check_length,
    check_repetition,
    check_untranslated,
    find_loop,
)
from mojaz_server.pipeline.check.units import compare_units
from mojaz_server.pipeline.glossary import Glossary, Match
from mojaz_server.pipeline.records import Check, CheckKind, Span, Translated
from mojaz_server.pipeline.rendering import missed, written

LONGEST = 5000
"""Characters; a longer text is no sentence, and only its figures, dates, quotations, form and terms are compared."""
__all__ = ["LOW_SCORE", "check", "compare", "is_garbage"]


def check(source: str, translated: Translated, glossary: Glossary) -> tuple[Check, ...]:
    """The failed checks of a sentence that the model translated: those of `compare`, and those of decoding."""
    return (*compare(source, translated.text, glossary), *check_decoding(translated))


def compare(source: str, target: str, glossary: Glossary) -> tuple[Check, ...]:
    """The failed checks that need only the two texts. `Check.source` counts in `source`, `Check.target` in `target`."""
    months = arabic_months(source), english_months(target)
    arabic, english = arabic_figures(source), english_figures(target)
    figures = tuple(compare_figures(source, target, arabic, english, months))
    dates = tuple(compare_dates(source, target, english, months, figures))
    terms = written(source, target, glossary)
    return (
        *(failed for failed in figures if not _is_inside(failed.target, dates)),
        *dates,
        *compare_quotes(source, target),
        *(_compare_words(source, target, arabic, english, terms) if max(len(source), len(target)) <= LONGEST else ()),
        *check_length(source, target),
        *check_repetition(source, target),
        *(failed for failed in check_untranslated(target) if not _is_term(failed, terms)),
        *_missed_terms(source, target, glossary),
    )


def _compare_words(
    source: str, target: str, arabic: Sequence[Figure], english: Sequence[Figure], terms: Sequence[tuple[Match, Span]]
) -> Iterator[Check]:
    """The checks that look at every word of one side with every word of the other. What the glossary wants is no stranger."""
    yield from compare_units(source, target, arabic, english)
    named = (*compare_names(source, target), *compare_persons(source, target))
    yield from (failed for failed in named if not _is_term(failed, terms))
    yield from compare_negation(source, target)
    yield from compare_coverage(source, target, [match.span for match, _ in terms])


def _is_term(failed: Check, terms: Sequence[tuple[Match, Span]]) -> bool:
    """Whether what a check points at in the English is the English of a glossary entry."""
    return failed.target is not None and any(span.covers(failed.target) for _, span in terms)


def _is_inside(span: Span | None, dates: Sequence[Check]) -> bool:
    """Whether a figure of the English is part of a date that is flagged as a whole."""
    return span is not None and any(date.target and date.target.covers(span) for date in dates)


def _missed_terms(source: str, target: str, glossary: Glossary) -> Iterator[Check]:
    for span, entry in missed(source, target, glossary):
        yield Check(CheckKind.TERM_MISSED, f"{span.of(source)} is not translated as {entry.english}", span)


def is_garbage(translated: Translated, checks: tuple[Check, ...]) -> bool:
    """Whether a translation must be withheld: nothing, a loop over much of it, or a source the model cannot read."""
    text = translated.text.strip()
    if not text:
        return any(failed.kind is CheckKind.LENGTH_RATIO for failed in checks)
    loop = find_loop(text)
    if loop is not None and (loop.end - loop.start) * 3 > len(text):
        return True
    arabic = sum(failed.target.end - failed.target.start for failed in checks if _is_leftover(failed) and failed.target)
    if not translated.unknown and not arabic:
        return False
    letters = sum(char.isalpha() for char in text)
    return translated.unknown > max(2, letters // 4) or arabic * 2 > len(text) or (letters == 0 and translated.unknown > 0)


def _is_leftover(failed: Check) -> bool:
    return failed.kind is CheckKind.UNTRANSLATED
