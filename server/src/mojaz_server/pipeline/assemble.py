"""The digest out of its parts, with its key facts, what the reader should know about it and how long it took."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mojaz_server.pipeline.check.consistency import compare_spellings
from mojaz_server.pipeline.editorial import Part, notes_on_terms
from mojaz_server.pipeline.facts import facts
from mojaz_server.pipeline.language import is_dialect, is_foreign
from mojaz_server.pipeline.normalize import blank
from mojaz_server.pipeline.options import DigestOptions
from mojaz_server.pipeline.pair import Paired
from mojaz_server.pipeline.records import (
    Article,
    Check,
    Digest,
    Headline,
    Length,
    Line,
    Note,
    NoteKind,
    Pair,
    Paragraph,
    Span,
    Timing,
    TranslatedParagraph,
)
from mojaz_server.pipeline.step import step


@step
def assemble(
    article: Article,
    paragraphs: Sequence[Paragraph],
    options: DigestOptions,
    headline: Headline,
    lines: tuple[Line, ...],
    translated: tuple[TranslatedParagraph, ...],
    made: Sequence[Paired],
    model: str,
    began: float,
) -> Digest:
    """`began` is the monotonic time at which the work began, in seconds."""
    headline, lines, translated = _spelled(headline, lines, translated, article.body)
    notes = (
        *notes_on_text(article.body, paragraphs),
        *_notes_on_lines(options.length, lines),
        *notes_on_pairs(made),
        *notes_on_terms(_shown(headline, lines, translated, article.body), options.translate.glossary, options.translate.loaded),
    )
    timing = timing_of(made, began)
    return Digest(article, headline, lines, translated, facts(lines, article.published), notes, model, timing)


def _spelled(
    headline: Headline, lines: tuple[Line, ...], translated: tuple[TranslatedParagraph, ...], body: str
) -> tuple[Headline, tuple[Line, ...], tuple[TranslatedParagraph, ...]]:
    """The parts with the flags that only all of them together give: a name spelled in two ways."""
    parts: list[Headline | Pair] = [
        headline,
        *(line.pair for line in lines),
        *(pair for paragraph in translated for pair in paragraph.pairs),
    ]
    found = iter(compare_spellings([(part.source, "" if part.withheld else part.target) for part in parts]))

    def flagged(pair: Pair) -> Pair:
        return replace(pair, checks=(*pair.checks, *(_moved(failed, pair.span.start) for failed in next(found))))

    place = _place(headline, body)
    start = place.start if place else 0
    headline = replace(headline, checks=(*headline.checks, *(_moved(failed, start) for failed in next(found))))
    lines = tuple(replace(line, pair=flagged(line.pair)) for line in lines)
    return headline, lines, tuple(replace(each, pairs=tuple(map(flagged, each.pairs))) for each in translated)


def _shown(headline: Headline, lines: tuple[Line, ...], translated: tuple[TranslatedParagraph, ...], body: str) -> Sequence[Part]:
    """The Arabic of a digest, each sentence once."""
    pairs = [*(line.pair for line in lines), *(pair for paragraph in translated for pair in paragraph.pairs)]
    return list(dict.fromkeys([(headline.source, _place(headline, body)), *((pair.source, pair.span) for pair in pairs)]))


def _place(headline: Headline, body: str) -> Span | None:
    """Where the very words of a headline stand in the body, if they do."""
    return headline.span if headline.span and headline.span.of(body) == headline.source else None


def _moved(failed: Check, offset: int) -> Check:
    """A check with its source span moved from the sentence to the text."""
    return replace(failed, source=failed.source and failed.source.moved(offset))


def timing_of(made: Sequence[Paired], began: float) -> Timing:
    """Time spent on `made` since `began`, a monotonic time in seconds."""
    return Timing(
        queue_ms=max((paired.translated.queue_ms for paired in made), default=0.0),
        compute_ms=sum(paired.translated.compute_ms for paired in made),
        total_ms=1000 * (time.monotonic() - began),
        cached=sum(paired.translated.cached for paired in made),
    )


def notes_on_text(text: str, paragraphs: Sequence[Paragraph]) -> Iterator[Note]:
    """What is to be known about a text before it is translated."""
    sentences = [sentence for paragraph in paragraphs for sentence in paragraph.sentences]
    foreign = [sentence for sentence in sentences if is_foreign(sentence.text)]
    if foreign:
        yield Note(NoteKind.NOT_ARABIC_IN_PART, f"{_count(len(foreign), 'sentence')} of {len(sentences)} not in Arabic.")
    if is_dialect(text):
        yield Note(NoteKind.DIALECT_SUSPECTED, "The text looks like spoken Arabic; the translation is less reliable.")
    seen = blank(text)
    ignored = sum(a != b and not a.isspace() for a, b in zip(text, seen, strict=True)) if seen != text else 0
    if ignored:
        yield Note(NoteKind.MARKUP_IGNORED, f"{_count(ignored, 'character')} of markup or invisible marks ignored.")


def _notes_on_lines(length: Length, lines: Sequence[Line]) -> Iterator[Note]:
    if length.lines is not None and len(lines) < length.lines:
        yield Note(NoteKind.FEWER_LINES, f"{_count(len(lines), 'line')} given of {length.lines}: the article has no more to say.")


def notes_on_pairs(made: Sequence[Paired]) -> Iterator[Note]:
    """What is to be known about translations."""
    divided = sum(paired.translated.parts > 1 for paired in made)
    if divided:
        yield Note(NoteKind.SENTENCE_DIVIDED, f"{_count(divided, 'long sentence')} translated in parts.")
    withheld = sum(paired.pair.withheld for paired in made)
    if withheld:
        yield Note(NoteKind.WITHHELD, f"{_count(withheld, 'sentence')} withheld: the English was not usable.")
    respelled = Counter((each.written, each.right) for paired in made for each in paired.respelled)
    if respelled:
        told = ", ".join(f"{right} (the model wrote {written})" for written, right in respelled)
        yield Note(NoteKind.NAMES_RESPELLED, f"{_count(respelled.total(), 'name')} spelled as elsewhere or as news does: {told}.")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
