"""Loaded terms, which take a side (data/loaded_terms.tsv, or a newsroom's own list): each with what to do about it."""

from functools import cache
from pathlib import Path

from mojaz_server.errors import ConfigError
from mojaz_server.pipeline.glossary import Entry, Glossary, unfit
from mojaz_server.pipeline.tables import FOLDER

_COLUMNS = 5


@cache
def loaded_terms(path: str = "") -> Glossary:
    """The loaded terms of a file, or the server's own: lines of Arabic, English, category, further Arabic forms separated by |
    and advice, tabs between them; # begins a comment. Raises ConfigError naming the file and the line."""
    file = Path(path) if path else FOLDER / "loaded_terms.tsv"
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"--loaded-terms {file}: cannot be read as UTF-8: {error}") from error
    return Glossary.of(
        _entry(line, f"--loaded-terms {file}, line {at}")
        for at, line in enumerate(lines, 1)
        if line.strip() and not line.startswith("#")
    )


def _entry(line: str, place: str) -> Entry:
    columns = [column.strip() for column in line.split("\t")]
    if len(columns) != _COLUMNS:
        raise ConfigError(f"{place}: {len(columns)} columns instead of {_COLUMNS}: Arabic, English, category, forms, advice")
    source, target, category, forms, advice = columns
    for name, column in (("Arabic", source), ("English", target), ("advice", advice)):
        if not column:
            raise ConfigError(f"{place}: there is no {name}")
    entry = Entry(source, target, category, advice, forms=tuple(form.strip() for form in forms.split("|") if form.strip()))
    for term in entry.terms:
        if problem := unfit(term):
            raise ConfigError(f"{place}: {term} {problem}")
    return entry
