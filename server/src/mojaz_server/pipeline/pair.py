"""One sentence with its English: translated, checked, tried again if a hard check fails, withheld if what came out is garbage."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from mojaz_server.pipeline.confidence import confidence
from mojaz_server.pipeline.links import links
from mojaz_server.pipeline.options import TranslateOptions
from mojaz_server.pipeline.records import Calibration, Check, Correction, Pair, Sentence, Translated, WordLink
from mojaz_server.pipeline.rescue import Judged, judge, rescue
from mojaz_server.pipeline.stand_in import stand_in
from mojaz_server.pipeline.step import step
from mojaz_server.pipeline.translate import Translator, translate

Style = Callable[[str], str]

_judge = step(judge)  # here; within a second try it is called for every hypothesis, which nobody wants to watch


@dataclass(frozen=True, slots=True)
class Paired:
    """A pair, how the model came to it, and the names in it that are not spelled as the model did."""

    pair: Pair
    translated: Translated
    respelled: tuple[Correction, ...] = ()


@step
async def pair(sentence: Sentence, translator: Translator, options: TranslateOptions, style: Style = str) -> Paired:
    """Translate and check one sentence. `style` has the last word on how its English is written; what it writes is checked."""
    translated = await translate(sentence.text, translator, options)
    judged = await asyncio.to_thread(_judge, sentence.text, translated, options.glossary)
    if judged.lost:
        judged = await stand_in(sentence.text, judged, translator, options)
    if judged.failures:
        judged = await rescue(sentence.text, judged, translator, options)
    if (text := style(judged.translated.text)) != judged.translated.text:
        judged = await asyncio.to_thread(judge, sentence.text, replace(judged.translated, text=text), options.glossary)
    paired = _paired(sentence, judged, translator.calibration)
    return await asyncio.to_thread(_linked, paired, options) if options.links else paired


def rewritten(paired: Paired, text: str, options: TranslateOptions, calibration: Calibration | None) -> Paired:
    """The pair with another English, which is checked and linked again."""
    sentence = Sentence(paired.pair.source, paired.pair.span)
    changed = _paired(sentence, judge(sentence.text, replace(paired.translated, text=text), options.glossary), calibration)
    return _linked(changed, options) if options.links else changed


def _paired(sentence: Sentence, judged: Judged, calibration: Calibration | None) -> Paired:
    translated, withheld = judged.translated, judged.garbage
    trust = confidence(sentence.text, translated, judged.checks, calibration)
    checks = tuple(_located(found, sentence.span.start, withheld) for found in judged.checks)
    target = "" if withheld else translated.text
    return Paired(Pair(sentence.text, sentence.span, target, translated.score, checks, withheld, trust), translated)


def _linked(paired: Paired, options: TranslateOptions) -> Paired:
    """The pair with its links; a withheld target has none."""
    found = links(paired.pair.source, paired.pair.target, options.glossary)
    offset = paired.pair.span.start
    moved = (WordLink(link.source.moved(offset), link.target) for link in found)
    return replace(paired, pair=replace(paired.pair, links=tuple(moved)))


def _located(found: Check, offset: int, withheld: bool) -> Check:
    """The check with its source span moved from the sentence to the text; a withheld target has no place to point at."""
    source = found.source and found.source.moved(offset)
    return replace(found, source=source, target=None if withheld else found.target)
