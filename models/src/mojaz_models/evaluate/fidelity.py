"""Measures the server's checks: how often they cry wolf on good translations, and which planted errors they catch.

`python -m mojaz_models.evaluate.fidelity FOLDER` reads FOLDER/news_dev.tsv (Arabic, tab, English; one pair a line) and prints two
tables. Errors are planted with a fixed seed, one in a sentence, wherever its English has something to spoil.
"""

import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from mojaz_server.pipeline.check import check
from mojaz_server.pipeline.records import CheckKind, Translated

from mojaz_models.evaluate.testsets import rows

SEED = 20
Plant = Callable[[str, random.Random], str | None]
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_NEGATIONS = re.compile(
    r"\b(?:did|does|do|would|will|is|are|was|were|has|have|had|could|should|must|can)(?:n't| not)\b|\b(?:not|never|no) "
)


def change_digit(text: str, rng: random.Random) -> str | None:
    """Another digit in place of one."""
    places = [i for i, char in enumerate(text) if char.isdigit()]
    if not places:
        return None
    place = rng.choice(places)
    return text[:place] + rng.choice([d for d in "123456789" if d != text[place]]) + text[place + 1 :]


def remove_number(text: str, rng: random.Random) -> str | None:
    """One number in digits left out."""
    found = list(re.finditer(r"\d[\d.,]*\d|\d", text))
    if not found:
        return None
    number = rng.choice(found)
    return re.sub(r"\s+", " ", text[: number.start()] + text[number.end() :])


def move_month(text: str, rng: random.Random) -> str | None:
    """The next month in place of one."""
    found = list(re.finditer(r"\b(?:" + "|".join(_MONTHS) + r")\b(?=\s+\d|,)", text))
    if not found:
        return None
    month = rng.choice(found)
    return text[: month.start()] + _MONTHS[(_MONTHS.index(month[0]) + 1) % 12] + text[month.end() :]


def drop_negation(text: str, rng: random.Random) -> str | None:
    """Every "not" and "never" left out."""
    changed = _NEGATIONS.sub(lambda m: re.sub(r"n't| not|not |never |no ", "", m[0]), text)
    return changed if changed != text else None


def remove_quotes(text: str, rng: random.Random) -> str | None:
    """Quotation marks left out, if there is a pair of them around four words or more."""
    quoted = re.findall('["“]([^"“”]+)["”]', text)
    return re.sub('["“”]', "", text) if any(len(words.split()) > 3 for words in quoted) else None


def cut_end(text: str, rng: random.Random) -> str | None:
    """The last 40 % of the words left out."""
    words = text.split()
    return " ".join(words[: int(len(words) * 0.6)]) + "." if len(words) >= 10 else None


def loop(text: str, rng: random.Random) -> str | None:
    """A phrase of one to four words said six times from the middle on."""
    words = text.split()
    if len(words) < 8:
        return None
    place, size = len(words) // 2, rng.randint(1, 4)
    return " ".join([*words[:place], *(words[place : place + size] * 6)])


PLANTS: dict[str, tuple[Plant, set[CheckKind]]] = {
    "digit changed": (change_digit, {CheckKind.NUMBER_LOST, CheckKind.NUMBER_INVENTED, CheckKind.DATE_CHANGED}),
    "number removed": (remove_number, {CheckKind.NUMBER_LOST, CheckKind.DATE_CHANGED}),
    "month moved": (move_month, {CheckKind.DATE_CHANGED}),
    "negation dropped": (drop_negation, {CheckKind.NEGATION_LOST}),
    "quote marks removed": (remove_quotes, {CheckKind.QUOTE_LOST}),
    "last 40 % cut": (cut_end, {CheckKind.LENGTH_RATIO}),
    "loop": (loop, {CheckKind.REPETITION}),
}


def kinds(source: str, target: str) -> set[CheckKind]:
    """The kinds of checks that fail on a pair, the model's own signals left aside."""
    return {failed.kind for failed in check(source, Translated(target, 0.0), {})}


def false_flags(pairs: Sequence[tuple[str, str]]) -> Counter[str]:
    """On how many reference translations each kind is flagged; "any" counts sentences."""
    counts: Counter[str] = Counter()
    for source, target in pairs:
        found = kinds(source, target)
        counts.update(kind.value for kind in found)
        counts["any"] += bool(found)
    return counts


def catches(pairs: Sequence[tuple[str, str]], plant: Plant, expected: set[CheckKind]) -> tuple[int, int]:
    """(planted, caught): errors of one sort planted in sentences that are not flagged so already, and how many are flagged."""
    rng, planted, caught = random.Random(SEED), 0, 0
    for source, target in pairs:
        spoiled = plant(target, rng)
        if spoiled is not None and not kinds(source, target) & expected:
            planted += 1
            caught += bool(kinds(source, spoiled) & expected)
    return planted, caught


def main(folder: Path) -> None:
    """Print the tables for FOLDER/news_dev.tsv."""
    pairs = list(rows(folder / "news_dev.tsv"))
    counts = false_flags(pairs)
    print(f"False flags on {len(pairs)} reference translations of news_dev.tsv")
    for kind, count in sorted(counts.items(), key=lambda item: -item[1]):
        print(f"  {kind:20} {count:5}  {count / len(pairs):6.1%}")
    print(f"Errors planted (seed {SEED}), one in a sentence, and caught by the check for them")
    for name, (plant, expected) in PLANTS.items():
        planted, caught = catches(pairs, plant, expected)
        print(f"  {name:20} {caught:5} of {planted:5}  {caught / max(planted, 1):6.1%}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
