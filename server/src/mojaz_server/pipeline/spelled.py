"""How the names of an Arabic sentence are spelled in its English: which capitalized word sounds like which Arabic one."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from mojaz_server.pipeline.check.equivalents import english_stem, equivalents
from mojaz_server.pipeline.records import Span
from mojaz_server.pipeline.romanize import lookup
from mojaz_server.pipeline.sounds import alike, arabic_sounds, latin_sounds, likeness
from mojaz_server.pipeline.terms import stems, words

_CAPITAL = re.compile(r"(?<![\w'’])[A-Z][^\W\d_]{2,}(?!\w)")
_ALIKE = 0.65
_LIKELY = 0.15  # how much less than another a likely name may sound like the English that is its own
_FEWEST_SOUNDS = 2
_MUTE = 1  # Arabic words between two of a name: a "بن" or "أبو" has no sound of its own
_BETWEEN = re.compile(r"(?:[\s-]|\b(?:bin|ibn|bint|al|el|de|del|da|van|von|der|ould|Al)\b)*")
_ARTICLE = re.compile(r"\b[AaEe]l-$")
_REST = re.compile(r"(?:['’][^\W\d_]{2,})?")
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


def spelled(number: int, source: str, target: str, likely: Container[int] = ()) -> Iterator[Use]:
    """The Arabic words of sentence `number` that sound like a capitalized word of the English more than any other word does; one
    that begins at a `likely` place of a name may sound a little less like it."""
    capitals = [match for match in _CAPITAL.finditer(target) if len(latin_sounds(match[0])) >= _FEWEST_SOUNDS]
    here = words(source) if capitals else []
    worth = {
        (i, j): value
        for i, word in enumerate(here)
        for j, match in enumerate(capitals)
        if (value := alike(word.key, match[0])) >= _ALIKE
    }
    left, right = set(range(len(here))), set(range(len(capitals)))

    def order(link: tuple[int, int]) -> tuple[float, float]:
        favour = _LIKELY if here[link[0]].start in likely else 0.0
        return -worth[link] - favour, abs((link[0] + 0.5) / len(here) - (link[1] + 0.5) / len(capitals))

    for i, j in sorted(worth, key=order):
        if i in left and j in right:
            left.remove(i)
            right.remove(j)
            after = here[i + 1].key if i + 1 < len(here) and source[here[i].end : here[i + 1].start].isspace() else ""
            after = after if (known := lookup(after)) is not None and known.share >= _NAME else ""
            there = Span(*capitals[j].span())
            yield Use(number, bare(here[i].key, capitals[j][0]), after, here[i].span, there, capitals[j][0], worth[i, j])


def in_a_row(uses: Iterable[Use], source: str, target: str) -> Iterator[tuple[Span, str]]:
    """The names of a sentence in order, each with its English: words that stand beside each other in both languages are one."""
    name: list[Use] = []
    for use in sorted(uses, key=lambda use: use.source):
        if name and not _is_next(use, name[-1], source, target):
            yield _joined(name, target)
            name = []
        name.append(use)
    if name:
        yield _joined(name, target)


def _is_next(use: Use, last: Use, source: str, target: str) -> bool:
    """Whether a word belongs to the same name as the last one."""
    here, there = source[last.source.end : use.source.start], target[last.target.end : use.target.start]
    return last.target.end < use.target.start and len(words(here)) <= _MUTE and bool(_BETWEEN.fullmatch(there))


def _joined(name: Sequence[Use], target: str) -> tuple[Span, str]:
    """Where a name stands in the Arabic, and its English with the article before it and what follows an apostrophe in it."""
    start, end = name[0].target.start, name[-1].target.end
    article, rest = _ARTICLE.search(target[:start]), _REST.match(target, end)
    english = (article[0] if article else "") + target[start:end] + (rest[0] if rest else "")
    return Span(name[0].source.start, name[-1].source.end), english


@lru_cache(maxsize=1 << 14)
def bare(key: str, written: str) -> str:
    """A folded word without its proclitics, as its English shows: كليمان written Kleman has none, written Liman it has.
    Where the sound does not tell, what may be "and" or the article is one before a name that is known or has four letters."""
    sounds = latin_sounds(written)
    best = max(likeness(arabic_sounds(form), sounds) for form in stems(key))
    heard = arabic_sounds(key)
    forms = [
        form
        for form in stems(key)
        if likeness(arabic_sounds(form), sounds) == best and (key.removesuffix(form) in _UNHEARD or arabic_sounds(form) != heard)
    ]
    known = {form: found.seen * found.share for form in forms if (found := lookup(form)) is not None}
    if known:
        return max(known, key=lambda form: known[form])
    return min((form for form in forms if len(form) >= _SHORTEST), key=len, default=key)


@lru_cache(maxsize=1 << 14)
def differ(one: str, other: str) -> bool:
    """Whether two spellings are two, not two forms ("Houthi", "Houthis") or two words of the language ("Syrian", "Syria")."""
    short, long = sorted((one.lower(), other.lower()), key=len)
    if long in {stem + ending for stem in (short, short[:-1]) for ending in _ENDINGS}:
        return False
    here, there = english_stem(short), english_stem(long)
    return here == there or not any(here in row.english and there in row.english for row in equivalents().values())
