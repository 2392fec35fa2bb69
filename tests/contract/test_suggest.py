"""Suggested glossary entries, asked of a real server with the embedded model."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from mojaz_client import Article, Client, FieldInvalid, FieldMissing, GlossaryEntry, GlossaryNotFound
from mojaz_client.files.glossary import read_glossary
from serving import BIN, Serving, serving

ARTICLES = [
    "قال الوزير مازن الشويكاني إن المصنع سيفتح في دير الزور. وأضاف الشويكاني أن العمل يبدأ غدا.",
    "التقى مازن الشويكاني وفدا من التجار. وشكر الوفد مازن الشويكاني على جهوده.",
    "زار بوردينسكي المدينة أمس. وقال بوردينسكي إنه سيعود، ووعد بوردينسكي بالمساعدة.",
]


@pytest.fixture(scope="module")
def embedded(root: Path) -> Iterator[Serving]:
    """A server on the embedded model."""
    with serving("--model", str(root / "models/bundles/mojaz-ar-en")) as running:
        yield running


@pytest.fixture
def editor(embedded: Serving) -> Iterator[Client]:
    with Client(embedded.address) as client:
        yield client


def test_repeated_names_without_an_entry_are_suggested_with_their_spellings(editor: Client) -> None:
    found = editor.suggest_entries(ARTICLES).suggestions
    by_source = {suggestion.entry.source: suggestion for suggestion in found}
    assert by_source["بوردينسكي"].count == 3
    assert by_source["بوردينسكي"].article_count == 1
    assert sum(spelling.count for spelling in by_source["بوردينسكي"].spellings) <= 3
    assert by_source["مازن الشويكاني"].count == 3
    assert by_source["مازن الشويكاني"].article_count == 2
    for suggestion in found:
        assert suggestion.entry.target == suggestion.spellings[0].target
        assert suggestion.entry.target[0].isupper()
    assert not any("دير الزور" in suggestion.entry.source for suggestion in found)  # the starter glossary has it


def test_what_has_an_entry_is_not_suggested(editor: Client) -> None:
    entries = [GlossaryEntry("بوردينسكي", "Bordinsky")]
    found = editor.suggest_entries([Article(body) for body in ARTICLES], glossary=entries).suggestions
    assert found
    assert "بوردينسكي" not in {suggestion.entry.source for suggestion in found}


def test_what_stands_too_seldom_is_not_suggested(editor: Client) -> None:
    assert editor.suggest_entries(ARTICLES, min_count=5).suggestions == ()


def test_words_over_the_limit_are_counted(editor: Client) -> None:
    found = editor.suggest_entries(ARTICLES, max_words=1)
    assert found.words_left_out > 0


def test_bad_requests_name_their_field(editor: Client) -> None:
    with pytest.raises(FieldMissing) as none:
        editor.suggest_entries([])
    assert none.value.field == "article"
    with pytest.raises(FieldMissing) as empty:
        editor.suggest_entries(["نص", " "])
    assert empty.value.field == "article.body"
    with pytest.raises(FieldInvalid) as negative:
        editor.suggest_entries(ARTICLES, min_count=-1)
    assert negative.value.field == "options.min_count"
    with pytest.raises(GlossaryNotFound) as unknown:
        editor.suggest_entries(ARTICLES, glossaries=["desk"])
    assert unknown.value.field == "options.glossaries[0]"


def test_the_command_writes_a_table_that_can_be_added(embedded: Serving, tmp_path: Path) -> None:
    for number, body in enumerate(ARTICLES):
        tmp_path.joinpath(f"{number}.txt").write_text(body, encoding="utf-8")
    table = tmp_path / "names.tsv"
    files = sorted(map(str, tmp_path.glob("*.txt")))
    command = [str(BIN / "mojaz"), "--server", embedded.address, "glossary", "suggest", *files, "--output", str(table)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)  # our own command
    assert "بوردينسكي" in {placed.entry.source for placed in read_glossary(table)}
    assert "# 3 times in 1 articles; spelled " in table.read_text(encoding="utf-8")
