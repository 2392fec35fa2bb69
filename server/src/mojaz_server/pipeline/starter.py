"""The starter glossary (data/starter_glossary.tsv): names of Middle-East news, used unless a request leaves them out."""

from functools import cache

from mojaz_server.pipeline.glossary import Entry, Glossary
from mojaz_server.pipeline.tables import rows

FILE = "starter_glossary.tsv"
_COLUMNS = 5


@cache
def starter() -> Glossary:
    """The starter glossary, compiled once."""
    return Glossary.of(_entry(row) for row in rows(FILE))


def _entry(row: tuple[str, ...]) -> Entry:
    """The entry of a row; columns left out at its end are empty."""
    source, target, category, forms, note = row + ("",) * (_COLUMNS - len(row))
    return Entry(source, target, category, note, forms=tuple(filter(None, forms.split("|"))))
