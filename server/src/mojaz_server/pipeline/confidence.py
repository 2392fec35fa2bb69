"""How far a translated sentence can be trusted: a band of its expected chrF, which the model's calibration gives."""

import math
from collections.abc import Sequence

from mojaz_server.pipeline.records import Calibration, Check, Confidence, Translated

HIGH, MEDIUM = 68.0, 52.0
"""Expected chrF from which on a band begins."""
MOST_FAILED = 3


def confidence(
    source: str, translated: Translated, checks: Sequence[Check], calibration: Calibration | None
) -> Confidence | None:
    """The band of a sentence; None if the model was not calibrated."""
    if calibration is None:
        return None
    return band(expected(calibration, features(source, translated.score, len(checks))))


def features(source: str, score: float, failed: int) -> tuple[float, float, float, float]:
    """What the expectation is made of, in the order of `Calibration`'s fields."""
    return 1.0, score, math.log(1 + len(source.split())), float(min(failed, MOST_FAILED))


def expected(calibration: Calibration, found: Sequence[float]) -> float:
    """Expected chrF of a sentence with these features."""
    weights = (calibration.constant, calibration.score, calibration.length, calibration.failed)
    return sum(weight * value for weight, value in zip(weights, found, strict=True))


def band(chrf: float) -> Confidence:
    """The band of an expected chrF."""
    return Confidence.HIGH if chrf >= HIGH else Confidence.MEDIUM if chrf >= MEDIUM else Confidence.LOW
