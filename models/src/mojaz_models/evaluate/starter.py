"""What the starter glossary does: how often its entries stand in sentences and their English in translations, and its price.

`python -m mojaz_models.evaluate.starter BUNDLE FOLDER` translates the Arabic of FOLDER/*.tsv (Arabic, tab, English) as the server
does, without the starter glossary and with it; `--misses` lists the entries whose English a reference has not.
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from mojaz_server.engine.bundle import Bundle
from mojaz_server.pipeline.glossary import Glossary
from mojaz_server.pipeline.options import TranslateOptions
from mojaz_server.pipeline.pair import Paired, pair
from mojaz_server.pipeline.records import Sentence, Span
from mojaz_server.pipeline.starter import starter
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from mojaz_models.evaluate.glossary import Remembering, served
from mojaz_models.evaluate.share import Share
from mojaz_models.evaluate.testsets import TestSet, read_test_sets

Pairs = Sequence[tuple[str, str]]


def kept_entries(pairs: Pairs, glossary: Glossary) -> tuple[Share, Counter[tuple[str, str]]]:
    """Of the entries that stand in the Arabic of pairs, those whose English is in the pair's English; the others, counted."""
    missed: Counter[tuple[str, str]] = Counter()
    total = 0
    for source, target in pairs:
        for match in glossary.match(source):
            total += 1
            if match.entry.find(target) is None:
                missed[match.span.of(source), match.entry.english] += 1
    return Share(total - missed.total(), total), missed


async def translated(bundle: Bundle, sources: Sequence[str], glossaries: Sequence[Glossary]) -> list[list[Paired]]:
    """Every source through the pipeline that serves it, with each of the glossaries."""

    async def one(item: tuple[str, Glossary], translator: Remembering) -> Paired:
        source, glossary = item
        return await pair(Sentence(source, Span(0, len(source))), translator, TranslateOptions(glossary))

    found = await served(bundle, [(source, glossary) for glossary in glossaries for source in sources], one)
    return [found[at : at + len(sources)] for at in range(0, len(found), len(sources))]


def report(test_set: TestSet, made: Sequence[Sequence[Paired]]) -> tuple[list[str], Counter[tuple[str, str]]]:
    """The lines of the table for one test set, and the entries whose English the references have not."""
    glossary, references = starter(), list(test_set.references or ())
    in_references, missed = kept_entries(list(zip(test_set.sources, references, strict=True)), glossary)
    different = len({match.entry for source in test_set.sources for match in glossary.match(source)})
    lines = [f"{test_set.name}: {different} entries, {in_references.total} times; references have {in_references.percent:.1f} %"]
    spent = [sum(each.translated.compute_ms for each in found) for found in made]
    for name, found, compute in zip(("without", "with"), made, spent, strict=True):
        targets = [each.pair.target for each in found]
        kept, _ = kept_entries(list(zip(test_set.sources, targets, strict=True)), glossary)
        bleu, chrf = (metric.corpus_score(targets, [references]).score for metric in (BLEU(), CHRF()))
        lines.append(f"  {name:8} kept {kept.percent:5.1f} %  BLEU {bleu:.2f}  chrF {chrf:.2f}  compute {compute / spent[0]:.3f}")
    return lines, missed


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, and the misses if they are asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("bundle", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--most", type=int, default=0, metavar="N", help="only the first N sentences of each")
    chosen = parser.parse_args(arguments)
    for test_set in read_test_sets(chosen.folder, most=chosen.most):
        made = asyncio.run(translated(Bundle.load(chosen.bundle), test_set.sources, (Glossary.EMPTY, starter())))
        lines, missed = report(test_set, made)
        print("\n".join(lines), flush=True)
        if chosen.misses:
            print("".join(f"  {count:3} {form} = {english}\n" for (form, english), count in missed.most_common()), end="")


if __name__ == "__main__":
    main()
