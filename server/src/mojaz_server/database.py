"""Glossaries in SQLite: names, versions, entries. What was written is on the disk before the caller is told.

One thread uses it (glossaries.py sees to that); several servers may share a folder.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from mojaz_server.errors import ConfigError, GlossaryStoreFailed
from mojaz_server.pipeline.glossary import Entry

FILE = "glossaries.sqlite3"
_FORMAT = 1  # of the tables, kept in the file
_TABLES = """
CREATE TABLE glossary (name TEXT PRIMARY KEY, last_version INTEGER NOT NULL) STRICT;
CREATE TABLE version (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, version INTEGER NOT NULL, entry_count INTEGER NOT NULL,
    created TEXT NOT NULL, description TEXT NOT NULL, UNIQUE (name, version)
) STRICT;
CREATE TABLE entry (
    version_id INTEGER NOT NULL, position INTEGER NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL, category TEXT NOT NULL,
    note TEXT NOT NULL, do_not_translate INTEGER NOT NULL, forms TEXT NOT NULL, PRIMARY KEY (version_id, position)
) STRICT, WITHOUT ROWID;
"""
_VERSION = "SELECT id, name, version, entry_count, created, description FROM version"


@dataclass(frozen=True, slots=True)
class Stored:
    """A version of a glossary; `id` is never used again."""

    id: int
    name: str
    version: int
    entry_count: int
    created: datetime
    description: str


P = ParamSpec("P")
R = TypeVar("R")


def _told(method: "Callable[Concatenate[Database, P], R]") -> "Callable[Concatenate[Database, P], R]":
    """Turns errors of SQLite, a full disk for instance, into GlossaryStoreFailed; what was half written is undone."""

    def call(self: "Database", /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with self.connection:
                return method(self, *args, **kwargs)
        except sqlite3.Error as error:
            raise GlossaryStoreFailed(f"the store of glossaries failed: {error}") from error

    return call


class Database:
    """The tables in `folder`, or in memory if it is empty. Raises ConfigError if they cannot be used."""

    def __init__(self, folder: str) -> None:
        try:
            if folder:
                Path(folder).mkdir(parents=True, exist_ok=True)
            self.connection = sqlite3.connect(Path(folder, FILE) if folder else ":memory:", timeout=30.0)
            self._prepare()
        except (OSError, sqlite3.Error) as error:
            raise ConfigError(f"--glossary-folder {folder}: {error}") from error

    def _prepare(self) -> None:
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = FULL")
        (found,) = self.connection.execute("PRAGMA user_version").fetchone()
        if found > _FORMAT:
            raise sqlite3.DatabaseError(f"{FILE} was written by a newer server (format {found}, this one reads {_FORMAT})")
        if found < _FORMAT:
            self.connection.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {_FORMAT}; COMMIT;")

    def close(self) -> None:
        self.connection.close()

    @_told
    def create(self, name: str, description: str, entries: Iterable[Entry]) -> Stored:
        """Store the next version of a glossary."""
        self.connection.execute("BEGIN IMMEDIATE")  # so that two servers cannot give the same number
        (version,) = self.connection.execute(
            "INSERT INTO glossary VALUES (?, 1) ON CONFLICT DO UPDATE SET last_version = last_version + 1 RETURNING last_version",
            (name,),
        ).fetchone()
        created = datetime.now(UTC)
        cursor = self.connection.execute(
            "INSERT INTO version (name, version, entry_count, created, description) VALUES (?, ?, 0, ?, ?)",
            (name, version, created.isoformat(), description),
        )
        rows = ((cursor.lastrowid, i, *_row(entry)) for i, entry in enumerate(entries))
        count = self.connection.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows).rowcount
        self.connection.execute("UPDATE version SET entry_count = ? WHERE id = ?", (count, cursor.lastrowid))
        return Stored(cursor.lastrowid or 0, name, version, count, created, description)

    @_told
    def find(self, name: str, version: int | None) -> Stored | None:
        """A version of a glossary, None for the latest; None if there is none."""
        where, values = ("name = ?", (name,)) if version is None else ("name = ? AND version = ?", (name, version))
        found = self.connection.execute(f"{_VERSION} WHERE {where} ORDER BY version DESC LIMIT 1", values).fetchone()
        return _stored(found) if found else None

    @_told
    def list(self, name: str) -> list[Stored]:
        """Every version of a glossary, or the latest of each if no name is given; by name, the latest first."""
        latest = f"{_VERSION} WHERE (name, version) IN (SELECT name, MAX(version) FROM version GROUP BY name) ORDER BY name"
        every = f"{_VERSION} WHERE name = ? ORDER BY version DESC"
        return list(map(_stored, self.connection.execute(every, (name,)) if name else self.connection.execute(latest)))

    @_told
    def entries(self, stored: Stored) -> tuple[Entry, ...]:
        """The entries of a version in their order."""
        query = "SELECT source, target, category, note, do_not_translate, forms FROM entry WHERE version_id = ? ORDER BY position"
        with closing(self.connection.execute(query, (stored.id,))) as rows:
            return tuple(map(_entry, rows))

    @_told
    def delete(self, name: str, version: int | None) -> int:
        """Delete a version, or all of them; how many were deleted."""
        where, values = ("name = ?", (name,)) if version is None else ("name = ? AND version = ?", (name, version))
        self.connection.execute(f"DELETE FROM entry WHERE version_id IN (SELECT id FROM version WHERE {where})", values)
        return self.connection.execute(f"DELETE FROM version WHERE {where}", values).rowcount


def _row(entry: Entry) -> tuple[str, str, str, str, bool, str]:
    forms = json.dumps(entry.forms, ensure_ascii=False) if entry.forms else ""
    return entry.source, entry.target, entry.category, entry.note, entry.do_not_translate, forms


def _entry(row: tuple[str, str, str, str, int, str]) -> Entry:
    source, target, category, note, do_not_translate, forms = row
    return Entry(source, target, category, note, bool(do_not_translate), tuple(json.loads(forms)) if forms else ())


def _stored(row: tuple[int, str, int, int, str, str]) -> Stored:
    number, name, version, entry_count, created, description = row
    return Stored(number, name, version, entry_count, datetime.fromisoformat(created), description)
