"""GlossaryService over the store of glossaries."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import grpc
from mojaz.v1 import glossary_pb2, glossary_pb2_grpc

from mojaz_server.config import Config
from mojaz_server.database import Stored
from mojaz_server.errors import FieldInvalid, FieldMissing
from mojaz_server.pipeline.glossary import Entry
from mojaz_server.rpc import wire
from mojaz_server.rpc.service import Service
from mojaz_server.rpc.suggest import suggested
from mojaz_server.rpc.validate import at_most, validate_entries, validate_harmony

_PART = 1 << 20  # bytes of a message with entries


class GlossaryService(glossary_pb2_grpc.GlossaryServiceServicer):
    """See proto/mojaz/v1/glossary.proto."""

    def __init__(self, service: Service) -> None:
        self._service, self._config, self._glossaries = service, service.config, service.glossaries

    async def CreateGlossary(
        self,
        request_iterator: AsyncIterator[glossary_pb2.CreateGlossaryRequest],
        context: grpc.aio.ServicerContext[object, object],
    ) -> glossary_pb2.CreateGlossaryResponse:
        with self._service.admission.bulky():
            incoming = _Incoming(self._config)
            async for request in request_iterator:
                await asyncio.to_thread(incoming.take, request)
            await asyncio.to_thread(incoming.finish)
            stored = await self._glossaries.create(incoming.name, incoming.description, incoming.entries)
        return glossary_pb2.CreateGlossaryResponse(glossary=self._message(stored))

    async def ListGlossaries(
        self, request: glossary_pb2.ListGlossariesRequest, context: grpc.aio.ServicerContext[object, object]
    ) -> glossary_pb2.ListGlossariesResponse:
        found = await self._glossaries.list(request.name)
        return glossary_pb2.ListGlossariesResponse(glossaries=map(self._message, found))

    async def GetGlossary(
        self, request: glossary_pb2.GetGlossaryRequest, context: grpc.aio.ServicerContext[object, object]
    ) -> AsyncIterator[glossary_pb2.GetGlossaryResponse]:
        stored, entries = await self._glossaries.entries(request.name)
        answer = glossary_pb2.GetGlossaryResponse(glossary=self._message(stored))
        size = 0
        for entry in entries:
            message = wire.entry_message(entry)
            if size and size + message.ByteSize() > _PART:
                yield answer
                answer, size = glossary_pb2.GetGlossaryResponse(), 0
            answer.entries.append(message)
            size += message.ByteSize()
        yield answer

    async def DeleteGlossary(
        self, request: glossary_pb2.DeleteGlossaryRequest, context: grpc.aio.ServicerContext[object, object]
    ) -> glossary_pb2.DeleteGlossaryResponse:
        return glossary_pb2.DeleteGlossaryResponse(versions=await self._glossaries.delete(request.name))

    async def SuggestEntries(
        self,
        request_iterator: AsyncIterator[glossary_pb2.SuggestEntriesRequest],
        context: grpc.aio.ServicerContext[object, object],
    ) -> AsyncIterator[glossary_pb2.SuggestEntriesResponse]:
        async for answer in suggested(self._service, request_iterator):
            yield answer

    def _message(self, stored: Stored) -> glossary_pb2.Glossary:
        return wire.glossary_message(stored, in_memory=self._glossaries.in_memory)


class _Incoming:
    """A glossary that comes in parts, each validated when it comes."""

    def __init__(self, config: Config) -> None:
        self._config, self._begun, self._chars = config, False, 0
        self.name, self.description = "", ""
        self.entries: list[Entry] = []

    def take(self, request: glossary_pb2.CreateGlossaryRequest) -> None:
        """The next part. Raises BadRequest."""
        if self._begun and (request.name or request.description):
            raise FieldInvalid("name", "is given twice; name and description belong in the first message")
        if not self._begun:
            self._begun, self.name, self.description = True, request.name, request.description.strip()
            at_most("description", len(self.description), self._config.max_title_chars, "characters")
        part = wire.entries(request.entries)
        validate_entries("entries", part, self._config.max_stored_entries, self._config, begin=len(self.entries))
        self._chars += _chars(part)
        at_most("entries", self._chars, self._config.max_stored_chars, "characters")
        self.entries += part

    def finish(self) -> None:
        """What can be said of the whole. Raises BadRequest."""
        if not self.entries:
            raise FieldMissing("entries", "is empty; send at least one entry")
        validate_harmony("entries", self.entries)


def _chars(entries: Sequence[Entry]) -> int:
    return sum(len(text) for e in entries for text in (e.source, e.target, e.category, e.note, *e.forms))
