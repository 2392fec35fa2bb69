"""Pairs made by a model, and sentences with hidden words."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mojaz_models import infilling, synthetic
from mojaz_models.cli import main
from mojaz_models.dataset import read_pairs, write_lines
from mojaz_models.text import english

WORDS = st.lists(st.sampled_from(["the", "ceasefire", "held", "in", "two", "cities", "on", "Monday"]), min_size=1, max_size=30)


@given(WORDS, st.floats(0.05, 0.9))
def test_hidden_words_leave_the_others_in_order(words: list[str], share: float) -> None:
    (shown,) = infilling.masked([" ".join(words)], share)
    rest = [word for word in shown.split() if word != infilling.MARK]
    assert rest
    at = iter(words)
    assert all(word in at for word in rest)
    assert len(rest) >= len(words) - round(share * len(words))


def test_the_same_seed_hides_the_same_words() -> None:
    sentence = "the ceasefire held in two cities on Monday"
    assert infilling.masked([sentence] * 3, 0.4, 7) == infilling.masked([sentence] * 3, 0.4, 7)
    assert infilling.masked([sentence], 0.4)[0].count(infilling.MARK) >= 1


def test_self_training_keeps_what_passes_the_checks(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sentences = [
        "أعلن الرئيس المصري أمس أن 15 شخصا قتلوا في الهجوم.",
        "قالت وزارة الخارجية إن المفاوضات ستبدأ يوم الاثنين.",
        "كلمة " * 120,
    ]
    write_lines(tmp_path / "ar.xz", sentences)
    arguments = ["--bundle", str(root / "models/bundles/mojaz-ar-en"), "--to", str(tmp_path / "self.xz"), "--beam", "2"]
    assert main(["synthesize", str(tmp_path / "ar.xz"), *arguments]) == 0
    arabic, translated = read_pairs(tmp_path / "self.xz")
    assert arabic == sorted(sentences[:2], key=len)
    assert "15" in "".join(translated)
    assert translated == [english(line) for line in translated]
    assert capsys.readouterr().out == "3 sentences; dropped: 1 too long\n"


def test_garbage_is_dropped_and_counted(tiny: Path) -> None:
    said: list[str] = []
    assert not list(synthetic.pairs(["أعلن الرئيس الاتفاق في 15 مدينة."], tiny, beam=1, threads=1, tell=said.append))
    assert said[0].startswith("1 sentences; dropped: 1 ")
