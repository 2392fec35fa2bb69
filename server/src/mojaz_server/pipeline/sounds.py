"""How alike an Arabic name and a word in Latin letters sound: their consonants in order, vowels and doubled letters left out."""

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

_ARABIC = str.maketrans(
    {
        **dict.fromkeys("ب", "b"),
        **dict.fromkeys("تطةث", "t"),
        **dict.fromkeys("جغ", "g"),
        **dict.fromkeys("ح", "h"),
        **dict.fromkeys("خكقگ", "k"),
        **dict.fromkeys("دضذ", "d"),
        **dict.fromkeys("زظ", "z"),
        **dict.fromkeys("ر", "r"),
        **dict.fromkeys("سصش", "s"),
        **dict.fromkeys("فڤ", "f"),
        **dict.fromkeys("ل", "l"),
        **dict.fromkeys("م", "m"),
        **dict.fromkeys("ن", "n"),
        **dict.fromkeys("ه", "h"),
        "پ": "b",
        "چ": "s",
        "ژ": "z",
    }
    | dict.fromkeys("اأإآٱىيؤئءوعی", "")
)
_LATIN_GROUPS = (
    ("tch|sch|sh|ch|sz", "s"),
    ("ph", "f"),
    ("th", "t"),
    ("dh", "d"),
    ("kh|ck", "k"),
    ("gh", "g"),
    ("c(?=[eiy])", "s"),
    ("x", "ks"),
    ("[cq]", "k"),
    ("p", "b"),
    ("v", "f"),
    ("j", "g"),
)
_LATIN = [(re.compile(group), sound) for group, sound in _LATIN_GROUPS]
_SILENT = re.compile("[^bdfghklmnrstz]")
_DOUBLED = re.compile(r"(.)\1+")
_SHORTEST = 2
_CLITICS = ("", "و", "ال", "وال", "ب", "ل", "ف", "ك", "بال", "لل", "ول", "وب")


@lru_cache(maxsize=1 << 14)
def arabic_sounds(key: str) -> str:
    """The consonants of a folded Arabic word."""
    return _DOUBLED.sub(r"\1", _SILENT.sub("", key.translate(_ARABIC)))


@lru_cache(maxsize=1 << 14)
def latin_sounds(word: str) -> str:
    """The consonants of a word in Latin letters."""
    low = unicodedata.normalize("NFKD", word.lower())
    for group, sound in _LATIN:
        low = group.sub(sound, low)
    return _DOUBLED.sub(r"\1", _SILENT.sub("", low))


@lru_cache(maxsize=1 << 14)
def _forms(key: str) -> frozenset[str]:
    """The consonants of a folded Arabic word with and without what may be its proclitics."""
    found = {arabic_sounds(key[len(clitic) :]) for clitic in _CLITICS if key.startswith(clitic)}
    return frozenset(form for form in found if len(form) >= _SHORTEST)


@lru_cache(maxsize=1 << 16)
def likeness(sounds: str, other: str) -> float:
    """The share of two words' consonants that both have in the same order, 0 to 1."""
    return SequenceMatcher(None, sounds, other, autojunk=False).ratio()


@lru_cache(maxsize=1 << 16)
def alike(key: str, word: str) -> float:
    """How alike a folded Arabic word, with any proclitics, and a word in Latin letters sound, 0 to 1. Words that begin and end in
    other consonants, and those of fewer than two, are not alike at all."""
    there = latin_sounds(word)
    if len(there) < _SHORTEST:
        return 0.0
    forms = [form for form in _forms(key) if form[0] == there[0] or form[-1] == there[-1]]
    return max((likeness(form, there) for form in forms), default=0.0)
