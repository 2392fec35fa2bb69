"""Looks for a name that is spelled in two ways in the English of several sentences."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mojaz_server.pipeline.check.equivalents import english_stem, equivalents
from mojaz_server.pipeline.records import Check, CheckKind, Span
from mojaz_server.pipeline.sounds import alike, arabic_sounds, latin_sounds
from mojaz_server.pipeline.terms import Word, stems, words

_CAPITAL = re.compile(r"(?<![\w'’])[A-Z][a-z]{3,}(?![\w])")
_ALIKE, _FEWEST_SOUNDS, _SHORTEST = 0.85, 3, 4
_MOST = 400
"""Sentences that are compared with each other."""


class _Use(NamedTuple):
    """How a sentence spells an Arabic word."""

    sentence: int
    source: Span
    target: Span
    spelling: str


def compare_spellings(pairs: Sequence[tuple[str, str]]) -> list[tuple[Check, ...]]:
    """For each (Arabic, English) of one digest or request the names that it spells in another way than most of the others do.

    The first _MOST pairs are looked at."""
    found: list[list[Check]] = [[] for _ in pairs]
    uses: defaultdict[str, list[_Use]] = defaultdict(list)
    for number, (source, target) in enumerate(pairs[:_MOST]):
        for key, use in _spellings(number, source, target):
            uses[key].append(use)
    for every in uses.values():
        usual = _usual(every)
        for use in every:
            if _differs(use.spelling, usual) and not any(u.sentence == use.sentence and u.spelling == usual for u in every):
                name = use.source.of(pairs[use.sentence][0])
                message = f"{name} is spelled {use.spelling} here and {usual} elsewhere"
                found[use.sentence].append(Check(CheckKind.NAME_INCONSISTENT, message, use.source, use.target))
    return list(map(tuple, found))


def _spellings(number: int, source: str, target: str) -> Iterator[tuple[str, _Use]]:
    """The Arabic words that sound like one capitalized word of the English and are not translated by it."""
    capitals = list(_CAPITAL.finditer(target))
    for word in words(source) if capitals else ():
        key = _bare(word)
        if len(key) < _SHORTEST or len(arabic_sounds(key)) < _FEWEST_SOUNDS:
            continue
        like = [(alike(key, match[0]), match) for match in capitals if len(latin_sounds(match[0])) >= _FEWEST_SOUNDS]
        best, match = max(like, key=lambda each: each[0], default=(0.0, None))
        if match is not None and best >= _ALIKE:
            yield key, _Use(number, Span(word.start, word.end), Span(*match.span()), match[0])


def _bare(word: Word) -> str:
    """A word without its proclitics."""
    return min((each for each in stems(word.key) if len(each) >= _SHORTEST), key=len, default=word.key)


def _usual(uses: Sequence[_Use]) -> str:
    """The spelling of most uses, of several the first."""
    return Counter(use.spelling for use in uses).most_common(1)[0][0]


def _differs(one: str, other: str) -> bool:
    """Whether two spellings are two, not two forms ("Houthi", "Houthis") or two words of the language ("Syrian", "Syria")."""
    short, long = sorted((one.lower(), other.lower()), key=len)
    if long.startswith(short[:-1]) or english_stem(short) == english_stem(long):
        return False
    return not any({english_stem(short), english_stem(long)} <= row.english for row in equivalents().values())
