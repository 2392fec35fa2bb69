"""Which English words an Arabic word is translated with: data/lexicon.tsv, and the stems under which it is looked up."""

import re
from functools import cache, lru_cache

from mojaz_server.pipeline import terms
from mojaz_server.pipeline.salience import without_ending
from mojaz_server.pipeline.tables import rows

_ENGLISH_ENDING = re.compile("(?:ations?|ions?|ments?|ings?|ied|ies|ers?|ed|es|ly|al|s|y|e)$")
_FUTURE = re.compile("[وف]?س(?=[يتنا]..)")
_SHORTEST = 3


@lru_cache(maxsize=1 << 16)
def arabic_stems(key: str) -> tuple[str, ...]:
    """What a folded Arabic word may be a form of: without its clitics, if it has any, and its ending."""
    forms = (*terms.stems(key), _FUTURE.sub("", key))
    return tuple(dict.fromkeys(arabic_stem(form) for form in forms))


@lru_cache(maxsize=1 << 16)
def arabic_stem(key: str) -> str:
    """A folded Arabic word without article and ending, if three letters are left."""
    return without_ending(key[2:] if key.startswith("ال") and len(key) - 2 >= _SHORTEST else key)


@lru_cache(maxsize=1 << 16)
def english_stem(word: str) -> str:
    """An English word in small letters without its ending, if three letters are left."""
    low = word.lower()
    shorter = _ENGLISH_ENDING.sub("", low)
    shorter = shorter if len(shorter) >= _SHORTEST else low
    return shorter[:-1] if len(shorter) > _SHORTEST and shorter[-1] == shorter[-2] else shorter


@cache
def _table() -> dict[str, dict[str, float]]:
    """Arabic stem -> English stem -> how strongly the two are linked, 0 to 1."""
    found = {}
    for arabic, english in rows("lexicon.tsv"):
        entries = (entry.rsplit(":", 1) for entry in english.split(" "))
        found[arabic] = {stem: int(hundredths) / 100 for stem, hundredths in entries}
    return found


@lru_cache(maxsize=1 << 14)
def translations(key: str) -> dict[str, float]:
    """English stems that a folded Arabic word is translated with and how strongly each is linked with it, 0 to 1."""
    table, found = _table(), dict[str, float]()
    for stem in arabic_stems(key):
        for english, strength in table.get(stem, {}).items():
            found[english] = max(strength, found.get(english, 0.0))
    return found


def whole_translations(key: str) -> dict[str, float]:
    """The same for the word as it stands, no letter of it taken for a clitic: "وسام" is a medal, not "and Sam"."""
    return _table().get(without_ending(key), {})


@cache
def english_stems() -> frozenset[str]:
    """All English stems that stand for an Arabic one."""
    return frozenset(stem for row in _table().values() for stem in row)
