"""Word links: what must be found, and spans that hold whatever marks, markup and length a text has. The engine is not asked."""

import asyncio
from collections.abc import Mapping

import pytest
from glossaries import glossary_of
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mojaz_server.pipeline.glossary import Glossary
from mojaz_server.pipeline.links import links
from mojaz_server.pipeline.options import TranslateOptions
from mojaz_server.pipeline.pair import pair
from mojaz_server.pipeline.records import Priority, Sentence, Span, WordLink
from mojaz_server.pipeline.terms import is_mark
from mojaz_server.pipeline.translate import Hypothesis

SOURCE = "أعلنت الحكومة السورية أمس الأحد أن 115 شخصا قتلوا في 3 كانون الثاني 2020."
TARGET = "The Syrian government announced on Sunday that 115 people were killed on 3 January 2020."
TEXTS = st.text(st.sampled_from("قالوزيرة حكم \u200f\u200d\u064e\u0640\n<b>&quot;«»،.-–3٣%aBthe of"), max_size=60)


def words(source: str, target: str, glossary: Mapping[str, str] | None = None) -> set[tuple[str, str]]:
    return {(link.source.of(source), link.target.of(target)) for link in links(source, target, glossary_of(glossary or {}))}


def test_words_figures_dates_and_names_are_linked() -> None:
    found = words(SOURCE, TARGET)
    assert {("الحكومة", "government"), ("السورية", "Syrian"), ("أعلنت", "announced"), ("شخصا", "people")} <= found
    assert {("115", "115"), ("3", "3"), ("كانون", "January"), ("الثاني", "January"), ("2020", "2020")} <= found


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("وصل زفيريلي إلى باريس.", "Zefirelli arrived in Paris.", ("زفيريلي", "Zefirelli")),
        ("قتل ١٥٠٠ شخص.", "Some 1,500 people were killed.", ("١٥٠٠", "1,500")),
        ("وزراء ومدراء", "ministers and managers", ("ومدراء", "and")),
        ("قال لصحيفته إنه باق.", "He told his newspaper that he was staying.", ("لصحيفته", "his")),
        ("الأوضاعُ في العـــراق", "Conditions in Iraq", ("العـــراق", "Iraq")),
        ("الحك\u200dومة", "The government", ("الحك\u200dومة", "government")),
        ("<p>الحكومة</p>", "The government", ("الحكومة", "government")),
        ("شركة Siemens الألمانية", "German company Siemens", ("Siemens", "Siemens")),
    ],
)
def test_evidence_of_each_kind(source: str, target: str, expected: tuple[str, str]) -> None:
    assert expected in words(source, target)


def test_a_term_of_the_glossary_is_linked() -> None:
    source, target = "دخلت قسد المدينة.", "The militia entered the city."
    assert ("قسد", "militia") not in words(source, target)
    assert ("قسد", "militia") in words(source, target, {"قسد": "militia"})


def test_repeated_words_are_linked_in_their_order() -> None:
    source = "زار الوزير بغداد ثم زار الوزير دمشق."
    target = "The minister visited Baghdad, then the minister visited Damascus."
    found = [link for link in links(source, target, Glossary.EMPTY) if link.source.of(source) == "الوزير"]
    assert [(link.source.start, link.target.start) for link in found] == [(4, 4), (24, 39)]


@pytest.mark.parametrize(
    ("source", "target"), [("", ""), ("الحكومة", ""), ("", "government"), ("…،", "—"), ("\u200f", "<p></p>")]
)
def test_nothing_is_linked_with_nothing(source: str, target: str) -> None:
    assert links(source, target, Glossary.EMPTY) == ()


def check_spans(source: str, target: str, found: tuple[WordLink, ...]) -> None:
    assert len(set(found)) == len(found)
    for text, spans in ((source, [link.source for link in found]), (target, [link.target for link in found])):
        for span in spans:
            assert 0 <= span.start < span.end <= len(text)
            assert any(char.isalnum() for char in span.of(text))
            assert not any(char.isspace() for char in span.of(text))
            for outside in (text[max(0, span.start - 1) : span.start], text[span.end : span.end + 1]):
                assert not outside.isalnum()
                assert not is_mark(text[span.end : span.end + 1] or " ") or not text[span.end].isalpha()


@settings(max_examples=300)
@example("وال3\u064e", "3the")
@given(TEXTS, TEXTS)
def test_links_are_whole_words_of_both_texts(source: str, target: str) -> None:
    check_spans(source, target, links(source, target, glossary_of({"قال": "the", "وزير": "B"})))


@settings(max_examples=100)
@given(st.lists(st.sampled_from(["\u064e", "\u0640", "\u200d", "\u0651", "\ufeff"]), min_size=len(SOURCE), max_size=len(SOURCE)))
def test_marks_and_invisible_characters_move_no_link(marks: list[str]) -> None:
    """A mark after every letter: the same words are linked, each with its marks."""
    marked, starts, at = "", list[int](), 0
    for char, mark in zip(SOURCE, marks, strict=True):
        starts.append(at)
        marked += char + (mark if "\u0620" <= char <= "\u064a" else "")
        at = len(marked)
    found = links(marked, TARGET, Glossary.EMPTY)
    check_spans(marked, TARGET, found)
    assert [(link.source.start, link.target) for link in found] == [
        (starts[link.source.start], link.target) for link in links(SOURCE, TARGET, Glossary.EMPTY)
    ]


class Garbage:
    """An engine that only says the same word again and again."""

    model, max_pieces, calibration = "garbage@1", 90, None

    def count(self, text: str) -> int:
        return len(text.split())

    async def translate(self, text: str, beam: int, priority: Priority) -> Hypothesis:
        return Hypothesis("government " * 30, -0.5, True, 0, 30, 0.0, 0.0)

    async def alternatives(self, text: str, priority: Priority) -> list[Hypothesis]:
        return [await self.translate(text, 0, priority)]


def test_what_is_withheld_has_no_links() -> None:
    sentence = Sentence(SOURCE, Span(7, 7 + len(SOURCE)))
    found = asyncio.run(pair(sentence, Garbage(), TranslateOptions(links=True))).pair
    assert found.withheld
    assert found.links == ()
