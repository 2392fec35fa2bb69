"""How much faster a bundle is than a transformer of the usual base size with the same pieces, beam and number of threads.

Nobody trains that base model: its weights are random, and both models are made to write the same number of pieces for the same
sentences, as many as the bundle's own translations have, so that nothing depends on what they write."""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import ctranslate2
import numpy as np
from mojaz_server.engine.bundle import Bundle
from mojaz_server.engine.translator import END, Translator
from mojaz_server.pipeline.normalize import normalize

from mojaz_models import spec, vocabulary
from mojaz_models.evaluate.translation import BATCH

BASE = spec.Shape(width=512, inner=2048, heads=8, encoder=6, decoder=6)
ROUNDS = 3
"""Times that each model translates everything; the models take turns, so that a busy minute of the machine hits both."""

Batch = tuple[list[list[str]], int]
"""Sources in pieces, with tag and end, and how many pieces to write for each."""


@dataclass(frozen=True, slots=True)
class Speed:
    """Pieces written, and for all of them the median of the rounds: `seconds` by the clock and `work`, seconds of processor time,
    which other work on the machine hardly changes. `bytes` is the size of model.bin."""

    name: str
    bytes: int
    pieces: int
    seconds: float
    work: float


def against_base(folder: Path, sources: Sequence[str], threads: int = 1, base: spec.Shape = BASE) -> tuple[Speed, Speed]:
    """The speeds of a bundle and of a random model of shape `base`, int8, on the same sentences in the same minutes."""
    bundle = Bundle.load(folder)
    batches = _batches(bundle, sources, threads)
    with tempfile.TemporaryDirectory() as temporary:
        random = build_random(folder, Path(temporary), base)
        models = [_load(each, threads) for each in (folder, random)]
        rounds = [[_time(model, batches, bundle) for model in models] for _ in range(ROUNDS)]
        sizes = [(each / "model.bin").stat().st_size for each in (folder, random)]
    pieces = sum(len(group) * length for group, length in batches)
    names = (bundle.id, f"{base.encoder}+{base.decoder} layers, {base.width} wide, random")
    first, second = (
        Speed(names[k], sizes[k], pieces, *map(median, zip(*(times[k] for times in rounds), strict=True))) for k in range(2)
    )
    return first, second


def build_random(like: Path, folder: Path, shape: spec.Shape) -> Path:
    """A CTranslate2 model of random weights with the pieces of the bundle `like`, in `folder`."""
    names = vocabulary.names(vocabulary.load(like / "spm.model"))
    spec.save(spec.random_weights(len(names), shape, np.random.default_rng(1)), shape, names, folder)
    return folder


def _batches(bundle: Bundle, sources: Sequence[str], threads: int) -> list[Batch]:
    """Sentences that the bundle can read whole, those with translations of like length together."""
    pieces = vocabulary.load(bundle.folder / "spm.model")
    translator = Translator(bundle, threads=threads)
    texts = [text for text in map(normalize, sources) if 0 < translator.count(text) <= bundle.decoding.max_source_pieces]
    texts.sort(key=translator.count)
    groups = [texts[at : at + BATCH] for at in range(0, len(texts), BATCH)]
    found = sorted(
        (output.pieces, text) for group in groups for text, output in zip(group, translator.translate_batch(group), strict=True)
    )
    tag = [bundle.tag] if bundle.tag else []
    batches = []
    for at in range(0, len(found), BATCH):
        group = found[at : at + BATCH]
        length = round(sum(length for length, _ in group) / len(group))
        batches.append(([[*tag, *pieces.encode(text, out_type=str), END] for _, text in group], length))
    return batches


def _load(folder: Path, threads: int) -> ctranslate2.Translator:
    return ctranslate2.Translator(str(folder), device="cpu", compute_type="int8", inter_threads=1, intra_threads=threads)


def _time(model: ctranslate2.Translator, batches: Sequence[Batch], bundle: Bundle) -> tuple[float, float]:
    """(seconds by the clock, seconds of processor time) to translate all batches once."""
    decoding = bundle.decoding
    begin, begin_work = time.perf_counter(), time.process_time()
    for sources, length in batches:
        model.translate_batch(
            sources,
            beam_size=decoding.beam_size,
            length_penalty=decoding.length_penalty,
            repetition_penalty=decoding.repetition_penalty,
            min_decoding_length=length,
            max_decoding_length=length,
            max_input_length=0,
        )
    return time.perf_counter() - begin, time.process_time() - begin_work


def table(speeds: Sequence[Speed], threads: int) -> str:
    """A line for each model and, last, how many times faster the first is than the second."""
    width = max(len(speed.name) for speed in speeds)
    lines = [
        f"{speed.name:{width}}  {speed.bytes / 2**20:6.1f} MiB  {speed.pieces / speed.seconds:8.0f} pieces a second"
        for speed in speeds
    ]
    first, second = speeds
    n = f"{threads} thread{'s'[: threads > 1]}"
    ratios = f"{second.seconds / first.seconds:.2f} times as fast ({second.work / first.work:.2f} by processor time)"
    return "\n".join([*lines, f"{ratios}: {first.pieces} pieces each, {n}, median of {ROUNDS} rounds in turn"])
