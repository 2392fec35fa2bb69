"""What both clients share: building requests, reading answers, pairing the answers of a stream with its items."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic, Protocol, TypedDict, TypeVar

from google.protobuf.message import Message
from mojaz.v1 import article_pb2, digest_pb2, error_pb2, glossary_pb2, info_pb2, translation_pb2

from mojaz_client._wire import read, set_field, text, write
from mojaz_client.errors import FieldInvalid, MojazError, UnexpectedAnswer, error_from_item
from mojaz_client.records import (
    Article,
    CheckedSegment,
    Digest,
    Duplicate,
    Glossary,
    GlossaryEntry,
    Headline,
    Health,
    Line,
    Model,
    Outcome,
    Paragraph,
    Priority,
    Progress,
    Segment,
    ServerInfo,
    Suggestion,
    Suggestions,
    Translation,
    TranslationOutcome,
)

_PART = 1 << 20  # bytes of a message with entries of a glossary
WINDOW = 64  # items of a stream that are on their way at once; the next is read when an outcome is taken

Entries = Mapping[str, str] | Iterable[GlossaryEntry]
"""A glossary: Arabic terms and their English, or entries."""

Part = Progress | Headline | Line | Paragraph | Digest


class TranslateOptions(TypedDict, total=False):
    """How to translate.

    glossary: Arabic terms and the English that must stand for them, or GlossaryEntry records.
    glossaries: names of glossaries that the server keeps, as "name" or "name@version"; of two entries for the same words that of
        `glossary` counts, then that of the glossary named first.
    starter_glossary: whether the server's own list of names comes after these (default: yes).
    beam_size: 0 (default) is the model's own; larger is slower.
    priority: INTERACTIVE (default) or BULK.
    segments: take each text for one segment that is not split into sentences and may be empty.
    links: also say which words of the Arabic each English word comes from.
    """

    glossary: Entries | None
    glossaries: Iterable[str]
    starter_glossary: bool
    beam_size: int
    priority: Priority
    segments: bool
    links: bool


class DigestOptions(TypedDict, total=False):
    """How to digest.

    lines, words, share: how long the digest is to be (lines, Arabic words, or a part of the article's words above 0 and at most
        1); at most one of them, none means the server's default number of lines.
    full_translation: also translate the whole article.
    glossary, glossaries, starter_glossary, beam_size, priority, links: see TranslateOptions.
    """

    lines: int | None
    words: int | None
    share: float | None
    full_translation: bool
    glossary: Entries | None
    glossaries: Iterable[str]
    starter_glossary: bool
    beam_size: int
    priority: Priority
    links: bool


def digest_options(
    *,
    lines: int | None = None,
    words: int | None = None,
    share: float | None = None,
    full_translation: bool = False,
    glossary: Entries | None = None,
    glossaries: Iterable[str] = (),
    starter_glossary: bool = True,
    beam_size: int = 0,
    priority: Priority = Priority.INTERACTIVE,
    links: bool = False,
) -> digest_pb2.DigestOptions:
    """The options of a digest. Raises FieldInvalid for two lengths or a value that cannot be sent."""
    lengths = {"max_lines": lines, "max_words": words, "share": share}
    given = {name: value for name, value in lengths.items() if value is not None}
    if len(given) > 1:
        raise FieldInvalid("options.length: give one of lines, words and share", field="options.length")
    options = digest_pb2.DigestOptions(full_translation=full_translation, links=links)
    for name, value in given.items():
        set_field(options, name, value, f"options.{name}")
    _choose(options, glossary, glossaries, "options.")
    options.no_starter_glossary = not starter_glossary
    _decoding(options, beam_size, priority)
    return options


def translate_options(
    *,
    glossary: Entries | None = None,
    glossaries: Iterable[str] = (),
    starter_glossary: bool = True,
    beam_size: int = 0,
    priority: Priority = Priority.INTERACTIVE,
    segments: bool = False,
    links: bool = False,
) -> translation_pb2.TranslateOptions:
    """The options of a translation. Raises FieldInvalid for a value that cannot be sent."""
    options = translation_pb2.TranslateOptions(segments=segments, links=links)
    _choose(options, glossary, glossaries, "options.")
    options.no_starter_glossary = not starter_glossary
    _decoding(options, beam_size, priority)
    return options


def _decoding(
    options: digest_pb2.DigestOptions | translation_pb2.TranslateOptions,
    beam_size: int,
    priority: Priority,
) -> None:
    set_field(options, "beam_size", beam_size, "options.beam_size")
    set_field(options, "priority", priority, "options.priority")


def _choose(
    message: digest_pb2.DigestOptions
    | translation_pb2.TranslateOptions
    | translation_pb2.CheckTranslationRequest
    | glossary_pb2.SuggestOptions,
    glossary: Entries | None,
    glossaries: Iterable[str],
    path: str,
) -> None:
    """Says which glossaries count; `path` is where the message stands in the request."""
    if isinstance(glossaries, str):
        raise FieldInvalid(f"{path}glossaries: is one str; give a sequence of names", field=f"{path}glossaries")
    set_field(message, "glossary", entries(glossary or ()), f"{path}glossary")
    set_field(message, "glossaries", glossaries, f"{path}glossaries")


def entries(glossary: Entries) -> Iterable[GlossaryEntry]:
    """The entries of a glossary given either way."""
    return [GlossaryEntry(*pair) for pair in glossary.items()] if isinstance(glossary, Mapping) else glossary


def article_message(article: Article | str) -> article_pb2.Article:
    """The article, or a bare body, as a message. Raises FieldInvalid for text that cannot be sent."""
    return write(Article(article) if isinstance(article, str) else article, article_pb2.Article(), "article")


def texts_request(texts: object, options: translation_pb2.TranslateOptions) -> translation_pb2.TranslateTextRequest:
    """The request for several texts; one bare str is refused, it would be translated letter by letter."""
    if isinstance(texts, str):
        raise FieldInvalid("texts: is one str; give a sequence of texts", field="texts")
    request = translation_pb2.TranslateTextRequest(options=options)
    set_field(request, "texts", texts, "texts")
    return request


def check_request(
    segments: Iterable[Segment],
    glossary: Entries | None,
    glossaries: Iterable[str],
    links: bool,
) -> translation_pb2.CheckTranslationRequest:
    """The request to check translations. Raises FieldInvalid for text that cannot be sent."""
    request = translation_pb2.CheckTranslationRequest(links=links)
    set_field(request, "segments", list(segments), "segments")
    _choose(request, glossary, glossaries, "")
    return request


def create_requests(name: str, entries: Iterable[GlossaryEntry], description: str) -> list[glossary_pb2.CreateGlossaryRequest]:
    """The messages that store a glossary, each of at most about a megabyte. Raises FieldInvalid for text that cannot be sent."""
    request = glossary_pb2.CreateGlossaryRequest(name=text(name, "name"), description=text(description, "description"))
    requests, size = [request], 0
    for i, entry in enumerate(entries):
        message = write(entry, article_pb2.GlossaryEntry(), f"entries[{i}]")
        length = message.ByteSize()
        if size and size + length > _PART:
            requests.append(request := glossary_pb2.CreateGlossaryRequest())
            size = 0
        request.entries.append(message)
        size += length
    return requests


def suggest_requests(
    articles: Iterable[Article | str],
    glossary: Entries | None,
    glossaries: Iterable[str],
    starter_glossary: bool,
    min_count: int,
    max_words: int,
) -> Iterator[glossary_pb2.SuggestEntriesRequest]:
    """The messages that ask for suggestions, one for each article. Raises FieldInvalid for text that cannot be sent."""
    request = glossary_pb2.SuggestEntriesRequest()
    set_field(request.options, "min_count", min_count, "options.min_count")
    set_field(request.options, "max_words", max_words, "options.max_words")
    _choose(request.options, glossary, glossaries, "options.")
    request.options.no_starter_glossary = not starter_glossary
    for article in articles:
        request.article.CopyFrom(article_message(article))
        yield request
        request = glossary_pb2.SuggestEntriesRequest()


def read_suggestions(answers: Iterable[glossary_pb2.SuggestEntriesResponse]) -> Suggestions:
    found, left_out = list[Suggestion](), 0
    for answer in answers:
        found += (read(suggestion, Suggestion) for suggestion in answer.suggestions)
        left_out = answer.words_left_out
    return Suggestions(tuple(found), left_out)


def read_glossaries(answer: glossary_pb2.ListGlossariesResponse) -> list[Glossary]:
    return [read(glossary, Glossary) for glossary in answer.glossaries]


def read_glossary(answers: Sequence[glossary_pb2.GetGlossaryResponse]) -> tuple[Glossary, tuple[GlossaryEntry, ...]]:
    if not answers or not answers[0].HasField("glossary"):
        raise UnexpectedAnswer("the server answered without a glossary")
    entries = tuple(read(entry, GlossaryEntry) for answer in answers for entry in answer.entries)
    return read(answers[0].glossary, Glossary), entries


def read_checked(answer: translation_pb2.CheckTranslationResponse, expected: int) -> list[CheckedSegment]:
    if len(answer.segments) != expected:
        raise UnexpectedAnswer(f"the server answered {expected} segments with {len(answer.segments)}")
    return [read(segment, CheckedSegment) for segment in answer.segments]


def read_digest(answer: digest_pb2.DigestArticleResponse) -> Digest:
    if not answer.HasField("digest"):
        raise UnexpectedAnswer("the server answered without a digest")
    return read(answer.digest, Digest)


def read_translations(answer: translation_pb2.TranslateTextResponse, expected: int) -> list[Translation]:
    if len(answer.translations) != expected:
        raise UnexpectedAnswer(f"the server answered {expected} texts with {len(answer.translations)} translations")
    return [read(translation, Translation) for translation in answer.translations]


def read_part(answer: digest_pb2.StreamDigestResponse) -> Part | None:
    """The part of a digest in the making; None for a kind of part that this client does not know."""
    kinds: dict[str, type[Part]] = {
        "progress": Progress,
        "headline": Headline,
        "line": Line,
        "paragraph": Paragraph,
        "digest": Digest,
    }
    name = answer.WhichOneof("part")
    return read(getattr(answer, name), kinds[name]) if name else None


def require_digest(last: Part | None) -> None:
    """Checks that a stream of parts ended as the contract says."""
    if not isinstance(last, Digest):
        raise UnexpectedAnswer("the stream ended before the digest was whole")


def read_info(answer: info_pb2.GetServerInfoResponse) -> ServerInfo:
    return read(answer, ServerInfo)


def read_models(answer: info_pb2.ListModelsResponse) -> tuple[Model, ...]:
    return tuple(read(model, Model) for model in answer.models)


def read_health(status: int) -> Health:
    """grpc.health.v1.HealthCheckResponse.ServingStatus -> Health."""
    return {1: Health.SERVING, 2: Health.NOT_SERVING}.get(status, Health.UNKNOWN)


class _Answer(Protocol):
    """The answer to one item: DigestArticlesResponse or TranslateStreamResponse."""

    @property
    def request_id(self) -> str: ...
    @property
    def error(self) -> error_pb2.Error: ...


Item = TypeVar("Item")
Q = TypeVar("Q", bound=Message)
A = TypeVar("A", bound=_Answer)
O = TypeVar("O")  # noqa: E741  # an Outcome or a TranslationOutcome


class Batch(Generic[Item, Q, A, O]):
    """Numbers the items of a stream and gives each answer back with its item. It calls nothing; the clients do."""

    def __init__(self, request: Callable[[str, Item], Q], outcome: Callable[[int, Item, A | MojazError], O]) -> None:
        self._request = request
        self._outcome = outcome
        self._count = 0
        self._pending: dict[str, tuple[int, Item]] = {}

    @property
    def waiting(self) -> int:
        """How many items have been sent and not been answered."""
        return len(self._pending)

    def send(self, item: Item) -> Q | O:
        """The request for the next item, or at once its outcome if it cannot be sent."""
        index, self._count = self._count, self._count + 1
        request_id = str(index)
        try:
            request = self._request(request_id, item)
        except MojazError as error:
            return self._outcome(index, item, error)
        self._pending[request_id] = (index, item)
        return request

    def receive(self, answer: A) -> O:
        """The outcome that an answer brings."""
        try:
            index, item = self._pending.pop(answer.request_id)
        except KeyError:
            raise UnexpectedAnswer(f"the server answered request {answer.request_id!r}, which is not open") from None
        return self._outcome(index, item, answer)

    def finish(self) -> None:
        """Checks that every item was answered."""
        if self._pending:
            raise UnexpectedAnswer(f"the server ended the stream without an answer to {len(self._pending)} items")


DigestBatch = Batch[Article | str, digest_pb2.DigestArticlesRequest, digest_pb2.DigestArticlesResponse, Outcome]
TranslationBatch = Batch[str, translation_pb2.TranslateStreamRequest, translation_pb2.TranslateStreamResponse, TranslationOutcome]


def digest_batch(options: digest_pb2.DigestOptions, deduplicate: bool = False) -> DigestBatch:
    def request(request_id: str, article: Article | str) -> digest_pb2.DigestArticlesRequest:
        message = article_message(article)
        return digest_pb2.DigestArticlesRequest(request_id=request_id, article=message, options=options, deduplicate=deduplicate)

    def outcome(index: int, item: Article | str, answer: digest_pb2.DigestArticlesResponse | MojazError) -> Outcome:
        article = Article(item) if isinstance(item, str) else item
        if isinstance(answer, digest_pb2.DigestArticlesResponse) and answer.HasField("digest"):
            return Outcome(index, article, digest=read(answer.digest, Digest))
        if isinstance(answer, digest_pb2.DigestArticlesResponse) and answer.HasField("duplicate"):
            return Outcome(index, article, duplicate=read(answer.duplicate, Duplicate))
        return Outcome(index, article, error=_error(answer))

    return Batch(request, outcome)


def translation_batch(options: translation_pb2.TranslateOptions) -> TranslationBatch:
    def request(request_id: str, item: str) -> translation_pb2.TranslateStreamRequest:
        return translation_pb2.TranslateStreamRequest(request_id=request_id, text=text(item, "text"), options=options)

    def outcome(index: int, item: str, answer: translation_pb2.TranslateStreamResponse | MojazError) -> TranslationOutcome:
        if isinstance(answer, translation_pb2.TranslateStreamResponse) and answer.HasField("translation"):
            return TranslationOutcome(index, item, translation=read(answer.translation, Translation))
        return TranslationOutcome(index, item, error=_error(answer))

    return Batch(request, outcome)


def _error(answer: Any) -> MojazError:
    if isinstance(answer, MojazError):
        return answer
    if answer.HasField("error"):
        return error_from_item(answer.error)
    return UnexpectedAnswer("the server answered with neither a result nor an error")
