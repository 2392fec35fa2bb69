"""What a number counts: the word after it in the Arabic, and what the English has for that word."""

import re
from collections.abc import Sequence

from mojaz_server.pipeline.normalize import fold
from mojaz_server.pipeline.phrases import is_verb
from mojaz_server.pipeline.records import Span, WordLink
from mojaz_server.pipeline.wordlists import words

_PER_CENT = re.compile(r"\s*(%|٪|(?:في\s+ال|بال)م(?:ئة|ائة|ئه|ائه|يه|ية)(?!\w))")
_WORD = re.compile(r"\s+(?:من\s+(?=ال))?([^\W\d_][\w\u064b-\u0652]*)")
_OF_THEM = {"منهم", "منهن", "منهما"}
_MOST_LETTERS = 30  # of the English for one word


def counted(source: str, end: int) -> Span | None:
    """Where the word stands that a number ending at `end` counts; None if none follows: "115 هجوما", "40 %", "12 من الجنود"."""
    found = _PER_CENT.match(source, end) or _WORD.match(source, end)
    if found is None:
        return None
    key = fold(found[1])
    bare = key.removeprefix("و")
    joined = key != bare and (bare.startswith("ال") or _is_function(bare))  # "و" is "and" there, but not in "وزيرا"
    return None if joined or _is_function(key) else Span(*found.span(1))


def _is_function(key: str) -> bool:
    return key in _OF_THEM or key in words("salience", "stopwords") or key in words("headline", "prepositions") or is_verb(key)


def in_english(word: Span, linked: Sequence[WordLink], target: str) -> str:
    """The words of `target` that are linked to a word of the Arabic; empty if none is, or if they stand apart."""
    spans = sorted(link.target for link in linked if link.source.overlaps(word))
    if not spans or spans[-1].end - spans[0].start > _MOST_LETTERS:
        return ""
    return target[spans[0].start : spans[-1].end]
