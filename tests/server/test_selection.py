"""The selection benchmark: ROUGE by hand, sentence ends by hand."""

import pytest
from mojaz_models.evaluate.rouge import longest_common_subsequence, rouge
from mojaz_models.evaluate.selection import interval, split_score


def test_rouge_by_hand() -> None:
    score = rouge("أعلن الوزير الخطة اليوم", ["اعلن الوزير أمس الخطة"])
    assert score.one == pytest.approx(3 / 4)
    assert score.two == pytest.approx(1 / 3)
    assert score.longest == pytest.approx(3 / 4)


def test_rouge_is_the_mean_over_references() -> None:
    assert rouge("خبر جديد", ["خبر جديد", "شيء آخر"]) == (0.5, 0.5, 0.5)
    assert rouge("", ["خبر"]) == (0, 0, 0)


def test_longest_common_subsequence() -> None:
    assert longest_common_subsequence("abcbdab", "bdcaba") == 4
    assert longest_common_subsequence("", "abc") == 0


def test_split_score() -> None:
    score = split_score(["وصل الوفد صباحا.", "ثم غادر د. سامي. وعاد.", "انتهى الخبر."])
    assert (score.precision, score.recall) == (pytest.approx(2 / 3), 1.0)


def test_interval_holds_the_mean() -> None:
    low, high = interval([0.0, 1.0] * 50)
    assert 0.35 < low < 0.5 < high < 0.65
