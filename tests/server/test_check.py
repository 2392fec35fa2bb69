"""Golden pairs for the checks, what is withheld, and input that must not break or slow them."""

import time
from pathlib import Path

import pytest
from glossaries import glossary_of
from hypothesis import given
from hypothesis import strategies as st
from mojaz_server.pipeline.check import check, is_garbage
from mojaz_server.pipeline.check.consistency import compare_spellings
from mojaz_server.pipeline.check.reading import arabic_figures, english_figures
from mojaz_server.pipeline.glossary import Glossary
from mojaz_server.pipeline.records import CheckKind, Span, Translated

CASES = Path(__file__).parents[1] / "cases" / "checks"


def cases(name: str) -> list[list[str]]:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def kinds(source: str, target: str) -> list[str]:
    return sorted({failed.kind.value for failed in check(source, Translated(target, -0.2), Glossary.EMPTY)})


@pytest.mark.parametrize(("source", "target", "expected"), cases("pairs.tsv"))
def test_golden_pair(source: str, target: str, expected: str) -> None:
    assert kinds(source, target) == sorted(expected.replace("-", "").split())


@pytest.mark.parametrize(("what", "source", "target", "expected"), cases("bad_input.tsv"))
def test_bad_input(what: str, source: str, target: str, expected: str) -> None:
    assert kinds(source, target) == sorted(expected.replace("-", "").split()), what


@pytest.mark.parametrize(("language", "text", "expected"), cases("figures.tsv"))
def test_figures(language: str, text: str, expected: str) -> None:
    figures = arabic_figures(text) if language == "ar" else english_figures(text)
    assert [figure.value for figure in figures] == ([] if expected == "-" else expected.split())


def test_evidence_points_into_both_sentences() -> None:
    source, target = "قتل ١١٥ جنديا في الهجوم على القاعدة", "The attack on the base killed 150 soldiers"
    (changed,) = check(source, Translated(target, 0.0), Glossary.EMPTY)
    assert changed.kind is CheckKind.NUMBER_CHANGED and changed.source and changed.source.of(source) == "١١٥"
    assert changed.message == "١١٥ (115) is not in the English: it has 150"
    assert changed.target == Span(target.index("150"), target.index("150") + 3)


@pytest.mark.parametrize(
    ("source", "target", "message", "there"),
    [
        ("بلغت الصفقة 5 مليارات دولار", "The deal reached 5 billion euros", "5 billion should be dollars", "5 billion"),
        ("زار الرئيس دمشق والتقى الوزراء", "The president visited Beirut and met ministers", "دمشق is Damascus", "Beirut"),
        ("وصل الوفد إلى العاصمة يوم الخميس", "The delegation came to the capital on Friday", "الخميس is Thursday", "Friday"),
        ("وافق المجلس على القرار", "The council did not approve the decision", "Nothing in the Arabic denies", "not approve"),
    ],
)
def test_a_flag_says_what_was_expected(source: str, target: str, message: str, there: str) -> None:
    (failed,) = check(source, Translated(target, 0.0), Glossary.EMPTY)
    assert failed.message.startswith(message)
    assert failed.target and failed.target.of(target) == there


def test_a_lost_clause_is_pointed_at() -> None:
    source = "أعلن الوزير أن المحادثات ستبدأ الأسبوع المقبل، وأن الوفد غادر المدينة إلى تركيا، وأن الحكومة تنتظر رد المعارضة"
    target = (
        "The minister announced that the talks will begin next week, and that the government awaits the opposition's response"
    )
    (failed,) = (found for found in check(source, Translated(target, 0.0), Glossary.EMPTY) if found.kind is CheckKind.CLAUSE_LOST)
    assert failed.source and "غادر المدينة إلى تركيا" in failed.source.of(source)


def test_two_spellings_of_a_name() -> None:
    pairs = [
        ("قال زيلينسكي إن الحرب مستمرة", "Zelensky said the war goes on"),
        ("التقى زيلينسكي نظيره في كييف", "Zelensky met his counterpart in Kyiv"),
        ("وأضاف زيلينسكي أن بلاده بحاجة إلى الدعم", "Zalinsky added that his country needs support"),
    ]
    one, two, (failed,) = compare_spellings(pairs)
    assert (one, two) == ((), ())
    assert failed.kind is CheckKind.NAME_INCONSISTENT
    assert failed.message == "زيلينسكي is spelled Zalinsky here and Zelensky elsewhere"
    assert failed.source and failed.source.of(pairs[2][0]) == "زيلينسكي"
    assert compare_spellings(pairs[:2]) == [(), ()]


def test_missed_term() -> None:
    glossary = glossary_of({"حزب الله": "Hezbollah"})
    source = "اتهمت الحكومة حزب الله بالهجوم"
    assert check(source, Translated("The government blamed Hezbollah's men for the attack", 0.0), glossary) == ()
    (failed,) = check(source, Translated("The government blamed the party for the attack", 0.0), glossary)
    assert failed.kind is CheckKind.TERM_MISSED and failed.source and failed.source.of(source) == "حزب الله"


def test_signals_of_the_model() -> None:
    translated = Translated("The president arrived in the capital on Thursday", -2.0, ended=False, unknown=1)
    found = {failed.kind for failed in check("وصل الرئيس إلى العاصمة يوم الخميس", translated, Glossary.EMPTY)}
    assert found == {CheckKind.UNKNOWN_PIECE, CheckKind.LOW_SCORE, CheckKind.TRUNCATED}


@pytest.mark.parametrize(
    ("source", "translated", "withheld"),
    [
        ("وصل الرئيس", Translated("The president arrived", -0.1), False),
        ("وصل الرئيس", Translated("the the the the the the", -0.1), True),
        ("وصل الرئيس إلى", Translated("The president of the president of the president of the president of", -0.1), True),
        ("نعم", Translated("", 0.0), True),
        ("\u200f", Translated("", 0.0), False),
        ("وصل الرئيس", Translated("الرئيس arrived الرئيس", -0.1), True),
        ("漢字漢字漢字", Translated("of", -4.0, unknown=6), True),
    ],
)
def test_withheld(source: str, translated: Translated, withheld: bool) -> None:
    assert is_garbage(translated, check(source, translated, Glossary.EMPTY)) is withheld


PIECES = [
    "17",
    "٣٫٥",
    "1.200",
    "10:30",
    "99/99/9999",
    "مليون",
    "ونصف",
    "كانون الثاني",
    "/",
    "محرم",
    "«",
    '"',
    "و",
    "الـ",
    "لم",
    "٪",
    " ",
    "غير ",
    "دولار",
    "دمشق",
    "الخميس",
    "5 في المئة",
]


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join), st.text(max_size=60))
def test_any_text_is_checked(source: str, target: str) -> None:
    for failed in check(source, Translated(target, 0.0), glossary_of({"كانون": "x", "": "", "!": "y"})):
        assert failed.source is None or failed.source.of(source)
        assert failed.target is None or failed.target.of(target) or not target


ENGLISH = ["not ", "un", "$5", "%", " billion", "Damascus", "Friday", "May 3", '"', "n't", "1,2", "The ", " without ", "Is", ", "]


@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from(PIECES), max_size=12), st.lists(st.sampled_from(ENGLISH), max_size=12)), max_size=4
    )
)
def test_spans_are_inside(drawn: list[tuple[list[str], list[str]]]) -> None:
    pairs = [(" ".join(source), "".join(target)) for source, target in drawn]
    for (source, target), spelled in zip(pairs, compare_spellings(pairs), strict=True):
        for failed in (*check(source, Translated(target, 0.0), Glossary.EMPTY), *spelled):
            assert failed.source is None or 0 <= failed.source.start < failed.source.end <= len(source)
            assert failed.target is None or 0 <= failed.target.start < failed.target.end <= len(target)
            assert failed.message and "\n" not in failed.message


@given(st.text(alphabet="0123456789٠١٢.,٬٫/:-' ", max_size=60))
def test_digits_are_never_lost_silently(digits: str) -> None:
    lost = [
        failed
        for failed in check(f"قال {digits} شخص", Translated("He said so to some people", 0.0), Glossary.EMPTY)
        if failed.source
    ]
    assert bool(lost) == any(char.isdigit() for char in digits)


@pytest.mark.parametrize(
    "unit",
    [
        "9",
        "9 ",
        "مليون و",
        "و",
        '"',
        "ا",
        "لم ",
        "1,",
        "17 يناير ",
        "the ",
        "10:",
        "12 345 ",
        "غير ",
        "لا ",
        "not ",
        "$5 ",
        "5% ",
        "Iran ",
    ],
)
def test_a_long_line_takes_seconds(unit: str) -> None:
    began = time.thread_time()  # of the processor: other work on the machine does not count
    check(unit * 4000, Translated(unit * 4000, 0.0), Glossary.EMPTY)
    assert time.thread_time() - began < 10
