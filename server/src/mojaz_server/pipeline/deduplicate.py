"""Digests each story of a stream once: what repeats an earlier article costs no model; what it adds is said."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from mojaz_server.pipeline.additions import additions
from mojaz_server.pipeline.duplicates import Entry, Place, Remembered
from mojaz_server.pipeline.records import Article, Digest, Duplicate, Note, NoteKind
from mojaz_server.pipeline.shingles import share

Make = Callable[[], Awaitable[Digest]]


class Deduplicator:
    """The memory of one stream: its articles, up to `max_chars` characters of them."""

    def __init__(self, max_chars: int) -> None:
        self._remembered = Remembered(max_chars)
        self._turn = asyncio.Lock()  # fair: articles are compared in the order they came
        self._done: dict[Entry, asyncio.Event] = {}  # of the articles whose digest is in the making

    async def deduplicate(self, request_id: str, article: Article, make: Make) -> Digest | Duplicate:
        """The digest that `make` makes of the article, or how it repeats one that was digested. Raises what `make` raises.

        A copy waits for the digest of its original: if that fails, the copy is digested in its place, so that no story is lost.
        """
        async with self._turn:
            entry = await asyncio.to_thread(Entry.of, request_id, article)
            place = await self._place(entry)
        while place.original:
            if done := self._done.get(place.original):
                await done.wait()
            if not place.original.failed:
                return await asyncio.to_thread(_duplicate, entry, place.original)
            async with self._turn:
                place = await self._place(entry)
        return await self._digest(entry, place, make)

    async def _place(self, entry: Entry) -> Place:
        place = await asyncio.to_thread(self._remembered.place, entry)
        if not place.original:
            self._done[entry] = asyncio.Event()
        return place

    async def _digest(self, entry: Entry, place: Place, make: Make) -> Digest:
        try:
            digest = await make()
        except BaseException:
            entry.failed = True
            raise
        finally:
            self._done.pop(entry).set()
        return replace(digest, notes=(*digest.notes, _extends(place.part))) if place.part else digest


def _duplicate(entry: Entry, original: Entry) -> Duplicate:
    return Duplicate(
        entry.article,
        original.article,
        original.request_id,
        share(entry.shingles.all, original.shingles.all),
        additions(entry, original),
    )


def _extends(part: Entry) -> Note:
    named = part.article.id or f"request {part.request_id}"
    return Note(NoteKind.EXTENDS, f"It has the earlier article {named} nearly whole, and much more.")
