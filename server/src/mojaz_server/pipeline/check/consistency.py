"""Looks for a name that is spelled in two ways in the English of several sentences."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from mojaz_server.pipeline.records import Check, CheckKind
from mojaz_server.pipeline.sounds import arabic_sounds, latin_sounds
from mojaz_server.pipeline.spelled import Use, differ, spelled

_ALIKE, _FEWEST_SOUNDS = 0.85, 3
_MOST = 400
"""Sentences that are compared with each other."""


def compare_spellings(pairs: Sequence[tuple[str, str]]) -> list[tuple[Check, ...]]:
    """For each (Arabic, English) of one digest or request the names that it spells in another way than most of the others do.

    The first _MOST pairs are looked at."""
    found: list[list[Check]] = [[] for _ in pairs]
    uses: defaultdict[str, list[Use]] = defaultdict(list)
    for number, (source, target) in enumerate(pairs[:_MOST]):
        for use in spelled(number, source, target):
            if use.likeness >= _ALIKE and min(map(len, (arabic_sounds(use.key), latin_sounds(use.spelling)))) >= _FEWEST_SOUNDS:
                uses[use.key].append(use)
    for every in uses.values():
        usual = _usual(every)
        for use in every:
            if differ(use.spelling, usual) and not any(u.sentence == use.sentence and u.spelling == usual for u in every):
                name = use.source.of(pairs[use.sentence][0])
                message = f"{name} is spelled {use.spelling} here and {usual} elsewhere"
                found[use.sentence].append(Check(CheckKind.NAME_INCONSISTENT, message, use.source, use.target))
    return list(map(tuple, found))


def _usual(uses: Sequence[Use]) -> str:
    """The spelling of most uses, of several the first."""
    return Counter(use.spelling for use in uses).most_common(1)[0][0]
