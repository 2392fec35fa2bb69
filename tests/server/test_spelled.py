"""How the English of a sentence spells its names, and which words of the Arabic may be names."""

import pytest
from mojaz_server.pipeline.glossary import Entry, Glossary
from mojaz_server.pipeline.spelled import in_a_row, spelled
from mojaz_server.pipeline.unlisted import unlisted


def likely(text: str, glossary: Glossary = Glossary.EMPTY) -> list[str]:
    return [text[word.start : word.end] for word in unlisted(text, glossary)]


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("قال مازن الشويكاني إن", "Mazen al-Shuwaikani said", [("مازن الشويكاني", "Mazen al-Shuwaikani")]),
        ("التقى ببرونو كاسيلاس", "He met Bruno Casillas", [("ببرونو كاسيلاس", "Bruno Casillas")]),
        ("التقى مازن بن كاسيلاس", "He met Mazen bin Casillas", [("مازن بن كاسيلاس", "Mazen bin Casillas")]),
        ("قال مازن لكاسيلاس", "Mazen told Casillas", [("مازن", "Mazen"), ("لكاسيلاس", "Casillas")]),
        ("زار الكساعدة", "He visited Al-Kasa’idah", [("الكساعدة", "Al-Kasa’idah")]),
        ("ارتفعت الأسعار", "Prices rose", []),
        ("", "Bruno", []),
    ],
)
def test_names_are_words_in_a_row(source: str, target: str, expected: list[tuple[str, str]]) -> None:
    made = in_a_row(spelled(0, source, target), source, target)
    assert [(place.of(source), english) for place, english in made] == expected


def test_a_likely_name_may_sound_less_like_its_english_than_another_word() -> None:
    source, target = "الوزير السابق شيمشك", "former minister Shisk"
    (alone,) = spelled(0, source, target)
    assert alone.source.of(source) == "السابق"
    (use,) = spelled(0, source, target, {word.start for word in unlisted(source, Glossary.EMPTY)})
    assert use.source.of(source) == "شيمشك"


def test_what_may_be_a_name() -> None:
    assert "الشويكاني" in likely("قال الوزير مازن الشويكاني في مؤتمر صحفي")
    assert likely("ارتفعت أسعار النفط في الأسواق العالمية") == []
    assert likely("القوات السورية") == []  # a nationality is no name


def test_what_a_glossary_or_the_starter_has_is_no_news() -> None:
    text = "قال الوزير مازن الشويكاني"
    assert likely(text, Glossary.of([Entry("مازن الشويكاني", "Mazen Shwaikani")])) == []
    assert likely("وصل إلى دير الزور") == []
