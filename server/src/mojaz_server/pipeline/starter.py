"""The starter glossary (data/starter_glossary.tsv): names and terms of Middle-East news, used unless a request leaves them out.

Its head says what its columns and marks mean. The checks on names and the key facts know names from the same table.
"""

from functools import cache
from typing import NamedTuple

from mojaz_server.pipeline.glossary import Entry, Glossary
from mojaz_server.pipeline.tables import rows

FILE = "starter_glossary.tsv"
_COLUMNS = 6
_COMMON, _KNOWN = "?", "~"


class Form(NamedTuple):
    """An Arabic form. A `common` one is also another word; only what is `sure` is required of a translation."""

    text: str
    common: bool
    sure: bool


class Row(NamedTuple):
    """A row: Arabic `forms` and English `targets` of which any may stand for them, the usual ones first, and other `spellings` of
    these targets."""

    forms: tuple[Form, ...]
    targets: tuple[str, ...]
    category: str
    note: str
    spellings: tuple[str, ...]


@cache
def table() -> tuple[Row, ...]:
    """The rows of the starter glossary."""
    return tuple(_row(row) for row in rows(FILE))


@cache
def starter() -> Glossary:
    """The starter glossary, compiled once."""
    return Glossary.of(entries())


def entries() -> tuple[Entry, ...]:
    """Its entries: what is sure of the table."""
    return tuple(entry for row in table() for entry in _entries(row))


def _row(row: tuple[str, ...]) -> Row:
    """A row of the file; columns left out at its end are empty."""
    source, targets, category, forms, note, spellings = row + ("",) * (_COLUMNS - len(row))
    arabic = tuple(_form(form) for form in (source, *forms.split("|")) if form)
    return Row(arabic, tuple(targets.split("|")), category, note, tuple(filter(None, spellings.split("|"))))


def _form(written: str) -> Form:
    mark = written[0] if written[0] in (_COMMON, _KNOWN) else ""
    return Form(written.removeprefix(mark), mark == _COMMON, not mark)


def _entries(row: Row) -> tuple[Entry, ...]:
    """The entry of a row, none if no form of it is sure."""
    forms = [form.text for form in row.forms if form.sure]
    return (Entry(forms[0], row.targets[0], row.category, row.note, False, tuple(forms[1:]), row.targets[1:]),) if forms else ()
