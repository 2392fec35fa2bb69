"""What the services share: the configuration, the way to the model, and the loop of a bidirectional stream."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, TypeAlias, TypeVar

from mojaz.v1 import digest_pb2, error_pb2, glossary_pb2, translation_pb2

from mojaz_server.admission import Admission
from mojaz_server.config import Config
from mojaz_server.errors import Unavailable
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


class Engines(Protocol):
    """Where a translator is to be had."""

    def used(self) -> AbstractContextManager[Translator]:
        """The one that serves now, there until its user is done. Raises Unavailable."""
        ...


Options: TypeAlias = digest_pb2.DigestOptions | translation_pb2.TranslateOptions | glossary_pb2.SuggestOptions
"""What names glossaries: inline entries, stored glossaries, and whether the starter glossary is left out."""


@dataclass(frozen=True, slots=True)
class Service:
    """What a service needs to answer."""

    engines: Engines
    config: Config
    glossaries: Glossaries
    watch: Watch
    admission: Admission
    closing: asyncio.Event
    """Set when the server shuts down: streams are read no further."""

    @contextmanager
    def work(self, *texts: str) -> Iterator[Translator]:
        """The life of one request that brings these texts. Raises ServerFull, Unavailable."""
        with self.admission.admitted(sum(map(len, texts)), len(texts)), self.engines.used() as translator:
            yield translator

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
    requests: AsyncIterator[Request],
    answer: Callable[[Request], AbstractAsyncContextManager[Answer]],
    at_once: int,
    closing: asyncio.Event,
) -> AsyncIterator[Answer]:
    """Answers in the order they finish, at most `at_once` in the making; no further request is read before one is done and sent.

    `answer` does not raise, and holds what it needs until its answer is sent. Leaving the iterator cancels what is in the making.
    Once `closing` is set no further request is read; when what was read is answered, Unavailable is raised.
    """
    room = asyncio.Semaphore(at_once)
    done: asyncio.Queue[tuple[Answer, asyncio.Event] | None] = asyncio.Queue()

    async def one(request: Request) -> None:
        sent = asyncio.Event()
        async with answer(request) as made:
            done.put_nowait((made, sent))
            await sent.wait()
        room.release()

    async def read() -> bool:
        """Whether there may be more requests than were read."""
        closed = asyncio.create_task(closing.wait())
        try:
            async with asyncio.TaskGroup() as group:
                while True:
                    await room.acquire()
                    if closing.is_set():  # a caller who sends without a pause would be read on
                        return True
                    request = await _next(requests, closed)
                    if request is None:
                        return closed.done()
                    group.create_task(one(request))
        finally:
            closed.cancel()
            done.put_nowait(None)

    reader = asyncio.create_task(read())
    try:
        while (item := await done.get()) is not None:
            made, sent = item
            yield made
            sent.set()
        if await reader:
            raise Unavailable("the server is shutting down; send what has no answer to another one")
    except ExceptionGroup as failed:  # a request could not be read
        raise failed.exceptions[0] from None
    finally:
        reader.cancel()


async def _next(requests: AsyncIterator[Request], closed: asyncio.Task[Any]) -> Request | None:
    """The next request; None if there is none, or if the server closes first."""
    coming = asyncio.ensure_future(anext(requests, None))
    try:
        await asyncio.wait((coming, closed), return_when=asyncio.FIRST_COMPLETED)
        return await coming if coming.done() else None
    finally:
        coming.cancel()
