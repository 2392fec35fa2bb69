"""Measures by kind of error: frequent names, seldom words, quoted words, and which of two sentences a model finds likelier."""

from pathlib import Path

import pytest
from mojaz_models.dataset import write_lines
from mojaz_models.evaluate.contrast import SORTS, Planted, Scorer, planted, preferred
from mojaz_models.evaluate.frequent import frequent, kept_names
from mojaz_models.evaluate.kinds import main, table
from mojaz_models.evaluate.seldom import BANDS, counted, kept_by_band, kept_quoted
from mojaz_models.evaluate.share import Share
from mojaz_models.tiny import build_tiny


def test_frequent_names_are_counted_where_the_reference_has_them() -> None:
    sources = ["زار محمود عباس بيروت", "عاد إلى بيروت", "زار القاهرة"]
    known = frequent([*sources, "في بيروت", "محمود عباس"], most=2)
    assert known == {"Beirut", "Mahmoud Abbas"}
    references = ["Mahmoud Abbas visited Beirut", "He returned to the city", "He visited Cairo"]
    assert kept_names(sources, references, references, known) == Share(2, 2)
    assert kept_names(sources, references, ["Mahmoud Abbas visited Byrut", "Beirut", ""], known) == Share(1, 2)


def test_words_are_counted_by_how_often_training_has_them() -> None:
    counts = counted(["quagmire quagmire", *["the minister"] * 30])
    shares = kept_by_band(["the minister in a Quagmire and quagmire"], ["minister"], counts)
    assert dict(zip(BANDS, shares, strict=True))[1, 5] == Share(0, 1)
    assert dict(zip(BANDS, shares, strict=True))[21, 50] == Share(1, 2)


def test_words_in_quotation_marks() -> None:
    assert kept_quoted(['a "strong position" is'], ['a "food" position']) == Share(1, 2)
    assert kept_quoted(["none"], ["none"]) == Share(0, 0)


def test_every_sort_is_planted_and_the_same_each_time() -> None:
    pairs = [
        ("لم يحضر في 5 مايو 2017", "He did not come on May 5, 2017"),
        ("قتل 300 شخص من بيروت إلى القاهرة", "300 people were killed, from Beirut to Cairo"),
    ]
    first, again = list(planted(pairs)), list(planted(pairs))
    assert first == again
    assert [errors.sort for errors in first] == list(SORTS)
    found = {errors.sort: errors.sentences for errors in first}
    assert found["not dropped"][0][2] == "He did come on May 5, 2017"
    assert {errors.sort for errors in first if errors.sentences} >= {"month moved", "not dropped", "not added"}
    assert all(len(errors.sentences) <= 1 for errors in planted(pairs, most=1))


def test_a_model_likes_one_sentence_better(tmp_path: Path) -> None:
    bundle = build_tiny(tmp_path / "tiny", 1)
    score = Scorer(bundle)
    one, other = score([("قال الوزير", "the minister said")]), score([("قال الوزير", "the minister ate")])
    errors = Planted("", "", [("قال الوزير", "the minister said", "the minister ate")])
    assert preferred(score, errors) == Share(int(one[0] > other[0]), 1)
    assert one[0] < 0


def test_the_table_of_two_bundles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundles = [build_tiny(tmp_path / str(seed), seed) for seed in (1, 2)]
    (tmp_path / "small.tsv").write_text("قتل 300 شخص\t300 people were killed\nفي بيروت\tin Beirut\n", encoding="utf8")
    write_lines(tmp_path / "news.xz", ["في بيروت\tin Beirut"])
    main([*map(str, bundles), "--pairs", str(tmp_path / "small.tsv"), "--training", str(tmp_path / "news.xz")])
    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == ["small, 2 sentences", "", "| in % | 1: 1 | 2: 2 | of |", "|---|---|---|---|"]
    rows = {line.split(" | ")[0].removeprefix("| "): line.split(" | ")[1:] for line in lines[4:]}
    assert rows["number: figures kept"][2] == "1 |"
    assert rows["contrast, negation: not added"][2] == "1 |"


def test_a_check_that_fails_in_one_column_only() -> None:
    columns = {"a": {"check fails: quote_lost": Share(1, 4)}, "b": {"figures": Share(1, 2)}}
    assert table(columns)[2:] == ["| check fails: quote_lost | 25.0 | 0.0 | 4 |", "| figures | 0.0 | 50.0 | 2 |"]
