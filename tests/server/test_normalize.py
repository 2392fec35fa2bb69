"""Normalization is what the model was trained with, idempotent; blanking keeps every offset."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mojaz_server.pipeline.normalize import blank, fold, normalize, readable

ARABIC = st.text(st.characters(min_codepoint=0x600, max_codepoint=0x6FF) | st.sampled_from(" \u200f\ufefb\ufdf2\ufe70\u0327.x"))
TEXTS = st.one_of(st.text(st.characters()), ARABIC)


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("الأوضاعُ  في\u200fالعـــراق", "الأوضاع فيالعراق"),
        ("«نعم» في ٢٠٢٤، ٣٫٥٪ – لا…", '"نعم" في 2024، 3.5% - لا...'),
        ("ﻻ ﺑﺄس\xa0\n", "لا بأس"),
        ("ا\u0640\u0654", "أ"),
        ("\ud800", "\ufffd"),
    ],
)
def test_examples(raw: str, normal: str) -> None:
    assert normalize(raw) == normal


@settings(max_examples=500)
@example("آٓ")
@example("e\u0654\u0301")
@given(TEXTS)
def test_idempotent(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)
    assert fold(fold(text)) == fold(text)


@settings(max_examples=500)
@given(TEXTS)
def test_blank_keeps_the_length(text: str) -> None:
    assert len(blank(text)) == len(text)
    assert len(blank(f"<p>{text}&quot;<!--")) == len(text) + 13


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("a<br>b", "a\n   b"),
        ("<b>x</b>", "   x    "),
        ("&quot;x&nbsp;&#1587;&no;", '"     x      س      &no;'),
        ("x\r\ny\u2028z\rw", "x \ny\nz\nw"),
        ("\u200fx\x00\ty\ufeff", " x  y "),
        ("<script>a < b</script >c<style>d", " " * 23 + "c       d"),
        ("3 < 4 > 2", "3 < 4 > 2"),
    ],
)
def test_blank(raw: str, seen: str) -> None:
    assert blank(raw) == seen


def test_readable_keeps_words_together() -> None:
    assert readable("ال<b>قانون</b> &quot;ال\u200cجديد&quot;<br>صدر\x00اليوم") == 'القانون "الجديد" صدر اليوم'
