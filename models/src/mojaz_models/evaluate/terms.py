"""Which terms of a source its translation renders as expected: names that the server knows, or a list of the user's."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from mojaz_server.pipeline.names import names
from mojaz_server.pipeline.records import Span
from mojaz_server.pipeline.terms import Matcher, find_english

from mojaz_models.evaluate.share import Share
from mojaz_models.evaluate.testsets import rows


class Term(NamedTuple):
    """A term at `span` of the Arabic and `target` of the English (None if not there); `identity` is its usual English form."""

    span: Span
    target: Span | None
    identity: str


Terms = Callable[[str, str], Iterable[Term]]
"""Finds the terms of an Arabic sentence and their places in its English."""


def gazetteer(source: str, target: str) -> Iterator[Term]:
    """The persons, places and organisations of the server's own list. Names that are also common words are left aside: the server
    counts those only where the English has them, and then they would always be kept."""
    sure = {name.span for name in names(source, "")}
    return (Term(name.span, name.target, name.identity) for name in names(source, target) if name.span in sure)


def listed(entries: Iterable[tuple[str, str]]) -> Terms:
    """The terms of a list: Arabic, and English forms separated by | of which any will do and the first is the usual one."""
    matcher = Matcher(entries)

    def terms(source: str, target: str) -> Iterator[Term]:
        for span, english in matcher.matches(source):
            forms = [form.strip() for form in english.split("|") if form.strip()]
            yield Term(span, next(filter(None, (find_english(form, target) for form in forms)), None), forms[0])

    return terms


def read_terms(path: Path) -> Terms:
    """The terms of a file: Arabic, tab, English forms separated by |. Raises CorpusError."""
    return listed(rows(path))


def kept_terms(source: str, target: str, terms: Terms) -> Share:
    """Of the terms of a raw Arabic sentence, those whose English stands in the translation."""
    found = list(terms(source, target))
    return Share(sum(name.target is not None for name in found), len(found))
