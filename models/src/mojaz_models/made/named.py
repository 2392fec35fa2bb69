"""Names for names: persons and places of news pairs become others, one or a list of them, drawn from lists or made of given and
family names as news spells them. A name is translated by its letters: any number of them can be read, none need be known."""

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from mojaz_server.pipeline.sounds import arabic_sounds, latin_sounds, likeness
from mojaz_server.pipeline.terms import fold

from mojaz_models.errors import RecipeError
from mojaz_models.made.places import NAMES, Pair, Place, Terms, is_plain, whole_word
from mojaz_models.spellings import Spellings, adjectives, collect, word_counts

_ALIKE = 0.85
"""How much both sides of a name from a list must sound alike: lists hold translations and mistakes."""
_SURE = 0.9
_LIST = 0.15
_LETTERS = re.compile("[\u0621-\u064a ]{3,}")
_PLAIN = re.compile(r"[A-Z][A-Za-z'-]{2,}(?: [A-Z][A-Za-z'-]+)*")


def alike(names: Iterable[Pair]) -> list[Pair]:
    """Names of equally many words, in plain letters, whose two sides sound alike word by word."""
    return [
        (arabic, english)
        for arabic, english in names
        if _LETTERS.fullmatch(arabic)
        and _PLAIN.fullmatch(english)
        and len(arabic.split()) == len(english.split())
        and all(_alike(a, e) for a, e in zip(arabic.split(), english.split(), strict=True))
    ]


def _alike(arabic: str, english: str) -> bool:
    here, there = arabic_sounds(fold(arabic)), latin_sounds(english)
    return len(here) > 1 and len(there) > 1 and likeness(here, there) >= _ALIKE


def spelt(found: Spellings) -> list[Pair]:
    """Words that news uses as names only, with the way in which it mostly writes them."""
    kept = []
    for word, counts in sorted(found.written.items()):
        (usual, times), total = counts.most_common(1)[0], counts.total()
        if total >= 3 and found.share(word) >= _SURE and times >= 0.6 * total and len(word) > 2 and _PLAIN.fullmatch(usual):
            kept.append((word, usual))
    return kept


@dataclass(frozen=True, slots=True)
class Pools:
    """Where names come from: words as news spells them, how often each has the article, foreign names, whole persons, places."""

    words: Sequence[Pair]
    articles: Mapping[str, float]
    foreign: Sequence[Pair]
    persons: Sequence[Pair]
    places: Sequence[Pair]

    @classmethod
    def of(cls, pairs: Sequence[Pair], known: Sequence[tuple[str, str, str]], spare: Mapping[str, Sequence[Pair]]) -> "Pools":
        """From pairs, rows (Arabic, English, class) and further names by class. Raises RecipeError for an empty pool."""
        words = spelt(collect(pairs, word_counts(pairs), adjectives(e for _, e, kind in known if kind == "NAT")))
        names = [(a, e, kind) for a, e, kind in known if kind in NAMES and is_plain(e)]
        foreign = [pair for pair in alike(spare.get("PER", ())) if " " not in pair[0]]
        persons = alike((a, e) for a, e, kind in names if kind == "PER" and " " in a)
        places = [*alike(spare.get("LOC", ())), *((a, e) for a, e, kind in names if kind == "LOC")]
        for what, pool in (("words of the news", words), ("PER", foreign), ("PER of several words", persons), ("LOC", places)):
            if not pool:
                raise RecipeError(f"pack.made.named: there is no name of the class {what}")
        return cls(words, articles(words, (arabic for arabic, _ in pairs)), foreign, persons, places)

    def person(self, rng: random.Random, *, whole: bool) -> Pair:
        """A person's family name, or both names."""
        if whole and rng.random() < 0.2:
            return rng.choice(self.persons)
        pool = self.foreign if rng.random() < 0.4 else self.words
        family = self._family(rng) if pool is self.words else rng.choice(pool)
        if not whole:
            return family
        given = rng.choice(pool)
        return f"{given[0]} {family[0]}", f"{given[1]} {family[1]}"

    def _family(self, rng: random.Random) -> Pair:
        arabic, english = rng.choice(self.words)
        return (f"ال{arabic}", f"al-{english}") if rng.random() < self.articles.get(arabic, 0.0) else (arabic, english)


def nameable(known: Sequence[tuple[str, str, str]]) -> Terms:
    """The names of rows (Arabic, English, class) whose places others can take."""
    return Terms({tuple(a.split()): (e, kind) for a, e, kind in known if kind in NAMES and is_plain(e)}, {})


def articles(words: Sequence[Pair], sources: Iterable[str]) -> dict[str, float]:
    """The share of a name's uses in which it has the article."""
    counts = Counter(word for source in sources for word in source.split(" "))
    return {
        arabic: counts[f"ال{arabic}"] / (counts[arabic] + counts[f"ال{arabic}"])
        for arabic, _ in words
        if counts[f"ال{arabic}"] >= 2
    }


def name(pair: Pair, rng: random.Random, terms: Terms, pools: Pools) -> Pair | None:
    """Every person and place of a pair that is known becomes another; now and then one becomes a list of two to four."""
    places = [place for place in terms.places(pair) if place.kind in NAMES]
    if not places:
        return None
    chosen = sorted(rng.sample(places, min(len(places), rng.choice((1, 2, 3)))), key=lambda place: -place.first)
    listed = rng.choice(chosen) if rng.random() < _LIST else None
    new = {place: _drawn(place, rng, pools, several=place is listed and _can_be_listed(place, pair[1])) for place in chosen}
    tokens = pair[0].split(" ")
    for place, (arabic, _) in new.items():
        tokens[place.first : place.last] = [place.clitic + arabic]
    english = {place.english: e for place, (_, e) in new.items()}
    either = re.compile("|".join(whole_word(e).pattern for e in sorted(english, key=len, reverse=True)))
    target = either.sub(lambda m: english[m[0]], pair[1])
    return " ".join(tokens), target[:1].upper() + target[1:] if pair[1][:1].isupper() else target


def _can_be_listed(place: Place, english: str) -> bool:
    """Not the subject that begins a sentence, and not an owner: what follows would have to agree with several."""
    match = whole_word(place.english).search(english)
    return match is not None and match.start() > 0 and english[match.end() : match.end() + 1] in {"", ".", ",", " "}


def _drawn(place: Place, rng: random.Random, pools: Pools, *, several: bool) -> Pair:
    number = rng.choice((2, 3, 4)) if several else 1
    person = partial(pools.person, rng, whole=place.last - place.first > 1)
    names = [rng.choice(pools.places) if place.kind == "LOC" else person() for _ in range(number)]
    if not several:
        return names[0]
    arabic, english = [a for a, _ in names], [e for _, e in names]
    between = rng.choice((" و", "، "))
    return between.join(arabic[:-1]) + " و" + arabic[-1], ", ".join(english[:-1]) + " and " + english[-1]
