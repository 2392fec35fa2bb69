"""The error census: a broken row is named by file and line; the table counts; the repository's is that of its files."""

from pathlib import Path

import pytest
from mojaz_models.errors import CorpusError
from mojaz_models.evaluate.census import SENTENCES, read_all, table

CENSUS = Path(__file__).parents[2] / "models" / "census"
ROW = "news_dev\t3\tname\tmisleads\tBertoria\n"


def folder(tmp_path: Path, rows: str, sentences: str = "news_dev\t3\ndigest_dev\t0.5\nnews_dev\t9\n") -> Path:
    (tmp_path / SENTENCES).write_text(sentences)
    (tmp_path / "small@1.tsv").write_text(rows)
    return tmp_path


def test_errors_and_sentences_are_counted(tmp_path: Path) -> None:
    rows = ROW + "news_dev\t3\tname\tmisleads\tAraj\ndigest_dev\t0.5\tnumber\tchanges the facts\t91,91,535\n"
    lines = table(*read_all(folder(tmp_path, rows)))
    assert lines[0] == "| kind | small@1: changes the facts / misleads / ugly |"
    assert {"| name | 0 / 2 / 0 |", "| number | 1 / 0 / 0 |", "| negation | 0 / 0 / 0 |", "| all | 1 / 2 / 0 |"} <= set(lines)
    assert lines[-2:] == ["| sentences with one, of 3 | 1 / 1 / 0 |", "| sentences without any | 1 |"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (ROW + "news_dev\t3\tname\tmisleads\n", "line 2: 4 columns, not 5: test set, place, kind, weight, words"),
        ("news_dev\t4\tname\tmisleads\tx\n", "line 1: news_dev 4 is not in sentences.tsv"),
        (ROW.replace("name", "nmae"), "line 1: unknown kind 'nmae'; known are name, number,"),
        (ROW.replace("misleads", "bad"), "line 1: unknown weight 'bad'; known are changes the facts, misleads, ugly"),
        (ROW.replace("Bertoria", " "), "line 1: there is no text for words"),
        (ROW[:-1], "line 1: the file ends inside this line"),
    ],
)
def test_a_broken_row(tmp_path: Path, rows: str, message: str) -> None:
    with pytest.raises(CorpusError) as error:
        read_all(folder(tmp_path, rows))
    assert f"small@1.tsv, {message}" in str(error.value)


def test_sentences_are_named_once(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"sentences\.tsv, line 2: news_dev 3 is named twice"):
        read_all(folder(tmp_path, ROW, "news_dev\t3\nnews_dev\t3\n"))


def test_a_folder_without_a_census(tmp_path: Path) -> None:
    (tmp_path / SENTENCES).write_text("news_dev\t3\n")
    with pytest.raises(CorpusError, match=r"there is no census, a file MODEL@VERSION\.tsv"):
        read_all(tmp_path)


def test_the_table_in_the_repository_is_that_of_its_files() -> None:
    assert "\n".join(table(*read_all(CENSUS))) in (CENSUS / "README.md").read_text(encoding="utf8")
