"""What the measures count: figures by value, months of every region, quotations, terms, loops; and how they are shown."""

import random

import pytest
from mojaz_models.evaluate import measures
from mojaz_models.evaluate.fidelity import PLANTS, catches, false_flags
from mojaz_models.evaluate.figures import kept_figures
from mojaz_models.evaluate.plants import change_digit
from mojaz_models.evaluate.robustness import copied, noised, switched
from mojaz_models.evaluate.share import Share
from mojaz_models.evaluate.terms import gazetteer, kept_terms, listed
from mojaz_server.engine.translator import Output

SAME = [
    ("نزح 250 ألف شخص", "250,000 people were displaced"),
    ("نزح 250 ألف شخص", "A quarter of a million, or 250 thousand, were displaced"),
    ("ارتفع بنسبة 0,66 بالمئة", "It rose 0.66 percent"),
    ("ارتفع بنسبة ٠٫٦٦ بالمئة", "It rose 0.66%"),
    ("بلغت الأرباح 1.5 مليار دولار", "Profits reached $1,500 million"),
    ("وصل 5 ملايين زائر", "5,000,000 visitors came"),
    ("مساحتها 783 562 كيلومترا", "Its area is 783,562 square kilometres"),
    ("مساحتها ٧٨٣٬٥٦٢ كيلومترا", "Its area is 783,562 square kilometres"),
    ("اعتقل 15 شخصا", "Fifteen people were arrested"),
    ("حكم عليه بالسجن 8 سنوات", "He received an eight-year sentence"),
    ("نال 24 جائزة", "It has won two-dozen awards"),
    ("عند الساعة 22:30", "At 10:30 p.m."),
    ("في 17/10/2019", "On October 17, 2019"),
    ("من 3 إلى 5 ملايين", "3 million to 5 million"),
]
CHANGED = [
    ("نزح 250 ألف شخص", "25,000 people were displaced"),
    ("نزح 250 ألف شخص", "250 people were displaced"),
    ("ارتفع بنسبة 0,66 بالمئة", "It rose 66 percent"),
    ("اعتقل 15 شخصا", "Fifty people were arrested"),
    ("شاشة من 6.5 بوصة", "Screens of 6.9 and 5 inches"),
    ("نال 24 جائزة", "It has won a dozen awards"),
    ("عام 2017", "In 2012"),
]


def outputs(*texts: str, ended: bool = True) -> list[Output]:
    return [Output(text, -1.0, ended, 0, 3) for text in texts]


@pytest.mark.parametrize(("source", "target"), SAME)
def test_a_figure_is_kept_in_whatever_form(source: str, target: str) -> None:
    found = kept_figures(source, target)
    assert found.total > 0
    assert found.lost == 0


@pytest.mark.parametrize(("source", "target"), CHANGED)
def test_a_changed_figure_is_lost(source: str, target: str) -> None:
    assert kept_figures(source, target) == Share(0, 1)


@pytest.mark.parametrize(("source", "target"), [pair for pair in SAME if pair[1][0].isdigit() or "0.66" in pair[1]])
def test_any_digit_changed_is_noticed(source: str, target: str) -> None:
    for seed in range(20):
        spoiled = change_digit(source, target, random.Random(seed))
        assert spoiled is not None
        assert kept_figures(source, spoiled).lost > 0, spoiled


def test_a_figure_that_stands_twice_must_be_there_twice() -> None:
    source = "بين 28 و32 درجة في الشمال وبين 32 و37 في الجنوب"
    assert kept_figures(source, "28 to 32 degrees in the north and 32 to 37 in the south") == Share(4, 4)
    assert kept_figures(source, "28 to 32 degrees in the north and 33 to 37 in the south") == Share(3, 4)


@pytest.mark.parametrize(
    ("source", "target", "kept"),
    [
        ("منذ نيسان ولتشرين الثاني", "Since April and for November", Share(2, 2)),
        ("في كانون الثاني وفي آذار 2024", "In January and in May 2024", Share(1, 2)),
        ("في 4 آب وفي أيلول", "On August 4 and in September", Share(2, 2)),
        ("حزيران/يونيو وشباط وكانون الأول", "June, February and December", Share(3, 3)),
        ("في غشت ويوليوز", "In August and July", Share(2, 2)),
        ("مارس الرياضة", "He played sports", Share(0, 0)),
    ],
)
def test_months_of_every_region(source: str, target: str, kept: Share) -> None:
    assert measures.kept_months(source, target) == kept


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ('He said: "We will never leave our land."', Share(1, 1)),
        ("He said: “We will never leave our land.”", Share(1, 1)),
        ("He said they would never leave their land.", Share(0, 1)),
    ],
)
def test_quotations(target: str, kept: Share) -> None:
    assert measures.kept_quotations('قال: "لن نترك أرضنا أبدا مهما حدث"', target) == kept


def test_names_in_quotation_marks_are_no_quotations() -> None:
    assert measures.kept_quotations('قالت صحيفة "الغارديان" البريطانية', "The Guardian said") == Share(0, 0)


def test_known_names() -> None:
    assert kept_terms("زار وزير خارجية إيران العراق", "Iran's foreign minister visited Syria", gazetteer) == Share(1, 2)


def test_terms_of_a_list() -> None:
    terms = listed([("وقف إطلاق النار", "ceasefire|cease-fire|truce"), ("المجلس", "council")])
    assert kept_terms("دعا مجلس الأمن إلى وقف لإطلاق النار", "It called for a halt", terms) == Share(0, 0)
    assert kept_terms("ووقف إطلاق النار مطلب المجلس", "The Council wants a Cease-Fire", terms) == Share(2, 2)
    assert kept_terms("بوقف إطلاق النار", "with a halt to firing", terms) == Share(0, 1)


def test_noise_is_the_same_each_time_and_changes_the_text() -> None:
    sources = ["أعلنت وزارة الصحة في مدينة إدلب إصابة أربعة أشخاص إثر انفجار قرب المستشفى."] * 20
    assert noised(sources) == noised(sources)
    assert sum(text != sources[0] for text in noised(sources)) > 10


def test_terms_in_english_letters() -> None:
    found = switched(["غادر الوزير إيران إلى العراق", "لا أسماء هنا", "وصل لإيران"], gazetteer)
    assert found == [("غادر الوزير Iran إلى Iraq", ["Iran", "Iraq"]), ("وصل ل Iran", ["Iran"])]
    assert copied(found[:1], ["The minister left Iran for Iraqi soil"]) == Share(1, 2)


def test_faults_are_counted() -> None:
    sources = ["قتل 12 شخصا في 3 كانون الثاني", "بلغ العدد ١٬٢٥٠", "في أيلول", "كلمة", "كلمة", "كلمة", "كلمة"]
    texts = ["12 killed on January 5", "It is 1,250", "In October", "", "the war the war the war the war", "كلمة", "an end"]
    found = measures.faults(sources, outputs(*texts))
    assert (found.figures, found.months) == (Share(2, 3), Share(1, 2))
    assert found.broken == {"empty": 1, "looping": 1, "unended": 0, "Arabic left": 1}
    assert measures.faults(["كلمة"], outputs("word", ended=False)).broken["unended"] == 1


@pytest.mark.parametrize("text", ["no, no, he said", "the man and the dog and the cat", "1000000", "Wait..."])
def test_what_is_no_loop(text: str) -> None:
    assert measures.faults(["كلمة"], outputs(text)).looping == 0


FAITHFUL = [
    (
        "قال الوزير إن 115 شخصا قتلوا في 3 شباط 2020 في دمشق",
        "The minister said 115 people were killed in Damascus on February 3, 2020",
    ),
    (
        "لم يوقع الوفد الاتفاق يوم الخميس بقيمة 5 مليارات دولار",
        "The delegation did not sign the 5 billion dollars deal on Thursday",
    ),
]


@pytest.mark.parametrize(
    "sort",
    [
        "digit changed",
        "day moved",
        "month moved",
        "year moved",
        "weekday moved",
        "name swapped",
        "not dropped, لم",
        "currency swapped",
    ],
)
def test_planted_errors_are_counted_and_caught(sort: str) -> None:
    assert false_flags(FAITHFUL) == {"any": 0}
    planted, caught, missed = catches(FAITHFUL, *PLANTS[sort])
    assert planted >= 1
    assert (caught, missed) == (planted, [])
