"""Looks at the form of a translation alone: its length, loops, Arabic left over, pieces that the model does not know."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from operator import eq

from mojaz_server.pipeline.records import Check, CheckKind, Span, Translated
from mojaz_server.pipeline.remembered import remembered
from mojaz_server.pipeline.terms import LETTERS, MARKS

LOW_SCORE = -1.5  # mean log-probability of a piece; the contract calls a sentence below it doubtful
# (source shorter than, lowest, highest characters of English for one of Arabic): some 3 in 1000 sound
# news translations of a length lie outside. A sentence that lost its last two fifths has 0.73 on average.
LENGTH_BOUNDS = ((20, 0.3, 4.0), (40, 0.5, 2.6), (60, 0.55, 2.2), (100, 0.74, 2.0), (160, 0.78, 1.9), (float("inf"), 0.85, 1.8))
_ARABIC = re.compile(f"[{LETTERS}][{LETTERS}{MARKS}\\s]*")
_TOKEN = re.compile(r"\w+")
_LONGEST_PERIOD = 8
# What a model says again by mistake: a phrase ("in Iraq, in Iraq"), a word ("six six years"), a part of a word ("Nororororor")
_TWICE = (
    re.compile(r"\b(\w+ \w+(?: \w+){1,6}),? \1\b", re.IGNORECASE),
    re.compile(r"\b((?!\d)\w+ (?!\d)\w+),? \1\b", re.IGNORECASE),
    re.compile(r"\b(?!had\b|that\b|al\b)([^\W\d_]{2,}) \1\b", re.IGNORECASE),
    re.compile(r"\b\w*?([^\W\d_]{2,5}?)\1{2,}\w*", re.IGNORECASE),
)


def check_length(source: str, target: str) -> Iterator[Check]:
    """English far shorter or longer than English of such a source is; an empty one above all."""
    length = len(re.sub(f"[{MARKS}]", "", source).strip())
    if length == 0:
        return
    if not target.strip():
        yield Check(CheckKind.LENGTH_RATIO, "There is no English")
        return
    ratio = len(target.strip()) / length
    low, high = next((low, high) for limit, low, high in LENGTH_BOUNDS if length < limit)
    if ratio < low:
        yield Check(CheckKind.LENGTH_RATIO, "The English is much shorter than such a sentence should be: a part may be missing")
    elif ratio > high:
        yield Check(CheckKind.LENGTH_RATIO, "The English is much longer than such a sentence should be: something may be added")


@remembered
def find_loop(target: str) -> Span | None:
    """The longest run of the same one to eight words said three times or more in a row (a single word: four times)."""
    tokens = [(m[0].lower(), m.start(), m.end()) for m in _TOKEN.finditer(target)]
    best: Span | None = None
    for period in _periods([token for token, _, _ in tokens]):
        run = 0
        for place in range(period, len(tokens)):
            run = run + 1 if tokens[place][0] == tokens[place - period][0] else 0
            if run >= (2 if period > 1 else 3) * period and not tokens[place][0].isdigit():
                span = Span(tokens[place - run - period + 1][1], tokens[place][2])
                best = span if best is None or span.end - span.start > best.end - best.start else best
    return best


def _periods(tokens: Sequence[str]) -> list[int]:
    """The periods at which any word is said three times: few sentences have one, and most need no closer look."""
    last: dict[str, list[int]] = {}
    for place, token in enumerate(tokens):
        last.setdefault(token, []).append(place)
    often = [set(places) for places in last.values() if len(places) > 2]
    periods = range(1, _LONGEST_PERIOD + 1)
    return [p for p in periods if any(place + p in at and place + 2 * p in at for at in often for place in at)]


def check_repetition(source: str, target: str) -> Iterator[Check]:
    """A loop, words or parts of a word said again in a row, or a phrase said more often than anything in the source."""
    loop = find_loop(target)
    if loop is None:
        patterns = _TWICE if _may_be_twice(target) else _TWICE[-1:]
        twice = next((found for pattern in patterns if (found := pattern.search(target))), None)
        loop = Span(*twice.span()) if twice else None
    if loop is None and (most := _most_repeated(target, 4)) > 2 and most > _most_repeated(source, 2) + 1:
        loop = Span(0, len(target))
    if loop is not None:
        yield Check(CheckKind.REPETITION, f"The English repeats itself: {loop.of(target)[:60]}", None, loop)


def _may_be_twice(text: str) -> bool:
    """Whether as many words as a phrase has are like those its length before them; this is told sooner than by a pattern."""
    tokens = _TOKEN.findall(text.lower())
    return any(sum(map(eq, tokens, tokens[size:])) >= size for size in range(1, _LONGEST_PERIOD + 1))


def _most_repeated(text: str, size: int) -> int:
    tokens = [m[0].lower() for m in _TOKEN.finditer(text)]
    grams = Counter(tuple(tokens[i : i + size]) for i in range(len(tokens) - size + 1))
    return max(grams.values(), default=0)


def check_untranslated(target: str) -> Iterator[Check]:
    """Arabic letters in the English."""
    for match in _ARABIC.finditer(target):
        text = match[0].strip()
        yield Check(
            CheckKind.UNTRANSLATED, f"{text[:60]} was left in Arabic", None, Span(match.start(), match.start() + len(text))
        )


def check_decoding(translated: Translated) -> Iterator[Check]:
    """What the model itself reports: unknown characters, a low score, a stop at the length limit."""
    if translated.unknown > 0:
        what = "character" if translated.unknown == 1 else "characters"
        yield Check(CheckKind.UNKNOWN_PIECE, f"The model does not know {translated.unknown} {what} of the Arabic")
    if translated.score < LOW_SCORE:
        yield Check(CheckKind.LOW_SCORE, "The model is unsure of this sentence: compare it with the Arabic")
    if not translated.ended:
        yield Check(CheckKind.TRUNCATED, "The English stops before the sentence ends")
