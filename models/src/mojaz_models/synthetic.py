"""Pairs that a model makes of sentences: back-translations of English ones, self-training on Arabic ones.

A pair is kept if it passes the hard checks of the server (figures, dates, names, denials, lost clauses, loops): what a model gets
wrong must not be taught."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mojaz_server.engine.bundle import Bundle
from mojaz_server.engine.translator import Output, Translator
from mojaz_server.pipeline.glossary import Glossary
from mojaz_server.pipeline.normalize import readable
from mojaz_server.pipeline.records import Translated
from mojaz_server.pipeline.rescue import HARD, judge

from mojaz_models.dataset import CHUNK

Pair = tuple[str, str]
BATCH = 48
"""Sentences translated at a time; of CHUNK sentences those of like length go together."""


def pairs(sentences: Sequence[str], folder: Path, *, beam: int, threads: int, tell: Callable[[str], None]) -> Iterator[Pair]:
    """(Arabic, English) for each normalized sentence whose translation by the bundle in `folder` passes the checks, in any order.

    A bundle that writes Arabic back-translates; `tell` learns at the end how many pairs were dropped, and for what.
    Raises BundleError and EngineFailed."""
    bundle = Bundle.load(folder)
    model, back, dropped = Translator(bundle, workers=threads), bundle.target_language == "ar", Counter[str]()

    def translated(texts: Sequence[str]) -> list[tuple[str, Output]]:
        return list(zip(texts, model.translate_batch(texts, beam), strict=True))

    with ThreadPoolExecutor(threads) as pool:
        for chunk in _cut(sentences, CHUNK):
            fits = [text for text in sorted(chunk, key=len) if model.count(text) <= bundle.decoding.max_source_pieces]
            dropped["too long"] += len(chunk) - len(fits)
            for found in pool.map(translated, _cut(fits, BATCH)):
                for text, output in found:
                    pair = (output.text, text) if back else (text, output.text)
                    if fault := _fault(pair, output):
                        dropped[fault] += 1
                    else:
                        yield pair
    total = ", ".join(f"{count:,} {name}" for name, count in dropped.most_common())
    tell(f"{len(sentences):,} sentences; dropped: {total or 'none'}")


def _cut(sentences: Sequence[str], size: int) -> list[Sequence[str]]:
    return [sentences[at : at + size] for at in range(0, len(sentences), size)]


def _fault(pair: Pair, output: Output) -> str:
    """The first hard check that a pair fails, or ""."""
    arabic, english = pair
    if not (arabic and english):
        return "empty"
    judged = judge(readable(arabic), Translated(english, output.score, output.ended, output.unknown), Glossary.EMPTY)
    if not judged.failures:
        return ""
    return "garbage" if judged.garbage else next(check.kind.name.lower() for check in judged.checks if check.kind in HARD)
