"""Requests against the limits in force: each refusal names the field, the limit and the value."""

from collections.abc import Mapping, Sequence

from mojaz.v1 import article_pb2, digest_pb2, translation_pb2

from mojaz_server.config import Config
from mojaz_server.errors import FieldInvalid, FieldMissing, LimitExceeded
from mojaz_server.pipeline.language import arabic_share

_MOSTLY = 0.5  # share of Arabic letters


def validate_article(article: article_pb2.Article, config: Config) -> None:
    """The fields of an article."""
    if not article.body.strip():
        raise FieldMissing("article.body", "is empty; send the article's text")
    _at_most("article.body", len(article.body), config.max_article_chars, "characters")
    _at_most("article.title", len(article.title), config.max_title_chars, "characters")
    for name in ("id", "source", "byline"):
        _at_most(f"article.{name}", len(getattr(article, name)), config.max_title_chars, "characters")
    if article.language_code and article.language_code.lower().split("-")[0] != "ar":
        raise FieldInvalid("article.language_code", f"is {article.language_code!r}; this server reads ar")


def validate_digest_options(options: digest_pb2.DigestOptions, config: Config) -> None:
    """The options of a digest."""
    length = options.WhichOneof("length")
    if length in ("max_lines", "max_words") and getattr(options, length) < 0:
        raise FieldInvalid(f"options.{length}", f"is {getattr(options, length)}; it cannot be negative")
    if length == "max_lines":
        _at_most("options.max_lines", options.max_lines, config.max_lines, "lines")
    if length == "share" and not 0 <= options.share <= 1:
        raise FieldInvalid("options.share", f"is {options.share:g}; it must be above 0 and at most 1")
    _decoding(options, config)


def validate_texts(texts: Mapping[str, str], options: translation_pb2.TranslateOptions, config: Config) -> None:
    """The texts of one request by the path of their field, and their options; empty texts are fine for segments only."""
    if not texts:
        raise FieldMissing("texts", "is empty; send at least one text")
    _at_most("texts", len(texts), config.max_texts, "texts")
    together = "texts" if len(texts) > 1 else next(iter(texts))
    _at_most(together, sum(map(len, texts.values())), config.max_text_chars, "characters")
    for field, text in texts.items():
        if not options.segments and not text.strip():
            raise FieldMissing(field, "is empty; leave it out, or set options.segments")
    _decoding(options, config)


def validate_segments(request: translation_pb2.CheckTranslationRequest, config: Config) -> None:
    """The segments of a request to check translations, and its glossary."""
    if not request.segments:
        raise FieldMissing("segments", "is empty; send at least one segment")
    _at_most("segments", len(request.segments), config.max_texts, "segments")
    together = sum(len(segment.source) + len(segment.target) for segment in request.segments)
    _at_most("segments", together, config.max_text_chars, "characters")
    for i, segment in enumerate(request.segments):
        if not segment.source.strip():
            raise FieldMissing(f"segments[{i}].source", "is empty; leave the segment out")
        if arabic_share(segment.source) == 0 and arabic_share(segment.target) > _MOSTLY:
            raise FieldInvalid(f"segments[{i}].source", "has no Arabic, and its translation is Arabic: are the sides swapped?")
    _glossary("glossary", request.glossary, config)


def _decoding(options: digest_pb2.DigestOptions | translation_pb2.TranslateOptions, config: Config) -> None:
    if options.beam_size < 0:
        raise FieldInvalid("options.beam_size", f"is {options.beam_size}; it cannot be negative")
    _at_most("options.beam_size", options.beam_size, config.max_beam_size, "hypotheses")
    _glossary("options.glossary", options.glossary, config)


def _glossary(field: str, entries: Sequence[article_pb2.GlossaryEntry], config: Config) -> None:
    _at_most(field, len(entries), config.max_glossary_entries, "entries")
    for i, entry in enumerate(entries):
        validate_entry(f"{field}[{i}]", entry, config)


def validate_entry(field: str, entry: article_pb2.GlossaryEntry, config: Config) -> None:
    """One entry of a glossary; `field` is its path."""
    if not entry.source.strip():
        raise FieldMissing(f"{field}.source", "is empty; give both languages")
    if entry.do_not_translate:
        if entry.target.strip() not in ("", entry.source.strip()):
            raise FieldInvalid(f"{field}.target", "is not the source, which is not to be translated; leave it empty")
    elif not entry.target.strip():
        raise FieldMissing(f"{field}.target", "is empty; give both languages, or mark the entry do_not_translate")
    for name in ("source", "target", "category", "note"):
        _at_most(f"{field}.{name}", len(getattr(entry, name)), config.max_title_chars, "characters")
    for i, form in enumerate(entry.forms):
        if not form.strip():
            raise FieldMissing(f"{field}.forms[{i}]", "is empty; leave it out")
        _at_most(f"{field}.forms[{i}]", len(form), config.max_title_chars, "characters")


def _at_most(field: str, value: int, limit: int, unit: str) -> None:
    if value > limit:
        raise LimitExceeded(field, f"has {value:,} {unit}, the limit of this server is {limit:,}")
