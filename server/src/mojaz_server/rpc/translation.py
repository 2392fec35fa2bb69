"""TranslationService over the pipeline."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager

import grpc
from mojaz.v1 import translation_pb2, translation_pb2_grpc

from mojaz_server.pipeline.assemble import timing_of
from mojaz_server.pipeline.check import compare
from mojaz_server.pipeline.check.consistency import compare_spellings
from mojaz_server.pipeline.glossary import Glossary
from mojaz_server.pipeline.links import links
from mojaz_server.pipeline.loaded import loaded_terms
from mojaz_server.pipeline.together import together
from mojaz_server.pipeline.translate import Translator
from mojaz_server.pipeline.translation import Made, translate_text
from mojaz_server.rpc import wire
from mojaz_server.rpc.service import Service, answered
from mojaz_server.rpc.validate import validate_segments, validate_texts


class TranslationService(translation_pb2_grpc.TranslationServiceServicer):
    """See proto/mojaz/v1/translation.proto."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def _translate(
        self, texts: Mapping[str, str], options: translation_pb2.TranslateOptions, translator: Translator
    ) -> list[Made]:
        """Translate texts, each given by the path of its field."""
        validate_texts(texts, options, self._service.config)
        loaded = loaded_terms(self._service.config.loaded_terms)
        chosen = wire.translate_options(options, await self._service.glossary(options), loaded)
        made = await together(translate_text(text, field, translator, chosen) for field, text in texts.items())
        self._service.watch.flagged(check.kind for one in made for paired in one.pairs for check in paired.pair.checks)
        return made

    async def TranslateText(
        self, request: translation_pb2.TranslateTextRequest, context: grpc.aio.ServicerContext[object, object]
    ) -> translation_pb2.TranslateTextResponse:
        began = time.monotonic()
        texts = {f"texts[{i}]": text for i, text in enumerate(request.texts)}
        with self._service.work(*request.texts) as translator:
            made = await self._translate(texts, request.options, translator)
            return translation_pb2.TranslateTextResponse(
                translations=[wire.translation_message(one.translation) for one in made],
                model=translator.model,
                timing=wire.timing_message(timing_of([paired for one in made for paired in one.pairs], began)),
            )

    async def CheckTranslation(
        self, request: translation_pb2.CheckTranslationRequest, context: grpc.aio.ServicerContext[object, object]
    ) -> translation_pb2.CheckTranslationResponse:
        chars = sum(len(segment.source) + len(segment.target) for segment in request.segments)
        with self._service.admission.admitted(chars, len(request.segments)):
            await asyncio.to_thread(validate_segments, request, self._service.config)  # looks at every letter
            return await asyncio.to_thread(_compared, request, await self._service.named(request, ""))

    async def TranslateStream(
        self,
        request_iterator: AsyncIterator[translation_pb2.TranslateStreamRequest],
        context: grpc.aio.ServicerContext[object, object],
    ) -> AsyncIterator[translation_pb2.TranslateStreamResponse]:
        items, closing = self._service.config.max_stream_items, self._service.closing
        async for answer in answered(request_iterator, self._outcome, items, closing):
            yield answer

    @asynccontextmanager
    async def _outcome(
        self, request: translation_pb2.TranslateStreamRequest
    ) -> AsyncIterator[translation_pb2.TranslateStreamResponse]:
        answer = translation_pb2.TranslateStreamResponse(request_id=request.request_id)
        with ExitStack() as held:
            try:
                translator = held.enter_context(self._service.work(request.text))
                (made,) = await self._translate({"text": request.text}, request.options, translator)
                answer.translation.CopyFrom(wire.translation_message(made.translation))
            except Exception as error:
                answer.error.CopyFrom(self._service.failed(error))
            yield answer


def _compared(request: translation_pb2.CheckTranslationRequest, glossary: Glossary) -> translation_pb2.CheckTranslationResponse:
    answer = translation_pb2.CheckTranslationResponse()
    spelled = compare_spellings([(segment.source, segment.target) for segment in request.segments])
    for segment, others in zip(request.segments, spelled, strict=True):
        checks = (*compare(segment.source, segment.target, glossary), *others)
        linked = links(segment.source, segment.target, glossary) if request.links else ()
        answer.segments.add(checks=map(wire.check_message, checks), links=map(wire.link_message, linked))
    return answer
