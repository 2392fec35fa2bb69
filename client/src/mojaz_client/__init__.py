"""Mojaz client: Arabic news articles in, bilingual digests out.

    from mojaz_client import Article, Client

    with Client("127.0.0.1:50051") as client:
        digest = client.digest(Article(body="...", title="..."), lines=3)
        for line in digest.lines:
            print(line.pair.source, "-", line.pair.target)

AsyncClient has the same names for asyncio. Everything that can go wrong is a MojazError.
"""

from mojaz_client._async_client import AsyncClient
from mojaz_client._calls import DigestOptions, Part, TranslateOptions
from mojaz_client._channel import DEFAULT_ADDRESS, TLS
from mojaz_client._client import Client
from mojaz_client._json import article_from_dict, to_dict
from mojaz_client.errors import (
    Cancelled,
    ConnectionFailed,
    DeadlineExceeded,
    EngineFailed,
    ErrorReason,
    FieldInvalid,
    FieldMissing,
    InternalError,
    InvalidArgument,
    LimitExceeded,
    MojazError,
    NotArabic,
    ServerFull,
    Unavailable,
    UnexpectedAnswer,
)
from mojaz_client.records import (
    Addition,
    Article,
    Check,
    CheckedSegment,
    CheckKind,
    Compute,
    Confidence,
    Digest,
    Duplicate,
    FactKind,
    GlossaryEntry,
    Headline,
    HeadlineOrigin,
    Health,
    KeyFact,
    Limits,
    Line,
    Model,
    Note,
    NoteKind,
    Outcome,
    Paragraph,
    ParagraphKind,
    Priority,
    Progress,
    Score,
    Segment,
    SentencePair,
    ServerInfo,
    Span,
    Timing,
    Translation,
    TranslationOutcome,
    WordLink,
)

__version__ = "0.1.0"

__all__ = [
    "DEFAULT_ADDRESS",
    "TLS",
    "Addition",
    "Article",
    "AsyncClient",
    "Cancelled",
    "Check",
    "CheckKind",
    "CheckedSegment",
    "Client",
    "Compute",
    "Confidence",
    "ConnectionFailed",
    "DeadlineExceeded",
    "Digest",
    "DigestOptions",
    "Duplicate",
    "EngineFailed",
    "ErrorReason",
    "FactKind",
    "FieldInvalid",
    "FieldMissing",
    "GlossaryEntry",
    "Headline",
    "HeadlineOrigin",
    "Health",
    "InternalError",
    "InvalidArgument",
    "KeyFact",
    "LimitExceeded",
    "Limits",
    "Line",
    "Model",
    "MojazError",
    "NotArabic",
    "Note",
    "NoteKind",
    "Outcome",
    "Paragraph",
    "ParagraphKind",
    "Part",
    "Priority",
    "Progress",
    "Score",
    "Segment",
    "SentencePair",
    "ServerFull",
    "ServerInfo",
    "Span",
    "Timing",
    "TranslateOptions",
    "Translation",
    "TranslationOutcome",
    "Unavailable",
    "UnexpectedAnswer",
    "WordLink",
    "__version__",
    "article_from_dict",
    "to_dict",
]
