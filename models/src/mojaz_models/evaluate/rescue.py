"""Measures the second try (the server's pipeline/rescue.py): how many sentences need it, how many it mends, what it costs.

`python -m mojaz_models.evaluate.rescue BUNDLE FOLDER` reads FOLDER/*.tsv (Arabic, tab, English) and prints a line for each file.
"""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mojaz_server.engine.batcher import Batcher
from mojaz_server.engine.bundle import Bundle
from mojaz_server.engine.translator import Translator
from mojaz_server.pipeline.glossary import Glossary
from mojaz_server.pipeline.options import TranslateOptions
from mojaz_server.pipeline.records import CheckKind
from mojaz_server.pipeline.rescue import Judged, judge, rescue
from mojaz_server.pipeline.translate import translate
from sacrebleu.metrics.chrf import CHRF

from mojaz_models.evaluate.figures import kept_figures
from mojaz_models.evaluate.testsets import TestSet, read_test_sets

OPTIONS = TranslateOptions()
HEAD = (
    "test set",
    "sentences",
    "tried again",
    "mended",
    "better",
    "chrF before",
    "after",
    "extra compute",
    "figures kept before",
    "after",
    "lost unflagged",
)
OF_FIGURES = {
    CheckKind.NUMBER_LOST,
    CheckKind.NUMBER_CHANGED,
    CheckKind.DATE_CHANGED,
    CheckKind.UNIT_CHANGED,
    CheckKind.CLAUSE_LOST,
    CheckKind.LENGTH_RATIO,
    CheckKind.TRUNCATED,
}
"""Flags that send an editor to a figure that is not there."""


@dataclass(frozen=True, slots=True)
class Try:
    """One sentence, before and after the second try; where none was needed both are the same."""

    source: str
    reference: str
    before: Judged
    after: Judged


async def measure(bundle: Bundle, test_set: TestSet) -> list[Try]:
    """Every sentence translated, and tried again where a hard check fails; one at a time, so that the times are its own."""
    batcher = Batcher(workers=1, batch_tokens=4096)
    batcher.start(Translator(bundle))
    try:
        return [await _try(s, r, batcher) for s, r in zip(test_set.sources, test_set.references or (), strict=True)]
    finally:
        await batcher.close()


async def _try(source: str, reference: str, batcher: Batcher) -> Try:
    before = judge(source, await translate(source, batcher, OPTIONS), Glossary.EMPTY)
    after = await rescue(source, before, batcher, OPTIONS) if before.failures else before
    return Try(source, reference, before, after)


def row(name: str, tries: Sequence[Try]) -> tuple[str, ...]:
    """The cells of HEAD. chrF is that of the sentences tried again; extra compute is the share added to that of all sentences."""
    again = [one for one in tries if one.before.failures]
    total = sum(one.before.translated.compute_ms for one in tries)
    extra = sum(one.after.translated.compute_ms - one.before.translated.compute_ms for one in again)
    references = [[one.reference for one in again]]
    texts = ([one.before.translated.text for one in again], [one.after.translated.text for one in again])
    scores = [CHRF().corpus_score(text, references).score for text in texts]
    return (
        name,
        str(len(tries)),
        f"{len(again) / len(tries):.1%}",
        str(sum(not one.after.failures for one in again)),
        str(sum(0 < one.after.failures < one.before.failures for one in again)),
        *(f"{score:.1f}" for score in scores),
        f"{extra / total:.1%}",
        *_figures(tries),
    )


def _figures(tries: Sequence[Try]) -> tuple[str, str, str]:
    """Of the figures that sources write in digits those kept before and after, and how many are lost without a flag."""
    before = [kept_figures(one.source, one.before.translated.text) for one in tries]
    after = [kept_figures(one.source, one.after.translated.text) for one in tries]
    total = sum(share.total for share in after)
    unflagged = sum(
        share.total - share.kept
        for one, share in zip(tries, after, strict=True)
        if not one.after.garbage and not any(failed.kind in OF_FIGURES for failed in one.after.checks)
    )
    return f"{sum(s.kept for s in before)} of {total}", f"{sum(s.kept for s in after)} of {total}", str(unflagged)


def main(bundle: Path, folder: Path) -> None:
    """Print the table."""
    loaded = Bundle.load(bundle)
    rows = [HEAD, *(row(s.name, asyncio.run(measure(loaded, s))) for s in read_test_sets(folder))]
    widths = [max(len(line[k]) for line in rows) for k in range(len(HEAD))]
    for line in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
