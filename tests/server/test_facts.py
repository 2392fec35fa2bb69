"""Golden cases of facts: dates, figures and names with their places in both languages."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mojaz_server.pipeline.check.calendar import arabic_dates
from mojaz_server.pipeline.facts import facts
from mojaz_server.pipeline.records import FactKind, Line, Pair, Span

PUBLISHED = datetime(2024, 1, 3)
ROWS = (Path(__file__).parents[1] / "cases" / "facts" / "dates.tsv").read_text(encoding="utf-8").splitlines()


def line(source: str, target: str, start: int = 0) -> Line:
    return Line(1, Pair(source, Span(start, start + len(source)), target, 0.0), 1.0)


@pytest.mark.parametrize("row", [row for row in ROWS if not row.startswith("#")])
def test_dates(row: str) -> None:
    text, expected = row.split("\t")
    assert [date.value for date in arabic_dates(text, PUBLISHED)] == ([] if expected == "-" else expected.split())


def test_relative_days_need_a_day_of_publication() -> None:
    assert [fact.value for fact in facts([line("وصل أمس", "")], None)] == []
    assert [fact.value for fact in facts([line("وصل أمس", "")], PUBLISHED)] == ["2024-01-02"]


@pytest.mark.parametrize("text", ["وصل أمس", "وصل أول من أمس", "يصل غدا", "وصل الاثنين الماضي", "يصل الاثنين المقبل"])
@pytest.mark.parametrize("edge", [datetime.min, datetime.max])
def test_days_before_the_first_and_after_the_last_are_left_out(text: str, edge: datetime) -> None:
    assert all(date.year in (1, 9999) for date in arabic_dates(text, edge))


def test_facts_of_a_line() -> None:
    body = "عنوان\nقتل 115 جنديا في العراق في الثالث من كانون الثاني/يناير 2020 بحسب رويترز"
    source, target = body[6:], "On January 3, 2020, 115 soldiers were killed in Iraq, Reuters said"
    found = facts([line(source, target, 6)], None)
    assert [(fact.kind, fact.target, fact.value) for fact in found] == [
        (FactKind.NUMBER, "115", "115"),
        (FactKind.PLACE, "Iraq", "Iraq"),
        (FactKind.DATE, "January 3, 2020", "2020-01-03"),
        (FactKind.ORGANIZATION, "Reuters", "Reuters"),
    ]
    for fact in found:
        assert fact.source_span.of(body) == fact.source
        assert fact.target_span and fact.target_span.of(target) == fact.target


def test_a_value_is_given_once_in_a_digest() -> None:
    lines = [line("نزح مليونا شخص من سوريا", ""), line("عاد مليونا شخص إلى سورية في 10:30", "", 40)]
    assert [(fact.line, fact.source, fact.value) for fact in facts(lines, None)] == [
        (0, "مليونا", "2000000"),
        (0, "سوريا", "Syria"),
        (1, "10:30", "10:30"),
    ]


def test_adjectives_and_common_words_are_no_names() -> None:
    assert facts([line("النفط السورية ووضع مالي صعب", "Syrian oil and a hard financial position")], None) == ()


def test_clitics_are_no_part_of_a_name() -> None:
    assert [fact.source for fact in facts([line("وَلإيران والحرس الثوري", "")], None)] == ["إيران", "الحرس الثوري"]


@given(st.text(alphabet="0123456789٣/-: ينارمضبهـءوال", max_size=60))
def test_any_line_is_safe(source: str) -> None:
    for fact in facts([line(source, source)], PUBLISHED):
        assert fact.source_span.of(source) == fact.source


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("قتل 115 جنديا في الهجوم", "جنديا"),
        ("بكلفة 340 مليون دولار أميركي", "دولار"),
        ("ارتفع 40 في المئة", "في المئة"),
        ("ارتفع 40% اليوم", "%"),
        ("أصيب 12 من الجنود", "الجنود"),
        ("عين 15 وزيرا جديدا", "وزيرا"),
        ("نحو 18 شَخصًا", "شَخصًا"),
        ("أصيب 12 منهم بجروح", ""),
        ("بلغ العدد 15 وقال الوزير", ""),
        ("بلغ العدد 30 في المدينة", ""),
        ("بلغ العدد 20", ""),
    ],
)
def test_what_a_number_counts(source: str, expected: str) -> None:
    (fact,) = facts([line(source, "")], None)
    assert (fact.counted, fact.counted_target) == (expected, "")


def test_what_a_number_counts_in_english() -> None:
    source, target = "قتل 115 جنديا وأصيب 115 مدنيا", "115 soldiers were killed and 115 civilians were wounded"
    found = facts([line(source, target)], None)
    assert [(fact.value, fact.counted, fact.counted_target) for fact in found] == [
        ("115", "جنديا", "soldiers"),
        ("115", "مدنيا", "civilians"),
    ]
