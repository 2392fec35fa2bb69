"""Glossaries as tables: cells between tabs, or CSV with commas or, as spreadsheets write it, semicolons."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from mojaz_client.errors import FieldInvalid
from mojaz_client.records import GlossaryEntry, Suggestion

COLUMNS = ("source", "target", "category", "forms", "note", "do_not_translate")
_CALLED = {column: column for column in COLUMNS} | {"arabic": "source", "ar": "source", "english": "target", "en": "target"}
_SWITCH = {"": False, "no": False, "false": False, "0": False, "yes": True, "true": True, "1": True}
_SEPARATOR = re.compile(r"sep=(.)\s*", re.IGNORECASE)  # a first line that spreadsheets write and understand
_COMMENT = re.compile(r"#(?!\w)")  # "#word" is a term
_QUOTED = re.compile('"[^"]*"')

Row = tuple[int, Sequence[str]]


def read_table(text: str) -> Iterator[tuple[int, GlossaryEntry]]:
    """The entries of a table, each with its line. Raises FieldInvalid naming the line."""
    columns: Sequence[str] = COLUMNS
    for i, (line, cells) in enumerate(_rows(text)):
        names = [_CALLED.get(cell.lower(), "") for cell in cells]
        if i == 0 and {"source", "target"} <= set(names):
            columns = _header(line, cells, names)
        else:
            yield line, _entry(line, dict(zip(columns, cells, strict=False)), cells[len(columns) :])


def _rows(text: str) -> Iterator[Row]:
    """The lines that count, cut into cells without the blanks around them."""
    lines = text.split("\n")
    told = _SEPARATOR.fullmatch(lines[0])
    if told:
        lines[0] = ""
    separator = told[1] if told else _separator(next((line for line in lines if _counts(line)), ""))
    if separator == "\t":
        yield from ((i, [cell.strip() for cell in line.split("\t")]) for i, line in enumerate(lines, 1) if _counts(line))
        return
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells) and not _COMMENT.match(cells[0]):
                yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        problem = f"line {line}: is not CSV: {error}"
    else:
        return
    raise FieldInvalid(problem, field="glossary")


def _counts(line: str) -> bool:
    return bool(line.strip()) and not _COMMENT.match(line)


def _separator(line: str) -> str:
    """What stands between the cells of a line; a tab is never part of one."""
    plain = _QUOTED.sub("", line)
    return max("\t;,", key=lambda mark: (mark == "\t" and mark in plain, plain.count(mark)))


def _header(line: int, cells: Sequence[str], names: Sequence[str]) -> Sequence[str]:
    for cell, name in zip(cells, names, strict=True):
        if not name or names.count(name) > 1:
            why = "given twice" if name else "unknown"
            raise FieldInvalid(f"line {line}: column {cell!r} is {why}; the columns are {', '.join(COLUMNS)}", field="glossary")
    return names


def _entry(line: int, cells: dict[str, str], rest: Sequence[str]) -> GlossaryEntry:
    source, target, switch = cells.get("source", ""), cells.get("target", ""), cells.get("do_not_translate", "").lower()
    problem = ""
    if any(rest):
        problem = f"has more cells than columns; the columns are {', '.join(COLUMNS)}"
    elif switch not in _SWITCH:
        problem = f"do_not_translate is {switch!r}; write yes or nothing"
    elif not source or not (target or _SWITCH[switch]):
        problem = "is not Arabic and English with a tab, a semicolon or a comma between them"
    if problem:
        raise FieldInvalid(f"line {line}: {problem}", field="glossary")
    forms = tuple(form.strip() for form in cells.get("forms", "").split("|") if form.strip())
    return GlossaryEntry(source, target, cells.get("category", ""), cells.get("note", ""), _SWITCH[switch], forms)


def write_tsv(stream: TextIO, entries: Iterable[GlossaryEntry]) -> None:
    """Entries between tabs, the names of the columns first."""
    stream.write("\t".join(COLUMNS) + "\n")
    stream.writelines("\t".join(_cells(entry)) + "\n" for entry in entries)


def write_suggestions(stream: TextIO, suggestions: Iterable[Suggestion]) -> None:
    """Suggested entries as `write_tsv` writes entries, a comment before each: how often it stands, and how it was spelled."""
    stream.write("\t".join(COLUMNS) + "\n")
    for found in suggestions:
        spellings = ", ".join(f"{spelling.target} {spelling.count}" for spelling in found.spellings)
        stream.write(f"# {found.count} times in {found.article_count} articles; spelled {spellings}\n")
        stream.write("\t".join(_cells(found.entry)) + "\n")


def write_csv(stream: TextIO, entries: Iterable[GlossaryEntry]) -> None:
    """Entries between commas, the names of the columns first, with the byte order mark that spreadsheets need to see Arabic."""
    stream.write("\ufeff")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_cells, entries))


def _cells(entry: GlossaryEntry) -> Sequence[str]:
    switch = "yes" if entry.do_not_translate else ""
    return entry.source, entry.target, entry.category, "|".join(entry.forms), entry.note, switch
