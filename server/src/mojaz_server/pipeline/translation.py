"""Texts that are translated and not digested: sentence by sentence, or each as one segment as translation tools send them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from mojaz_server.pipeline.assemble import notes_on_pairs, notes_on_text
from mojaz_server.pipeline.digest import WINDOW
from mojaz_server.pipeline.editorial import notes_on_terms
from mojaz_server.pipeline.language import require_arabic
from mojaz_server.pipeline.options import TranslateOptions
from mojaz_server.pipeline.pair import Paired, pair
from mojaz_server.pipeline.records import Calibration, Note, Paragraph, ParagraphKind, Sentence, Span, Translation
from mojaz_server.pipeline.respell import respell
from mojaz_server.pipeline.split import split
from mojaz_server.pipeline.step import step
from mojaz_server.pipeline.together import together
from mojaz_server.pipeline.translate import Translator


@dataclass(frozen=True, slots=True)
class Made:
    """A translation, and how the model came to its sentences."""

    translation: Translation
    pairs: tuple[Paired, ...]


@step
async def translate_text(text: str, field: str, translator: Translator, options: TranslateOptions) -> Made:
    """Translate one text. Raises NotArabic naming `field`; a segment that is not Arabic is kept as it is."""
    paragraphs = _segment(text) if options.segments else await asyncio.to_thread(_read, text, field)
    window = asyncio.Semaphore(WINDOW)

    async def made(sentence: Sentence) -> Paired:
        async with window:
            return await pair(sentence, translator, options)

    rows = await together(together(made(sentence) for sentence in paragraph.sentences) for paragraph in paragraphs)
    return await asyncio.to_thread(_made, text, paragraphs, rows, options, translator.calibration)


def _made(
    text: str,
    paragraphs: Sequence[Paragraph],
    rows: Sequence[Sequence[Paired]],
    options: TranslateOptions,
    calibration: Calibration | None,
) -> Made:
    """The translation out of the sentences of each paragraph."""
    found = respell([paired for row in rows for paired in row], options, calibration)
    parts = iter(found)
    target = "\n".join(" ".join(paired.pair.target for paired in islice(parts, len(row))) for row in rows)
    notes = (*notes_on_text(text, paragraphs), *notes_on_pairs(found), *_notes_on_terms(found, options))
    return Made(Translation(target, tuple(paired.pair for paired in found), notes), found)


def _notes_on_terms(made: Sequence[Paired], options: TranslateOptions) -> tuple[Note, ...]:
    parts = [(paired.pair.source, paired.pair.span) for paired in made]
    return notes_on_terms(parts, options.glossary, options.loaded)


def _read(text: str, field: str) -> Sequence[Paragraph]:
    require_arabic(text, field)
    return split(text)


def _segment(text: str) -> Sequence[Paragraph]:
    if not text.strip():
        return []
    span = Span(0, len(text))
    return [Paragraph(ParagraphKind.TEXT, span, (Sentence(text, span),))]
