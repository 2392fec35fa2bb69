"""Finds the persons, places and organisations of data/names.tsv in an Arabic sentence and in its English."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from mojaz_server.pipeline.records import FactKind, Span
from mojaz_server.pipeline.tables import rows
from mojaz_server.pipeline.terms import Matcher, find_english, is_mark, proclitics

KINDS = {"PER": FactKind.PERSON, "LOC": FactKind.PLACE, "ORG": FactKind.ORGANIZATION}
"""The classes of data/names.tsv."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name at `span` of the Arabic and `target` of the English (None if not there); `identity` is its usual English form,
    `kind` says whether it is a person, a place or an organization."""

    span: Span
    target: Span | None
    identity: str
    kind: FactKind


@dataclass(frozen=True, slots=True)
class _Entry:
    english: tuple[str, ...]
    kind: FactKind
    ambiguous: bool


@cache
def _gazetteer() -> tuple[Matcher[str], dict[str, _Entry]]:
    """The matcher of all Arabic forms and the entry of each."""
    entries: dict[str, _Entry] = {}
    for arabic, english, sort in rows("names.tsv"):
        for form in arabic.split("|"):
            entries.setdefault(form.lstrip("?"), _Entry(tuple(english.split("|")), KINDS[sort], form.startswith("?")))
    return Matcher((form, form) for form in entries), entries


def names(source: str, target: str) -> Iterator[Name]:
    """The names of a raw Arabic sentence in order. A name that is also a common word counts only if its English is there."""
    matcher, entries = _gazetteer()
    for span, form in matcher.matches(source):
        prefix = proclitics(span.of(source), form)
        if prefix.endswith("ال"):  # "السورية" is an adjective where "سورية" is the country
            continue
        entry = entries[form]
        there = next((found for english in entry.english if (found := find_english(english, target))), None)
        if there is not None or not entry.ambiguous:
            yield Name(_without(span, len(prefix), source), there, entry.english[0], entry.kind)


def _without(span: Span, letters: int, source: str) -> Span:
    """The span less its first letters and the marks on them."""
    start = span.start
    while letters or is_mark(source[start]):
        letters -= not is_mark(source[start])
        start += 1
    return Span(start, span.end)
