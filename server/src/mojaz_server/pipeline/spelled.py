"""How the names of an Arabic sentence are spelled in its English: which capitalized word sounds like which Arabic one."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from mojaz_server.pipeline.check.equivalents import english_stem, equivalents
from mojaz_server.pipeline.records import Span
from mojaz_server.pipeline.romanize import lookup
from mojaz_server.pipeline.sounds import alike, arabic_sounds, latin_sounds
from mojaz_server.pipeline.terms import stems, words

CAPITAL = re.compile(r"(?<![\w'’])[A-Z][^\W\d_]{2,}(?!\w)")
_ALIKE = 0.65
_FEWEST_SOUNDS = 2
_NAME = 0.3  # share of its uses in which a word is a name
_UNHEARD = {"", "و", "ال", "وال"}  # proclitics that leave the consonants as they are or are no part of a name
_ENDINGS = ("", "s", "i", "is", "n", "ns", "an", "ans", "ian", "ians", "ese", "ish", "ic", "e", "es", "er", "ers")
_SHORTEST = 4  # letters of a word without proclitics that no table knows


class Use(NamedTuple):
    """How a sentence spells a word of the Arabic: `key` is the word without its proclitics, `after` the name that follows it,
    if one does (the same person has the same), `likeness` says how alike the two sound, 0 to 1."""

    sentence: int
    key: str
    after: str
    source: Span
    target: Span
    spelling: str
    likeness: float


def spelled(number: int, source: str, target: str) -> Iterator[Use]:
    """The Arabic words of sentence `number` that sound like a capitalized word of the English more than any other word does."""
    capitals = [match for match in CAPITAL.finditer(target) if len(latin_sounds(match[0])) >= _FEWEST_SOUNDS]
    here = words(source) if capitals else []
    worth = {
        (i, j): likeness
        for i, word in enumerate(here)
        for j, match in enumerate(capitals)
        if (likeness := alike(word.key, match[0])) >= _ALIKE
    }
    left, right = set(range(len(here))), set(range(len(capitals)))

    def order(link: tuple[int, int]) -> tuple[float, float]:
        return -worth[link], abs((link[0] + 0.5) / len(here) - (link[1] + 0.5) / len(capitals))

    for i, j in sorted(worth, key=order):
        if i in left and j in right:
            left.remove(i)
            right.remove(j)
            after = here[i + 1].key if i + 1 < len(here) and source[here[i].end : here[i + 1].start].isspace() else ""
            after = after if (known := lookup(after)) is not None and known.share >= _NAME else ""
            span, there = Span(here[i].start, here[i].end), Span(*capitals[j].span())
            yield Use(number, bare(here[i].key, capitals[j][0]), after, span, there, capitals[j][0], worth[i, j])


@lru_cache(maxsize=1 << 14)
def bare(key: str, written: str) -> str:
    """A folded word without its proclitics, as its English shows: كليمان written Kleman has none, written Liman it has.
    Where the sound does not tell, what may be "and" or the article is one before a name that is known or has four letters."""
    sounds = latin_sounds(written)
    best = max(_likeness(arabic_sounds(form), sounds) for form in stems(key))
    heard = arabic_sounds(key)
    forms = [
        form
        for form in stems(key)
        if _likeness(arabic_sounds(form), sounds) == best and (key.removesuffix(form) in _UNHEARD or arabic_sounds(form) != heard)
    ]
    known = {form: found.seen * found.share for form in forms if (found := lookup(form)) is not None}
    if known:
        return max(known, key=lambda form: known[form])
    return min((form for form in forms if len(form) >= _SHORTEST), key=len, default=key)


def _likeness(sounds: str, other: str) -> float:
    return SequenceMatcher(None, sounds, other, autojunk=False).ratio()


@lru_cache(maxsize=1 << 14)
def differ(one: str, other: str) -> bool:
    """Whether two spellings are two, not two forms ("Houthi", "Houthis") or two words of the language ("Syrian", "Syria")."""
    short, long = sorted((one.lower(), other.lower()), key=len)
    if long in {stem + ending for stem in (short, short[:-1]) for ending in _ENDINGS}:
        return False
    both = {english_stem(short), english_stem(long)}
    return len(both) == 1 or not any(both <= row.english for row in equivalents().values())
