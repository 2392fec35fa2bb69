"""A second try for a sentence whose translation fails a hard check: other hypotheses of the whole, then of its clauses.

What fails fewest checks wins, and of several the likeliest; what is no better than the first translation is dropped. A sentence
costs at most two more turns of the engine.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mojaz_server.pipeline.check import check, is_garbage
from mojaz_server.pipeline.clauses import divide
from mojaz_server.pipeline.enforce import enforce
from mojaz_server.pipeline.glossary import Glossary, Match
from mojaz_server.pipeline.options import TranslateOptions
from mojaz_server.pipeline.orthography import as_read
from mojaz_server.pipeline.records import Check, CheckKind, Translated
from mojaz_server.pipeline.rendering import is_ambiguous
from mojaz_server.pipeline.step import step
from mojaz_server.pipeline.together import together
from mojaz_server.pipeline.translate import Hypothesis, Translator, joined

HARD = {
    CheckKind.NUMBER_LOST,
    CheckKind.NUMBER_INVENTED,
    CheckKind.NUMBER_CHANGED,
    CheckKind.UNIT_CHANGED,
    CheckKind.DATE_CHANGED,
    CheckKind.NEGATION_LOST,
    CheckKind.NEGATION_INVENTED,
    CheckKind.NAME_CHANGED,
    CheckKind.CLAUSE_LOST,
    CheckKind.TERM_MISSED,
    CheckKind.LENGTH_RATIO,
    CheckKind.REPETITION,
    CheckKind.TRUNCATED,
}
"""Failures that change what a reader learns and that another hypothesis of the sentence may not have. Marks change less,
a word left in Arabic comes back in every try, and two spellings of a name are found only when all sentences are there."""
_GARBAGE = 100  # failures that a translation counts for which would be withheld
_SHORTEST = 12  # pieces; a shorter clause has too little context to be translated better


@dataclass(frozen=True, slots=True)
class Judged:
    """A translation of a sentence with the checks that it fails; `lost` are the glossary's entries whose English it has not and
    that are no other word. `garbage` must not be shown."""

    translated: Translated
    checks: tuple[Check, ...]
    lost: tuple[Match, ...]
    garbage: bool

    @property
    def failures(self) -> int:
        """How many hard checks it fails."""
        return sum(failed.kind in HARD for failed in self.checks) + _GARBAGE * self.garbage


def judge(sentence: str, translated: Translated, glossary: Glossary) -> Judged:
    """Write the glossary's English into a translation, as far as it is plain where it belongs, and check it."""
    translated = replace(translated, text=enforce(sentence, translated.text, glossary))
    checks = check(sentence, translated, glossary)
    return Judged(translated, checks, _lost(sentence, checks, glossary), is_garbage(translated, checks))


def _lost(sentence: str, checks: Sequence[Check], glossary: Glossary) -> tuple[Match, ...]:
    flagged = {failed.source for failed in checks if failed.kind is CheckKind.TERM_MISSED}
    if not flagged:
        return ()
    return tuple(match for match in glossary.match(sentence) if match.span in flagged and not is_ambiguous(match, sentence))


@step
async def rescue(sentence: str, first: Judged, translator: Translator, options: TranslateOptions) -> Judged:
    """`first`, or a translation of the sentence that fails fewer hard checks. The times of all tries are added up."""
    best, text = first, as_read(sentence)
    queued, computed = first.translated.queue_ms, first.translated.compute_ms
    for longest in (translator.max_pieces, max(_SHORTEST, min(translator.max_pieces, translator.count(text)) // 2)):
        if not best.failures:
            break
        parts = await asyncio.to_thread(divide, text, translator.count, longest)
        if longest != translator.max_pieces and len(parts) == 1:
            break
        found = await together(translator.alternatives(part, options.priority) for part in parts)
        other = await asyncio.to_thread(_best, sentence, parts, found, options.glossary)
        queued, computed = queued + other.translated.queue_ms, computed + other.translated.compute_ms
        if other.failures < best.failures:
            best = other
    return replace(best, translated=replace(best.translated, queue_ms=queued, compute_ms=computed))


def _best(sentence: str, parts: Sequence[str], found: Sequence[Sequence[Hypothesis]], glossary: Glossary) -> Judged:
    """Of every part the hypothesis that fails fewest checks, and of these the likeliest; together, the sentence's translation."""
    chosen = [_fewest(part, hypotheses, glossary) for part, hypotheses in zip(parts, found, strict=True)]
    if [*parts] == [sentence]:
        return chosen[0][1]
    return judge(sentence, joined([hypothesis for hypothesis, _ in chosen]), glossary)


def _fewest(part: str, hypotheses: Sequence[Hypothesis], glossary: Glossary) -> tuple[Hypothesis, Judged]:
    """The first that fails no check, else the first of those that fail fewest. They come with the likeliest first."""
    best: tuple[Hypothesis, Judged] | None = None
    for hypothesis in hypotheses:
        judged = judge(part, joined([hypothesis]), glossary)
        if best is None or judged.failures < best[1].failures:
            best = hypothesis, judged
        if not judged.failures:
            break
    assert best
    return best
