"""Measures bundles on test sets with the code that serves them: BLEU and chrF with intervals, faults, speed, memory."""

import multiprocessing
import resource
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from mojaz_server.engine.bundle import Bundle, Score
from mojaz_server.engine.translator import Output, Translator
from mojaz_server.pipeline.clauses import divide
from mojaz_server.pipeline.normalize import normalize
from mojaz_server.pipeline.orthography import restored
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.significance import PairedTest

from mojaz_models.errors import BundleError
from mojaz_models.evaluate.measures import Faults, faults
from mojaz_models.evaluate.robustness import copied, noised, switched
from mojaz_models.evaluate.share import Share
from mojaz_models.evaluate.terms import Terms, gazetteer
from mojaz_models.evaluate.testsets import TestSet
from mojaz_models.manifest import Manifest, read_manifest, write_manifest

BATCH = 32
"""Segments translated at a time, of like length."""
SAMPLES = 1000
"""Bootstrap samples of an interval."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A score with the half width of its 95 % bootstrap interval; `p`: the chance that it differs from the baseline by luck."""

    value: float
    interval: float
    signature: str
    p: float | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What one model did on one test set; BLEU and chrF are None if it has no references.

    `speed` is target pieces a second by the clock, `cost` milliseconds of processor time for one, which other work on the machine
    hardly changes, `memory` the peak in MiB of a process that only loads and translates. `noised` is chrF on
    the sources with typing noise, `copied` says how many terms left in English in the source are in the output as they were; both
    are None unless asked for."""

    model: str
    test_set: str
    bleu: Estimate | None
    chrf: Estimate | None
    faults: Faults
    speed: float
    cost: float
    threads: int
    memory: float
    outputs: list[Output]
    noised: float | None = None
    copied: Share | None = None


@dataclass(frozen=True, slots=True)
class _Run:
    """The work of one process: outputs for each list of sources; speed, cost and memory are those of the first list."""

    bundle: Bundle
    outputs: list[list[Output]]
    speed: float
    cost: float
    memory: float


def evaluate(
    folders: Sequence[Path],
    sets: Sequence[TestSet],
    *,
    beam: int = 0,
    threads: int = 1,
    terms: Terms = gazetteer,
    robustness: bool = False,
) -> list[Result]:
    """Results of every bundle on every set, set after set; the first bundle is the baseline of the paired tests."""
    return [
        result for test_set in sets for result in _evaluate_set(folders, test_set, beam, threads, terms, robustness=robustness)
    ]


def _evaluate_set(
    folders: Sequence[Path], test_set: TestSet, beam: int, threads: int, terms: Terms, *, robustness: bool
) -> list[Result]:
    sources = [test_set.sources]
    mixed = switched(test_set.sources, terms) if robustness else []
    if robustness:
        sources += [noised(test_set.sources), [text for text, _ in mixed]]
    runs = [_in_own_process(folder, sources, beam, threads) for folder in folders]
    scores: list[tuple[Estimate | None, Estimate | None]] = [(None, None)] * len(runs)
    if test_set.references is not None:
        texts = [[output.text for output in run.outputs[0]] for run in runs]
        signature = f"{len(test_set.sources)} sentences, beam {beam or runs[0].bundle.decoding.beam_size}"
        both = (_estimates(metric, texts, test_set.references, signature) for metric in (BLEU, CHRF))
        scores = list(zip(*both, strict=True))
    found = []
    for run, (bleu, chrf) in zip(runs, scores, strict=True):
        counted = faults(test_set.sources, run.outputs[0], terms)
        result = Result(
            run.bundle.id, test_set.name, bleu, chrf, counted, run.speed, run.cost, threads, run.memory, run.outputs[0]
        )
        if robustness:
            if test_set.references is not None:
                score = CHRF().corpus_score([output.text for output in run.outputs[1]], [test_set.references]).score
                result = replace(result, noised=score)
            result = replace(result, copied=copied(mixed, [output.text for output in run.outputs[2]]))
        found.append(result)
    return found


def translate(translator: Translator, sources: Sequence[str], beam: int = 0) -> list[Output]:
    """Translations as the pipeline makes them: normalized and with their usual spelling, divided where they are longer than the
    model can read, joined."""
    parts = [
        divide(text, translator.count, translator.bundle.decoding.max_source_pieces) if text else []
        for text in (restored(normalize(source)) for source in sources)
    ]
    flat = sorted(((len(part), at, k) for at, row in enumerate(parts) for k, part in enumerate(row)), reverse=True)
    done: dict[tuple[int, int], Output] = {}
    for begin in range(0, len(flat), BATCH):
        places = [(at, k) for _, at, k in flat[begin : begin + BATCH]]
        outputs = translator.translate_batch([parts[at][k] for at, k in places], beam)
        done |= dict(zip(places, outputs, strict=True))
    return [_joined([done[at, k] for k in range(len(row))]) for at, row in enumerate(parts)]


def _joined(outputs: Sequence[Output]) -> Output:
    pieces = sum(output.pieces for output in outputs)
    return Output(
        text=" ".join(output.text for output in outputs if output.text),
        score=sum(output.score * output.pieces for output in outputs) / max(1, pieces),
        ended=all(output.ended for output in outputs),
        unknown=sum(output.unknown for output in outputs),
        pieces=pieces,
    )


def _in_own_process(folder: Path, sources: Sequence[Sequence[str]], beam: int, threads: int) -> _Run:
    """Run in a process of its own, started afresh: the peak of memory is the model's, not that of whatever ran before it."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        try:
            return process.submit(_run, folder, sources, beam, threads).result()
        except BrokenProcessPool:
            raise BundleError(f"{folder}: the process that translated with it was killed; is there enough memory?") from None


def _run(folder: Path, sources: Sequence[Sequence[str]], beam: int, threads: int) -> _Run:
    bundle = Bundle.load(folder)
    translator = Translator(bundle, workers=1, threads=threads)
    translate(translator, sources[0][:2], beam)  # the first batch pays for memory that later ones find there
    begin, begin_work = time.perf_counter(), time.process_time()
    first = translate(translator, sources[0], beam)
    seconds, work = time.perf_counter() - begin, time.process_time() - begin_work
    pieces = sum(output.pieces for output in first)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    others = [translate(translator, each, beam) for each in sources[1:]]
    return _Run(bundle, [first, *others], pieces / seconds, 1000 * work / max(1, pieces), memory)


def _estimates(
    metric: Callable[..., BLEU | CHRF], texts: Sequence[Sequence[str]], references: Sequence[str], signature: str
) -> list[Estimate]:
    """A bootstrap interval for one system, paired bootstrap tests against the first for more."""
    if len(texts) == 1:
        scorer = metric()
        score = scorer.corpus_score(texts[0], [references], n_bootstrap=SAMPLES)
        return [Estimate(score.score, score._ci, f"{scorer.get_signature()}, {signature}")]
    scorer = metric(references=[references])
    named: list[tuple[str, Sequence[str]]] = [(str(at), text) for at, text in enumerate(texts)]
    signatures, scores = PairedTest(named, {"score": scorer}, references=None, test_type="bs", n_samples=SAMPLES)()
    # keyed by the metric's name, beside the column of the systems' names
    (tested,) = [cast(list[Any], found) for name, found in scores.items() if name != "System"]
    (signed,) = signatures.values()
    return [Estimate(s.score, s.ci, f"{signed}, {signature}", s.p_value) for s in tested]


def write_scores(folder: Path, results: Sequence[Result]) -> Manifest:
    """Store BLEU, chrF and the share of figures kept in the bundle's manifest, in place of older ones on the same sets."""
    manifest = read_manifest(folder)
    new = [score for result in results if result.model == manifest.model for score in scores_of(result)]
    replaced = {(s.test_set, s.metric) for s in new}
    kept = [s for s in manifest.scores if (s.test_set, s.metric) not in replaced]
    return write_manifest(folder, replace(manifest, scores=[*kept, *new]))


def scores_of(result: Result) -> list[Score]:
    """The figures of a result that a manifest and the catalogue keep; none of a set without references."""
    if result.bleu is None or result.chrf is None:
        return []
    found = [
        Score(result.test_set, "BLEU", round(result.bleu.value, 2), result.bleu.signature),
        Score(result.test_set, "chrF", round(result.chrf.value, 2), result.chrf.signature),
    ]
    figures = result.faults.figures
    if figures.total:
        found.append(Score(result.test_set, "figures kept, %", round(figures.percent, 1), f"by value, {figures.total}"))
    return found
