"""Finds how the English of a sentence spells its names: Arabic words in a row that sound like capitalized words in a row."""

import re
from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from mojaz_server.pipeline.check.equivalents import english_stem, equivalents
from mojaz_server.pipeline.salience import stem
from mojaz_server.pipeline.sounds import alike, latin_sounds
from mojaz_server.pipeline.terms import Word, words

_CAPITAL = re.compile(r"(?:[Aa]l-|[Ee]l-)?[A-Z][^\W\d_]*(?:['’][^\W\d_]{2,})?(?:-[^\W\d_]+)*")
_BETWEEN = re.compile(r"(?:[\s-]|\b(?:bin|ibn|bint|al|el|de|del|da|van|von|der|ould|Al)\b)*")
_ARTICLE = re.compile("^(?:al|el)-", re.IGNORECASE)
_ALIKE, _LIKELY, _FEW_SOUNDS = 0.8, 0.65, 3  # how much a word must sound like another; one of few consonants must sound the same
_GAP = 2  # Arabic words of one name may stand this far from each other: a "بن" or "أبو" between them has no sound of its own


class Called(NamedTuple):
    """A name: its first and last word among the words of the Arabic, and its English."""

    first: int
    last: int
    english: str


def called(source: str, target: str, likely: Container[Word] = ()) -> Iterator[Called]:
    """The names of a raw sentence and their spellings in its English, in order. Nationalities are no names. Words that are
    `likely` names need not sound quite the same: a model that does not know a name is far off."""
    found = words(source)
    capitals = list(_CAPITAL.finditer(target))
    matched: list[tuple[int, int]] = []
    for i, word in enumerate(found):
        if (j := _sounding(word, capitals, {used for _, used in matched}, likely=word in likely)) is not None:
            matched.append((i, j))
    while matched:
        name = _together(matched, capitals, target)
        (first, begin), (last, end) = name[0], name[-1]
        english = target[capitals[begin].start() : capitals[end].end()]
        if not (first == last and _is_translated(found[first], english)):
            yield Called(first, last, english)
        del matched[: len(name)]


def _sounding(word: Word, capitals: Sequence[re.Match[str]], used: Container[int], *, likely: bool) -> int | None:
    """The capitalized word that sounds most like an Arabic word, if one does; of equal ones the first that is not yet used."""
    rated = []
    for j, capital in enumerate(capitals):
        latin = _ARTICLE.sub("", capital[0])
        worth = alike(word.key, latin)
        enough = _LIKELY if likely else _ALIKE if len(latin_sounds(latin)) > _FEW_SOUNDS else 1.0
        if worth >= enough:
            rated.append((j not in used, worth, -j))
    return -max(rated)[2] if rated else None


def _together(matched: Sequence[tuple[int, int]], capitals: Sequence[re.Match[str]], target: str) -> Sequence[tuple[int, int]]:
    """The first of the matched words and those that follow it on both sides."""
    name = [matched[0]]
    for i, j in matched[1:]:
        before, after = capitals[name[-1][1]], capitals[j]
        if i - name[-1][0] > _GAP or j <= name[-1][1] or not _BETWEEN.fullmatch(target[before.end() : after.start()]):
            break
        name.append((i, j))
    return name


def _is_translated(word: Word, english: str) -> bool:
    """Whether an Arabic word is an ordinary one that news translates so: "السوري" and "Syrian"."""
    row = equivalents().get(stem(word.key))
    return row is not None and english_stem(english.lower()) in row.english
