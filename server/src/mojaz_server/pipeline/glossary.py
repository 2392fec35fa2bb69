"""A glossary: what a newsroom wants translated its own way, compiled once and found in many sentences."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from mojaz_server.pipeline.records import Span
from mojaz_server.pipeline.remembered import LONGEST, TEXTS
from mojaz_server.pipeline.terms import Matcher, bare, find_english, has_arabic, keys, tokens
from mojaz_server.pipeline.wordlists import words

NAMES = ("person", "place", "organisation")
"""The categories whose entries are names: they take no article that is not their own."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A term: `source` and its further `forms` are Arabic, `target` is the English that must stand for any of them; `also` may
    stand in its place. What is not to be translated is kept as it is written in `source`; its `target` is empty or the same."""

    source: str
    target: str
    category: str = ""
    note: str = ""
    do_not_translate: bool = False
    forms: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def english(self) -> str:
        """What must stand in the English."""
        return self.source if self.do_not_translate else self.target

    @property
    def terms(self) -> tuple[str, ...]:
        """The source and its other forms."""
        return (self.source, *self.forms)

    @property
    def accepted(self) -> tuple[str, ...]:
        """Its English, and what may stand in its place."""
        return (self.english, *self.also)

    def find(self, text: str) -> Span | None:
        """Where its English, or else what may stand in its place, is in an English text in any capitals, or None."""
        return next(filter(None, (find_english(english, text) for english in self.accepted)), None)


class Match(NamedTuple):
    """An entry that stands at `span` of a text, clitics included."""

    span: Span
    entry: Entry


class Glossary:
    """Entries in layers, never changed once made; equal only to itself, so that it can be a key.

    `first | second` has the entries of both. Of terms that begin at the same word the longest counts, of equally long ones that
    of the first layer; within a layer, of terms that differ in hamzas and the like alone, the one written as in the text, else
    the first.
    """

    __slots__ = ("_layers", "_recent", "_size")

    EMPTY: ClassVar["Glossary"]

    def __init__(self, layers: tuple[Matcher[Entry], ...] = (), size: int = 0) -> None:
        self._layers, self._size = layers, size
        self._recent: dict[str, tuple[Match, ...]] = {}  # every check of every hypothesis asks for the same sentence again

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Glossary":
        """A glossary of one layer. Entries must be usable, see `unfit` and `find_conflict`."""
        listed = tuple(entries)
        layer = Matcher((term, entry) for entry in listed for term in entry.terms)
        return cls((layer,), len(listed)) if listed else cls.EMPTY

    def __or__(self, second: "Glossary") -> "Glossary":
        if not self or not second:
            return self or second
        return Glossary(self._layers + second._layers, self._size + second._size)

    def __len__(self) -> int:
        """How many entries it has in all layers."""
        return self._size

    def match(self, text: str) -> tuple[Match, ...]:
        """The entries in a raw Arabic text from left to right, none inside another."""
        found = self._recent.get(text)
        if found is None:
            found = tuple(self._matches(text)) if self else ()
            if len(self._recent) >= TEXTS:
                self._recent.clear()
            if len(text) <= LONGEST:
                self._recent[text] = found
        return found

    def _matches(self, text: str) -> Iterator[Match]:
        found, at = tokens(text), 0
        while at < len(found):
            length, same = max((layer.longest(found, at, text) for layer in self._layers), key=lambda best: best[0])
            if same:
                span = Span(found[at].start, found[at + length - 1].end)
                entry = _as_written(same, span.of(text))
                if not _is_adjective(found[at].key, entry):
                    yield Match(span, entry)
            at += max(length, 1)


def _is_adjective(key: str, entry: Entry) -> bool:
    """Whether a folded word is an article and the first word of a name: "السورية" is Syrian where "سورية" is Syria."""
    if entry.category not in NAMES or "ال" not in key:
        return False
    firsts = [found[0] for term in entry.terms if (found := keys(term))]
    return min((key[: -len(first)] for first in firsts if key.endswith(first)), key=len, default="").endswith("ال")


Glossary.EMPTY = Glossary()


def _as_written(same: Sequence[Entry], text: str) -> Entry:
    """Of entries whose terms differ in hamzas and the like alone that which is written as in the text, else the first."""
    if len(same) == 1:
        return same[0]
    plain = bare(text)
    return next((entry for entry in same if any(plain.endswith(bare(term)) for term in entry.terms)), same[0])


def unfit(term: str, *, latin: bool = False) -> str:
    """Why an Arabic term can be in no glossary, empty if it can; `latin` allows one that has no Arabic letter."""
    found = keys(term)
    if not has_arabic(term) and not (latin and found):
        return "has no Arabic letters: are the columns swapped?" if found else "has no letters"
    if len(found) > 1:
        return ""
    if len(found[0]) == 1:
        return "is a single letter, which would be found where it is none of your terms; write the whole term"
    if found[0] in words("glossary", "function words"):
        return "is a word that holds others together and would be found in every sentence; write the whole term"
    return ""


class Conflict(NamedTuple):
    """Entry `second` has the words of entry `first` (positions from 0) with another English."""

    first: int
    second: int


def find_conflict(entries: Sequence[Entry]) -> Conflict | None:
    """The first entry whose term is written as in an earlier one that wants another English."""
    seen: dict[str, int] = {}
    for i, entry in enumerate(entries):
        for term in entry.terms:
            first = seen.setdefault(" ".join(bare(term).split()), i)
            if entries[first].english != entry.english:
                return Conflict(first, i)
    return None
