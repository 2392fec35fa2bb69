"""Large numbers in all ways of writing them, in the place of those of news pairs: "39 ألفا و653", "39653", "مليوني"."""

import random
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from mojaz_models.made.places import Pair


class Written(NamedTuple):
    """How a number is written in Arabic and in English; its value."""

    arabic: str
    english: str
    value: int


_SCALES = {"ألف": 1_000, "ألفا": 1_000, "آلاف": 1_000, "مليون": 1_000_000, "مليونا": 1_000_000, "ملايين": 1_000_000,
           "مليار": 10**9, "مليارا": 10**9, "مليارات": 10**9}  # fmt: skip
_NAMED = {"thousand": 1_000, "million": 1_000_000, "billion": 10**9}
_ARABIC = re.compile(
    r"(?<![\w.,/:-])[وفبلك]?(?P<figure>\d{1,9}(?:,\d{3})*(?:\.\d{1,2})?)"
    rf"(?: (?P<scale>{'|'.join(_SCALES)})(?: و(?P<rest>\d{{1,3}}))?)?(?![\w/:-]|[.,]\d)"
)
_ENGLISH = re.compile(
    r"(?<![\w.,/:-])(?P<figure>\d{1,3}(?:,\d{3})+|\d{1,9}(?:\.\d{1,2})?)"
    r"(?: (?P<scale>thousand|million|billion))?(?![\w/:]|[.,]\d|-\w)"
)
_SMALLEST = 100
"""Below it a number may be a day, an hour or a score, and its noun takes another form after other numbers."""
_FARTHEST = 30
"""Times that the new number is larger or smaller at most: millions killed in a raid would teach other things than numbers."""
_TRIES = 100


def amounts(pair: Pair, rng: random.Random) -> Pair | None:
    """One large number that both sides have once becomes another, written in one of many ways. A noun keeps the form that
    it has after hundreds and thousands, or after the tens and units that end a number."""
    arabic, english = pair
    here = [(value, match) for match in _ARABIC.finditer(arabic) if (value := _value(match)) is not None]
    there = [(value, match) for match in _ENGLISH.finditer(english) if (value := _value(match)) is not None]
    once = {v for v, _ in here if [w for w, _ in here].count(v) == [w for w, _ in there].count(v) == 1}
    if not once:
        return None
    value = rng.choice(sorted(once))
    (source,) = (match for v, match in here if v == value)
    (target,) = (match for v, match in there if v == value)
    noun = arabic[source.end() :].startswith(" ")
    ways = _ENDING_IN_TENS if value % 100 else _ROUND if noun and english[target.start() - 1] not in "$€£" else _ROUND_FIGURES
    new = _near(value, ways, rng)
    if new is None:
        return None
    return (
        arabic[: source.start("figure")] + new.arabic + arabic[source.end() :],
        english[: target.start()] + new.english + english[target.end() :],
    )


def _value(match: re.Match[str]) -> int | None:
    """The value of a number that can be exchanged: no year, whole, a hundred at least, ending in what leaves its noun alone."""
    parts = match.groupdict()
    scale = _SCALES.get(parts["scale"] or "", 0) or _NAMED.get(parts["scale"] or "", 0)
    value = round(float(parts["figure"].replace(",", "")) * (scale or 1), 3) + int(parts.get("rest") or 0)
    if value != int(value) or value < _SMALLEST or (not scale and len(parts["figure"]) == 4 and 1800 <= value < 2100):
        return None
    return int(value) if int(value) % 100 == 0 or int(value) % 100 > 10 else None


def _near(value: int, ways: Sequence[Callable[[random.Random], Written]], rng: random.Random) -> Written | None:
    for _ in range(_TRIES):
        new = rng.choice(ways)(rng)
        if value / _FARTHEST <= new.value <= value * _FARTHEST:
            return new
    return None


def _tens(rng: random.Random) -> int:
    return 100 * rng.randint(1, 9) + rng.randint(11, 99)


def _thousands(rng: random.Random) -> int:
    return rng.choice((rng.randint(11, 99), rng.randint(100, 999)))


def _grouped(value: int, rng: random.Random) -> Written:
    """39653, or 39,653 as in English."""
    return Written(f"{value:,}" if rng.random() < 0.35 else str(value), f"{value:,}", value)


def _three(rng: random.Random) -> Written:
    value = _tens(rng)
    return Written(str(value), str(value), value)


def _four(rng: random.Random) -> Written:
    return _grouped(1000 * rng.randint(2, 9) + _tens(rng), rng)


def _figures(rng: random.Random) -> Written:
    return _grouped(1000 * _thousands(rng) + _tens(rng), rng)


def _mixed(rng: random.Random) -> Written:
    """39 ألفا و653."""
    thousands, rest = _thousands(rng), _tens(rng)
    scale = "ألفا" if thousands < 100 and rng.random() < 0.7 else "ألف"
    return Written(f"{thousands} {scale} و{rest}", f"{thousands},{rest}", 1000 * thousands + rest)


def _few(rng: random.Random) -> Written:
    """7 آلاف و653."""
    thousands, rest = rng.randint(3, 10), _tens(rng)
    return Written(f"{thousands} آلاف و{rest}", f"{thousands},{rest}", 1000 * thousands + rest)


def _hundreds(rng: random.Random) -> Written:
    return _grouped(100 * rng.randint(1, 99), rng)


def _thousand(rng: random.Random) -> Written:
    """7 آلاف, 250 ألف."""
    number = rng.choice((rng.randint(3, 10), rng.randint(11, 99), 10 * rng.randint(11, 99), 100 * rng.randint(1, 9)))
    return Written(f"{number} {'آلاف' if number <= 10 else 'ألف'}", f"{number},000", 1000 * number)


def _round_figures(rng: random.Random) -> Written:
    return _grouped(1000 * _thousands(rng), rng)


def _millions(rng: random.Random) -> Written:
    """7 ملايين, 3.25 مليار."""
    number = rng.choice((str(rng.randint(3, 999)), f"{rng.randint(1, 99)}.{rng.randint(1, 9)}", f"1.{rng.randint(11, 99)}"))
    few = number.isdigit() and int(number) <= 10
    word, name, scale = rng.choice((("مليون", "million", 10**6), ("مليار", "billion", 10**9)))
    if few:
        word = {"مليون": "ملايين", "مليار": "مليارات"}[word]
    return Written(f"{number} {word}", f"{number} {name}", round(float(number) * scale))


def _one_and(rng: random.Random) -> Written:
    """مليون و250 ألف."""
    thousands = rng.choice((100 * rng.randint(1, 9), 10 * rng.randint(11, 99)))
    millions = rng.choice((1, rng.randint(11, 99)))
    written = f"{'' if millions == 1 else f'{millions} '}مليون و{thousands} ألف"
    return Written(written, f"{millions},{thousands},000", 10**6 * millions + 1000 * thousands)


def _dual(rng: random.Random) -> Written:
    """The forms before a noun."""
    return rng.choice(
        (
            Written("ألفي", "two thousand", 2_000), Written("مئتي ألف", "two hundred thousand", 200_000),
            Written("مائتي ألف", "two hundred thousand", 200_000), Written("مليوني", "two million", 2 * 10**6),
            Written("مائتي مليون", "two hundred million", 2 * 10**8), Written("ملياري", "two billion", 2 * 10**9),
        )
    )  # fmt: skip


_ROUND_FIGURES = (_hundreds, _thousand, _round_figures, _millions, _one_and)
_ROUND = (*_ROUND_FIGURES, _dual)
_ENDING_IN_TENS = (_three, _four, _figures, _figures, _mixed, _mixed, _few)
