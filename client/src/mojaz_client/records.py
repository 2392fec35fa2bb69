"""The records of the contract (proto/mojaz/v1/*.proto) as plain Python: same names, no protobuf, nothing to await.

Every record mirrors the message of the same name field by field; proto/mojaz/v1 says what each field means. Spans count Unicode
code points of the text as it was sent: `span.of(text)`. An enum member UNKNOWN is what a newer server sent and this client does
not know yet.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mojaz_client.errors import MojazError


class Priority(StrEnum):
    """Who waits for the answer: a person, or an archive that never delays a person."""

    INTERACTIVE = "interactive"
    BULK = "bulk"


class CheckKind(StrEnum):
    """What can be wrong with a translated sentence."""

    UNKNOWN = "unknown"
    NUMBER_LOST = "number_lost"
    NUMBER_INVENTED = "number_invented"
    DATE_CHANGED = "date_changed"
    QUOTE_LOST = "quote_lost"
    QUOTE_INVENTED = "quote_invented"
    NEGATION_LOST = "negation_lost"
    LENGTH_RATIO = "length_ratio"
    REPETITION = "repetition"
    UNTRANSLATED = "untranslated"
    UNKNOWN_PIECE = "unknown_piece"
    TERM_MISSED = "term_missed"
    LOW_SCORE = "low_score"
    TRUNCATED = "truncated"
    NUMBER_CHANGED = "number_changed"
    UNIT_CHANGED = "unit_changed"
    NAME_CHANGED = "name_changed"
    NAME_INCONSISTENT = "name_inconsistent"
    NEGATION_INVENTED = "negation_invented"
    CLAUSE_LOST = "clause_lost"


class Confidence(StrEnum):
    """How far a translation can be trusted; UNKNOWN if the model was not calibrated."""

    UNKNOWN = "unknown"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class HeadlineOrigin(StrEnum):
    """Where a headline comes from: the article's title, a model, the article's first sentence, or that with words left out."""

    UNKNOWN = "unknown"
    GIVEN = "given"
    GENERATED = "generated"
    LEAD = "lead"
    COMPRESSED = "compressed"


class ParagraphKind(StrEnum):
    """What a paragraph of an article is; only TEXT gives lines to a digest."""

    UNKNOWN = "unknown"
    TEXT = "text"
    SUBHEADING = "subheading"
    BOILERPLATE = "boilerplate"


class FactKind(StrEnum):
    """What a key fact is."""

    UNKNOWN = "unknown"
    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    ORGANIZATION = "organization"


class NoteKind(StrEnum):
    """What a note is about."""

    UNKNOWN = "unknown"
    DIALECT_SUSPECTED = "dialect_suspected"
    NOT_ARABIC_IN_PART = "not_arabic_in_part"
    FEWER_LINES = "fewer_lines"
    SENTENCE_DIVIDED = "sentence_divided"
    MARKUP_IGNORED = "markup_ignored"
    WITHHELD = "withheld"
    EXTENDS = "extends"
    NAMES_RESPELLED = "names_respelled"
    LOADED_TERM = "loaded_term"
    GLOSSARY_NOTE = "glossary_note"


class Health(StrEnum):
    """What the server says of itself (grpc.health.v1); true only if it is SERVING."""

    SERVING = "serving"
    NOT_SERVING = "not_serving"
    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        return self is Health.SERVING


@dataclass(frozen=True, slots=True)
class Span:
    """Code points [start, end) of a text as it was sent."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Article:
    """One news article; only `body` is required. A `published_time` without a time zone is taken for UTC."""

    body: str
    id: str = ""
    title: str = ""
    source: str = ""
    byline: str = ""
    published_time: datetime | None = None
    language_code: str = ""


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """An Arabic term and the English that must stand for it and its other `forms`; with `do_not_translate` a term that is
    kept as it is, without a `target`."""

    source: str
    target: str = ""
    category: str = ""
    note: str = ""
    do_not_translate: bool = False
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Glossary:
    """A version of a glossary that the server keeps, `in_memory` only until it ends."""

    name: str
    version: int = 0
    entry_count: int = 0
    create_time: datetime | None = None
    description: str = ""
    in_memory: bool = False


@dataclass(frozen=True, slots=True)
class Spelling:
    """An English spelling of a name, in `count` of the sentences that were translated to see it."""

    target: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name that stands `count` times in `article_count` of the caller's articles and has no entry; `entry` is what could be
    added, `spellings` how the model spelled it, the most frequent first."""

    entry: GlossaryEntry
    count: int = 0
    article_count: int = 0
    spellings: tuple[Spelling, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Names without an entry, the most frequent first; `words_left_out` frequent words were not looked into."""

    suggestions: tuple[Suggestion, ...] = ()
    words_left_out: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """One failed check: a plain English sentence and where the evidence is in the source text and in the English."""

    kind: CheckKind
    message: str
    source_span: Span | None = None
    target_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of Arabic text with an English translation that somebody made."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class WordLink:
    """An Arabic word and an English word that comes from it."""

    source_span: Span
    target_span: Span


@dataclass(frozen=True, slots=True)
class CheckedSegment:
    """The failed checks of a segment, none if all is well, and its word links if they were asked for; spans count in its source
    and target."""

    checks: tuple[Check, ...] = ()
    links: tuple[WordLink, ...] = ()


@dataclass(frozen=True, slots=True)
class SentencePair:
    """A source sentence with its English; `score` is the mean log-probability (nats) of the English, 0 is certain. `links` are
    there if they were asked for."""

    source: str
    span: Span
    target: str
    score: float = 0.0
    checks: tuple[Check, ...] = ()
    withheld: bool = False
    confidence: Confidence = Confidence.UNKNOWN
    links: tuple[WordLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds: waiting for the model, the model at work, from the arrival of the request to its answer. `cached`: sentences
    whose translation the server had made before."""

    queue_ms: float = 0.0
    compute_ms: float = 0.0
    total_ms: float = 0.0
    cached: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a digest is."""

    sentences_done: int
    sentences_total: int


@dataclass(frozen=True, slots=True)
class Headline:
    """The headline in both languages; `span` is where the body has it or the sentence it was made of."""

    source: str
    target: str
    origin: HeadlineOrigin
    span: Span | None = None
    score: float = 0.0
    checks: tuple[Check, ...] = ()
    withheld: bool = False
    confidence: Confidence = Confidence.UNKNOWN
    links: tuple[WordLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A key line; rank 1 is the most important."""

    rank: int
    pair: SentencePair
    salience: float = 0.0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the full translation."""

    index: int
    kind: ParagraphKind
    span: Span
    pairs: tuple[SentencePair, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyFact:
    """A number, date or name of the line `Digest.lines[line_index]`; `target` is empty if its English was not found there.

    `value` is a number in digits, a date in ISO 8601, or the usual English of a name. `counted` is the Arabic word
    that a number counts and `counted_target` its English, each empty if not found."""

    kind: FactKind
    source: str
    source_span: Span
    target: str = ""
    target_span: Span | None = None
    line_index: int = 0
    value: str = ""
    counted: str = ""
    counted_target: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader should know about a digest, in one plain English sentence, and where in the body that shows."""

    kind: NoteKind
    message: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Digest:
    """A bilingual digest of one article; `lines` stand in the order of the article."""

    article_id: str
    headline: Headline
    lines: tuple[Line, ...]
    paragraphs: tuple[Paragraph, ...]
    facts: tuple[KeyFact, ...]
    notes: tuple[Note, ...]
    model: str
    timing: Timing
    source: str = ""
    byline: str = ""


@dataclass(frozen=True, slots=True)
class Addition:
    """A sentence of a duplicate that the original has not, or has otherwise; `facts` are its figures and names that the original
    has nowhere."""

    source: str
    span: Span
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An article that nearly repeats an earlier one. In `digest_many`, `duplicate_of` is the index of the original, as text."""

    article_id: str
    duplicate_of: str
    duplicate_of_article_id: str = ""
    containment: float = 0.0
    additions: tuple[Addition, ...] = ()
    title: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Translation:
    """One translated text: the English of the whole and sentence by sentence."""

    target: str
    pairs: tuple[SentencePair, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """One score of a model, with the signature that says how it was computed."""

    test_set: str
    metric: str
    value: float
    signature: str


@dataclass(frozen=True, slots=True)
class Model:
    """A model that the server has loaded; `id` is name@version."""

    id: str
    source_language: str
    target_language: str
    licence: str
    description: str
    size_bytes: int
    scores: tuple[Score, ...]
    compute_type: str
    beam_size: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Every limit in force at the server; characters are code points."""

    max_article_chars: int
    max_title_chars: int
    max_lines: int
    default_lines: int
    max_texts: int
    max_text_chars: int
    max_glossary_entries: int
    max_beam_size: int
    max_message_bytes: int
    max_concurrent_calls: int
    max_stream_items: int
    max_remembered_chars: int
    max_stored_entries: int
    max_stored_chars: int
    max_queued_tokens: int
    max_calls_per_caller: int
    max_calls_per_minute: int


@dataclass(frozen=True, slots=True)
class Compute:
    """How the server uses its machine."""

    workers: int
    threads: int
    batch_tokens: int
    cores: int
    bulk_percent: int


@dataclass(frozen=True, slots=True)
class Cache:
    """What the server remembers of its translations: how much it may hold and holds, how often it helped since its start, and how
    often its file failed."""

    limit_bytes: int
    bytes: int
    sentences: int
    hits: int
    misses: int
    shared: int
    failures: int


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """What the server is: version, models, limits, use of the machine, translations that it remembers."""

    version: str
    models: tuple[Model, ...]
    limits: Limits
    compute: Compute
    cache: Cache


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article of `digest_many`: exactly one of a digest, an error and, if it was asked for, a duplicate.
    `index` counts the articles from 0."""

    index: int
    article: Article
    digest: Digest | None = None
    error: MojazError | None = None
    duplicate: Duplicate | None = None


@dataclass(frozen=True, slots=True)
class TranslationOutcome:
    """What became of one text of `translate_many`: a translation or an error, never both. `index` counts the texts from 0."""

    index: int
    text: str
    translation: Translation | None = None
    error: MojazError | None = None
