"""DigestService over the pipeline."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from functools import partial

import grpc
from mojaz.v1 import article_pb2, digest_pb2, digest_pb2_grpc

from mojaz_server.pipeline.deduplicate import Deduplicator
from mojaz_server.pipeline.digest import Emit, Part, digest
from mojaz_server.pipeline.loaded import loaded_terms
from mojaz_server.pipeline.options import DigestOptions
from mojaz_server.pipeline.records import Article, Digest, Duplicate
from mojaz_server.pipeline.translate import Translator
from mojaz_server.rpc import wire
from mojaz_server.rpc.service import Service, answered
from mojaz_server.rpc.validate import validate_article, validate_digest_options


class DigestService(digest_pb2_grpc.DigestServiceServicer):
    """See proto/mojaz/v1/digest.proto."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def _read(self, article: article_pb2.Article, options: digest_pb2.DigestOptions) -> tuple[Article, DigestOptions]:
        config = self._service.config
        validate_article(article, config)
        validate_digest_options(options, config)
        glossary, loaded = await self._service.glossary(options), loaded_terms(config.loaded_terms)
        return wire.article(article), wire.digest_options(options, glossary, loaded)

    async def _digest(
        self, article: article_pb2.Article, options: digest_pb2.DigestOptions, emit: Emit = lambda part: None
    ) -> Digest:
        with self._service.work(article.title, article.body) as translator:
            return await self._make(*await self._read(article, options), translator, emit)

    async def _make(
        self, article: Article, options: DigestOptions, translator: Translator, emit: Emit = lambda part: None
    ) -> Digest:
        made = await digest(article, options, translator, default_lines=self._service.config.default_lines, emit=emit)
        self._service.watch.flagged(check.kind for check in made.checks)
        return made

    async def DigestArticle(
        self, request: digest_pb2.DigestArticleRequest, context: grpc.aio.ServicerContext[object, object]
    ) -> digest_pb2.DigestArticleResponse:
        made = await self._digest(request.article, request.options)
        return digest_pb2.DigestArticleResponse(digest=wire.digest_message(made))

    async def StreamDigest(
        self, request: digest_pb2.StreamDigestRequest, context: grpc.aio.ServicerContext[object, object]
    ) -> AsyncIterator[digest_pb2.StreamDigestResponse]:
        parts: asyncio.Queue[Part | None] = asyncio.Queue()
        work = asyncio.create_task(self._digest(request.article, request.options, parts.put_nowait))
        work.add_done_callback(lambda task: parts.put_nowait(None))
        try:
            while (part := await parts.get()) is not None:
                yield wire.part_message(part)
            yield digest_pb2.StreamDigestResponse(digest=wire.digest_message(await work))
        finally:
            work.cancel()

    async def DigestArticles(
        self,
        request_iterator: AsyncIterator[digest_pb2.DigestArticlesRequest],
        context: grpc.aio.ServicerContext[object, object],
    ) -> AsyncIterator[digest_pb2.DigestArticlesResponse]:
        config = self._service.config
        outcome = partial(self._outcome, Deduplicator(config.max_remembered_chars))
        async for answer in answered(request_iterator, outcome, config.max_stream_items, self._service.closing):
            yield answer

    @asynccontextmanager
    async def _outcome(
        self, deduplicator: Deduplicator, request: digest_pb2.DigestArticlesRequest
    ) -> AsyncIterator[digest_pb2.DigestArticlesResponse]:
        answer = digest_pb2.DigestArticlesResponse(request_id=request.request_id)
        with ExitStack() as held:
            try:
                translator = held.enter_context(self._service.work(request.article.title, request.article.body))
                article, options = await self._read(request.article, request.options)
                make = partial(self._make, article, options, translator)
                found = await (deduplicator.deduplicate(request.request_id, article, make) if request.deduplicate else make())
            except Exception as error:
                answer.error.CopyFrom(self._service.failed(error))
            else:
                if isinstance(found, Duplicate):
                    answer.duplicate.CopyFrom(wire.duplicate_message(found))
                else:
                    answer.digest.CopyFrom(wire.digest_message(found))
            yield answer
