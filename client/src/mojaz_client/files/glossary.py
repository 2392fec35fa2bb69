"""Glossaries from files and into files; every entry read knows its line."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TextIO

from mojaz_client.errors import FieldInvalid, MojazError
from mojaz_client.files.decoding import decode
from mojaz_client.files.tables import read_table, write_csv, write_tsv
from mojaz_client.files.tbx import read_tbx, write_tbx
from mojaz_client.files.tmx import read_tmx, write_tmx
from mojaz_client.records import GlossaryEntry


class GlossaryFormat(StrEnum):
    """What a file of a glossary is written in."""

    TSV = "tsv"
    CSV = "csv"
    TMX = "tmx"
    TBX = "tbx"


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry and the line of the file on which it begins, counted from 1."""

    path: Path
    line: int
    entry: GlossaryEntry

    @property
    def place(self) -> str:
        return f"{self.path}, line {self.line}"


_MARKUP = {".tmx": read_tmx, ".tbx": read_tbx}
_WRITERS: dict[GlossaryFormat, Callable[[TextIO, Iterable[GlossaryEntry]], None]] = {
    GlossaryFormat.TSV: write_tsv,
    GlossaryFormat.CSV: write_csv,
    GlossaryFormat.TMX: write_tmx,
    GlossaryFormat.TBX: write_tbx,
}


def read_glossary(path: Path) -> Sequence[Placed]:
    """The entries of a file: TMX or TBX by its name, else a table with tabs, semicolons or commas.

    The columns of a table are source, target, category, forms (separated by |), note, do_not_translate (yes or nothing); the last
    four may be left out, and a first line with their names may put them in any order. Lines that begin with # count for nothing.

    Raises:
        FieldInvalid: the file is no such file or a line of it no entry, with the line's number and what is wrong.
        OSError: it cannot be read.
    """
    data = path.read_bytes()
    read = _MARKUP.get(path.suffix.lower())
    try:
        found = read(data) if read else read_table(decode(data))
        entries = [Placed(path, line, entry) for line, entry in found]
    except MojazError as error:
        problem = f"{path}, {error.message}"
    else:
        if entries:
            return entries
        problem = f"{path}: has no entries"
    raise FieldInvalid(problem, field="glossary")


def write_glossary(stream: TextIO, entries: Iterable[GlossaryEntry], form: GlossaryFormat) -> None:
    """Writes entries so that `read_glossary` reads the same ones."""
    _WRITERS[form](stream, entries)
