"""TranslationService over the pipeline."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping

import grpc
from mojaz.v1 import translation_pb2, translation_pb2_grpc

from mojaz_server.pipeline.assemble import timing_of
from mojaz_server.pipeline.check import compare
from mojaz_server.pipeline.check.consistency import compare_spellings
from mojaz_server.pipeline.glossary import Glossary
from mojaz_server.pipeline.links import links
from mojaz_server.pipeline.loaded import loaded_terms
from mojaz_server.pipeline.together import together
from mojaz_server.pipeline.translation import Made, translate_text
from mojaz_server.rpc import wire
from mojaz_server.rpc.service import Service, answered
from mojaz_server.rpc.validate import validate_segments, validate_texts


class TranslationService(translation_pb2_grpc.TranslationServiceServicer):
    """See proto/mojaz/v1/translation.proto."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def _translate(self, texts: Mapping[str, str], options: translation_pb2.TranslateOptions) -> list[Made]:
        """Translate texts, each given by the path of its field."""
        validate_texts(texts, options, self._service.config)
        engine, loaded = self._service.engine, loaded_terms(self._service.config.loaded_terms)
        chosen = wire.translate_options(options, await self._service.glossary(options), loaded)
        engine.admit()
        made = await together(translate_text(text, field, engine, chosen) for field, text in texts.items())
        self._service.watch.flagged(check.kind for one in made for paired in one.pairs for check in paired.pair.checks)
        return made

    async def TranslateText(
        self, request: translation_pb2.TranslateTextRequest, context: grpc.aio.ServicerContext[object, object]
    ) -> translation_pb2.TranslateTextResponse:
        began = time.monotonic()
        texts = {f"texts[{i}]": text for i, text in enumerate(request.texts)}
        made = await self._translate(texts, request.options)
        return translation_pb2.TranslateTextResponse(
            translations=[wire.translation_message(one.translation) for one in made],
            model=self._service.engine.model,
            timing=wire.timing_message(timing_of([paired for one in made for paired in one.pairs], began)),
        )

    async def CheckTranslation(
        self, request: translation_pb2.CheckTranslationRequest, context: grpc.aio.ServicerContext[object, object]
    ) -> translation_pb2.CheckTranslationResponse:
        await asyncio.to_thread(validate_segments, request, self._service.config)  # looks at every letter
        return await asyncio.to_thread(_compared, request, await self._service.named(request, ""))

    async def TranslateStream(
        self,
        request_iterator: AsyncIterator[translation_pb2.TranslateStreamRequest],
        context: grpc.aio.ServicerContext[object, object],
    ) -> AsyncIterator[translation_pb2.TranslateStreamResponse]:
        async for answer in answered(request_iterator, self._outcome, self._service.config.max_stream_items):
            yield answer

    async def _outcome(self, request: translation_pb2.TranslateStreamRequest) -> translation_pb2.TranslateStreamResponse:
        try:
            (made,) = await self._translate({"text": request.text}, request.options)
            message = wire.translation_message(made.translation)
            return translation_pb2.TranslateStreamResponse(request_id=request.request_id, translation=message)
        except Exception as error:
            return translation_pb2.TranslateStreamResponse(request_id=request.request_id, error=self._service.failed(error))


def _compared(request: translation_pb2.CheckTranslationRequest, glossary: Glossary) -> translation_pb2.CheckTranslationResponse:
    answer = translation_pb2.CheckTranslationResponse()
    spelled = compare_spellings([(segment.source, segment.target) for segment in request.segments])
    for segment, others in zip(request.segments, spelled, strict=True):
        checks = (*compare(segment.source, segment.target, glossary), *others)
        linked = links(segment.source, segment.target, glossary) if request.links else ()
        answer.segments.add(checks=map(wire.check_message, checks), links=map(wire.link_message, linked))
    return answer
