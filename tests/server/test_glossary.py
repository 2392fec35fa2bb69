"""A glossary of the pipeline: layers, spellings, forms, what is kept; a hundred thousand entries; what can be no term."""

import pytest
from glossaries import glossary_of
from mojaz_server.config import Config
from mojaz_server.pipeline.glossary import Conflict, Entry, Glossary, find_conflict, unfit
from mojaz_server.pipeline.starter import entries, starter
from mojaz_server.rpc.validate import validate_entries, validate_harmony


def found(glossary: Glossary, text: str) -> list[tuple[str, str]]:
    return [(match.span.of(text), match.entry.english) for match in glossary.match(text)]


def test_the_longest_counts_in_all_layers_then_the_first_layer() -> None:
    first, second = glossary_of({"الأمن": "security", "غزة": "Gaza"}), glossary_of({"مجلس الأمن": "Council", "غزة": "Ghazza"})
    text = "مجلس الأمن عن غزة والأمن"
    assert found(first | second, text) == [("مجلس الأمن", "Council"), ("غزة", "Gaza"), ("والأمن", "security")]
    assert found(second | first, text) == [("مجلس الأمن", "Council"), ("غزة", "Ghazza"), ("والأمن", "security")]
    assert (first | Glossary.EMPTY) is (Glossary.EMPTY | first) is first
    assert len(first | second) == 4


def test_of_terms_apart_in_a_hamza_the_one_written_as_in_the_text_counts() -> None:
    glossary = glossary_of({"سلمي": "Silmi", "سلمى": "Salma"})
    assert found(glossary, "وصلت سَلمى أمس") == [("سَلمى", "Salma")]
    assert found(glossary, "وصل سلمي أمس") == [("سلمي", "Silmi")]


def test_forms_and_what_is_kept_are_found() -> None:
    glossary = Glossary.of(
        [
            Entry("شهيد", "martyr", forms=("شهداء", "شهيدين")),
            Entry("BBC", "", do_not_translate=True),
            Entry("قسد", "", "", "", True),
        ]
    )
    assert found(glossary, "والشهداء في BBC عن قسد وشهيدين") == [
        ("والشهداء", "martyr"),
        ("BBC", "BBC"),
        ("قسد", "قسد"),
        ("وشهيدين", "martyr"),
    ]
    assert found(glossary, "bbc وشهيدة") == []


def test_a_glossary_is_equal_to_itself_alone() -> None:
    one, two = glossary_of({"غزة": "Gaza"}), glossary_of({"غزة": "Gaza"})
    assert one != two and len({one, two, one}) == 2


def test_a_hundred_thousand_entries() -> None:
    glossary = Glossary.of(Entry(f"كلمة رقم {i}", f"word {i}") for i in range(100_000))
    assert len(glossary) == 100_000
    assert found(glossary, "هذه كلمة رقم ٧٧٧٧٧ وكلمة رقم 100000") == [("كلمة رقم ٧٧٧٧٧", "word 77777")]


@pytest.mark.parametrize(
    ("term", "latin", "said"),
    [
        ("جسر", False, ""),
        ("في السابع", False, ""),
        ("BBC", True, ""),
        ("BBC", False, "no Arabic letters"),
        ("!", True, "no letters"),
        ("ـو", False, "single letter"),
        ("عَلى", False, "holds others together"),
    ],
)
def test_what_can_be_no_term(term: str, latin: bool, said: str) -> None:
    assert said in unfit(term, latin=latin) and bool(said) == bool(unfit(term, latin=latin))


def test_two_translations_of_the_same_words_are_a_conflict() -> None:
    one, other = Entry("جسر", "bridge"), Entry("معبر", "crossing", forms=("جِسر",))
    assert find_conflict([one, other]) == Conflict(0, 1)
    assert find_conflict([one, one, Entry("جِسر", "bridge", "term")]) is None


def test_the_starter_glossary_could_be_sent_by_a_caller() -> None:
    validate_entries("entries", entries(), 100_000, Config())
    validate_harmony("entries", entries())
    assert len(starter()) == len(entries())
