"""Notes on loaded terms and on glossary entries; the list is data that a newsroom can replace."""

from pathlib import Path

import pytest
from mojaz_server.errors import ConfigError
from mojaz_server.pipeline.editorial import notes_on_terms
from mojaz_server.pipeline.glossary import Entry, Glossary
from mojaz_server.pipeline.loaded import loaded_terms
from mojaz_server.pipeline.records import NoteKind, Span


def test_a_loaded_term_is_noted_once_with_every_place() -> None:
    text = "قتل شهيدان في غزة. وقال الشهيد الأول ذلك."
    first, second = (text[:18], Span(0, 18)), (text[19:], Span(19, len(text)))
    (note,) = notes_on_terms([first, second], Glossary.EMPTY, loaded_terms())
    assert note.kind is NoteKind.LOADED_TERM
    assert note.message.startswith('"martyr" (شهيدان) is a loaded term: attribute it')
    assert [span.of(text) for span in note.spans] == ["شهيدان", "الشهيد"]


def test_the_newsrooms_own_note_comes_with_its_entry() -> None:
    glossary = Glossary.of([Entry("حزب الله", "Hezbollah", note="never Hizbullah")])
    (note,) = notes_on_terms([("قال حزب الله ذلك", Span(5, 21))], glossary, Glossary.EMPTY)
    assert (note.kind, note.message, note.spans) == (
        NoteKind.GLOSSARY_NOTE,
        '"Hezbollah" (حزب الله): never Hizbullah.',
        (Span(9, 17),),
    )


def test_a_title_has_no_place_in_the_body() -> None:
    (note,) = notes_on_terms([("ارتقاء شهيد", None)], Glossary.EMPTY, loaded_terms())
    assert note.spans == ()


def test_plain_news_has_no_note() -> None:
    assert notes_on_terms([("ارتفعت أسعار النفط اليوم", Span(0, 24))], Glossary.EMPTY, loaded_terms()) == ()


def test_a_newsrooms_own_list(tmp_path: Path) -> None:
    path = tmp_path / "terms.tsv"
    path.write_text("\ufeff# ours\nالثوار\trebels\tloaded\tثائر|ثوار\tsay who they are\n", encoding="utf-8")
    (note,) = notes_on_terms([("قال ثائر", Span(0, 8))], Glossary.EMPTY, loaded_terms(str(path)))
    assert note.message == '"rebels" (ثائر) is a loaded term: say who they are.'


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("شهيد\tmartyr", "line 1: 2 columns instead of 5"),
        ("\tmartyr\tloaded\t\tattribute", "line 1: there is no Arabic"),
        ("شهيد\tmartyr\tloaded\t\t", "line 1: there is no advice"),
        ("martyr\tشهيد\tloaded\t\tattribute", "line 1: martyr has no Arabic letters"),
        ("شهيد\tmartyr\tloaded\tفي\tattribute", "line 1: في is a word that holds others together"),
    ],
)
def test_a_bad_list_is_refused_with_its_line(tmp_path: Path, line: str, problem: str) -> None:
    path = tmp_path / "terms.tsv"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=problem):
        loaded_terms(str(path))


def test_a_list_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        loaded_terms(str(tmp_path / "none.tsv"))
