"""The newsroom's glossaries: kept in a database, compiled when first used, the compiled ones of late use held in memory."""

import asyncio
import re
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from mojaz_server.database import Database, Stored
from mojaz_server.errors import FieldInvalid, FieldMissing, GlossaryNotFound
from mojaz_server.pipeline.glossary import Entry, Glossary

COMPILED = 500_000
"""Entries that are held compiled, some 150 bytes each; beyond them the glossary that was not used for longest is forgotten."""
_NAME = re.compile(r"[\w.-]{1,64}")
_REFERENCE = re.compile(r"(?P<name>[\w.-]{1,64})(?:@(?P<version>[1-9][0-9]{0,8}))?")

P = ParamSpec("P")
R = TypeVar("R")


class Glossaries:
    """All calls are worked through one after the other by a thread of their own: a large import delays no digest, and what two
    requests need is compiled once. Raises ConfigError if `folder` cannot be used; without one nothing outlives the process."""

    def __init__(self, folder: str) -> None:
        self.in_memory = not folder
        self._closed = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="glossaries")
        self._compiled: OrderedDict[int, Glossary] = OrderedDict()
        self._database = self._thread.submit(Database, folder).result()

    async def close(self) -> None:
        """Finish what was begun and close the database; once is enough."""
        if not self._closed:
            self._closed = True
            await self._do(self._database.close)
            self._thread.shutdown()

    async def create(self, name: str, description: str, entries: Sequence[Entry]) -> Stored:
        """Store a new version of a glossary; entries that repeat an earlier one word for word are left out. Raises FieldMissing
        or FieldInvalid naming "name", GlossaryStoreFailed."""
        return await self._do(self._create, _checked(name), description, entries)

    async def list(self, name: str = "") -> list[Stored]:
        """Every version of a glossary, or the latest of each. Raises GlossaryNotFound, GlossaryStoreFailed."""
        found = await self._do(self._database.list, unicodedata.normalize("NFC", name))
        if name and not found:
            raise GlossaryNotFound("name", _unknown(name))
        return found

    async def entries(self, reference: str) -> tuple[Stored, tuple[Entry, ...]]:
        """A version ("name" or "name@version") and its entries. Raises GlossaryNotFound, GlossaryStoreFailed."""
        return await self._do(self._read, reference, "name")

    async def compiled(self, reference: str, field: str) -> Glossary:
        """A version ready for use; `field` is where the reference stands. Raises GlossaryNotFound, GlossaryStoreFailed."""
        return await self._do(self._compile, reference, field)

    async def delete(self, reference: str) -> int:
        """Delete a version, or all if none is named; how many. Raises GlossaryNotFound, GlossaryStoreFailed."""
        return await self._do(self._delete, reference)

    async def _do(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: work(*args, **kwargs))

    def _create(self, name: str, description: str, entries: Sequence[Entry]) -> Stored:
        unique = tuple(dict.fromkeys(entries))
        compiled = Glossary.of(unique)
        stored = self._database.create(name, description, unique)
        self._hold(stored, compiled)
        return stored

    def _find(self, reference: str, field: str) -> Stored:
        parts = _REFERENCE.fullmatch(unicodedata.normalize("NFC", reference))
        version = int(parts["version"]) if parts and parts["version"] else None
        found = self._database.find(parts["name"], version) if parts else None
        if found is None:
            raise GlossaryNotFound(field, _unknown(reference))
        return found

    def _read(self, reference: str, field: str) -> tuple[Stored, tuple[Entry, ...]]:
        stored = self._find(reference, field)
        return stored, self._database.entries(stored)

    def _compile(self, reference: str, field: str) -> Glossary:
        stored = self._find(reference, field)
        compiled = self._compiled.get(stored.id) or Glossary.of(self._database.entries(stored))
        self._hold(stored, compiled)
        return compiled

    def _hold(self, stored: Stored, compiled: Glossary) -> None:
        self._compiled[stored.id] = compiled
        self._compiled.move_to_end(stored.id)
        while len(self._compiled) > 1 and sum(map(len, self._compiled.values())) > COMPILED:
            self._compiled.popitem(last=False)

    def _delete(self, reference: str) -> int:
        stored = self._find(reference, "name")
        deleted = self._database.delete(stored.name, stored.version if "@" in reference else None)
        self._compiled.clear()  # what is still there is compiled again when it is used
        return deleted


def _checked(name: str) -> str:
    """The name of a glossary in its one spelling."""
    if not name:
        raise FieldMissing("name", "is empty; give the glossary a name")
    if not _NAME.fullmatch(composed := unicodedata.normalize("NFC", name)):
        raise FieldInvalid("name", f"is {name!r}; a name is at most 64 letters, digits, hyphens, underscores and dots")
    return composed


def _unknown(reference: str) -> str:
    return f"no glossary of this server is called {reference!r}; `mojaz glossary list` names them"
