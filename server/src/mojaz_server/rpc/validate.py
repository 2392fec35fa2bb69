"""Requests against the limits in force: each refusal names the field, the limit and the value."""

import re
from collections.abc import Mapping, Sequence

from mojaz.v1 import article_pb2, digest_pb2, translation_pb2

from mojaz_server.config import Config
from mojaz_server.errors import BadRequest, FieldInvalid, FieldMissing, LimitExceeded
from mojaz_server.pipeline.glossary import Entry, find_conflict, unfit
from mojaz_server.pipeline.language import arabic_share
from mojaz_server.pipeline.terms import has_arabic

_MOSTLY = 0.5  # share of Arabic letters
_FIRST_SECOND, _LAST_SECOND = -62_135_596_800, 253_402_300_799  # of google.protobuf.Timestamp
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def validate_article(article: article_pb2.Article, config: Config) -> None:
    """The fields of an article."""
    if not article.body.strip():
        raise FieldMissing("article.body", "is empty; send the article's text")
    at_most("article.body", len(article.body), config.max_article_chars, "characters")
    at_most("article.title", len(article.title), config.max_title_chars, "characters")
    for name in ("id", "source", "byline"):
        at_most(f"article.{name}", len(getattr(article, name)), config.max_title_chars, "characters")
    if not (_FIRST_SECOND <= article.published_time.seconds <= _LAST_SECOND and 0 <= article.published_time.nanos < 10**9):
        raise FieldInvalid("article.published_time", "is no time between the years 1 and 9999; leave it out if it is not known")
    if article.language_code and article.language_code.lower().split("-")[0] != "ar":
        raise FieldInvalid("article.language_code", f"is {article.language_code!r}; this server reads ar")


def validate_digest_options(options: digest_pb2.DigestOptions, config: Config) -> None:
    """The options of a digest."""
    length = options.WhichOneof("length")
    if length in ("max_lines", "max_words") and getattr(options, length) < 0:
        raise FieldInvalid(f"options.{length}", f"is {getattr(options, length)}; it cannot be negative")
    if length == "max_lines":
        at_most("options.max_lines", options.max_lines, config.max_lines, "lines")
    if length == "share" and not 0 <= options.share <= 1:
        raise FieldInvalid("options.share", f"is {options.share:g}; it must be above 0 and at most 1")
    _decoding(options, config)


def validate_texts(texts: Mapping[str, str], options: translation_pb2.TranslateOptions, config: Config) -> None:
    """The texts of one request by the path of their field, and their options; empty texts are fine for segments only."""
    if not texts:
        raise FieldMissing("texts", "is empty; send at least one text")
    at_most("texts", len(texts), config.max_texts, "texts")
    together = "texts" if len(texts) > 1 else next(iter(texts))
    at_most(together, sum(map(len, texts.values())), config.max_text_chars, "characters")
    for field, text in texts.items():
        if not options.segments and not text.strip():
            raise FieldMissing(field, "is empty; leave it out, or set options.segments")
    _decoding(options, config)


def validate_segments(request: translation_pb2.CheckTranslationRequest, config: Config) -> None:
    """The segments of a request to check translations."""
    if not request.segments:
        raise FieldMissing("segments", "is empty; send at least one segment")
    at_most("segments", len(request.segments), config.max_texts, "segments")
    together = sum(len(segment.source) + len(segment.target) for segment in request.segments)
    at_most("segments", together, config.max_text_chars, "characters")
    for i, segment in enumerate(request.segments):
        if not segment.source.strip():
            raise FieldMissing(f"segments[{i}].source", "is empty; leave the segment out")
        if arabic_share(segment.source) == 0 and arabic_share(segment.target) > _MOSTLY:
            raise FieldInvalid(f"segments[{i}].source", "has no Arabic, and its translation is Arabic: are the sides swapped?")


def _decoding(options: digest_pb2.DigestOptions | translation_pb2.TranslateOptions, config: Config) -> None:
    if options.beam_size < 0:
        raise FieldInvalid("options.beam_size", f"is {options.beam_size}; it cannot be negative")
    at_most("options.beam_size", options.beam_size, config.max_beam_size, "hypotheses")


def validate_entries(field: str, entries: Sequence[Entry], most: int, config: Config, begin: int = 0) -> None:
    """Entries of a glossary, `most` at most, the first of which is `field`[`begin`]. What they say of each other: see
    validate_harmony."""
    at_most(field, begin + len(entries), most, "entries")
    for i, entry in enumerate(entries, begin):
        try:
            _entry(entry, config.max_title_chars)
        except BadRequest as error:
            raise error.within(f"{field}[{i}]") from None


def validate_harmony(field: str, entries: Sequence[Entry]) -> None:
    """No two entries of a glossary may want different English for the same words."""
    if conflict := find_conflict(entries):
        first, second = entries[conflict.first].english, entries[conflict.second].english
        problem = f"is {second!r}, but {field}[{conflict.first}] has {first!r} for the same words; keep one"
        raise FieldInvalid(f"{field}[{conflict.second}].target", problem)


def _entry(entry: Entry, longest: int) -> None:
    for name, text in (("source", entry.source), ("target", entry.target), ("category", entry.category), ("note", entry.note)):
        if text:
            _plain(name, text, longest)
    for i, form in enumerate(entry.forms):
        _plain(f"forms[{i}]", form, longest)
        _term(f"forms[{i}]", form, entry)
    _term("source", entry.source, entry)
    if entry.do_not_translate:
        if entry.target not in ("", entry.source):
            raise FieldInvalid("target", "is not the source, which is not to be translated; leave it empty")
    elif not entry.target:
        raise FieldMissing("target", "is empty; give its English, or mark the entry do_not_translate")
    elif has_arabic(entry.target):
        raise FieldInvalid("target", "has Arabic letters; give its English, or mark the entry do_not_translate")


def _term(field: str, term: str, entry: Entry) -> None:
    if not term:
        raise FieldMissing(field, "is empty; give the Arabic term")
    if problem := unfit(term, latin=entry.do_not_translate):
        raise FieldInvalid(field, f"is {term!r}, which {problem}")


def _plain(field: str, text: str, longest: int) -> None:
    at_most(field, len(text), longest, "characters")
    if found := _CONTROL.search(text):
        raise FieldInvalid(field, f"has a control character (U+{ord(found[0]):04X}) at {found.start()}; write it in one line")


def at_most(field: str, value: int, limit: int, unit: str) -> None:
    """Raise LimitExceeded if a field has more of a unit than this server allows."""
    if value > limit:
        raise LimitExceeded(field, f"has {value:,} {unit}, the limit of this server is {limit:,}")
