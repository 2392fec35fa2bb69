"""Splitting: the golden cases, nothing lost on any string, linear time."""

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mojaz_server.pipeline.normalize import blank
from mojaz_server.pipeline.records import ParagraphKind
from mojaz_server.pipeline.split import split

CASES = sorted((Path(__file__).parents[1] / "cases" / "split").glob("*.txt"))
WORDS = ["كلمة", "قال", "وأضاف", "أ", "3", "5.1", "x"]
MARKS = [
    ".",
    "..",
    "؟",
    "!",
    '"',
    "«",
    "»",
    "،",
    "(",
    ")",
    "…",
    "'",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\u2028",
    "\u200f",
    "\x00",
    "\ud800",
]
MARKUP = ["<b>", "</p>", "<!--", "-->", "<script>", "</script>", "&quot;", "&nbsp;", "&"]
PIECES = st.sampled_from([*WORDS, *MARKS, *MARKUP])
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_golden_case(path: Path) -> None:
    body, _, expected = path.read_text("utf-8").partition("\n====\n")
    found = []
    for paragraph in split(body):
        found += [f"[{paragraph.kind.value}]", *(s.text.replace("\n", "⏎") for s in paragraph.sentences)]
    assert found == expected.rstrip("\n").split("\n")


@settings(max_examples=400)
@given(TEXTS)
def test_lossless(body: str) -> None:
    paragraphs = split(body)
    sentences = [s for p in paragraphs for s in p.sentences]
    assert all(s.text == body[s.span.start : s.span.end] for s in sentences)
    assert all(a.span.end <= b.span.start for a, b in pairwise(sentences))
    assert all(p.sentences and p.span.start <= p.sentences[0].span.start for p in paragraphs)
    assert all(p.sentences[-1].span.end <= p.span.end for p in paragraphs)
    seen = set().union(*(range(*s.span) for s in sentences)) if sentences else set()
    assert all(c.isspace() for i, c in enumerate(blank(body)) if i not in seen)
    assert all(s.text.strip() for s in sentences)


@pytest.mark.parametrize(
    "piece", ["خبر قصير. ", "كلمة\n", "كلمة ", ". ", '" ', '."" ', "<a ", "<!--", "<script>", "&", "ا.", "أ. ", "\r\n", "؟!"]
)
def test_linear_time(piece: str) -> None:
    def seconds(times: int) -> float:
        start = time.process_time()
        split(piece * times)
        return time.process_time() - start

    seconds(100)
    assert seconds(80_000) < 24 * max(seconds(10_000), 0.005)


def test_short_lines_in_a_row_are_a_list_not_headings() -> None:
    assert {p.kind for p in split("تفاح\n" * 20 + "وقال التاجر إن الأسعار ارتفعت هذا الأسبوع كثيرا في كل الأسواق.")} == {
        ParagraphKind.TEXT
    }


def test_nothing_to_read() -> None:
    assert split("") == split(" \n\u200f\x00\n<br><!-- x -->") == ()
