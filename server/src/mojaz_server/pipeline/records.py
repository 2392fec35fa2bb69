"""The records of a digest, from the article that comes in to the digest that goes out.

Spans count Unicode code points of the text as it was received: `text[span.start:span.end]`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NamedTuple


class Span(NamedTuple):
    """Code points [start, end) of a text as it was received."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def overlaps(self, other: "Span") -> bool:
        """Whether both have a code point of the text."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: "Span") -> bool:
        """Whether all of the other is in this one."""
        return self.start <= other.start and other.end <= self.end

    def moved(self, offset: int) -> "Span":
        """The same stretch where the text stands `offset` code points further on."""
        return Span(self.start + offset, self.end + offset)


@dataclass(frozen=True, slots=True)
class Article:
    """One news article; only `body` is required."""

    body: str
    id: str = ""
    title: str = ""
    source: str = ""
    byline: str = ""
    published: datetime | None = None
    language: str = ""


class Priority(Enum):
    """Who waits for the answer."""

    INTERACTIVE = "interactive"
    BULK = "bulk"


@dataclass(frozen=True, slots=True)
class Length:
    """How long a digest is: at most one of the three is set, none means the server's default number of lines."""

    lines: int | None = None
    words: int | None = None
    share: float | None = None


class ParagraphKind(Enum):
    """What a paragraph is; only TEXT gives lines to a digest."""

    TEXT = "text"
    SUBHEADING = "subheading"
    BOILERPLATE = "boilerplate"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it stands in the text: `text == body[span.start:span.end]`."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph and its sentences, in order."""

    kind: ParagraphKind
    span: Span
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A sentence chosen for the digest: its place among all sentences, its rank (1 = most important) and its salience."""

    index: int
    rank: int
    salience: float


class CheckKind(Enum):
    """What can be wrong with a translated sentence; see CheckKind in proto/mojaz/v1/article.proto."""

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


@dataclass(frozen=True, slots=True)
class Check:
    """A failed check, and where it shows: spans within the source sentence and within its English."""

    kind: CheckKind
    message: str
    source: Span | None = None
    target: Span | None = None


@dataclass(frozen=True, slots=True)
class WordLink:
    """A word of a source text, and a word of its English that comes from it."""

    source: Span
    target: Span


@dataclass(frozen=True, slots=True)
class Translated:
    """What the model made of one sentence.

    `score` is the mean log-probability (nats) of the target's pieces; `ended` is False if decoding stopped at its limit;
    `unknown` counts the source characters that the model does not know; `parts` in how many pieces a long sentence went;
    `cached`: it was made for an earlier one.
    """

    text: str
    score: float
    ended: bool = True
    unknown: int = 0
    parts: int = 1
    queue_ms: float = 0.0
    compute_ms: float = 0.0
    cached: bool = False


class Confidence(Enum):
    """How far a translation can be trusted."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a model's translations turn out on its development sets: the expected chrF (0 to 100) of a sentence is `constant` +
    `score` x mean log-probability + `length` x log of its words + `failed` x number of failed checks (3 at most)."""

    constant: float
    score: float
    length: float
    failed: float


class Correction(NamedTuple):
    """A name that is not spelled as the model did: its place in the Arabic sentence and in the model's English, what the model
    wrote and what is written instead."""

    source: Span
    target: Span
    written: str
    right: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A source sentence with its English. Spans of checks and links point into the source text as received and into `target`."""

    source: str
    span: Span
    target: str
    score: float
    checks: tuple[Check, ...] = ()
    withheld: bool = False
    confidence: Confidence | None = None
    links: tuple[WordLink, ...] = ()


class HeadlineOrigin(Enum):
    """Where a headline comes from."""

    GIVEN = "given"
    GENERATED = "generated"
    LEAD = "lead"
    COMPRESSED = "compressed"


@dataclass(frozen=True, slots=True)
class Headline:
    """The headline; `span` is where the body has its words, or the sentence that they were taken from; None for a title."""

    source: str
    target: str
    origin: HeadlineOrigin
    span: Span | None
    score: float
    checks: tuple[Check, ...] = ()
    withheld: bool = False
    confidence: Confidence | None = None
    links: tuple[WordLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A key line of the digest."""

    rank: int
    pair: Pair
    salience: float


@dataclass(frozen=True, slots=True)
class TranslatedParagraph:
    """A paragraph of the full translation."""

    index: int
    kind: ParagraphKind
    span: Span
    pairs: tuple[Pair, ...]


class FactKind(Enum):
    """What a key fact is."""

    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True)
class Fact:
    """A number, date or name of a line: `source_span` in the body, `target_span` in the line's English (None if not found).
    `counted` is the word that a number counts and `counted_target` its English, each empty if not found."""

    kind: FactKind
    source: str
    source_span: Span
    target: str
    target_span: Span | None
    line: int
    value: str
    counted: str = ""
    counted_target: str = ""


class NoteKind(Enum):
    """What a note is about."""

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


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader should know, in one plain English sentence, and where in the text that is."""

    kind: NoteKind
    message: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds: the longest wait for the model, model time spent on this request (its share of each batch), all. `cached`:
    sentences whose translation was known."""

    queue_ms: float = 0.0
    compute_ms: float = 0.0
    total_ms: float = 0.0
    cached: int = 0


@dataclass(frozen=True, slots=True)
class Digest:
    """A bilingual digest of one article; `lines` in the order of the article."""

    article: Article
    headline: Headline
    lines: tuple[Line, ...]
    paragraphs: tuple[TranslatedParagraph, ...]
    facts: tuple[Fact, ...]
    notes: tuple[Note, ...]
    model: str
    timing: Timing

    @property
    def checks(self) -> Iterator[Check]:
        """The checks that failed, those of a line that is also in the full translation once."""
        pairs = [*(line.pair for line in self.lines), *(pair for paragraph in self.paragraphs for pair in paragraph.pairs)]
        yield from self.headline.checks
        for pair in {pair.span: pair for pair in pairs}.values():
            yield from pair.checks


@dataclass(frozen=True, slots=True)
class Addition:
    """A sentence of a duplicate that the original has not, or has otherwise: `facts` are its figures and names that are nowhere
    in the original, as they stand in the sentence."""

    sentence: Sentence
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An article that repeats an earlier one, the `original` with `original_request_id`; `containment` is the share of its
    shingles (runs of three words) that the original has too."""

    article: Article
    original: Article
    original_request_id: str
    containment: float
    additions: tuple[Addition, ...]


@dataclass(frozen=True, slots=True)
class Translation:
    """One translated text."""

    target: str
    pairs: tuple[Pair, ...]
    notes: tuple[Note, ...] = ()
