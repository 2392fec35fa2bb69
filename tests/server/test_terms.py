"""Golden cases of term matching: clitics, hamza, ta marbuta, marks, word bounds, the longest match."""

import re
from pathlib import Path

import pytest
from glossaries import glossary_of
from hypothesis import given
from hypothesis import strategies as st
from mojaz_server.pipeline.records import Span
from mojaz_server.pipeline.terms import find_english, fold, without, words

ROWS = (Path(__file__).parents[1] / "cases" / "checks" / "terms.tsv").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("row", [row for row in ROWS if not row.startswith("#")])
def test_golden_match(row: str) -> None:
    term, text, expected = row.split("\t")
    assert [span.of(text) for span, _ in glossary_of({term: "x"}).match(text)] == ([] if expected == "-" else [expected])


def test_longest_match_wins_and_none_overlaps() -> None:
    glossary = {"المقاومة": "resistance", "المقاومة الإسلامية": "Islamic Resistance", "العراق": "Iraq"}
    text = "المقاومه الاسلامية في العراق والمقاومة"
    assert [entry.target for _, entry in glossary_of(glossary).match(text)] == ["Islamic Resistance", "Iraq", "resistance"]


def test_proclitics_are_cut_off_with_their_marks() -> None:
    text = "قال وَبِمَازِن"
    assert without(Span(4, len(text)), 2, text).of(text) == "مَازِن"


def test_english_is_found_as_whole_words() -> None:
    span = find_english("security council", "The UN Security Council's vote")
    assert span and span.of("The UN Security Council's vote") == "Security Council"
    assert find_english("US", "They focus") is None and find_english("", "x") is None


@given(st.text(max_size=30), st.text(max_size=60))
def test_any_glossary_is_safe(term: str, text: str) -> None:
    for span, _ in glossary_of({term: "x"}).match(text):
        assert span.of(text)


@given(st.text(alphabet="أإآاىيةهـًَُّ", min_size=1))
def test_folding_is_idempotent(word: str) -> None:
    assert fold(fold(word)) == fold(word)


@given(st.text("aAsS kK'’-İſ\n", min_size=1, max_size=6), st.text("aAsS kK'’-İſ\n", max_size=20))
def test_english_is_found_where_a_pattern_of_its_words_is(term: str, text: str) -> None:
    words = term.replace("-", " ").split()
    pattern = r"(?<!\w)" + r"[\s-]+".join(map(re.escape, words)) + r"(?!\w)"
    found = re.search(pattern, text, re.IGNORECASE) if words else None
    assert find_english(term, text) == (found and Span(*found.span()))


@pytest.mark.parametrize("mark", ["\u0670", "\u0640", "\u064b", "\ufc5e", "\ufcf2", "\ufe70", "\ufe7f"])
def test_marks_alone_are_no_word(mark: str) -> None:
    assert [word.key for word in words(f"قال {mark} الوزير {mark}{mark}")] == ["قال", "الوزير"]


@given(st.text(st.characters(categories=["L", "M", "N", "Cf"], min_codepoint=0x600, max_codepoint=0xFEFF)))
def test_every_word_has_a_key_that_begins_with_a_letter(text: str) -> None:
    assert all(words(word.key) for word in words(text))
