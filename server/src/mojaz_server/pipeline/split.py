"""A body into paragraphs and sentences; lossless: all that is outside the sentences is white space or not to be read."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from mojaz_server.pipeline.clauses import divide
from mojaz_server.pipeline.normalize import blank, fold
from mojaz_server.pipeline.paragraphs import kinds, lines
from mojaz_server.pipeline.records import Paragraph, Sentence, Span
from mojaz_server.pipeline.step import step
from mojaz_server.pipeline.wordlists import words

_STOP = re.compile(r"(?P<stops>[.!?؟…۔]+(?:\s{0,3}[.!?؟…۔]+)*)(?P<closers>(?:\s?[\"»”’)\]'](?![^\W_]))*)")
_TOKEN = re.compile(r"[^\W\d_](?:[^\W\d_]|[.\u064b-\u0652\u0640])*$")
_QUOTE = re.compile(r"[\"«»“”]")
_NO_WORD = re.compile(r"\W")
_RUN = re.compile(r"\S+")
_SHORT_QUOTE = 180  # code points: a quotation up to this long is one thing, with the sentences in it
_LONGEST = 120  # words of a sentence
_CLAUSES = 45  # words at most of the parts of a longer one
_REACH = 40  # code points looked at before a stop


@step
def split(body: str) -> tuple[Paragraph, ...]:
    """Paragraphs with their sentences, in order. A body with nothing to read gives none."""
    text = blank(body)
    spans = lines(text)
    sentences = [tuple(Sentence(body[s.start : s.end], s) for s in _sentences(text, span)) for span in spans]
    return tuple(Paragraph(kind, span, found) for kind, span, found in zip(kinds(text, spans), spans, sentences, strict=True))


def _sentences(text: str, span: Span) -> Iterator[Span]:
    paragraph = text[span.start : span.end]
    start = 0
    for end in [*_ends(paragraph), len(paragraph)]:
        piece = paragraph[start:end]
        if bare := piece.strip():
            at = span.start + start + len(piece) - len(piece.lstrip())
            yield from _within_reason(text, Span(at, at + len(bare)))
        start = end


def _within_reason(text: str, sentence: Span) -> Iterator[Span]:
    """A sentence; if it goes on for more than _LONGEST words its stops are missing, and it ends where its clauses do."""
    words = [Span(*word.span()) for word in _RUN.finditer(text, *sentence)]
    if len(words) <= _LONGEST:
        yield sentence
        return
    at = 0
    for part in divide(" ".join(word.of(text) for word in words), lambda clauses: len(clauses.split()), _CLAUSES):
        size = len(part.split())
        yield Span(words[at].start, words[at + size - 1].end)
        at += size


def _ends(paragraph: str) -> list[int]:
    """Where sentences end before the paragraph does."""
    ends: list[int] = []
    quoted = quotations(paragraph)
    at = 0
    for match in _STOP.finditer(paragraph):
        while at < len(quoted) and quoted[at].end <= match.end():
            at += 1
        inside = at < len(quoted) and quoted[at].start < match.start() and match.end() < quoted[at].end
        if inside and quoted[at].end - quoted[at].start <= _SHORT_QUOTE:
            continue
        if _ends_sentence(paragraph, match):
            ends.append(match.end())
    return _with_letters(paragraph, ends)


def _with_letters(paragraph: str, ends: Sequence[int]) -> list[int]:
    """Without the ends that would leave a sentence without a word."""
    kept: list[int] = []
    for start, end in pairwise([0, *ends, len(paragraph)]):
        if re.search(r"\w", paragraph[start:end]):
            kept.append(end)
        elif kept:
            kept[-1] = end
    return [end for end in kept if end < len(paragraph)]


def quotations(paragraph: str) -> list[Span]:
    """Quotations from mark to mark; a mark that opens while another is open makes the first one stray."""
    found: list[Span] = []
    opened = -1
    for match in _QUOTE.finditer(paragraph):
        at, mark = match.start(), match[0]
        before, after = paragraph[at - 1 : at], paragraph[at + 1 : at + 2]
        opens = mark in "«“" or (mark == '"' and (not before or before.isspace() or before in "([:،") and after.strip() != "")
        if mark == '"' and opened >= 0 and (not after or after.isspace() or after in ".،,:؛!؟)"):
            opens = False
        if opens:
            opened = at
        elif opened >= 0:
            found.append(Span(opened, at + 1))
            opened = -1
    return found


class _Place(NamedTuple):
    """A stop and what is around it."""

    stops: str
    closers: str
    token: str
    before: str
    after: str


def _ends_sentence(paragraph: str, match: re.Match[str]) -> bool:
    reach = paragraph[max(match.start() - _REACH, 0) : match.start()]
    token = _TOKEN.search(reach)
    after = paragraph[match.end() : match.end() + _REACH]
    place = _Place(match["stops"], match["closers"], token[0] if token else "", reach, after)
    following = after.lstrip()
    if not following:
        return True
    goes_on = following[0] in "،,;؛:)]»”%-–" or _NO_WORD.split(fold(following), maxsplit=1)[0] in words("split", "subordinate")
    if goes_on or not (after[0].isspace() or _glued(place)) or _announces(place):
        return False
    if place.stops == "." and not place.closers:
        return not _abbreviates(place, following)
    if place.stops[0] in "….":
        return True
    return not place.closers or _starts_anew(following)


def _announces(place: _Place) -> bool:
    """ "Read.." before the title of another article."""
    return len(place.stops) > 1 and fold(place.token) in words("split", "announcing")


def _glued(place: _Place) -> bool:
    """A stop without a space after it ends a sentence between Arabic words of two letters and more, or before a quotation."""
    following = re.match(r"[\u0621-\u064a][\u0621-\u0652]", place.after)
    if not following:
        return place.after[0] in '"«“(' and bool(place.token)
    if place.closers or place.stops != ".":
        return True
    ends_in_word = bool(place.token) and len(place.token.replace("ـ", "")) > 1
    return ends_in_word or bool(re.search(r"[0-9٠-٩%)\"»]$", place.before))


def _abbreviates(place: _Place, following: str) -> bool:
    if not place.token:
        number = re.search(r"(?:^|\n)\s*[0-9٠-٩]{1,2}$", place.before)  # "1." numbers an item
        return bool(number) or not place.before.strip()
    last = place.token.rsplit(".", 1)[-1].replace("ـ", "")
    if len(last) == 1 and last.isascii():
        return not re.match(r"[\u0621-\u064a]{2}", following)
    if len(last) == 1:
        return not _after_number(place) and not _starts_anew(following)
    return fold(place.token) in words("split", "abbreviations")


def _after_number(place: _Place) -> bool:
    return bool(re.search(r"[0-9٠-٩]\s?$", place.before[: len(place.before) - len(place.token)]))


def _starts_anew(following: str) -> bool:
    first = fold(following[:_REACH]).split()
    return bool(first) and first[0] in words("split", "reporting") and first[0].startswith("و")
