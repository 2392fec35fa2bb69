"""Names and their spellings: what of a sentence may be one, and what the English made of it."""

import pytest
from mojaz_server.pipeline.called import called
from mojaz_server.pipeline.glossary import Entry, Glossary
from mojaz_server.pipeline.terms import words
from mojaz_server.pipeline.unlisted import unlisted


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("قال مازن الشويكاني إن", "Mazen al-Shuwaikani said", [("مازن الشويكاني", "Mazen al-Shuwaikani")]),
        ("التقى ببرونو كاسيلاس", "He met Bruno Casillas", [("ببرونو كاسيلاس", "Bruno Casillas")]),
        ("القوات السورية", "Syrian forces", []),  # a nationality is no name
        ("ارتفعت الأسعار", "Prices rose", []),
        ("", "Bruno", []),
    ],
)
def test_spellings(source: str, target: str, expected: list[tuple[str, str]]) -> None:
    found = words(source)
    made = [(source[found[name.first].start : found[name.last].end], name.english) for name in called(source, target)]
    assert made == expected


def likely(text: str, glossary: Glossary = Glossary.EMPTY) -> list[str]:
    return [text[word.start : word.end] for word in unlisted(text, glossary)]


def test_what_may_be_a_name() -> None:
    assert "الشويكاني" in likely("قال الوزير مازن الشويكاني في مؤتمر صحفي")
    assert likely("ارتفعت أسعار النفط في الأسواق العالمية") == []


def test_what_a_glossary_or_the_starter_has_is_no_news() -> None:
    text = "قال الوزير مازن الشويكاني"
    assert likely(text, Glossary.of([Entry("مازن الشويكاني", "Mazen Shwaikani")])) == []
    assert likely("وصل إلى دير الزور") == []
