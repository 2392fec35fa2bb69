"""Another form of a term says the same; another spelling or another word does not."""

import pytest
from mojaz_server.pipeline.word_forms import find_forms, is_form


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ("Iranian", "Iran"),
        ("pro-Iranian", "pro-Iran"),
        ("jihadist", "Jihad"),
        ("Prosecutors", "prosecution"),
        ("South Korean", "South Korea"),
        ("Ukrainians", "Ukraine"),
        ("French", "France"),
        ("Iraqis", "Iraq"),
        ("Turks", "Turkey"),
        ("American", "United States"),
        ("Saudi", "Saudi Arabia"),
        ("open", "opening"),
        ("companies", "company"),
        ("Iranian Revolutionary Guards", "Iran's Revolutionary Guard"),
    ],
)
def test_forms(told: str, wanted: str) -> None:
    assert is_form(told, wanted)


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ("Iran", "Iran"),
        ("resistance", "Resistance"),
        ("Marrakech", "Marrakesh"),
        ("Mohamed", "Mohammed"),
        ("Naser", "Nasser"),
        ("Sana", "Sanaa"),
        ("Toni", "Tony"),
        ("Asiri", "Asir"),
        ("Suleiman", "Sulaiman"),
        ("Jabalia", "Jabaliya"),
        ("Daesh", "ISIS"),
        ("defense minister", "Defense Ministry"),
        ("conservatives party", "Conservative Party"),
        ("Program", "Programme"),
        ("soccer", "football"),
    ],
)
def test_what_is_none(told: str, wanted: str) -> None:
    assert not is_form(told, wanted)


def test_forms_are_found_in_hyphenated_words() -> None:
    text = "A pro-Iranian militia and Iranians in Iran"
    assert [span.of(text) for span in find_forms("Iran", text)] == ["Iranian", "Iranians"]
    assert not list(find_forms("Cairo", text))
