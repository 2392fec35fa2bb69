"""The starter glossary: its table, what of it is required, and what it must not match."""

import pytest
from mojaz_server.pipeline.starter import starter, table
from mojaz_server.pipeline.terms import fold, words

CATEGORIES = {"place", "person", "organisation", "event", "term"}


def matched(text: str) -> list[str]:
    return [match.entry.english for match in starter().match(text)]


def test_the_table_is_well_formed() -> None:
    assert len(table()) > 5000
    for row in table():
        written = (*(form.text for form in row.forms), *row.targets, *row.spellings)
        assert row.category in CATEGORIES, row
        assert all(part and part == part.strip() and "|" not in part and part[0] not in "?~" for part in written), row
        assert all(words(form.text) for form in row.forms), row
        assert not any("\u0600" <= char <= "\u06ff" for target in row.targets for char in target), row


def test_no_form_is_required_twice() -> None:
    """Of two entries for the same words one would never be used."""
    sure = [" ".join(map(fold, form.text.split())) for row in table() for form in row.forms if form.sure]
    assert len(sure) == len(set(sure))


def test_no_form_of_one_or_two_letters_is_required() -> None:
    assert all(len(form.text) > 2 for row in table() for form in row.forms if form.sure)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("وصل إلى دير الزور اليوم", ["Deir ez-Zor"]),
        ("قال نعيم قاسم وسمير جعجع", ["Naim Qassem", "Samir Geagea"]),
        ("قصف بخانيونس ولخان يونس", ["Khan Younis", "Khan Younis"]),
        ("أعلنت وكالة فرانس برس", ["AFP"]),
        ("كان ينتظر في مكان قصير والمضيق طويل", []),
        ("الجنين في بطن أمه", []),  # the fetus, not Jenin
        ("وجدة الطفل", []),  # the grandmother, not Oujda
        ("هذا مشهد من حديثة العهد", []),
        ("بناء عالية", []),
        ("جاء باكرا", []),
    ],
)
def test_names_and_words_that_are_none(text: str, expected: list[str]) -> None:
    assert matched(text) == expected


def test_any_of_several_targets_will_do() -> None:
    (match,) = starter().match("قوات حرس الثورة الإسلامية")
    assert match.entry.find("the IRGC said") is not None
    assert match.entry.find("the Guard said") is None
