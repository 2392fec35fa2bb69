"""A second try for a sentence whose translation fails a hard check: other hypotheses of the whole, then of its clauses.

What fails fewest checks wins, and of several the likeliest; what is no better than the first translation is dropped. A sentence
costs at most two more turns of the engine.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mojaz_server.pipeline.check import check, is_garbage
from mojaz_server.pipeline.clauses import divide
from mojaz_server.pipeline.normalize import readable
from mojaz_server.pipeline.records import Check, CheckKind, Translated, TranslateOptions
from mojaz_server.pipeline.together import together
from mojaz_server.pipeline.translate import Hypothesis, Translator, joined

HARD = {
    CheckKind.NUMBER_LOST,
    CheckKind.NUMBER_INVENTED,
    CheckKind.DATE_CHANGED,
    CheckKind.NEGATION_LOST,
    CheckKind.TERM_MISSED,
    CheckKind.LENGTH_RATIO,
    CheckKind.REPETITION,
    CheckKind.TRUNCATED,
}
"""Failures that change what a reader learns."""
_GARBAGE = 100  # failures that a translation counts for which would be withheld
_SHORTEST = 12  # pieces; a shorter clause has too little context to be translated better


async def rescue(sentence: str, first: Translated, translator: Translator, options: TranslateOptions) -> Translated:
    """`first`, or a translation of the sentence that fails fewer hard checks. The times of all tries are added up."""
    best, least = first, await asyncio.to_thread(failures, sentence, first, options.glossary)
    text, queued, computed = readable(sentence), first.queue_ms, first.compute_ms
    for longest in (translator.max_pieces, max(_SHORTEST, min(translator.max_pieces, translator.count(text)) // 2)):
        if not least:
            break
        parts = await asyncio.to_thread(divide, text, translator.count, longest)
        if longest != translator.max_pieces and len(parts) == 1:
            break
        found = await together(translator.alternatives(part, options.priority) for part in parts)
        other = await asyncio.to_thread(_best, parts, found, options.glossary)
        queued, computed = queued + other.queue_ms, computed + other.compute_ms
        failed = await asyncio.to_thread(failures, sentence, other, options.glossary)
        if failed < least:
            best, least = other, failed
    return replace(best, queue_ms=queued, compute_ms=computed)


def failures(sentence: str, translated: Translated, glossary: Mapping[str, str]) -> int:
    """How many hard checks a translation fails."""
    return severity(translated, check(sentence, translated, glossary))


def severity(translated: Translated, checks: tuple[Check, ...]) -> int:
    """The same, of checks that were made already."""
    return sum(failed.kind in HARD for failed in checks) + _GARBAGE * is_garbage(translated, checks)


def _best(parts: Sequence[str], found: Sequence[Sequence[Hypothesis]], glossary: Mapping[str, str]) -> Translated:
    """Of every part the hypothesis that fails fewest checks, and of these the likeliest."""
    return joined([_fewest(part, hypotheses, glossary) for part, hypotheses in zip(parts, found, strict=True)])


def _fewest(part: str, hypotheses: Sequence[Hypothesis], glossary: Mapping[str, str]) -> Hypothesis:
    return min(hypotheses, key=lambda hypothesis: failures(part, joined([hypothesis]), glossary))
