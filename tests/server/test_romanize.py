"""How Arabic names are written in Latin letters."""

import pytest
from mojaz_server.pipeline.romanize import by_letter, lookup, romanize


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("خالد", "Khalid"),
        ("إبراهيم", "Ibrahim"),
        ("ابراهيم", "Ibrahim"),
        ("محمّد", "Mohammed"),
        ("بوتين", "Putin"),
        ("عبد الله", "Abdullah"),
        ("عبد الرحمن", "Abdulrahman"),
        ("خالد بن سلمان", "Khalid bin Salman"),
        ("أبو خالد", "Abu Khalid"),
        ("خالد العتيبي", "Khalid al-Otaibi"),
    ],
)
def test_agency_spelling(name: str, expected: str) -> None:
    assert romanize(name)[0].text == expected


def test_spellings_come_with_their_probability() -> None:
    found = romanize("محمد")
    assert {"Mohammed", "Mohamed"} <= {spelling.text for spelling in found}
    assert [s.probability for s in found] == sorted((s.probability for s in found), reverse=True)
    assert 0.9 < sum(spelling.probability for spelling in romanize("بوتين")) <= 1.0


@pytest.mark.parametrize("name", ["دلزنجوف", "شرقاوينو", "قطمباش"])
def test_a_name_that_no_table_knows_is_written_letter_by_letter(name: str) -> None:
    assert lookup(name) is None
    best = by_letter(name)[0]
    assert best.text.isascii() and best.text.isalpha() and best.text[0].isupper() and 0 < best.probability < 1


@pytest.mark.parametrize("name", ["", " ", "123", "Cosby", "،"])
def test_what_has_no_arabic_letter_has_no_spelling(name: str) -> None:
    assert romanize(name) == ()


def test_a_long_run_of_letters_ends() -> None:
    assert romanize("ب" * 500)[0].text
