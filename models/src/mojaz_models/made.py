"""Pairs made of pairs: a news sentence with other figures, another month, another name, an English word in its Arabic, a second
sentence joined to it. References hold too few of each for a small model to learn to copy what it has never seen.

Every maker changes both sides in the same way, or gives up on a pair in which it cannot tell what belongs to what."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from mojaz_server.pipeline.tables import rows
from mojaz_server.pipeline.terms import before_latin

from mojaz_models.errors import RecipeError
from mojaz_models.text import LATIN, words

Pair = tuple[str, str]
"""Arabic and English, normalized."""
Maker = Callable[[Pair, random.Random], Pair | None]

MAKERS = ("figures", "months", "renamed", "switched", "joined")
LONGEST_JOINED = 70
"""Arabic words of joined sentences at most."""
CLITICS = "وفبلك"
NAMES = ("PER", "LOC")
SWITCHED = (*NAMES, "ORG", "TERM", "EVENT")
_FIGURE = re.compile(r"(?<![\d.,])\d{1,9}(?:[.,]\d{1,3})*(?![\d.,]*\d)")
_SCALES = (("ألف", ",000"), ("مليون", ",000,000"))


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms to look for, by their Arabic words: (English, class); and the names of each class that can take their place."""

    known: Mapping[tuple[str, ...], tuple[str, str]]
    names: Mapping[str, Sequence[Pair]]
    longest: int = 4

    @classmethod
    def of(cls, known: Sequence[tuple[str, str, str]], names: Mapping[str, Sequence[Pair]]) -> "Terms":
        """From rows (Arabic, English, class) and further names by class."""
        table = {tuple(arabic.split()): (english, kind) for arabic, english, kind in known if kind in SWITCHED}
        own = {kind: [(a, e) for a, e, k in known if k == kind] for kind in NAMES}
        return cls(table, {kind: [*own[kind], *names.get(kind, ())] for kind in NAMES})


@dataclass(frozen=True, slots=True)
class Place:
    """A term in a pair: words [first, last) of the Arabic, without a clitic; its English and class."""

    first: int
    last: int
    clitic: str
    english: str
    kind: str


def sets(
    pairs: Sequence[Pair],
    most: Mapping[str, int],
    known: Sequence[tuple[str, str, str]],
    spare: Mapping[str, Sequence[Pair]],
    rng: random.Random,
) -> Iterator[tuple[str, list[Pair]]]:
    """(name, pairs) of each set that `most` names, with at most so many pairs. Raises RecipeError for an empty class of names."""
    terms = Terms.of(known, spare)
    makers: dict[str, Maker] = {
        "figures": figures,
        "months": Months(),
        "renamed": partial(rename, terms=terms),
        "switched": partial(switch, terms=terms),
    }
    for kind in NAMES:
        if "renamed" in most and not terms.names[kind]:
            raise RecipeError(f"pack.made.renamed: there is no name of the class {kind}")
    for name, number in most.items():
        yield name, list(joined(pairs, number, rng)) if name == "joined" else make(pairs, makers[name], number, rng)


def make(pairs: Sequence[Pair], maker: Maker, most: int, rng: random.Random) -> list[Pair]:
    """At most `most` pairs that `maker` makes of `pairs`, every one of another pair."""
    order = list(range(len(pairs)))
    made: list[Pair] = []
    rng.shuffle(order)
    for at in order:
        if len(made) == most:
            break
        if (pair := maker(pairs[at], rng)) is not None:
            made.append(pair)
    return made


def figures(pair: Pair, rng: random.Random) -> Pair | None:
    """Figures that both sides have equally often become others of as many digits; "250 ألف" and "250,000" change together."""
    source, target = pair
    there, wanted = Counter(_FIGURE.findall(source)), Counter(_FIGURE.findall(target))
    arabic: dict[str, str] = {}
    english: dict[str, str] = {}
    for figure, count in there.items():
        other = _other(figure, rng)
        for zeros in ("", *(zeros for word, zeros in _SCALES if f"{figure} {word}" in source)):
            if other and wanted[figure + zeros] == count:
                arabic[figure], english[figure + zeros] = other, other + zeros
    return (_replaced(source, arabic), _replaced(target, english)) if arabic else None


def _replaced(text: str, new: Mapping[str, str]) -> str:
    return _FIGURE.sub(lambda m: new.get(m[0], m[0]), text)


def _other(figure: str, rng: random.Random) -> str:
    """Another figure of the same form, or nothing for 0, 1 and 2, after which Arabic and English nouns take other forms."""
    if re.fullmatch(r"(?:19|20)\d\d", figure):
        return str(rng.randint(1948, 2035))
    if figure.isdigit() and int(figure) <= 31:  # may be a day of a month
        value = int(figure)
        return str(rng.randint(3, 10) if 3 <= value <= 10 else rng.randint(11, 31)) if value > 2 else ""
    digits = [rng.choice("0123456789") if c.isdigit() else c for c in figure]
    digits[0] = "0" if figure[0] == "0" else rng.choice("123456789")
    if figure.isdigit() and len(figure) > 2 and figure.endswith("00"):  # round figures stay round
        digits[-2:] = "00"
    return "".join(digits)


class Months:
    """Another month: its name on both sides, in any of the Arab traditions or in two ("كانون الثاني/يناير")."""

    def __init__(self) -> None:
        found = [(forms, names) for calendar, _, forms, names in rows("months.tsv") if calendar == "gregorian"]
        self._all = [[form.lstrip("?") for form in forms.split("|")] for forms, _ in found]
        self._english = [names.split("|")[0] for _, names in found]
        sure = sorted(
            (form for forms, _ in found for form in forms.split("|") if not form.startswith("?")), key=len, reverse=True
        )
        every = sorted((form for forms in self._all for form in forms), key=len, reverse=True)
        one, two = ("|".join(map(re.escape, forms)) for forms in (sure, every))
        either = (
            rf"(?:(?P<sure>{one})(?:\s?[/(]\s?(?P<second>{two})(?:\s?\))?)?|(?P<first>{two})\s?[/(]\s?(?P<known>{one})(?:\s?\))?)"
        )
        self._arabic = re.compile(rf"(?<!\w)(?P<clitic>[وفبل]?){either}(?!\w)")
        self._names = re.compile(rf"\b(?:{'|'.join(self._english)})\b")

    def __call__(self, pair: Pair, rng: random.Random) -> Pair | None:
        """Change the only month of a pair."""
        arabic, english = pair
        places, names = list(self._arabic.finditer(arabic)), self._names.findall(english)
        if len(places) != 1 or len(names) != 1:
            return None
        place, now = places[0], self._english.index(names[0])
        if not {place[name] for name in ("sure", "second", "first", "known") if place[name]} <= set(self._all[now]):
            return None
        month = rng.choice([m for m in range(12) if m != now])
        return (
            arabic[: place.start()] + place["clitic"] + self._written(month, rng) + arabic[place.end() :],
            self._names.sub(self._english[month], english),
        )

    def _written(self, month: int, rng: random.Random) -> str:
        """A month as newspapers write it: one name, or the names of two traditions."""
        forms = self._all[month]
        if rng.random() < 0.6:
            return rng.choice(forms)
        first, second = rng.sample(forms, 2)
        return f"{first}/{second}" if rng.random() < 0.6 else f"{first} ({second})"


def rename(pair: Pair, rng: random.Random, terms: Terms) -> Pair | None:
    """One or two names become others of their class: a person's two others if it has several words. Clitics stay."""
    places = [place for place in _places(pair, terms) if place.kind in NAMES]
    if not places:
        return None
    for place in _drawn(places, rng):
        length = min(2, place.last - place.first) if place.kind == "PER" else 1
        drawn = [rng.choice(terms.names[place.kind]) for _ in range(length)]
        arabic, english = (" ".join(side) for side in zip(*drawn, strict=True))
        pair = _swapped(pair, place, place.clitic + arabic, english)
    return pair


def switch(pair: Pair, rng: random.Random, terms: Terms) -> Pair | None:
    """One or two terms of the Arabic are written in English, as the target has them: what is in Latin letters is to be copied.

    A clitic before the term stands alone: "وترامب" becomes "و Trump"."""
    places = _places(pair, terms)
    if not places:
        return None
    for place in _drawn(places, rng):
        pair = _swapped(pair, place, before_latin(place.clitic) + place.english, place.english)
    return pair


def _drawn(places: Sequence[Place], rng: random.Random) -> list[Place]:
    """One or two places, the last first, so that a change leaves the words of the next where they are."""
    return sorted(rng.sample(places, min(len(places), rng.choice((1, 1, 2)))), key=lambda place: -place.first)


def _swapped(pair: Pair, place: Place, arabic: str, english: str) -> Pair:
    """A pair with another term at a place."""
    source, target = pair[0].split(" "), _word(place.english).sub(lambda _: english, pair[1])
    return " ".join([*source[: place.first], arabic, *source[place.last :]]), target


def _word(english: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(english)}(?![\w-])")


def _places(pair: Pair, terms: Terms) -> list[Place]:
    """Terms that the pair has once on each side, longest first match, none over another."""
    tokens, target = pair[0].split(" "), pair[1]
    counts = Counter(tokens)
    found, at = [], 0
    while at < len(tokens):
        place = _place(tokens, at, terms)
        if place and counts[tokens[at]] == 1 and target.count(place.english) == 1 and _word(place.english).search(target):
            found.append(place)
            at = place.last
        else:
            at += 1
    english = Counter(place.english for place in found)
    return [place for place in found if english[place.english] == 1]


def _place(tokens: Sequence[str], at: int, terms: Terms) -> Place | None:
    for length in range(min(terms.longest, len(tokens) - at), 0, -1):
        whole = tuple(tokens[at : at + length])
        if whole in terms.known:
            return Place(at, at + length, "", *terms.known[whole])
        head = whole[0]
        if len(head) > 3 and head[0] in CLITICS and (rest := (head[1:], *whole[1:])) in terms.known:
            return Place(at, at + length, head[0], *terms.known[rest])
    return None


def joined(pairs: Sequence[Pair], most: int, rng: random.Random) -> Iterator[Pair]:
    """Two or three sentences as one, up to LONGEST_JOINED words: long sources are rarer in references than in the news."""
    for _ in range(most):
        first, *more = rng.sample(pairs, rng.choice((2, 2, 3)))
        arabic, english = first
        for a, e in more:
            if words(arabic) + words(a) <= LONGEST_JOINED:
                arabic, english = f"{arabic} {a}", f"{english} {e}"
        if LATIN.search(english):
            yield arabic, english
