"""Made pairs of the second round: names, marks, rare words, large numbers and denials change on both sides, or not at all."""

import random
import re

import pytest
from mojaz_models.errors import RecipeError
from mojaz_models.made.amounts import amounts
from mojaz_models.made.named import Pools, alike, name, nameable, spelt
from mojaz_models.made.negated import Negated
from mojaz_models.made.phrases import phrases
from mojaz_models.made.placed import exchange, quotable, quote
from mojaz_models.made.rare import rare
from mojaz_models.made.replaced import Replaced
from mojaz_models.made.sets import make, sets
from mojaz_models.spellings import Spellings

KNOWN = [
    ("محمود عباس", "Mahmoud Abbas", "PER"),
    ("يائير لابيد", "Yair Lapid", "PER"),
    ("رئيس الوزراء", "Prime Minister", "PER"),
    ("بيروت", "Beirut", "LOC"),
    ("دمشق", "Damascus", "LOC"),
    ("القطاع", "the Strip", "LOC"),
    ("القرى", "the villages", "PHRASE"),
    ("قال", "said", "PHRASE"),
]
POOLS = Pools(
    [("حلبوسي", "Halbousi")], {"حلبوسي": 1.0}, [("كارفخال", "Carvajal")], [("مارك توين", "Mark Twain")], [("صور", "Tyre")]
)


@pytest.fixture
def rng() -> random.Random:
    return random.Random(7)


def test_a_term_is_marked_on_both_sides(rng: random.Random) -> None:
    terms = quotable(KNOWN)
    assert quote(("عاد إلى القرى اليوم", "He returned to the villages, today."), rng, terms) == (
        'عاد إلى "القرى" اليوم',
        'He returned to the "villages," today.',
    )
    assert quote(("زار بيروت وبغداد", "He visited Beirut and Baghdad"), rng, terms) is not None
    assert quote(('زار "بيروت"', 'He visited "Beirut"'), rng, terms) is None
    assert quote(("قال ذلك", "he said that"), rng, terms) is None  # may be a verb


def test_a_clitic_stays_before_the_mark(rng: random.Random) -> None:
    assert quote(("من طهران وبيروت", "from Tehran and Beirut"), rng, quotable(KNOWN)) == (
        'من طهران و"بيروت"',
        'from Tehran and "Beirut"',
    )


def test_two_names_change_places(rng: random.Random) -> None:
    terms = nameable(KNOWN)
    assert exchange(("هاجم محمود عباس يائير لابيد", "Mahmoud Abbas attacked Yair Lapid"), rng, terms) == (
        "هاجم يائير لابيد محمود عباس",
        "Yair Lapid attacked Mahmoud Abbas",
    )
    assert exchange(("من بيروت ودمشق", "from Beirut and Damascus"), rng, terms) == ("من دمشق وبيروت", "from Damascus and Beirut")
    assert exchange(("محمود عباس في بيروت", "Mahmoud Abbas in Beirut"), rng, terms) is None  # not of one class


def test_offices_and_names_with_the_article_are_no_names() -> None:
    assert set(nameable(KNOWN).known.values()) == {
        ("Mahmoud Abbas", "PER"), ("Yair Lapid", "PER"), ("Beirut", "LOC"), ("Damascus", "LOC"),
    }  # fmt: skip


def test_names_become_others() -> None:
    pair = ("قال محمود عباس في بيروت", "Mahmoud Abbas said in Beirut")
    for seed in range(60):
        new = name(pair, random.Random(seed), nameable(KNOWN), POOLS)
        assert new is not None
        for arabic, english in (
            ("حلبوسي", "Halbousi"),
            ("كارفخال", "Carvajal"),
            ("توين", "Twain"),
            ("صور", "Tyre"),
            ("بيروت", "Beirut"),
        ):
            assert new[0].count(arabic) == new[1].count(english)
        assert ("الحلبوسي" in new[0]) == ("al-Halbousi" in new[1])
        assert new[1][0].isupper()


def test_a_list_of_names_is_a_list_on_both_sides() -> None:
    found = {name(("وصل إلى بيروت", "He arrived in Beirut."), random.Random(seed), nameable(KNOWN), POOLS) for seed in range(80)}
    assert ("وصل إلى صور وصور", "He arrived in Tyre and Tyre.") in found
    assert any(new and new[1].endswith("Tyre, Tyre and Tyre.") and new[0].count("صور") == 3 for new in found)


def test_names_of_lists_sound_alike_and_those_of_the_news_are_sure() -> None:
    assert alike([("بروكس", "Brooks"), ("ميونخ", "Bavaria"), ("باد إيبورغ", "Iburg")]) == [("بروكس", "Brooks")]
    found = Spellings()
    found.seen.update({"بوتين": 4, "سلام": 9, "كيم": 4})
    found.written["بوتين"].update({"Putin": 4})
    found.written["سلام"].update({"Salam": 3})  # a word too
    found.written["كيم"].update({"Kim": 2, "Keem": 2})
    assert spelt(found) == [("بوتين", "Putin")]


@pytest.mark.parametrize(
    ("arabic", "english"),
    [
        ("قتل 250 شخصا", "250 people were killed"),
        ("قتل 12,653 شخصا", "12,653 people were killed"),
        ("قتل 12 ألفا و653 شخصا", "12,653 people were killed"),
        ("يملك 7 آلاف و653 كتابا", "He owns 7,653 books"),
        ("أنفق 3.5 مليون ريال", "He spent 3.5 million riyals"),
        ("أنفق 40 ألف ريال", "He spent 40,000 riyals"),
    ],
)
def test_large_numbers_change_together(arabic: str, english: str) -> None:
    values = set()
    for seed in range(40):
        new = amounts((arabic, english), random.Random(seed))
        assert new is not None
        assert re.sub(r"[\d.,]+|two|hundred|thousand|million|billion| ", "", new[1]) == re.sub(r"[\d.,]+|million| ", "", english)
        plain = re.fullmatch(r"\D*?(\d[\d,]*)(?: ألفا?| آلاف)? و(\d+)\D*", new[0])
        if plain and "مليون" not in new[0]:
            assert f"{plain[1]},{plain[2]}" in new[1]
        values.add(new)
    assert len(values) > 20


@pytest.mark.parametrize(
    ("arabic", "english"),
    [
        ("في عام 1995", "in 1995"),
        ("يوم 25 منه", "on the 25th"),
        ("بلغ 250 و250", "reached 250"),
        ("نحو 2500 متر", "about 2.5 kilometers"),
        ("الساعة 12:300", "at 12:300"),
    ],
)
def test_other_numbers_are_left_alone(arabic: str, english: str, rng: random.Random) -> None:
    assert amounts((arabic, english), rng) is None


def test_a_sign_of_currency_stands_before_figures() -> None:
    for seed in range(60):
        new = amounts(("أنفق 40 ألف دولار", "He spent $40,000"), random.Random(seed))
        assert new is not None
        assert re.search(r"\$\d", new[1])


SPOKEN = [("لن يشارك في ذلك", ""), ("أن يشارك في ذلك", ""), ("أن سيارة", "")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("لن يشارك الفريق", "The team will not take part"), ("سيشارك الفريق", "The team will take part")),
        (("قال إنه لن يشارك", "He said he would not take part"), ("قال إنه سيشارك", "He said he would take part")),
        (("لا يمكن ذلك", "That cannot be"), ("يمكن ذلك", "That can be")),
        (("إنهم لا يعرفون", "They do not know"), ("إنهم يعرفون", "They know")),
        (("سيشارك الفريق", "The team will take part"), ("لن يشارك الفريق", "The team will not take part")),
    ],
)
def test_the_contrary(one: tuple[str, str], other: tuple[str, str], rng: random.Random) -> None:
    assert Negated(SPOKEN)(one, rng) == other


@pytest.mark.parametrize(
    ("arabic", "english"),
    [
        ("لن يشارك أحد ولم يحضر", "He will not take part and did not come"),
        ("في سيارة", "In a car that will go"),  # a noun
        ("سيشارك الفريق", "The team will take part and will win"),
        ("لن يشاركوا", "They will not take part"),  # the verb would have another ending
        ("لن يشارك", "He refuses to take part"),
    ],
)
def test_no_contrary_where_it_cannot_be_told(arabic: str, english: str, rng: random.Random) -> None:
    assert Negated(SPOKEN)((arabic, english), rng) is None


def test_rare_words_take_each_others_place(rng: random.Random) -> None:
    pairs = [("بيعت المولدات أمس", "the generators were sold"), ("بيعت المبيدات أمس", "the pesticides were sold")] * 4
    maker = Replaced(pairs)
    assert maker.rare == {"several ات the": [("مبيدات", "pesticides"), ("مولدات", "generators")]}
    assert {maker(pairs[0], rng) for _ in range(20)} == {("بيعت المبيدات أمس", "the pesticides were sold"), None}


def test_the_indefinite_article_goes_with_the_word(rng: random.Random) -> None:
    pairs = [("في بيان عدوانية", "in an aggressive statement"), ("في بيان دستورية", "in a constitutional statement")] * 4
    assert {Replaced(pairs)(pairs[0], rng) for _ in range(20)} == {("في بيان دستورية", "in a constitutional statement"), None}
    assert {Replaced(pairs)(pairs[1], rng) for _ in range(20)} == {("في بيان عدوانية", "in an aggressive statement"), None}


def test_pairs_with_most_rare_words_come_first() -> None:
    often = [(f"قال الوزير {n}", "said") for n in "ابتثجحخدذرزسشصضطظعغفقكلمنهوي" * 2]
    seldom = [("قال شطرنج", "chess"), ("قال الوزير شطرنج", "chess"), ("بالشطرنج", "with chess")]
    assert rare([*often, *seldom], 2) == [seldom[2], seldom[0]]
    assert rare(often, 5) == []


def test_a_pair_with_a_tag_is_refused_and_counted() -> None:
    told: list[str] = []
    pairs = [("عدد 345 >>en<<", "number 345"), ("عدد 678", "number 678"), ("عدد 912", "<b>number 912</b>")]
    ((_, made),) = sets(pairs, {"figures": 9}, [], {}, random.Random(1), told.append)
    assert [re.sub(r"\d", "9", english) for _, english in made] == ["number 999"]
    assert told == ["figures: 2 pairs refused, with a tag or a tab inside"]


def test_an_empty_class_of_names_is_named(rng: random.Random) -> None:
    with pytest.raises(RecipeError, match=r"pack\.made\.named: there is no name of the class words of the news"):
        list(sets([("ا", "a")], {"named": 5}, KNOWN, {"PER": [("كارفخال", "Carvajal")], "LOC": []}, rng))


def test_a_pair_can_be_used_several_times(rng: random.Random) -> None:
    assert len(make([("عدد 345", "number 345")], amounts, 9, rng, often=3)) == 3


def test_phrases_around_rare_words_are_whole_on_both_sides() -> None:
    plain = [("قال الرئيس في القاهرة اليوم", "The president said in Cairo today")] * 70
    pair = ("دمرت الجرافات منازل المواطنين في الضفة", "Bulldozers demolished homes of citizens in the West Bank")
    found = list(phrases([*plain, *[pair] * 3], 100))
    assert found
    for arabic, english in found:
        assert arabic in pair[0] and english in pair[1]
    assert any("الجرافات" in arabic and "ulldozers" in english for arabic, english in found)
    assert len(found) == len(set(found))
    assert len(list(phrases([*plain, *[pair] * 3], 1))) == 1


def test_no_phrase_leads_out_of_itself() -> None:
    for arabic, english in phrases([("دمرت الجرافات، بحسب مصادر، منازل", "Bulldozers, sources said, demolished homes")] * 3, 100):
        assert "," not in english and "،" not in arabic
