"""Measures bundles on test sets with the code that serves them: BLEU and chrF with intervals, faults, speed, memory."""

import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from mojaz_server.engine.bundle import Bundle, Score
from mojaz_server.engine.translator import Output, Translator
from mojaz_server.pipeline.clauses import divide
from mojaz_server.pipeline.normalize import normalize
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.significance import PairedTest

from mojaz_models.errors import CorpusError
from mojaz_models.evaluate.measures import Faults, faults
from mojaz_models.manifest import Manifest, read_manifest, write_manifest

BATCH = 32
"""Segments translated at a time, of like length."""
SAMPLES = 1000
"""Bootstrap samples of an interval."""


@dataclass(frozen=True, slots=True)
class TestSet:
    """Sentences with reference translations."""

    __test__ = False  # no test case, whatever pytest thinks of the name

    name: str
    sources: list[str]
    references: list[str]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A score with the half width of its 95 % bootstrap interval; `p`: the chance that it differs from the baseline by luck."""

    value: float
    interval: float
    signature: str
    p: float | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What one model did on one test set. `speed` is target pieces a second, `memory` the process's peak in MiB."""

    model: str
    test_set: str
    bleu: Estimate
    chrf: Estimate
    faults: Faults
    speed: float
    memory: float
    outputs: list[Output]


def read_test_sets(folder: Path | None = None, pairs: Sequence[Path] = (), most: int = 0) -> list[TestSet]:
    """All *.tsv files of a folder, and single files: Arabic, tab, English. `most` sentences of each; 0 is all.

    Raises CorpusError."""
    paths = [*(sorted(folder.glob("*.tsv")) if folder else ()), *pairs]
    if not paths:
        raise CorpusError(f"{folder}: there is no *.tsv file of pairs")
    return [_read(path, most) for path in paths]


def _read(path: Path, most: int) -> TestSet:
    try:
        lines = path.read_text(encoding="utf8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: {error}") from error
    rows = [line.split("\t") for line in lines]
    for at, row in enumerate(rows, 1):
        if len(row) < 2 or not row[0].strip() or not row[1].strip():
            raise CorpusError(f"{path}, line {at}: not Arabic, tab, English")
    if not rows:
        raise CorpusError(f"{path} is empty")
    rows = rows[: most or len(rows)]
    return TestSet(path.stem, [r[0] for r in rows], [r[1] for r in rows])


def evaluate(folders: Sequence[Path], sets: Sequence[TestSet], *, beam: int = 0, threads: int = 1) -> list[Result]:
    """Results of every bundle on every set, set after set; the first bundle is the baseline of the paired tests."""
    found = []
    for test_set in sets:
        ran = [_translate_set(folder, test_set, beam, threads) for folder in folders]
        texts = [[output.text for output in outputs] for _, outputs, _, _ in ran]
        signature = f"{len(test_set.sources)} sentences, beam {beam or ran[0][0].decoding.beam_size}"
        bleus = _estimates(BLEU, texts, test_set.references, signature)
        chrfs = _estimates(CHRF, texts, test_set.references, signature)
        for at, (bundle, outputs, speed, memory) in enumerate(ran):
            counted = faults(test_set.sources, outputs)
            found.append(Result(bundle.id, test_set.name, bleus[at], chrfs[at], counted, speed, memory, outputs))
    return found


def translate(translator: Translator, sources: Sequence[str], beam: int = 0) -> list[Output]:
    """Translations as the pipeline makes them: normalized, divided where they are longer than the model can read, joined."""
    parts = [
        divide(text, translator.count, translator.bundle.decoding.max_source_pieces) if text else []
        for text in map(normalize, sources)
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


def _translate_set(folder: Path, test_set: TestSet, beam: int, threads: int) -> tuple[Bundle, list[Output], float, float]:
    bundle = Bundle.load(folder)
    translator = Translator(bundle, workers=1, threads=threads)
    translate(translator, test_set.sources[:2], beam)  # the first batch pays for memory that later ones find there
    begin = time.perf_counter()
    outputs = translate(translator, test_set.sources, beam)
    seconds = time.perf_counter() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return bundle, outputs, sum(output.pieces for output in outputs) / seconds, memory


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


def table(results: Sequence[Result]) -> str:
    """One line for each model and test set."""
    head = ["model", "test set", "BLEU", "chrF", "figures", "months", "empty", "looping", "unended", "Arabic", "pieces/s", "MiB"]
    lines = [head, *(_line(result) for result in results)]
    widths = [max(len(line[k]) for line in lines) for k in range(len(head))]
    aligned = [
        "  ".join(cell.ljust(w) if k < 2 else cell.rjust(w) for k, (cell, w) in enumerate(zip(line, widths, strict=True)))
        for line in lines
    ]
    signatures = dict.fromkeys(e.signature for r in results for e in (r.bleu, r.chrf))
    return "\n".join([*aligned, "", *signatures])


def _line(r: Result) -> list[str]:
    f = r.faults
    counts = [str(n) for n in (f.empty, f.looping, f.unended, f.arabic)]
    kept = [_share(f.figures_kept, f.figures), _share(f.months_kept, f.months)]
    return [r.model, r.test_set, _score(r.bleu), _score(r.chrf), *kept, *counts, f"{r.speed:.0f}", f"{r.memory:.0f}"]


def _score(e: Estimate) -> str:
    return f"{e.value:.2f} ± {e.interval:.2f}" + ("" if e.p is None else f" (p {e.p:.3f})")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%} of {whole}" if whole else "-"


def write_scores(folder: Path, results: Sequence[Result]) -> Manifest:
    """Store BLEU, chrF and the share of figures kept in the bundle's manifest, in place of older ones on the same sets."""
    manifest = read_manifest(folder)
    new = [score for result in results if result.model == manifest.model for score in scores_of(result)]
    replaced = {(s.test_set, s.metric) for s in new}
    kept = [s for s in manifest.scores if (s.test_set, s.metric) not in replaced]
    return write_manifest(folder, replace(manifest, scores=[*kept, *new]))


def scores_of(result: Result) -> list[Score]:
    """The figures of a result that a manifest and the catalogue keep."""
    found = [
        Score(result.test_set, "BLEU", round(result.bleu.value, 2), result.bleu.signature),
        Score(result.test_set, "chrF", round(result.chrf.value, 2), result.chrf.signature),
    ]
    if result.faults.figures:
        kept = round(100 * result.faults.figures_kept / result.faults.figures, 1)
        found.append(Score(result.test_set, "figures kept, %", kept, f"strings of digits, {result.faults.figures}"))
    return found


def write_outputs(folder: Path, results: Sequence[Result], sets: Sequence[TestSet]) -> None:
    """Write source, translation and reference of every sentence, a file for each model and test set."""
    folder.mkdir(parents=True, exist_ok=True)
    by_name = {test_set.name: test_set for test_set in sets}
    for result in results:
        test_set = by_name[result.test_set]
        rows = zip(test_set.sources, (output.text for output in result.outputs), test_set.references, strict=True)
        text = "".join("\t".join(row) + "\n" for row in rows)
        (folder / f"{result.model}.{result.test_set}.tsv").write_text(text, encoding="utf8")
