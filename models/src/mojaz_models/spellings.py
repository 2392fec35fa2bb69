"""Finds in pairs of Arabic and English which words are names: how each is written in Latin letters, and how often it is one."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from mojaz_server.pipeline import terms
from mojaz_server.pipeline.lexicon import english_stem, translations
from mojaz_server.pipeline.sounds import arabic_sounds, latin_sounds, likeness

from mojaz_models import lines
from mojaz_models.text import without_proclitics

_NAME = re.compile(r"(?<![\w'’-])(?:(?:[AaEe]l|[Aa](?:d|dh|n|r|s|sh|t|th|z))[-– ](?=[A-Z]))?([A-Z][^\W\d_]*(?:['’][^\W\d_]+)*)")
_POSSESSIVE = re.compile("['’]s$")
_ALIKE = 0.65  # how much a word must sound like a name that is written so
_STRENGTH = 0.2  # how strongly the lexicon must link a word of too few consonants with its English
_FEWEST = 2  # consonants of a word that is compared by its sound
_LONGEST = 80  # words of a sentence
_FROM_NAMES = {"PER", "LOC"}


@dataclass(slots=True)
class Spellings:
    """Of each Arabic word, as `bare` writes it: how often it was seen, and how often in which Latin letters."""

    seen: Counter[str] = field(default_factory=Counter)
    written: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def share(self, word: str) -> float:
        """The share of its uses in which a word is a name, 0 to 1."""
        return self.written[word].total() / self.seen[word] if self.seen[word] else 0.0


def latin(word: str) -> str:
    """A name in Latin letters without accents, apostrophes and possessive."""
    plain = unicodedata.normalize("NFKD", _POSSESSIVE.sub("", word)).replace("ı", "i").replace("ø", "o").replace("ł", "l")
    return "".join(char for char in plain if char.isascii() and char.isalpha())


def bare(raw: str, counts: Mapping[str, int]) -> str:
    """An Arabic word without marks, the article and the proclitics that its language puts before it (`counts` of folded words say
    which: what is left is seen more often). Hamzas and ta marbuta stay as they are written."""
    word = terms.bare(raw)
    key = terms.fold(word)
    stem = without_proclitics(key, counts)
    stem = stem[2:] if stem.startswith("ال") and len(stem) > 4 else stem
    return word[len(word) - len(stem) :] if key.endswith(stem) and len(key) == len(word) else word


def collect(pairs: Iterable[tuple[str, str]], counts: Mapping[str, int], foreign: frozenset[str]) -> Spellings:
    """The names of all pairs. `foreign` are English words that are written with a capital and are no names ("Syrian")."""
    found = Spellings()
    known = cache(lambda raw: bare(raw, counts))
    for arabic, english in pairs:
        here = [known(arabic[word.start : word.end]) for word in terms.words(arabic)]
        there = [name for match in _NAME.finditer(english) if (name := latin(match[1])) and name.lower() not in foreign]
        found.seen.update(here)
        if len(here) <= _LONGEST:
            for i, j in _mutual(here, there):
                found.written[here[i]][there[j]] += 1
    return found


def _mutual(here: list[str], there: list[str]) -> Iterator[tuple[int, int]]:
    """The Arabic and the English words that sound more like each other than like any other; of equals those nearest in order."""
    worth = {}
    for i, word in enumerate(here):
        sounds = _sounds(word)
        for j, name in enumerate(there):
            other = latin_sounds(name)
            if other and sounds and (other[0] == sounds[0] or other[-1] == sounds[-1]):
                value = _likeness(word, name) if min(len(sounds), len(other)) < _FEWEST else likeness(sounds, other)
                if value >= _ALIKE:
                    worth[i, j] = value + 0.2 * (1 - abs((i + 0.5) / len(here) - (j + 0.5) / len(there)))
    taken_here, taken_there = set[int](), set[int]()
    for i, j in sorted(worth, key=lambda link: (-worth[link], link)):
        if i not in taken_here and j not in taken_there:
            taken_here.add(i)
            taken_there.add(j)
            yield i, j


@cache
def _sounds(word: str) -> str:
    return arabic_sounds(terms.fold(word))


def _likeness(word: str, name: str) -> float:
    """Words of a single consonant, as علي, are alike if the lexicon knows one for the other."""
    if _sounds(word) != latin_sounds(name):
        return 0.0
    return 1.0 if translations(terms.fold(word)).get(english_stem(name), 0.0) >= _STRENGTH else 0.0


def news(corpora: Path) -> Iterator[tuple[str, str]]:
    """Sentences of news with their English."""
    for line in lines.read(corpora / "news_references.tsv.xz"):
        _, arabic, english = line.split("\t")
        yield arabic, english


def listed(corpora: Path) -> Iterator[tuple[str, str]]:
    """Names of persons and places of the lists, each with capitals."""
    for line in lines.read(corpora / "news_terms.tsv.xz"):
        arabic, english, sort = line.split("\t")
        if sort in _FROM_NAMES:
            yield arabic, english
    for name in ("gaza_given_and_family_names", "arwikicats_people"):
        for line in lines.read(corpora / "glossary" / f"{name}.tsv", whole=False):
            arabic, _, english = line.partition("\t")
            yield arabic, english.title()


def nations(corpora: Path) -> Iterator[str]:
    """The English terms of the class of nations."""
    rows = (line.split("\t") for line in lines.read(corpora / "news_terms.tsv.xz"))
    return (english for _, english, sort in rows if sort == "NAT")


def adjectives(nations: Iterable[str]) -> frozenset[str]:
    """English words of nations ("syrian"), which have a capital and sound like the Arabic but are no names."""
    found = {latin(word).lower() for english in nations for word in english.split()}
    return frozenset(found | {word + "s" for word in found})


def word_counts(pairs: Iterable[tuple[str, str]]) -> Counter[str]:
    """How often each folded Arabic word stands in the pairs."""
    return Counter(word.key for arabic, _ in pairs for word in terms.words(arabic))
