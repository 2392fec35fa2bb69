"""Measures the server's checks: how often they cry wolf on good translations, and which planted errors they catch.

`python -m mojaz_models.evaluate.fidelity FOLDER` reads FOLDER/news_dev.tsv and FOLDER/flores_dev.tsv (Arabic, tab, English; one
pair a line) and prints two tables for each: false flags by kind, and the errors of evaluate.plants by sort. They are planted
with a fixed seed, one in a sentence, wherever its English has something to spoil and is not flagged already for such an error.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

from mojaz_server.pipeline.check import check
from mojaz_server.pipeline.glossary import Glossary
from mojaz_server.pipeline.records import CheckKind, Translated

from mojaz_models.evaluate import plants
from mojaz_models.evaluate.plants import Plant
from mojaz_models.evaluate.testsets import rows

SEED = 20
TEST_SETS = ("news_dev", "flores_dev")
_NUMBER = {CheckKind.NUMBER_LOST, CheckKind.NUMBER_INVENTED, CheckKind.NUMBER_CHANGED, CheckKind.DATE_CHANGED}
_DATE = {CheckKind.DATE_CHANGED, CheckKind.NUMBER_CHANGED}
# What was cut out may hold a figure, a denial, a name or a quotation: the flag for it points at the clause too.
_LOST = {CheckKind.CLAUSE_LOST, CheckKind.LENGTH_RATIO, CheckKind.NUMBER_LOST, CheckKind.DATE_CHANGED, CheckKind.NEGATION_LOST}
_LOST |= {CheckKind.QUOTE_LOST}
_NEGATION = {CheckKind.NEGATION_LOST}
_PARTICLES = {"لم": "لم", "لن": "لن", "لا": "لا", "ليس": "ليس ليست لست ليسوا", "ما": "ما", "غير": "غير", "عدم": "عدم"}

PLANTS: dict[str, tuple[Plant, set[CheckKind]]] = {
    "digit changed": (plants.change_digit, _NUMBER),
    "number removed": (plants.remove_number, _NUMBER),
    "million for billion": (plants.swap_scale, _NUMBER),
    "currency swapped": (plants.swap_currency, {CheckKind.UNIT_CHANGED}),
    "per cent dropped": (plants.drop_percent, {CheckKind.UNIT_CHANGED}),
    "day moved": (plants.move_day, _DATE),
    "month moved": (plants.move_month, _DATE),
    "year moved": (plants.move_year, _DATE),
    "weekday moved": (plants.move_weekday, _DATE),
    "name swapped": (plants.swap_name, {CheckKind.NAME_CHANGED}),
    **{f"not dropped, {name}": (plants.drop_negation(particles), _NEGATION) for name, particles in _PARTICLES.items()},
    "un- dropped, غير عدم": (plants.drop_prefix, _NEGATION),
    "without -> with": (plants.drop_without, _NEGATION),
    "not added": (plants.add_negation, {CheckKind.NEGATION_INVENTED}),
    "all quotes unmarked": (plants.remove_quotes, {CheckKind.QUOTE_LOST}),
    "one quote unmarked": (plants.remove_one_quote, {CheckKind.QUOTE_LOST}),
    "quote invented": (plants.invent_quote, {CheckKind.QUOTE_INVENTED}),
    "last 40 % cut": (plants.cut_end, _LOST),
    "clause cut": (plants.cut_clause, _LOST),
    "eight words cut": (plants.cut_words, _LOST),
    "loop": (plants.loop, {CheckKind.REPETITION}),
    "two words twice": (plants.say_twice, {CheckKind.REPETITION}),
    "Arabic left over": (plants.leave_arabic, {CheckKind.UNTRANSLATED}),
}


def kinds(source: str, target: str) -> set[CheckKind]:
    """The kinds of checks that fail on a pair, the model's own signals left aside."""
    return {failed.kind for failed in check(source, Translated(target, 0.0), Glossary.EMPTY)}


def false_flags(pairs: Sequence[tuple[str, str]]) -> Counter[str]:
    """On how many reference translations each kind is flagged; "any" counts sentences."""
    counts: Counter[str] = Counter()
    for source, target in pairs:
        found = kinds(source, target)
        counts.update(kind.value for kind in found)
        counts["any"] += bool(found)
    return counts


def catches(pairs: Sequence[tuple[str, str]], plant: Plant, expected: set[CheckKind]) -> tuple[int, int, list[tuple[str, str]]]:
    """(planted, caught, missed): errors of one sort planted in sentences that are not flagged so already, how many of them are
    flagged, and the pairs with the error that are not."""
    rng, planted, caught = Random(SEED), 0, 0
    missed: list[tuple[str, str]] = []
    for source, target in pairs:
        spoiled = plant(source, target, rng)
        if spoiled is None or spoiled == target or kinds(source, target) & expected:
            continue
        planted += 1
        if kinds(source, spoiled) & expected:
            caught += 1
        else:
            missed.append((source, spoiled))
    return planted, caught, missed


def main(folder: Path) -> None:
    """Print the tables for the test sets in a folder."""
    for name in TEST_SETS:
        pairs = list(rows(folder / f"{name}.tsv"))
        print(f"False flags on {len(pairs)} reference translations of {name}")
        for kind, count in sorted(false_flags(pairs).items(), key=lambda item: -item[1]):
            print(f"  {kind:20} {count:5}  {count / len(pairs):6.1%}")
        print(f"Errors planted in {name} (seed {SEED}), one in a sentence, and caught by the checks for them")
        total = Counter[str]()
        for sort, (plant, expected) in PLANTS.items():
            planted, caught, _ = catches(pairs, plant, expected)
            total.update(planted=planted, caught=caught)
            print(f"  {sort:20} {caught:5} of {planted:5}  {caught / max(planted, 1):6.1%}")
        print(f"  {'all':20} {total['caught']:5} of {total['planted']:5}  {total['caught'] / total['planted']:6.1%}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
