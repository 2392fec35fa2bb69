"""What the services share: the configuration, the engine behind a protocol, and the loop of a bidirectional stream."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from mojaz_server.config import Config
from mojaz_server.pipeline.translate import Translator

Request = TypeVar("Request")
Answer = TypeVar("Answer")


class Engine(Translator, Protocol):
    """The pipeline's translator, with a door that can be full."""

    def admit(self) -> None:
        """Raise ServerFull if there is no room for more work now."""
        ...


@dataclass(frozen=True, slots=True)
class Service:
    """What a service needs to answer."""

    engine: Engine
    config: Config


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
