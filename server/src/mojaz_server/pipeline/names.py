"""Finds the persons, places and organisations of the starter glossary in an Arabic sentence and in its English."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from mojaz_server.pipeline.records import FactKind, Span
from mojaz_server.pipeline.remembered import remembered
from mojaz_server.pipeline.starter import Row, table
from mojaz_server.pipeline.terms import Matcher, find_english, proclitics, without

KINDS = {"person": FactKind.PERSON, "place": FactKind.PLACE, "organisation": FactKind.ORGANIZATION}
"""The categories of the starter glossary that are names."""


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
def known_names() -> tuple[Row, ...]:
    """The rows of the starter glossary that are names."""
    return tuple(row for row in table() if row.category in KINDS)


@cache
def _gazetteer() -> tuple[Matcher[str], dict[str, _Entry]]:
    """The matcher of all Arabic forms and the entry of each."""
    entries: dict[str, _Entry] = {}
    for row in known_names():
        english = (*row.targets, *row.spellings)
        for form in row.forms:
            entries.setdefault(form.text, _Entry(english, KINDS[row.category], form.common))
    return Matcher((form, form) for form in entries), entries


@remembered
def _known(source: str) -> tuple[tuple[Span, _Entry], ...]:
    """The names that a raw Arabic sentence may have, in order, without their proclitics."""
    (matcher, entries), found = _gazetteer(), list[tuple[Span, _Entry]]()
    for span, form in matcher.matches(source):
        prefix = proclitics(span.of(source), form)
        if not prefix.endswith("ال"):  # "السورية" is an adjective where "سورية" is the country
            found.append((without(span, len(prefix), source), entries[form]))
    return tuple(found)


def names(source: str, target: str) -> Iterator[Name]:
    """The names of a raw Arabic sentence in order. A name that is also a common word counts only if its English is there."""
    for span, entry in _known(source):
        there = next((found for english in entry.english if (found := find_english(english, target))), None)
        if there is not None or not entry.ambiguous:
            yield Name(span, there, entry.english[0], entry.kind)
