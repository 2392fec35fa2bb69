"""The cache's file: an SQLite database that is read once at the start and written behind, in a thread of its own.

It never costs a translation. What cannot be read or written (a full disk, a damaged file) is counted, logged and done without. It
holds English sentences and hashes of the Arabic; only its owner may read it.
"""

import asyncio
import json
import logging
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from mojaz_server.pipeline.translate import Hypothesis

FORMAT = 1
BEHIND = 1.0  # seconds after which what is new is written
MOST_BEHIND = 10_000  # sentences that wait to be written; what is more is not kept
_SCHEMA = "CREATE TABLE IF NOT EXISTS made (key BLOB PRIMARY KEY, model BLOB, check_sum INTEGER, hypotheses BLOB)"

Entry = tuple[bytes, Sequence[Hypothesis]]
Result = TypeVar("Result")

log = logging.getLogger(__name__)


class Shelf:
    """Hypotheses by key, at most `limit` bytes of them, the first written forgotten first. Several models may share a file."""

    def __init__(self, path: Path, limit: int) -> None:
        self._path, self._limit = path, limit
        self._new: list[tuple[bytes, Entry]] = []
        self._writing: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="shelf")
        self._database: sqlite3.Connection | None = None
        self._failing = False
        self.failures = 0

    async def load(self, model: bytes) -> list[Entry]:
        """What the file has of one model, the first written first."""
        found: list[Entry] = []
        await self._attempt(lambda: self._load(model, found))
        return found

    def keep(self, model: bytes, key: bytes, made: Sequence[Hypothesis]) -> None:
        """Have an entry of a model written soon."""
        if len(self._new) >= MOST_BEHIND:
            self.failures += 1
            return
        self._new.append((model, (key, made)))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_soon())

    async def close(self) -> None:
        """Write what is new and close the file."""
        if self._writing:
            self._writing.cancel()
        await self._write_new()
        await self._attempt(self._close)
        self._thread.shutdown()

    async def _write_soon(self) -> None:
        await asyncio.sleep(BEHIND)
        while self._new:
            await self._write_new()

    async def _write_new(self) -> None:
        new, self._new = self._new, []
        if new:
            await self._attempt(lambda: self._write(new))

    async def _attempt(self, step: Callable[[], None]) -> None:
        """Run a step in the shelf's thread; a failure is counted, and logged if the step before did not fail."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, step)
            self._failing = False
        except (sqlite3.Error, OSError) as error:
            self.failures += 1
            if not self._failing:
                log.error("the cache file fails, translations are served without it", extra={"error": str(error)})
            self._failing = True

    def _open(self) -> sqlite3.Connection:
        """The database, opened if it is not; a file that is none is left as it is."""
        if self._database is None:
            self._path.touch(mode=0o600)
            database = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version not in (0, FORMAT):
                raise sqlite3.DatabaseError(f"{self._path}: format {version}, {FORMAT} is wanted")
            database.execute(_SCHEMA)
            database.execute(f"PRAGMA user_version = {FORMAT}")
            self._database = database
        return self._database

    def _load(self, model: bytes, found: list[Entry]) -> None:
        rows = self._open().execute("SELECT key, check_sum, hypotheses FROM made WHERE model = ? ORDER BY rowid", (model,))
        for key, check_sum, written in rows:
            if zlib.crc32(key + written) == check_sum:
                found.append((key, tuple(_read(written))))
            else:
                self.failures += 1

    def _write(self, new: Sequence[tuple[bytes, Entry]]) -> None:
        database = self._open()
        database.execute("BEGIN IMMEDIATE")
        try:
            database.executemany("INSERT OR REPLACE INTO made VALUES (?, ?, ?, ?)", map(_row, new))
            self._shorten(database)
            database.execute("COMMIT")
        except sqlite3.Error:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise

    def _shorten(self, database: sqlite3.Connection) -> None:
        """Forget the eighth that was written first, if there is too much."""
        size, pages, free = (
            database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_size", "page_count", "freelist_count")
        )
        if (pages - free) * size > self._limit:
            database.execute("DELETE FROM made WHERE rowid <= (SELECT min(rowid) + (max(rowid) - min(rowid)) / 8 FROM made)")

    def _close(self) -> None:
        if self._database:
            self._database.close()


def _row(new: tuple[bytes, Entry]) -> tuple[bytes, bytes, int, bytes]:
    model, (key, made) = new
    written = json.dumps([(h.text, h.score, h.unknown, h.pieces) for h in made], ensure_ascii=False).encode()
    return key, model, zlib.crc32(key + written), written


def _read(written: bytes) -> Iterator[Hypothesis]:
    for text, score, unknown, pieces in json.loads(written):
        yield Hypothesis(text, score, True, unknown, pieces, 0.0, 0.0, cached=True)
