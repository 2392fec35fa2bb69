"""Working through an archive, without a server: what is counted, told and estimated, and which articles go by which name."""

import json
from pathlib import Path

import pytest
from mojaz_client import Article, FieldInvalid, FieldMissing
from mojaz_client.cli.folders import count_articles, files_in
from mojaz_client.cli.inputs import STDIN, Input, InputFormat
from mojaz_client.cli.report import PLACES, Report
from mojaz_client.cli.resume import read_written


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_progress_estimates_from_what_this_run_did(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    report = Report(1000, clock)
    for _ in range(400):
        report.add_resumed()
    for _ in range(99):
        report.add_done()
    report.add_failure("a.jsonl:7", FieldInvalid("is not JSON"))
    clock.now += 10
    assert report.progress() == "500 of 1000 articles, 1 failed, 10.0 a second, 50 s to go"
    assert capsys.readouterr().err == "mojaz: a.jsonl:7: is not JSON\n"
    assert report.account() == [
        "99 digested, 400 resumed, 1 failed, 500 not reached; 10 s, 10.0 articles a second",
        "1 failed, field_invalid: a.jsonl:7",
    ]
    report.finish()
    assert "not reached" not in report.account()[0]


def test_the_account_groups_failures_by_reason() -> None:
    report = Report(clock=Clock())
    for i in range(PLACES + 3):
        report.add_failure(f"f{i}", FieldMissing("is empty"))
    assert report.account()[1] == f"13 failed, field_missing: {', '.join(f'f{i}' for i in range(PLACES))} and 3 more"
    assert "to go" not in report.progress()


def test_a_folder_stands_for_its_articles_by_name(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("z.txt", "b/a.JSONL", "b/c.json", "photo.jpg", "README", "out.jsonl"):
        (tmp_path / name).write_text("{}\n\n  \n{}", encoding="utf-8")
    told: list[tuple[str, str]] = []
    found = list(files_in([tmp_path, STDIN], tmp_path / "out.jsonl", lambda *words: told.append(words)))
    assert found == [tmp_path / "z.txt", tmp_path / "b/a.JSONL", tmp_path / "b/c.json", STDIN]
    ((message, place),) = told
    assert (place, message.endswith("1 .jpg, 1 no suffix")) == (str(tmp_path), True)
    assert count_articles(found[:-1], InputFormat.AUTO) == 4
    assert count_articles(found, InputFormat.AUTO) is None


def test_articles_go_by_their_id_or_their_place(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    rows = [{"article_id": name} for name in ("x", "in.jsonl:3")]
    output.write_text("".join(json.dumps(row) + "\n" for row in rows) + '{"article_id": "y"}', encoding="utf-8")
    written = read_written(output)
    assert output.read_text(encoding="utf-8").count("\n") == 2 == len(output.read_text(encoding="utf-8").splitlines())
    inputs = [Input(f"in.jsonl:{i}", Article("نص", id=name)) for i, name in enumerate(("x", "x", "y", ""))]
    articles = [written.missing(item) for item in inputs]
    assert [article and article.id for article in articles] == [None, "in.jsonl:1", "y", None]


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    output.write_text('{"article_id": "x"}\n{"body": "نص"}\nrest', encoding="utf-8")
    with pytest.raises(FieldInvalid, match=r"out\.jsonl:2"):
        read_written(output)
    assert output.read_text(encoding="utf-8").endswith("rest")
