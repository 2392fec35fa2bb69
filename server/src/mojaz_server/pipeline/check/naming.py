"""Compares the known names of a sentence with those of its English: another name must not stand in the place of one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from mojaz_server.pipeline.check.equivalents import english_stem, english_stems, equivalents
from mojaz_server.pipeline.names import KINDS, Name, known_names, names
from mojaz_server.pipeline.normalize import fold
from mojaz_server.pipeline.records import Check, CheckKind, FactKind, Span
from mojaz_server.pipeline.remembered import remembered
from mojaz_server.pipeline.salience import stem
from mojaz_server.pipeline.sounds import alike, latin_sounds
from mojaz_server.pipeline.terms import folded, words

_WORD = re.compile(r"[^\W\d_]+")
_INITIALS = 3  # letters of a name that counts only in capitals, as IS and UN do
_ALIKE, _FEW_SOUNDS = 0.8, 3  # how much a name must sound like an Arabic word; one of few consonants must sound the same
_GLUED = 8  # characters of a name that is looked for across words
_INITIALS_OF_STATES = {"us", "uk", "eu", "un"}  # they stand for adjectives, too: "أميركي"
_COMMON = {
    "the",
    "and",
    "for",
    "abu",
    "ibn",
    "ben",
    "bin",
    "new",
    "saint",
    "north",
    "south",
    "united",
    "general",
    "city",
    "islamic",
}


class _Known(NamedTuple):
    """An English name as words in lower case, and what it is."""

    words: tuple[str, ...]
    identity: str
    kind: FactKind
    arabic: tuple[str, ...]


@cache
def _english() -> Mapping[str, Sequence[_Known]]:
    """The English names by their first word, the longest first."""
    found: dict[str, list[_Known]] = {}
    for row in known_names():
        forms = tuple(form.text for form in row.forms)
        for written in (*row.targets, *row.spellings):
            split = tuple(word.lower() for word in _WORD.findall(written))
            if any(char.isdigit() for char in written):  # "T4" would be found in every T
                continue
            found.setdefault(split[0], []).append(_Known(split, row.targets[0], KINDS[row.category], forms))
    return {first: sorted(names, key=lambda known: -len(known.words)) for first, names in found.items()}


def compare_names(source: str, target: str) -> Iterator[Check]:
    """The known names of `target` that nothing in `source` stands for, with the name whose place each has taken."""
    strangers = list(_strangers(source, target))
    if not strangers:
        return
    missing = [name for name in names(source, target) if name.target is None]
    plain = [name for name in missing if not _paraphrased(name, source, target)]
    for span, known in strangers:
        name = next((each for each in plain if each.kind is known.kind), None)
        if name is None and _sounds(known, source):
            continue
        name = name or next((each for each in missing if each.kind is known.kind), None)
        if name is None:
            yield Check(CheckKind.NAME_CHANGED, f"{span.of(target)} is not in the Arabic", None, span)
            continue
        missing.remove(name)
        plain = [each for each in plain if each is not name]
        message = f"{name.span.of(source)} is {name.identity}: the English has {span.of(target)}"
        yield Check(CheckKind.NAME_CHANGED, message, name.span, span)


def _paraphrased(name: Name, source: str, target: str) -> bool:
    """Whether a word that news has for a word of the name stands in the English: "Moscow" or "Russian" for "Russia"."""
    english = set(english_stems(target))
    rows_of = (equivalents().get(stem(word.key)) for word in words(name.span.of(source)))
    return any(row is not None and not row.english.isdisjoint(english) for row in rows_of)


def _strangers(source: str, target: str) -> Iterator[tuple[Span, _Known]]:
    """The known names of the English that no word of the Arabic is translated with."""
    explained = _explained(source)
    tokens = [(m[0].lower(), m.start(), m.end()) for m in _WORD.finditer(target)]
    at = 0
    while at < len(tokens):
        begun = _english().get(tokens[at][0], ()) if target[tokens[at][1]].isupper() else ()
        known = next((each for each in begun if _stands(each, tokens, at, target)), None)
        if known is not None:
            end = tokens[at + len(known.words) - 1][2]
            if (
                "".join(known.words) not in _INITIALS_OF_STATES
                and not _is_explained(known, explained)
                and not _named(known, source)
            ):
                yield Span(tokens[at][1], end), known
        at += len(known.words) if known else 1


@remembered
def _explained(source: str) -> frozenset[str]:
    """The English stems that stand for words of the Arabic."""
    rows_of = (equivalents().get(each) for each in _stems(source))
    return frozenset(word for row in rows_of if row for word in row.english)


def _is_explained(known: _Known, explained: frozenset[str]) -> bool:
    """Whether half of the words of a name translate words of the Arabic; short and common words do not tell."""
    telling = [word for word in known.words if len(word) > 2 and word not in _COMMON] or list(known.words)
    return 2 * sum(english_stem(word) in explained for word in telling) >= len(telling)


def _stands(known: _Known, tokens: Sequence[tuple[str, int, int]], at: int, target: str) -> bool:
    """Whether a name begins at a word, written with a capital."""
    here = tokens[at : at + len(known.words)]
    written = target[here[0][1] : here[-1][2]]
    capital = written.isupper() if len(written) <= _INITIALS else written[0].isupper()
    return tuple(token[0] for token in here) == known.words and capital


def _sounds(known: _Known, source: str) -> bool:
    """Whether the longest word of a name sounds like a word of the Arabic, or stands there in Latin letters."""
    longest = max(known.words, key=len)
    least = _ALIKE if len(latin_sounds(longest)) > _FEW_SOUNDS else 1.0
    return longest in source.lower() or any(alike(word.key, longest) >= least for word in words(source))


def _named(known: _Known, source: str) -> bool:
    """Whether the words of a form of the name are in the Arabic, be it without the blanks between them."""
    here, text = _stems(source), _unspaced(source)
    return any(_stems(form) <= here or (len(form) >= _GLUED and _unspaced(form) in text) for form in known.arabic)


@remembered
def _stems(text: str) -> frozenset[str]:
    return frozenset(map(stem, folded(text)))


@remembered
def _unspaced(text: str) -> str:
    return fold(text).replace(" ", "")
