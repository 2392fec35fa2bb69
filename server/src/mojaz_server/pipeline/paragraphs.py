"""Where paragraphs begin and end in a body, hard-wrapped lines joined, and which of them are no running text."""

import re
from collections.abc import Sequence
from itertools import groupby, pairwise

from mojaz_server.pipeline.normalize import fold
from mojaz_server.pipeline.records import ParagraphKind, Span
from mojaz_server.pipeline.wordlists import words

_WIDEST = 160  # code points: nobody wraps by hand at more
_NARROWEST = 30
_ENDED = re.compile(r"[.!?؟…۔:؛][\s\"»”’)\]']*$")
_SUBHEADING_WORDS = 8
_CAPTION_WORDS = 16
_CREDIT = re.compile(r"[(\[]([^()\[\]]{2,30})[)\]]$")
_ITEM = re.compile(r"(?:[-–*•▪●]|[0-9٠-٩]{1,2}\s?[-.)–])\s|[0-9٠-٩]{1,2}[:.][0-9٠-٩]{2}\s+(?:\S+\s+){2}\S")
"""How an item of a list or of a live report begins."""
_BOILERPLATE_WORDS = 25
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.\w+|[#@]\w+")


def lines(text: str) -> list[Span]:
    """Paragraphs of a blanked text: its lines without the white space around them, or several lines if wrapped by hand."""
    paragraphs: list[Span] = []
    for block in _blocks(text):
        wrapped = _wrapped(text, block)
        start = block[0].start
        for (line, following), joins in zip(pairwise(block), wrapped, strict=True):
            if not joins:
                paragraphs.append(Span(start, line.end))
                start = following.start
        paragraphs.append(Span(start, block[-1].end))
    return paragraphs


def _blocks(text: str) -> list[list[Span]]:
    """Lines between empty lines."""
    blocks: list[list[Span]] = [[]]
    at = 0
    for line in text.split("\n"):
        if bare := line.strip():
            start = at + len(line) - len(line.lstrip())
            blocks[-1].append(Span(start, start + len(bare)))
        elif blocks[-1]:
            blocks.append([])
        at += len(line) + 1
    return [block for block in blocks if block]


def _wrapped(text: str, block: Sequence[Span]) -> list[bool]:
    """For each line but the last whether the next one continues it.

    In wrapped text a line ends where the next word would have gone over the margin; that must hold for nearly all lines that
    do not end a sentence.
    """
    no = [False] * (len(block) - 1)
    margin = max(line.end - line.start for line in block)
    if len(block) < 3 or not _NARROWEST <= margin <= _WIDEST:
        return no
    full = [line.end - line.start + 1 + _first_word(text, after) > margin for line, after in pairwise(block)]
    broken = [not _ENDED.search(text[max(line.end - 8, line.start) : line.end]) for line in block[:-1]]
    unfinished = [is_full for is_full, is_broken in zip(full, broken, strict=True) if is_broken]
    if len(unfinished) < 2 or sum(unfinished) < 0.8 * len(unfinished):
        return no
    return full


def _first_word(text: str, line: Span) -> int:
    head = text[line.start : min(line.end, line.start + 60)]
    return len(head.split(maxsplit=1)[0])


def kinds(text: str, paragraphs: Sequence[Span]) -> list[ParagraphKind]:
    """What each paragraph of a blanked text is."""
    found = [_boilerplate_or_text(text[p.start : p.end]) for p in paragraphs]
    for i, p in enumerate(paragraphs[:-1]):  # an agency in brackets after the last paragraph signs the report
        if _is_caption(text[p.start : p.end]):
            found[i] = ParagraphKind.BOILERPLATE
    kept = [i for i, kind in enumerate(found) if kind is ParagraphKind.TEXT]
    runs = [(brief, list(run)) for brief, run in groupby(kept, lambda i: _brief(text[paragraphs[i].start : paragraphs[i].end]))]
    for i, (brief, run) in enumerate(runs[:-1]):
        # A heading has running text under it. Several short lines in a row are a list, but at the top a headline and more.
        if brief and (len(run) == 1 or (i == 0 and len(run) <= 3)):
            for heading in run:
                found[heading] = ParagraphKind.SUBHEADING
    return found


def _brief(paragraph: str) -> bool:
    if len(paragraph) > 120 or _ENDED.search(paragraph[-8:]) or _ITEM.match(paragraph):
        return False
    parts = fold(paragraph).split()
    return len(parts) <= _SUBHEADING_WORDS and parts[0] not in words("split", "reporting")


def _is_caption(paragraph: str) -> bool:
    """A short paragraph without a stop that ends in who took the photo."""
    credit = _CREDIT.search(paragraph[-40:])
    if not credit or len(paragraph.split()) > _CAPTION_WORDS:
        return False
    return fold(credit[1]) in words("split", "signatures") | words("split", "archive")


def _boilerplate_or_text(paragraph: str) -> ParagraphKind:
    head = fold(paragraph[:400])
    if not re.search(r"[^\W\d_]", _ADDRESS.sub("", head)):
        return ParagraphKind.BOILERPLATE
    if head.strip(" .()[]-") in words("split", "signatures") or opens_boilerplate(paragraph):
        return ParagraphKind.BOILERPLATE
    return ParagraphKind.TEXT


def opens_boilerplate(text: str) -> bool:
    """Whether a short paragraph or sentence begins as one that points elsewhere: "read also", "photo:", "follow us"."""
    head = fold(text[:400])
    if len(head.split()) > _BOILERPLATE_WORDS:
        return False
    opening = head.lstrip(" -*•.([>|#").split()
    starts = [" ".join(opening[:n]) for n in range(1, min(len(opening), 4) + 1)]
    known = words("split", "boilerplate")
    return any(start in known or (len(start) > 8 and start.rstrip(":|.,،") in known) for start in starts)
