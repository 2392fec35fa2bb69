"""The client for asyncio: the same names as Client, to be awaited."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack

import grpc
from mojaz.v1 import (
    admin_pb2,
    admin_pb2_grpc,
    digest_pb2,
    digest_pb2_grpc,
    glossary_pb2,
    glossary_pb2_grpc,
    info_pb2,
    info_pb2_grpc,
    translation_pb2_grpc,
)

from mojaz_client import _calls
from mojaz_client._async_exchange import exchange
from mojaz_client._calls import Batch, DigestOptions, Entries, Part, TranslateOptions
from mojaz_client._channel import INFO_TIMEOUT, TLS, address_or_default, open_async_channel, usable_key
from mojaz_client._wire import read, text
from mojaz_client.errors import Cancelled, MojazError, error_from_call
from mojaz_client.records import (
    Article,
    CheckedSegment,
    Digest,
    Glossary,
    GlossaryEntry,
    Health,
    Model,
    Outcome,
    Segment,
    ServerInfo,
    Suggestions,
    Translation,
    TranslationOutcome,
)

A = TypeVar("A")
O = TypeVar("O")  # noqa: E741


class AsyncClient:
    """Talks to one Mojaz server from one event loop; see Client for the arguments, the options and the errors."""

    def __init__(
        self, address: str | None = None, *, timeout: float = 120.0, tls: TLS | None = None, api_key: str | None = None
    ) -> None:
        self.address = address_or_default(address)
        self._timeout = timeout
        self._tls, self._key = tls, usable_key(api_key, self.address, tls)
        self._opened: grpc.aio.Channel | None = None
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends the connection; calls under way end with Cancelled."""
        self._closed = True
        if self._opened is not None:
            await self._opened.close()

    async def digest(self, article: Article | str, *, timeout: float | None = None, **options: Unpack[DigestOptions]) -> Digest:  # noqa: ASYNC109
        """Digests one article (or the bare text of one)."""
        message = _calls.article_message(article)
        request = digest_pb2.DigestArticleRequest(article=message, options=_calls.digest_options(**options))
        stub = digest_pb2_grpc.DigestServiceStub(self._channel)
        return _calls.read_digest(await self._call(stub.DigestArticle, request, timeout))

    def stream_digest(
        self, article: Article | str, *, timeout: float | None = None, **options: Unpack[DigestOptions]
    ) -> AsyncIterator[Part]:
        """Digests one article and yields each part as soon as it is ready; the last one is the whole Digest."""
        message = _calls.article_message(article)
        request = digest_pb2.StreamDigestRequest(article=message, options=_calls.digest_options(**options))
        return self._parts(request, timeout)

    def digest_many(
        self,
        articles: Iterable[Article | str] | AsyncIterable[Article | str],
        *,
        deduplicate: bool = False,
        timeout: float | None = None,
        **options: Unpack[DigestOptions],
    ) -> AsyncIterator[Outcome]:
        """Digests many articles and yields their outcomes in the order they finish; one bad article stops nobody.

        `articles` may be endless: it is read no more than 64 ahead of the outcomes taken. An iterable that waits for something
        should be an async one, a plain one is read on the event loop. See Client.digest_many for `deduplicate`.
        """
        batch = _calls.digest_batch(_calls.digest_options(**options), deduplicate)
        stub = digest_pb2_grpc.DigestServiceStub(self._channel)
        return self._exchange(stub.DigestArticles, batch, articles, timeout)

    async def translate(
        self,
        texts: Sequence[str],
        *,
        timeout: float | None = None,  # noqa: ASYNC109
        **options: Unpack[TranslateOptions],
    ) -> list[Translation]:
        """Translates texts, each on its own; as many translations in the same order."""
        request = _calls.texts_request(texts, _calls.translate_options(**options))
        stub = translation_pb2_grpc.TranslationServiceStub(self._channel)
        return _calls.read_translations(await self._call(stub.TranslateText, request, timeout), len(request.texts))

    def translate_many(
        self, texts: Iterable[str] | AsyncIterable[str], *, timeout: float | None = None, **options: Unpack[TranslateOptions]
    ) -> AsyncIterator[TranslationOutcome]:
        """Translates many texts and yields their outcomes in the order they finish; see `digest_many`."""
        batch = _calls.translation_batch(_calls.translate_options(**options))
        stub = translation_pb2_grpc.TranslationServiceStub(self._channel)
        return self._exchange(stub.TranslateStream, batch, texts, timeout)

    async def check(
        self,
        segments: Iterable[Segment],
        *,
        glossary: Entries | None = None,
        glossaries: Iterable[str] = (),
        links: bool = False,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> list[CheckedSegment]:
        """Checks translations that somebody else made; as many answers in the same order. The options: see TranslateOptions."""
        request = _calls.check_request(segments, glossary, glossaries, links)
        stub = translation_pb2_grpc.TranslationServiceStub(self._channel)
        return _calls.read_checked(await self._call(stub.CheckTranslation, request, timeout), len(request.segments))

    async def create_glossary(
        self,
        name: str,
        glossary: Entries,
        *,
        description: str = "",
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> Glossary:
        """Stores a glossary, whole or not at all; the same name again makes its next version and keeps the old ones.

        What is wrong with an entry is an InvalidArgument with `error.field` "entries[41].target"."""
        requests = _calls.create_requests(name, _calls.entries(glossary), description)
        answer = await self._call(glossary_pb2_grpc.GlossaryServiceStub(self._channel).CreateGlossary, iter(requests), timeout)
        return read(answer.glossary, Glossary)

    async def list_glossaries(self, name: str = "", *, timeout: float | None = None) -> list[Glossary]:  # noqa: ASYNC109
        """The latest version of each stored glossary, or every version of one."""
        request = glossary_pb2.ListGlossariesRequest(name=text(name, "name"))
        return _calls.read_glossaries(
            await self._call(glossary_pb2_grpc.GlossaryServiceStub(self._channel).ListGlossaries, request, timeout)
        )

    async def get_glossary(self, name: str, *, timeout: float | None = None) -> tuple[Glossary, tuple[GlossaryEntry, ...]]:  # noqa: ASYNC109
        """A stored glossary ("name", its latest version, or "name@version") and its entries."""
        request = glossary_pb2.GetGlossaryRequest(name=text(name, "name"))
        return _calls.read_glossary(await self._call(self._glossary_parts, request, timeout))

    async def delete_glossary(self, name: str, *, timeout: float | None = None) -> int:  # noqa: ASYNC109
        """Deletes a glossary with all its versions ("name"), or one version ("name@version"); how many versions that were."""
        request = glossary_pb2.DeleteGlossaryRequest(name=text(name, "name"))
        return (await self._call(glossary_pb2_grpc.GlossaryServiceStub(self._channel).DeleteGlossary, request, timeout)).versions

    async def suggest_entries(
        self,
        articles: Iterable[Article | str],
        *,
        glossary: Entries | None = None,
        glossaries: Iterable[str] = (),
        starter_glossary: bool = True,
        min_count: int = 3,
        max_words: int = 200,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> Suggestions:
        """Names that articles repeat and that neither the glossaries named nor the server's starter glossary have, as the model
        spells them: what a glossary could have. A name stands in the articles at least `min_count` times; of frequent words
        `max_words` are looked into. Takes as long as translating a few sentences of each."""
        requests = _calls.suggest_requests(articles, glossary, glossaries, starter_glossary, min_count, max_words)
        return _calls.read_suggestions(await self._call(self._suggestions, list(requests), timeout))

    async def info(self, *, timeout: float = INFO_TIMEOUT) -> ServerInfo:  # noqa: ASYNC109
        """Version, models, limits and use of the machine. No more than 10 seconds are waited."""
        stub = info_pb2_grpc.InfoServiceStub(self._channel)
        return _calls.read_info(await self._call(stub.GetServerInfo, info_pb2.GetServerInfoRequest(), timeout))

    async def models(self, *, timeout: float = INFO_TIMEOUT) -> tuple[Model, ...]:  # noqa: ASYNC109
        """The models that are loaded."""
        stub = info_pb2_grpc.InfoServiceStub(self._channel)
        return _calls.read_models(await self._call(stub.ListModels, info_pb2.ListModelsRequest(), timeout))

    async def switch_model(self, name: str = "", *, timeout: float | None = None) -> str:  # noqa: ASYNC109
        """Has another model serve: a bundle in the server's --model-folder, or, without a name, the one that it was started with,
        read again. Waits until it serves; its id ("name@version"). Raises ModelNotSwitched, and the old one serves on."""
        stub = admin_pb2_grpc.AdminServiceStub(self._channel)
        answer = await self._call(stub.SwitchModel, admin_pb2.SwitchModelRequest(name=text(name, "name")), timeout)
        return answer.model

    async def health(self, *, timeout: float = INFO_TIMEOUT) -> Health:  # noqa: ASYNC109
        """What the server says of itself; true only if it is SERVING. Raises ConnectionFailed if there is none."""
        from grpc_health.v1 import health_pb2, health_pb2_grpc  # noqa: PLC0415  # few callers need it

        stub = health_pb2_grpc.HealthStub(self._channel)
        answer: health_pb2.HealthCheckResponse = await self._call(stub.Check, health_pb2.HealthCheckRequest(), timeout)
        return _calls.read_health(answer.status)

    @property
    def _channel(self) -> grpc.aio.Channel:
        """Opened by the first call, because only then a loop is sure to run."""
        if self._closed:
            raise ValueError("this client is closed")
        if self._opened is None:
            self._opened = open_async_channel(self.address, self._tls, self._key)
        return self._opened

    async def _call(self, method: Callable[..., Awaitable[A]], request: object, timeout: float | None) -> A:  # noqa: ASYNC109
        try:
            return await method(request, timeout=self._timeout if timeout is None else timeout)
        except grpc.RpcError as error:
            failure = error_from_call(error, self.address)
        except asyncio.CancelledError:
            # gRPC also says so when the client was closed meanwhile; only a task that is being cancelled is really cancelled
            if not self._closed or (task := asyncio.current_task()) is None or task.cancelling():
                raise
            failure = Cancelled("the client was closed")
        raise failure  # outside of the handler, so that it carries no gRPC class as its context

    async def _suggestions(
        self,
        requests: list[glossary_pb2.SuggestEntriesRequest],
        timeout: float,  # noqa: ASYNC109
    ) -> list[glossary_pb2.SuggestEntriesResponse]:
        stub = glossary_pb2_grpc.GlossaryServiceStub(self._channel)
        return [answer async for answer in stub.SuggestEntries(iter(requests), timeout=timeout)]

    async def _glossary_parts(
        self,
        request: glossary_pb2.GetGlossaryRequest,
        timeout: float,  # noqa: ASYNC109
    ) -> list[glossary_pb2.GetGlossaryResponse]:
        call = glossary_pb2_grpc.GlossaryServiceStub(self._channel).GetGlossary(request, timeout=timeout)
        return [answer async for answer in call]

    async def _parts(self, request: digest_pb2.StreamDigestRequest, timeout: float | None) -> AsyncIterator[Part]:  # noqa: ASYNC109
        call = digest_pb2_grpc.DigestServiceStub(self._channel).StreamDigest(
            request, timeout=self._timeout if timeout is None else timeout
        )
        part: Part | None = None
        failure: MojazError | None = None
        try:
            async for answer in call:
                if (known := _calls.read_part(answer)) is not None:
                    yield (part := known)
        except grpc.RpcError as error:
            failure = error_from_call(error, self.address)
        finally:
            call.cancel()
        if failure:
            raise failure
        _calls.require_digest(part)

    def _exchange(
        self, method: Any, batch: Batch[Any, Any, Any, O], items: Iterable[Any] | AsyncIterable[Any], timeout: float | None
    ) -> AsyncIterator[O]:
        return exchange(method, batch, items, self._timeout if timeout is None else timeout, self.address)
