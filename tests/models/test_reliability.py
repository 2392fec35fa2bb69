"""Confidence: fitted to what was measured, honest about too little data, and the same rule in serving."""

import random

import pytest
from mojaz_client import Client, Confidence
from mojaz_models.errors import CorpusError
from mojaz_models.evaluate.reliability import FEWEST, Sample, calibrate, reliability
from mojaz_server.pipeline import confidence
from mojaz_server.pipeline.records import Calibration, Translated


def made(number: int, noise: float = 0.0) -> list[Sample]:
    """Sentences whose chrF is 80 + 20 x score - 5 x failed checks, plus noise."""
    rng = random.Random(3)
    found = []
    for _ in range(number):
        score, failed = -rng.random() * 3, rng.randrange(3)
        known = confidence.features(" ".join("ا" * rng.randint(1, 40)), score, failed)
        found.append(Sample("made", known, 80 + 20 * score - 5 * failed + rng.gauss(0, noise)))
    return found


def test_the_weights_are_found() -> None:
    calibration = calibrate(made(200))
    assert calibration is not None
    assert (calibration.constant, calibration.score, calibration.failed) == pytest.approx((80, 20, -5), abs=0.01)
    assert calibration.length == pytest.approx(0, abs=0.01)


def test_the_table_tells_bands_apart() -> None:
    lines = reliability(made(400, noise=5)).splitlines()
    means = {line.split()[1]: float(line.split()[3]) for line in lines[1:4]}
    assert means["high"] > confidence.HIGH > means["medium"] > confidence.MEDIUM > means["low"]
    assert float(lines[-1].split()[-1]) > 0.8


def test_too_few_sentences() -> None:
    assert calibrate(made(FEWEST - 1)) is None
    with pytest.raises(CorpusError, match="too few to calibrate on; 80 are needed"):
        reliability(made(60))


def test_a_worse_score_or_a_failed_check_never_raises_the_band() -> None:
    calibration = Calibration(80, 20, 0, -10)
    order = list(confidence.Confidence)
    bands = [confidence.confidence("ا ب", Translated("a b", -score / 10), (), calibration) for score in range(40)]
    places = [order.index(band) for band in bands if band]
    assert places == sorted(places, reverse=True)
    assert set(places) == {0, 1, 2}


def test_without_a_calibration_there_is_no_band(client: Client) -> None:
    (translation,) = client.translate(["قال الوزير ذلك أمس."])
    assert [pair.confidence for pair in translation.pairs] == [Confidence.UNKNOWN]
