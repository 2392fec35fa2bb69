"""Pairs made by what stands in the place of a term: another name, the term in English or in quotation marks, names exchanged."""

import random
import re
from collections.abc import Sequence

from mojaz_server.pipeline.terms import before_latin

from mojaz_models.made.places import NAMES, Pair, Place, Terms, is_plain, whole_word

_ARTICLE = re.compile(r"^(?:the|a|an) ")


def rename(pair: Pair, rng: random.Random, terms: Terms) -> Pair | None:
    """One or two names become others of their class: a person's two others if it has several words. Clitics stay."""
    places = [place for place in terms.places(pair) if place.kind in NAMES]
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
    places = terms.places(pair)
    if not places:
        return None
    for place in _drawn(places, rng):
        pair = _swapped(pair, place, before_latin(place.clitic) + place.english, place.english)
    return pair


def quotable(known: Sequence[tuple[str, str, str]]) -> Terms:
    """The terms of rows (Arabic, English, class) that `quote` marks: no single words without the article that may be verbs."""
    rows = [row for row in known if row[2] != "PHRASE" or row[0].startswith("ال") or " " in row[0]]
    return Terms({tuple(arabic.split()): (english, kind) for arabic, english, kind in rows if len(arabic) > 2}, {})


def quote(pair: Pair, rng: random.Random, terms: Terms) -> Pair | None:
    """One term is put into quotation marks on both sides; a pair that has some already is left alone. Words cut off by a mark
    have other pieces, which news has in every third sentence and references seldom for any one word."""
    arabic, english = pair
    if '"' in arabic or '"' in english or not (places := terms.places(pair)):
        return None
    place = rng.choice(places)
    tokens = arabic.split(" ")
    term = " ".join(tokens[place.first : place.last])[len(place.clitic) :]
    said = _ARTICLE.sub("", place.english)
    marked = re.compile(rf"(?<![\w-]){re.escape(said)}(?P<stop>[.,]?)(?![\w'-])")
    if len(marked.findall(english)) != 1:
        return None
    return (
        " ".join([*tokens[: place.first], f'{place.clitic}"{term}"', *tokens[place.last :]]),
        marked.sub(lambda m: f'"{said}{m["stop"]}"', english),
    )


def exchange(pair: Pair, rng: random.Random, terms: Terms) -> Pair | None:
    """Two names of one class change places on both sides: who did what is in the order, not in what is likely."""
    places = [place for place in terms.places(pair) if place.kind in NAMES and _bare(place)]
    two = [(one, other) for one in places for other in places if one.first < other.first and one.kind == other.kind]
    if not two:
        return None
    one, other = rng.choice(two)
    if one.english in other.english or other.english in one.english or re.search(r"s'(?!\w)", pair[1]):
        return None
    tokens = pair[0].split(" ")
    first, second = _said(tokens, one), _said(tokens, other)
    arabic = [
        *tokens[: one.first], one.clitic + second, *tokens[one.last : other.first], other.clitic + first, *tokens[other.last :],
    ]  # fmt: skip
    either = re.compile(f"{whole_word(one.english).pattern}|{whole_word(other.english).pattern}")
    english = either.sub(lambda m: other.english if m[0] == one.english else one.english, pair[1])
    return " ".join(arabic), english


def _bare(place: Place) -> bool:
    """Whether a name can stand elsewhere: a place, or a person's whole name, without a title or the article."""
    return (place.kind != "PER" or place.last - place.first > 1) and is_plain(place.english)


def _said(tokens: Sequence[str], place: Place) -> str:
    return " ".join(tokens[place.first : place.last])[len(place.clitic) :]


def _drawn(places: Sequence[Place], rng: random.Random) -> list[Place]:
    """One or two places, the last first, so that a change leaves the words of the next where they are."""
    return sorted(rng.sample(places, min(len(places), rng.choice((1, 1, 2)))), key=lambda place: -place.first)


def _swapped(pair: Pair, place: Place, arabic: str, english: str) -> Pair:
    """A pair with another term at a place."""
    source, target = pair[0].split(" "), whole_word(place.english).sub(lambda _: english, pair[1])
    return " ".join([*source[: place.first], arabic, *source[place.last :]]), target
