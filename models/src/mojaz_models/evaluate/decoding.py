"""Measures ways to decode, one by one: what each costs and how good its English is.

`python -m mojaz_models.evaluate.decoding BUNDLE FOLDER [SENTENCES]` reads FOLDER/*.tsv (Arabic, tab, English) and prints a table.
Every way has a process of its own with one thread; they take turns on parts of the text, so that a busy minute hits all alike.
"""

import multiprocessing
import os
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any

import ctranslate2
from mojaz_server.engine.bundle import Bundle
from mojaz_server.engine.translator import END
from mojaz_server.pipeline.clauses import divide
from mojaz_server.pipeline.normalize import normalize
from sacrebleu.metrics.chrf import CHRF

from mojaz_models import vocabulary
from mojaz_models.evaluate.testsets import TestSet, read_test_sets

PART = 60
"""Sentences that a way translates before it is the next one's turn."""


@dataclass(frozen=True, slots=True)
class Way:
    """`batch` sentences in one call, those of like length together if `sorted`; `restricted`: the output layer knows only the
    pieces that English can hold; `environment` is set before CTranslate2 is imported; `options` are those of translate_batch."""

    name: str
    batch: int = 32
    sorted: bool = True
    restricted: bool = False
    compute_type: str = "int8"
    environment: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)


WAYS = (
    Way("beam 5, batches of 32, sorted"),
    Way("output layer restricted to English pieces", restricted=True),
    *(Way(f"restricted, beam {beam}", restricted=True, options={"beam_size": beam}) for beam in (1, 2, 3, 4)),
    Way("restricted, patience 0.5", restricted=True, options={"patience": 0.5}),
    Way("restricted, one sentence at a time", restricted=True, batch=1),
    *(Way(f"restricted, batches of {size}", restricted=True, batch=size) for size in (8, 16, 60)),
    Way("restricted, batches of 32 as they come", restricted=True, sorted=False),
    Way("restricted, int8_float32", restricted=True, compute_type="int8_float32"),
    Way("restricted, MKL", restricted=True, environment={"CT2_USE_MKL": "1"}),
)


@dataclass(slots=True)
class Found:
    """What a way made of one test set, and the processor time that it took in seconds."""

    texts: list[str] = field(default_factory=list)
    seconds: float = 0.0


@cache
def _model(folder: Path, compute_type: str, restricted: bool) -> ctranslate2.Translator:
    """In a process of its own: the model, warm."""
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".bin", ".json")}
    if restricted:
        pieces = vocabulary.load(folder / "spm.model")
        names = map(pieces.id_to_piece, vocabulary.speakable(pieces))
        files["vmap.txt"] = ("\t" + " ".join(names) + "\n").encode()
    return ctranslate2.Translator(str(folder), compute_type=compute_type, inter_threads=1, intra_threads=1, files=files)


def _translate(folder: Path, way: Way, sources: Sequence[str]) -> Found:
    """In a process of its own: sentences into English; those too long are divided and joined again."""
    bundle, pieces = Bundle.load(folder), vocabulary.load(folder / "spm.model")
    model = _model(folder, way.compute_type, way.restricted)
    parts = [
        (at, pieces.encode(part, out_type=str))
        for at, text in enumerate(map(normalize, sources))
        for part in divide(text, lambda text: len(pieces.encode(text)), bundle.decoding.max_source_pieces)
    ]
    order = sorted(range(len(parts)), key=lambda k: len(parts[k][1])) if way.sorted else range(len(parts))
    texts = [""] * len(parts)
    begun = time.process_time()
    for begin in range(0, len(parts), way.batch):
        places = order[begin : begin + way.batch]
        found = _search(model, bundle, [parts[k][1] for k in places], way)
        for k, tokens in zip(places, found, strict=True):
            texts[k] = pieces.decode(tokens).replace("▁", " ").strip()
    seconds = time.process_time() - begun
    whole = [" ".join(texts[k] for k, (at, _) in enumerate(parts) if at == place) for place in range(len(sources))]
    return Found(whole, seconds)


def _search(model: ctranslate2.Translator, bundle: Bundle, sources: Sequence[list[str]], way: Way) -> list[list[str]]:
    decoding = bundle.decoding
    options = {
        "beam_size": decoding.beam_size,
        "length_penalty": decoding.length_penalty,
        "repetition_penalty": decoding.repetition_penalty,
        "no_repeat_ngram_size": decoding.no_repeat_ngram_size,
        "max_decoding_length": int(max(map(len, sources)) * decoding.max_target_ratio) + 16,
    } | dict(way.options)
    tagged = [[*([bundle.tag] if bundle.tag else []), *source, END] for source in sources]
    return [
        result.hypotheses[0] for result in model.translate_batch(tagged, max_input_length=0, use_vmap=way.restricted, **options)
    ]


def measure(folder: Path, test_sets: Sequence[TestSet], ways: Sequence[Way] = WAYS) -> list[list[Found]]:
    """For every test set, what every way found."""
    processes = [_process(way) for way in ways]
    found = [[Found() for _ in ways] for _ in test_sets]
    try:
        for process, way in zip(processes, ways, strict=True):
            process.submit(_translate, folder, way, test_sets[0].sources[:2]).result()
        for row, test_set in zip(found, test_sets, strict=True):
            for begin in range(0, len(test_set.sources), PART):
                for process, way, whole in zip(processes, ways, row, strict=True):
                    part: Future[Found] = process.submit(_translate, folder, way, test_set.sources[begin : begin + PART])
                    whole.texts += part.result().texts
                    whole.seconds += part.result().seconds
        return found
    finally:
        for process in processes:
            process.shutdown()


def _process(way: Way) -> ProcessPoolExecutor:
    """One process, started now, with the way's environment."""
    before = dict(os.environ)
    os.environ.update(way.environment)
    try:
        process = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))
        process.submit(os.getpid).result()
        return process
    finally:
        os.environ.clear()
        os.environ.update(before)


def table(test_sets: Sequence[TestSet], found: Sequence[Sequence[Found]], ways: Sequence[Way]) -> str:
    """A row for every way: chrF on each set, and the processor time as a share of the first way's, on all sets together."""
    names = " | ".join(f"chrF {test_set.name}" for test_set in test_sets)
    lines = [f"| way | {names} | processor time |", "|---|" + "---|" * (len(test_sets) + 1)]
    first = sum(row[0].seconds for row in found)
    for k, way in enumerate(ways):
        scores = [
            CHRF().corpus_score(row[k].texts, [test_set.references or []]).score
            for row, test_set in zip(found, test_sets, strict=True)
        ]
        same = mean(text == other for row in found for text, other in zip(row[k].texts, row[0].texts, strict=True))
        shown = " | ".join(f"{score:.2f}" for score in scores)
        lines.append(f"| {way.name} | {shown} | {sum(row[k].seconds for row in found) / first:.2f} ({same:.0%} the same) |")
    return "\n".join(lines)


def main(bundle: Path, folder: Path, most: int = 300) -> None:
    """Print the table, on the first `most` sentences of every set."""
    test_sets = read_test_sets(folder, most=most)
    print(table(test_sets, measure(bundle, test_sets), WAYS))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:]))
