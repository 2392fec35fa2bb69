"""Made pairs change both sides in the same way, or are not made."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mojaz_models.errors import RecipeError
from mojaz_models.made.figures import Months, figures
from mojaz_models.made.placed import rename, switch
from mojaz_models.made.places import Terms
from mojaz_models.made.sets import LONGEST_JOINED, joined, make, sets

KNOWN = [
    ("محمود عباس", "Mahmoud Abbas", "PER"),
    ("عباس", "Abbas", "PER"),
    ("بيروت", "Beirut", "LOC"),
    ("مجلس الأمن", "the Security Council", "ORG"),
    ("وقف إطلاق النار", "ceasefire", "TERM"),
    ("قال", "said", "PHRASE"),
]
SPARE = {"PER": [("خالد", "Khaled")], "LOC": [("صور", "Tyre")]}
TERMS = Terms.of([row for row in KNOWN if row[2] != "PER" and row[2] != "LOC"] + KNOWN[:3], SPARE)


@pytest.fixture
def rng() -> random.Random:
    return random.Random(7)


def digits(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def test_figures_change_on_both_sides(rng: random.Random) -> None:
    arabic, english = "قتل 17 شخصا وجرح 345 في 2014", "17 people were killed and 345 wounded in 2014"
    new = figures((arabic, english), rng)
    assert new is not None
    assert digits(new[0]) == digits(new[1])
    assert [len(d) for d in digits(new[0])] == [2, 3, 4]
    assert new[0] != arabic
    assert re.sub(r"\d+", "N", new[0]) == re.sub(r"\d+", "N", arabic)


def test_figures_with_a_scale_in_words_change_together(rng: random.Random) -> None:
    new = figures(("بلغ العدد 250 ألف شخص", "the number reached 250,000 people"), rng)
    assert new is not None
    assert f"{digits(new[0])[0]},000" in new[1]
    assert "250" not in new[0]


@pytest.mark.parametrize(
    ("arabic", "english"),
    [
        ("قتل 7 أشخاص", "seven people were killed"),  # in words on one side
        ("7 من 7 قتلوا", "7 were killed"),  # once on one side, twice on the other
        ("لقي شخصان حتفهما", "two people died"),
        ("فاز 2 من 1", "2 of 1 won"),  # 1 and 2 stand with other forms of a noun
    ],
)
def test_figures_that_do_not_agree_are_left_alone(arabic: str, english: str, rng: random.Random) -> None:
    assert figures((arabic, english), rng) is None


@given(st.lists(st.integers(3, 10**6), min_size=1, max_size=5, unique=True), st.integers())
def test_figures_stay_parallel(numbers: list[int], seed: int) -> None:
    arabic, english = (" ".join(f"{word} {n}" for n in numbers) for word in ("عدد", "number"))
    new = figures((arabic, english), random.Random(seed))
    assert new is not None
    assert digits(new[0]) == digits(new[1])


def test_months_of_all_traditions(rng: random.Random) -> None:
    months, seen = Months(), set()
    for _ in range(200):
        new = months(("في 7 كانون الثاني/يناير الماضي", "on January 7"), rng)
        assert new is not None
        assert "يناير" not in new[0]
        assert "January" not in new[1]
        seen.add(new)
    assert len({english for _, english in seen}) == 11
    written = " ".join(arabic for arabic, _ in seen)
    assert all(form in written for form in ("آذار", "مارس", "جويلية", "غشت", "تشرين الأول"))


@pytest.mark.parametrize(
    ("arabic", "english"),
    [
        ("بين يناير وفبراير", "between January and February"),
        ("في يناير", "in February"),
        ("في يناير", "last month"),
        ("قال الرئيس", "the president said"),
        ("في نيسان/مايو", "in April"),  # two months, said to be one
    ],
)
def test_months_that_do_not_agree_are_left_alone(arabic: str, english: str, rng: random.Random) -> None:
    assert Months()((arabic, english), rng) is None


def test_a_person_and_a_place_are_renamed(rng: random.Random) -> None:
    many = {rename(("وصل محمود عباس إلى بيروت", "Mahmoud Abbas arrived in Beirut"), rng, TERMS) for _ in range(60)}
    assert any(new and "Tyre" in new[1] and "صور" in new[0] for new in many)
    assert any(new and "Khaled" in new[1] and "خالد" in new[0] for new in many)
    for new in many:
        assert new is not None
        assert ("Tyre" in new[1]) == ("صور" in new[0])


def test_two_changes_do_not_disturb_each_other() -> None:
    """A longer name in one place moves the words after it."""
    terms = Terms.of([("عباس", "Abbas", "PER"), ("بيروت", "Beirut", "LOC")], {"LOC": [("دير الزور", "Deir Ezzor")]})
    for seed in range(40):
        new = rename(("من بيروت قال عباس اليوم", "From Beirut, Abbas said today"), random.Random(seed), terms)
        assert new is not None
        assert new[0].replace("دير الزور", "بيروت") == "من بيروت قال عباس اليوم"


def test_a_switched_term_is_in_both_sides_in_english(rng: random.Random) -> None:
    many = {
        switch(("رحب مجلس الأمن وعباس بالاتفاق", "The president Abbas and the Security Council welcomed it"), rng, TERMS)
        for _ in range(40)
    }
    assert any(new and "و Abbas" in new[0] for new in many)  # the clitic stands alone
    assert any(new and "رحب the Security Council" in new[0] for new in many)
    for new in many:
        assert new is not None
        assert new[1] == "The president Abbas and the Security Council welcomed it"


def test_a_term_that_is_said_twice_or_not_translated_is_left_alone(rng: random.Random) -> None:
    assert switch(("بيروت بيروت", "Beirut"), rng, TERMS) is None
    assert switch(("في بيروت", "in the capital"), rng, TERMS) is None
    assert switch(("في بيروت", "in Beirutis' city"), rng, TERMS) is None


def test_joined_sentences_stay_in_order_and_in_measure(rng: random.Random) -> None:
    pairs = [(" ".join([f"ا{i}"] * (i % 40 + 1)), " ".join([f"a{i}"] * (i % 40 + 1))) for i in range(200)]
    for arabic, english in joined(pairs, 100, rng):
        assert len(arabic.split()) <= LONGEST_JOINED
        assert arabic.replace("ا", "a") == english


def test_every_pair_is_of_another_pair(rng: random.Random) -> None:
    pairs = [(f"عدد {n}", f"number {n}") for n in range(100, 160)]
    assert len(make(pairs, figures, 1000, rng)) == 60
    assert len(make(pairs, figures, 20, rng)) == 20


def test_an_empty_class_of_names(rng: random.Random) -> None:
    with pytest.raises(RecipeError, match=r"pack\.made\.renamed: there is no name of the class LOC"):
        list(sets([("ا", "a")], {"renamed": 5}, [("عباس", "Abbas", "PER")], {}, rng))
