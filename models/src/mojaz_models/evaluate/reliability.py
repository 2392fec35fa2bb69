"""The confidence of a model's translations: calibrated on test sets with references, and how far it can be relied on."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from mojaz_server.pipeline.check import check
from mojaz_server.pipeline.confidence import band, expected, features
from mojaz_server.pipeline.glossary import Glossary
from mojaz_server.pipeline.records import Calibration, Confidence, Translated
from sacrebleu.metrics.chrf import CHRF

from mojaz_models.errors import CorpusError
from mojaz_models.evaluate.testsets import TestSet
from mojaz_models.evaluate.translation import Result

FEWEST = 40
"""Sentences without which four weights are not fitted."""


class Sample(NamedTuple):
    """A translated sentence: what is known of it in serving, and its chrF."""

    test_set: str
    features: tuple[float, float, float, float]
    chrf: float


def samples(results: Sequence[Result], sets: Sequence[TestSet]) -> list[Sample]:
    """The sentences of results on sets that have references."""
    by_name = {test_set.name: test_set for test_set in sets}
    return [sample for result in results for sample in _samples(result, by_name[result.test_set])]


def _samples(result: Result, test_set: TestSet) -> Iterator[Sample]:
    scorer = CHRF()
    for source, output, reference in zip(test_set.sources, result.outputs, test_set.references or (), strict=False):
        translated = Translated(output.text, output.score, output.ended, output.unknown)
        found = features(source, output.score, len(check(source, translated, Glossary.EMPTY)))
        yield Sample(test_set.name, found, scorer.sentence_score(output.text, [reference]).score)


def calibrate(found: Sequence[Sample]) -> Calibration | None:
    """Least squares of chrF on the features; None for fewer than FEWEST sentences."""
    if len(found) < FEWEST:
        return None
    weights, *_ = np.linalg.lstsq(np.array([s.features for s in found]), np.array([s.chrf for s in found]), rcond=None)
    return Calibration(*(round(float(weight), 3) for weight in weights))


def reliability(found: Sequence[Sample]) -> str:
    """A line for each test set and band: how many sentences, and their chrF.

    Calibrated on every second sentence, shown on the others. Raises CorpusError for too few sentences."""
    calibration, shown = calibrate(found[::2]), found[1::2]
    if calibration is None:
        raise CorpusError(f"{len(found)} sentences with references are too few to calibrate on; {2 * FEWEST} are needed")
    lines = [f"{'test set':16} {'confidence':10} {'sentences':>9} {'chrF':>6} {'half of them':>14}"]
    for name in dict.fromkeys(sample.test_set for sample in shown):
        own = [sample for sample in shown if sample.test_set == name]
        for kind in reversed(Confidence):
            scores = [s.chrf for s in own if band(expected(calibration, s.features)) is kind]
            share = f"{len(scores) / len(own):9.1%}"
            lines.append(f"{name:16} {kind.value:10} {share} {_spread(scores)}")
    predicted = [expected(calibration, s.features) for s in shown]
    fit = np.corrcoef(predicted, [s.chrf for s in shown])[0, 1]
    return "\n".join([*lines, f"correlation of expected and true chrF of {len(shown)} sentences: {fit:.2f}"])


def _spread(scores: Sequence[float]) -> str:
    if not scores:
        return f"{'-':>6} {'-':>14}"
    low, high = np.percentile(scores, (25, 75))
    return f"{np.mean(scores):6.1f} {low:6.0f} to {high:4.0f}"
