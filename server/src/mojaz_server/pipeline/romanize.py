"""How a name in Arabic letters is written in Latin ones by news agencies: frequent words from a table, others letter by letter.

Both tables are learned from names in news and its English by mojaz_models.romanization.
"""

import math
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from mojaz_server.pipeline.tables import rows
from mojaz_server.pipeline.terms import bare, fold

EDGE = "_"
"""Stands before the first and behind the last letter."""
_BEAM = 24
_BEST = 5
_UNSEEN = 1e-4  # probability of all that was never seen for a letter
_SURE = 4.0  # how many times a word must have been seen until the table counts for more than the letters
PARTICLES = {
    "بن": "bin",
    "ابن": "Ibn",
    "بنت": "bint",
    "ال": "Al",
    "ابو": "Abu",
    "ابي": "Abi",
    "ابا": "Abu",
    "ام": "Um",
    "عبد": "Abdul",
}

Counts = Mapping[str, int]


class Spelling(NamedTuple):
    """A name in Latin letters and how probable it is that news writes it so, 0 to 1."""

    text: str
    probability: float


class Known(NamedTuple):
    """A word of the table: in which share of its uses it is a name, how often it was seen as one, and how it was written."""

    share: float
    seen: int
    written: tuple[Spelling, ...]


def romanize(name: str) -> tuple[Spelling, ...]:
    """The likeliest spellings of a raw Arabic name of one word or several, the best first. Nothing for a name without letters."""
    words = bare(name).split()
    whole: list[Spelling] = [Spelling("", 1.0)]
    at = 0
    while at < len(words):
        size, choices = _next(words[at:])
        at += size
        whole = [
            Spelling(f"{begun.text} {choice.text}".strip(), begun.probability * choice.probability)
            for begun in whole
            for choice in choices
        ]
        whole = sorted(whole, key=lambda spelling: -spelling.probability)[:_BEST]
    return tuple(spelling for spelling in whole if spelling.text)


def _next(words: Sequence[str]) -> tuple[int, Sequence[Spelling]]:
    """How many words are written together, and how."""
    key = fold(words[0])
    if key == "عبد" and len(words) > 1 and (known := lookup(key + words[1])) is not None and known.written:
        return 2, known.written
    if key in PARTICLES:
        after_servant = 1 if key == "عبد" and len(words) > 1 and words[1].startswith("ال") else 0
        if after_servant:
            return 2, [Spelling(f"Abdul {text}", probability) for text, probability in spellings(words[1][2:])]
        return 1, [Spelling(PARTICLES[key], 1.0)]
    if key.startswith("ال") and len(key) > 4 and lookup(key) is None:
        return 1, [Spelling(f"al-{text}", probability) for text, probability in spellings(words[0][2:])]
    return 1, spellings(words[0])


@lru_cache(maxsize=1 << 14)
def spellings(word: str) -> tuple[Spelling, ...]:
    """The likeliest spellings of one word without proclitics and article. Letters that are not Arabic are left out."""
    letters = by_letter(bare(word))
    known = lookup(word)
    if known is None:
        return letters
    trust = known.seen / (known.seen + _SURE)
    mixed = {text: (1 - trust) * probability for text, probability in letters}
    for text, probability in known.written:
        mixed[text] = mixed.get(text, 0.0) + trust * probability
    return tuple(sorted((Spelling(*each) for each in mixed.items()), key=lambda each: -each.probability)[:_BEST])


def lookup(word: str) -> Known | None:
    """What is known of a word without proclitics and article."""
    return _table().get(fold(word))


@cache
def _table() -> Mapping[str, Known]:
    found = {}
    for key, share, written in rows("spellings.tsv"):
        counts = {text: int(count) for text, count in (each.rsplit(":", 1) for each in written.split(" "))}
        total = sum(counts.values())
        found[key] = Known(int(share) / 100, total, tuple(Spelling(text, count / total) for text, count in counts.items()))
    return found


def by_letter(word: str) -> tuple[Spelling, ...]:
    """The likeliest spellings of a word by its letters alone."""
    return decode(word, _letters())


def decode(word: str, letters: Mapping[str, Counts]) -> tuple[Spelling, ...]:
    """The likeliest spellings of a word, by a table of contexts (see `contexts`) with what was written for the letter in each."""
    known = [letter for letter in word if letter in letters]
    begun: list[tuple[float, tuple[str, ...]]] = [(0.0, ())]
    for at in range(len(known)):
        longer: dict[tuple[str, ...], float] = {}
        for cost, written in begun:
            for text, probability in _distribution(contexts(known, at, written), letters).items():
                longer[(*written, text)] = cost - math.log(probability)
        begun = sorted((cost, written) for written, cost in longer.items())[:_BEAM]
    sums: dict[str, float] = {}
    for cost, written in begun:
        text = "".join(written)
        sums[text] = sums.get(text, 0.0) + math.exp(-cost)
    whole = sum(sums.values())
    best = sorted(sums.items(), key=lambda each: (-each[1], each[0]))[:_BEST]
    return tuple(Spelling(text[0].upper() + text[1:], worth / whole) for text, worth in best if text)


def contexts(word: Sequence[str], at: int, written: Sequence[str]) -> tuple[str, ...]:
    """What the writing of letter `at` depends on, from the letter alone to three letters after it and two before, with what was
    written for those."""

    def letter(place: int) -> str:
        return word[place] if 0 <= place < len(word) else EDGE

    one = f"{letter(at - 1)}{written[-1] if written else ''}"
    two = f"{letter(at - 2)}{written[-2] if len(written) > 1 else ''}"
    here, after = letter(at), [letter(at + 1), letter(at + 2), letter(at + 3)]
    return (
        here,
        here + after[0],
        f"{here}{after[0]} {one}",
        f"{here}{after[0]}{after[1]} {one}",
        f"{here}{after[0]}{after[1]} {one} {two}",
        f"{here}{''.join(after)} {one} {two}",
    )


def _distribution(given: Sequence[str], letters: Mapping[str, Counts]) -> dict[str, float]:
    """What is written in a context and how probably: each longer context that was seen refines the shorter (Witten and Bell)."""
    found: dict[str, float] = {}
    for context in given:
        counts = letters.get(context)
        if counts is None:
            continue
        total, kinds = sum(counts.values()), len(counts)
        rest = kinds / (total + kinds)
        found = {text: rest * probability for text, probability in found.items()}
        for text, count in counts.items():
            found[text] = found.get(text, _UNSEEN * rest) + count / (total + kinds)
    return found


@cache
def _letters() -> Mapping[str, Counts]:
    return {
        context: {text: int(count) for text, count in (each.split(":") for each in written.split(" "))}
        for context, written in rows("letters.tsv")
    }
