"""The client for threads. One client may be shared by all of them: calls are independent."""

from collections.abc import Callable, Iterable, Iterator, Sequence
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
from mojaz_client._calls import Batch, DigestOptions, Entries, Part, TranslateOptions
from mojaz_client._channel import INFO_TIMEOUT, TLS, address_or_default, open_channel, usable_key
from mojaz_client._exchange import Exchange
from mojaz_client._wire import read, text
from mojaz_client.errors import MojazError, error_from_call
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


class Client:
    """Talks to one Mojaz server.

    It connects with the first call and tries again by itself while the server is unavailable (four times within two seconds).
    Every method raises a MojazError, and nothing of gRPC.

    Args:
        address: HOST:PORT; default: the variable MOJAZ_SERVER, else 127.0.0.1:50051.
        timeout: Seconds for each call that names none of its own. For digest_many and translate_many: seconds to wait for the
            next answer, however long the whole stream takes.
        tls: Certificates; None speaks in the clear. Raises OSError if a file cannot be read.
        api_key: For a server that wants one; default: the variable MOJAZ_API_KEY, else none. Raises FieldInvalid if it would
            leave this machine without TLS.
    """

    def __init__(
        self, address: str | None = None, *, timeout: float = 120.0, tls: TLS | None = None, api_key: str | None = None
    ) -> None:
        self.address = address_or_default(address)
        self._timeout = timeout
        self._closed = False
        self._channel = open_channel(self.address, tls, usable_key(api_key, self.address, tls))
        self._digests = digest_pb2_grpc.DigestServiceStub(self._channel)
        self._translations = translation_pb2_grpc.TranslationServiceStub(self._channel)
        self._glossaries = glossary_pb2_grpc.GlossaryServiceStub(self._channel)
        self._infos = info_pb2_grpc.InfoServiceStub(self._channel)
        self._admin = admin_pb2_grpc.AdminServiceStub(self._channel)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection; calls under way end with Cancelled."""
        self._closed = True
        self._channel.close()

    def digest(self, article: Article | str, *, timeout: float | None = None, **options: Unpack[DigestOptions]) -> Digest:
        """Digests one article (or the bare text of one)."""
        message = _calls.article_message(article)
        request = digest_pb2.DigestArticleRequest(article=message, options=_calls.digest_options(**options))
        return _calls.read_digest(self._call(self._digests.DigestArticle, request, timeout))

    def stream_digest(
        self, article: Article | str, *, timeout: float | None = None, **options: Unpack[DigestOptions]
    ) -> Iterator[Part]:
        """Digests one article and yields each part as soon as it is ready; the last one is the whole Digest."""
        message = _calls.article_message(article)
        request = digest_pb2.StreamDigestRequest(article=message, options=_calls.digest_options(**options))
        return self._parts(request, timeout)

    def digest_many(
        self,
        articles: Iterable[Article | str],
        *,
        deduplicate: bool = False,
        timeout: float | None = None,
        **options: Unpack[DigestOptions],
    ) -> Iterator[Outcome]:
        """Digests many articles and yields their outcomes in the order they finish; one bad article stops nobody.

        `articles` may be endless: it is read, in another thread, no more than 64 ahead of the outcomes taken. With
        `deduplicate`, an article that nearly repeats an earlier one is not digested; its outcome is a Duplicate with what it
        adds."""
        batch = _calls.digest_batch(_calls.digest_options(**options), deduplicate)
        return self._exchange(self._digests.DigestArticles, batch, articles, timeout)

    def translate(
        self, texts: Sequence[str], *, timeout: float | None = None, **options: Unpack[TranslateOptions]
    ) -> list[Translation]:
        """Translates texts, each on its own; as many translations in the same order."""
        request = _calls.texts_request(texts, _calls.translate_options(**options))
        return _calls.read_translations(self._call(self._translations.TranslateText, request, timeout), len(request.texts))

    def translate_many(
        self, texts: Iterable[str], *, timeout: float | None = None, **options: Unpack[TranslateOptions]
    ) -> Iterator[TranslationOutcome]:
        """Translates many texts and yields their outcomes in the order they finish; see `digest_many`."""
        batch = _calls.translation_batch(_calls.translate_options(**options))
        return self._exchange(self._translations.TranslateStream, batch, texts, timeout)

    def check(
        self,
        segments: Iterable[Segment],
        *,
        glossary: Entries | None = None,
        glossaries: Iterable[str] = (),
        links: bool = False,
        timeout: float | None = None,
    ) -> list[CheckedSegment]:
        """Checks translations that somebody else made; as many answers in the same order. The options: see TranslateOptions."""
        request = _calls.check_request(segments, glossary, glossaries, links)
        return _calls.read_checked(self._call(self._translations.CheckTranslation, request, timeout), len(request.segments))

    def create_glossary(self, name: str, glossary: Entries, *, description: str = "", timeout: float | None = None) -> Glossary:
        """Stores a glossary, whole or not at all; the same name again makes its next version and keeps the old ones.

        What is wrong with an entry is an InvalidArgument with `error.field` "entries[41].target"."""
        requests = _calls.create_requests(name, _calls.entries(glossary), description)
        answer = self._call(self._glossaries.CreateGlossary, iter(requests), timeout)
        return read(answer.glossary, Glossary)

    def list_glossaries(self, name: str = "", *, timeout: float | None = None) -> list[Glossary]:
        """The latest version of each stored glossary, or every version of one."""
        request = glossary_pb2.ListGlossariesRequest(name=text(name, "name"))
        return _calls.read_glossaries(self._call(self._glossaries.ListGlossaries, request, timeout))

    def get_glossary(self, name: str, *, timeout: float | None = None) -> tuple[Glossary, tuple[GlossaryEntry, ...]]:
        """A stored glossary ("name", its latest version, or "name@version") and its entries."""
        request = glossary_pb2.GetGlossaryRequest(name=text(name, "name"))
        return _calls.read_glossary(self._call(self._glossary_parts, request, timeout))

    def delete_glossary(self, name: str, *, timeout: float | None = None) -> int:
        """Deletes a glossary with all its versions ("name"), or one version ("name@version"); how many versions that were."""
        request = glossary_pb2.DeleteGlossaryRequest(name=text(name, "name"))
        return (self._call(self._glossaries.DeleteGlossary, request, timeout)).versions

    def suggest_entries(
        self,
        articles: Iterable[Article | str],
        *,
        glossary: Entries | None = None,
        glossaries: Iterable[str] = (),
        starter_glossary: bool = True,
        min_count: int = 3,
        max_words: int = 200,
        timeout: float | None = None,
    ) -> Suggestions:
        """Names that articles repeat and that neither the glossaries named nor the server's starter glossary have, as the model
        spells them: what a glossary could have. A name stands in the articles at least `min_count` times; of frequent words
        `max_words` are looked into. Takes as long as translating a few sentences of each."""
        requests = _calls.suggest_requests(articles, glossary, glossaries, starter_glossary, min_count, max_words)
        return _calls.read_suggestions(self._call(self._suggestions, list(requests), timeout))

    def info(self, *, timeout: float = INFO_TIMEOUT) -> ServerInfo:
        """Version, models, limits and use of the machine. No more than 10 seconds are waited."""
        return _calls.read_info(self._call(self._infos.GetServerInfo, info_pb2.GetServerInfoRequest(), timeout))

    def models(self, *, timeout: float = INFO_TIMEOUT) -> tuple[Model, ...]:
        """The models that are loaded."""
        return _calls.read_models(self._call(self._infos.ListModels, info_pb2.ListModelsRequest(), timeout))

    def switch_model(self, name: str = "", *, timeout: float | None = None) -> str:
        """Has another model serve: a bundle in the server's --model-folder, or, without a name, the one that it was started with,
        read again. Waits until it serves; its id ("name@version"). Raises ModelNotSwitched, and the old one serves on."""
        request = admin_pb2.SwitchModelRequest(name=text(name, "name"))
        return self._call(self._admin.SwitchModel, request, timeout).model

    def health(self, *, timeout: float = INFO_TIMEOUT) -> Health:
        """What the server says of itself; true only if it is SERVING. Raises ConnectionFailed if there is none."""
        from grpc_health.v1 import health_pb2, health_pb2_grpc  # noqa: PLC0415  # few callers need it

        stub = health_pb2_grpc.HealthStub(self._channel)
        answer: health_pb2.HealthCheckResponse = self._call(stub.Check, health_pb2.HealthCheckRequest(), timeout)
        return _calls.read_health(answer.status)

    def _call(self, method: Callable[..., A], request: object, timeout: float | None) -> A:
        self._require_open()
        try:
            return method(request, timeout=self._timeout if timeout is None else timeout)
        except grpc.RpcError as error:
            failure = error_from_call(error, self.address)
        raise failure  # outside of the handler, so that it carries no gRPC class as its context

    def _suggestions(
        self, requests: list[glossary_pb2.SuggestEntriesRequest], timeout: float
    ) -> list[glossary_pb2.SuggestEntriesResponse]:
        return list(self._glossaries.SuggestEntries(iter(requests), timeout=timeout))

    def _glossary_parts(self, request: glossary_pb2.GetGlossaryRequest, timeout: float) -> list[glossary_pb2.GetGlossaryResponse]:
        return list(self._glossaries.GetGlossary(request, timeout=timeout))

    def _parts(self, request: digest_pb2.StreamDigestRequest, timeout: float | None) -> Iterator[Part]:
        self._require_open()
        call = self._digests.StreamDigest(request, timeout=self._timeout if timeout is None else timeout)
        part: Part | None = None
        failure: MojazError | None = None
        try:
            for answer in call:
                if (known := _calls.read_part(answer)) is not None:
                    yield (part := known)
        except grpc.RpcError as error:
            failure = error_from_call(error, self.address)
        finally:
            call.cancel()
        if failure:
            raise failure
        _calls.require_digest(part)

    def _exchange(self, method: Any, batch: Batch[Any, Any, Any, O], items: Iterable[Any], timeout: float | None) -> Iterator[O]:
        self._require_open()
        return Exchange(method, batch, items, self._timeout if timeout is None else timeout, self.address).outcomes()

    def _require_open(self) -> None:
        if self._closed:
            raise ValueError("this client is closed")
