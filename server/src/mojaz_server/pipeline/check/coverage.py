"""Looks for words of the Arabic in a row that have no English: the sign that a clause was left out.

Every Arabic word that news translates in few ways (data/equivalents.tsv) is evidence, in nats: for a loss if none of its English
is there, against one if it is. The stretch with the most evidence is weighed together with how much shorter the English is than
expected, which is evidence too.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from math import log
from typing import NamedTuple

from mojaz_server.pipeline.check.equivalents import ENGLISH_WORD, Equivalents, Term, arabic_terms, english_stem, equivalents
from mojaz_server.pipeline.records import Check, CheckKind, Span

LEAST = 7.3
"""Nats of evidence from which on a clause is said to be lost: 1 in 100 sound translations of the training news have more."""
_SURE, _UNSURE = 0.97, 0.01  # no word is surer to be kept than this, and none less likely to be there by chance
_MOST_FOR, _MOST_AGAINST, _MOST_LENGTH = 3.5, 2.5, 8.0  # nats of one word; of the length
_NEAR, _FAR = 0.15, 0.1  # share of the sentence within which an equivalent counts in full; what a farther one counts
_PER_WORD, _PER_LETTER = 2.28, 1.08  # characters of English for an Arabic word and each of its letters
_LATIN = 1.07  # for a character that is not Arabic
_NOT_LATIN = re.compile("[^A-Za-z0-9]+")
_SPREAD = (0.1, 0.42)  # of the log of the length: of any sentence, and of one word of it
_FEWEST, _MOST = 8, 150  # words of a sentence in which a clause can be lost; a longer one is told by its length


class _Word(NamedTuple):
    """A word of the Arabic: its evidence and the length its English should have."""

    evidence: float
    length: float


def compare_coverage(source: str, target: str, told: Sequence[Span] = ()) -> Iterator[Check]:
    """The stretch of `source` that `target` seems to leave out, if there is one. Words in `told` are known to be there."""
    terms = arabic_terms(source)
    if not _FEWEST <= len(terms) <= _MOST or not target.strip():
        return
    found = _stretch(_weighed(terms, source, target, told), source, target)
    if found is not None:
        span = Span(terms[found[0]].start, terms[found[1]].end)
        text = " ".join(span.of(source).split())
        text = text if len(text) <= 70 else f"{text[:34]} ... {text[-31:]}"
        yield Check(CheckKind.CLAUSE_LOST, f"No English was found for most of: {text}", span)


def _weighed(terms: Sequence[Term], source: str, target: str, told: Sequence[Span]) -> list[_Word]:
    """The evidence of each Arabic word."""
    places: dict[str, list[float]] = {}
    for match in ENGLISH_WORD.finditer(target):
        places.setdefault(english_stem(match[0]), []).append(match.start() / len(target))
    table, text = equivalents(), target.lower()
    return [
        _Word(
            0.0
            if told and any(span.start <= term.start < span.end for span in told)
            else _evidence(table.get(term.stem), term.start / len(source), places, text),
            _PER_WORD + _PER_LETTER * (term.end - term.start),
        )
        for term in terms
    ]


def _evidence(row: Equivalents | None, place: float, places: Mapping[str, Sequence[float]], text: str) -> float:
    """Nats for a loss of a word: above 0 if none of its English is there, below if it is."""
    if row is None:
        return 0.0
    kept, chance = min(row.kept, _SURE), max(row.chance, _UNSURE)
    away = None
    if not row.english.isdisjoint(places):
        away = min(abs(there - place) for english in row.english for there in places.get(english, ()))
    if away is None and any(len(english) >= 4 and english in text for english in row.english):
        away = 0.0  # "Egyptologists" has what "Egyptian" has
    if away is None:
        return min(log((1 - chance) / (1 - kept)), _MOST_FOR)
    return max(log(chance / kept), -_MOST_AGAINST) * (1.0 if away < _NEAR else _FAR)


def _stretch(words: Sequence[_Word], source: str, target: str) -> tuple[int, int] | None:
    """The first and the last word of the stretch that is likeliest lost, if that is likely."""
    evidence = list(accumulate((word.evidence for word in words), initial=0.0))
    length = list(accumulate((word.length for word in words), initial=0.0))
    whole = length[-1] + _LATIN * len(_NOT_LATIN.sub("", source))
    short, spread = log(len(target) / whole), _SPREAD[0] ** 2 + _SPREAD[1] ** 2 / len(words)
    best, found = LEAST, None
    ends = [at for at, word in enumerate(words) if word.evidence > 0]
    for place, first in enumerate(ends):
        for last in ends[place:]:
            worth = evidence[last + 1] - evidence[first]
            if worth <= 0:
                continue
            rest = log(max(1 - (length[last + 1] - length[first]) / whole, 0.05))
            told = (short**2 - (short - rest) ** 2) / (2 * spread)
            worth += max(min(told, _MOST_LENGTH), -_MOST_LENGTH)
            if worth > best:
                best, found = worth, (first, last)
    return found
