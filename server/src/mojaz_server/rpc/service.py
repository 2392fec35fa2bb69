"""What the services share: the configuration, the engine behind a protocol, and the loop of a bidirectional stream."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, TypeAlias, TypeVar

from mojaz.v1 import digest_pb2, error_pb2, glossary_pb2, translation_pb2

from mojaz_server.config import Config
from mojaz_server.glossaries import Glossaries
from mojaz_server.pipeline.glossary import Entry, Glossary
from mojaz_server.pipeline.starter import starter
from mojaz_server.pipeline.translate import Translator
from mojaz_server.rpc import wire
from mojaz_server.rpc.status import failure_of
from mojaz_server.rpc.validate import validate_entries, validate_harmony
from mojaz_server.watch import Watch

Request = TypeVar("Request")
Answer = TypeVar("Answer")


class Engine(Translator, Protocol):
    """The pipeline's translator, with a door that can be full."""

    def admit(self) -> None:
        """Raise ServerFull if there is no room for more work now."""
        ...


Options: TypeAlias = digest_pb2.DigestOptions | translation_pb2.TranslateOptions | glossary_pb2.SuggestOptions
"""What names glossaries: inline entries, stored glossaries, and whether the starter glossary is left out."""


@dataclass(frozen=True, slots=True)
class Service:
    """What a service needs to answer."""

    engine: Engine
    config: Config
    glossaries: Glossaries
    watch: Watch

    async def glossary(self, options: Options) -> Glossary:
        """The glossaries of a request's options in one, what comes first wins, the starter glossary at the end."""
        found = await self.named(options, "options.")
        return found if options.no_starter_glossary or not self.config.starter_glossary else found | starter()

    def failed(self, error: Exception) -> error_pb2.Error:
        """How an item of a stream is answered that cannot be done."""
        failure = failure_of(error)
        self.watch.failed(failure.name)
        return failure.as_item()

    async def named(self, chosen: Options | translation_pb2.CheckTranslationRequest, path: str) -> Glossary:
        """The glossaries that a request names, in one. `path` leads to the fields of `chosen`."""
        found = Glossary.EMPTY
        if chosen.glossary:
            found = await asyncio.to_thread(_inline, wire.entries(chosen.glossary), f"{path}glossary", self.config)
        for i, name in enumerate(chosen.glossaries):
            found |= await self.glossaries.compiled(name, f"{path}glossaries[{i}]")
        return found


@lru_cache(maxsize=16)
def _inline(entries: tuple[Entry, ...], field: str, config: Config) -> Glossary:
    """The inline entries of a request, validated; those of a stream mostly come again with every item."""
    validate_entries(field, entries, config.max_glossary_entries, config)
    validate_harmony(field, entries)
    return Glossary.of(entries)


async def answered(
    requests: AsyncIterator[Request], answer: Callable[[Request], Awaitable[Answer]], at_once: int
) -> AsyncIterator[Answer]:
    """Answers in the order they finish, at most `at_once` in the making; no further request is read before one is done and sent.

    `answer` does not raise. Leaving the iterator cancels what is in the making.
    """
    room = asyncio.Semaphore(at_once)
    done: asyncio.Queue[Answer | None] = asyncio.Queue()

    async def one(request: Request) -> None:
        await done.put(await answer(request))

    async def read() -> None:
        async with asyncio.TaskGroup() as group:
            await room.acquire()
            async for request in requests:
                group.create_task(one(request))
                await room.acquire()
        await done.put(None)

    reader = asyncio.create_task(read())
    try:
        while (item := await done.get()) is not None:
            yield item
            room.release()
        await reader
    finally:
        reader.cancel()
