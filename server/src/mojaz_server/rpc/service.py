"""What the services share: the configuration, the engine behind a protocol, and the loop of a bidirectional stream."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, TypeAlias, TypeVar

from mojaz.v1 import digest_pb2, translation_pb2

from mojaz_server.config import Config
from mojaz_server.errors import GlossaryNotFound
from mojaz_server.pipeline.glossary import Entry, Glossary
from mojaz_server.pipeline.starter import starter
from mojaz_server.pipeline.translate import Translator
from mojaz_server.rpc import wire

Request = TypeVar("Request")
Answer = TypeVar("Answer")


class Engine(Translator, Protocol):
    """The pipeline's translator, with a door that can be full."""

    def admit(self) -> None:
        """Raise ServerFull if there is no room for more work now."""
        ...


Chosen: TypeAlias = digest_pb2.DigestOptions | translation_pb2.TranslateOptions | translation_pb2.CheckTranslationRequest
"""What names glossaries: inline entries, stored glossaries, and whether the starter glossary is left out."""


@dataclass(frozen=True, slots=True)
class Service:
    """What a service needs to answer."""

    engine: Engine
    config: Config

    async def glossary(self, chosen: Chosen, path: str) -> Glossary:
        """The glossaries of a request in one, what comes first wins. `path` leads to the fields of `chosen` ("options.")."""
        for i, name in enumerate(chosen.glossaries):
            raise GlossaryNotFound(f"{path}glossaries[{i}]", f"no glossary is called {name!r}")
        inline = _compiled(wire.entries(chosen.glossary)) if chosen.glossary else Glossary.EMPTY
        return inline if chosen.no_starter_glossary or not self.config.starter_glossary else inline | starter()


@lru_cache(maxsize=16)
def _compiled(entries: tuple[Entry, ...]) -> Glossary:
    """The inline entries of a request; those of a stream mostly come again with every item."""
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
