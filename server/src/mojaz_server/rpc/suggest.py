"""SuggestEntries: articles come in, are read as they come, and names without an entry go out."""

import asyncio
from collections.abc import AsyncIterator

from mojaz.v1 import glossary_pb2

from mojaz_server.errors import FieldInvalid, FieldMissing
from mojaz_server.pipeline.options import TranslateOptions
from mojaz_server.pipeline.records import Priority
from mojaz_server.pipeline.suggest import Reading, suggest
from mojaz_server.rpc import wire
from mojaz_server.rpc.service import Service
from mojaz_server.rpc.validate import at_most, validate_article

_MIN_COUNT, _MAX_WORDS = 3, 200  # where a request names none
_PART = 500  # suggestions of one message


async def suggested(
    service: Service, requests: AsyncIterator[glossary_pb2.SuggestEntriesRequest]
) -> AsyncIterator[glossary_pb2.SuggestEntriesResponse]:
    """The answers to the requests of one call. Raises BadRequest, and what the translator raises."""
    with service.admission.bulky():
        reading, options = await _read(service, requests)
        with service.work() as translator:
            found, left_out = await suggest(
                reading,
                translator,
                TranslateOptions(reading.glossary, priority=Priority.BULK),
                least=options.min_count or _MIN_COUNT,
                most=options.max_words or _MAX_WORDS,
            )
    messages = [wire.suggestion_message(suggestion) for suggestion in found]
    for begin in range(0, len(messages), _PART):
        yield glossary_pb2.SuggestEntriesResponse(suggestions=messages[begin : begin + _PART])
    yield glossary_pb2.SuggestEntriesResponse(words_left_out=left_out)


async def _read(
    service: Service, requests: AsyncIterator[glossary_pb2.SuggestEntriesRequest]
) -> tuple[Reading, glossary_pb2.SuggestOptions]:
    """All articles of a call, and its options."""
    reading: Reading | None = None
    options, chars = glossary_pb2.SuggestOptions(), 0
    async for request in requests:
        if reading is None:
            options = request.options
            _validate(options)
            reading = Reading(await service.glossary(options))
        elif request.HasField("options"):
            raise FieldInvalid("options", "are given twice; they belong in the first message")
        validate_article(request.article, service.config)
        chars += len(request.article.title) + len(request.article.body)
        at_most("article", chars, service.config.max_remembered_chars, "characters of all articles together")
        await asyncio.to_thread(reading.read, wire.article(request.article))
    if reading is None:
        raise FieldMissing("article", "is missing; send at least one article")
    return reading, options


def _validate(options: glossary_pb2.SuggestOptions) -> None:
    for name in ("min_count", "max_words"):
        if getattr(options, name) < 0:
            raise FieldInvalid(f"options.{name}", f"is {getattr(options, name)}; it cannot be negative")
