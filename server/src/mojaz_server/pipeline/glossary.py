"""A glossary: what a newsroom wants translated its own way, compiled once and found in many sentences."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from mojaz_server.pipeline.records import Span
from mojaz_server.pipeline.terms import Matcher, words


@dataclass(frozen=True, slots=True)
class Entry:
    """A term: `source` and its further `forms` are Arabic, `target` is the English that must stand for any of them. What is not
    to be translated is kept as it is written in `source`; its `target` is empty or the same."""

    source: str
    target: str
    category: str = ""
    note: str = ""
    do_not_translate: bool = False
    forms: tuple[str, ...] = ()

    @property
    def english(self) -> str:
        """What must stand in the English."""
        return self.source if self.do_not_translate else self.target


class Match(NamedTuple):
    """An entry that stands at `span` of a text, clitics included."""

    span: Span
    entry: Entry


class Glossary:
    """Entries in layers, never changed once made; equal only to itself, so that it can be a key.

    `first | second` has the entries of both. Of terms that begin at the same word the longest counts, of equally long ones that
    of the first layer, within a layer the first entry.
    """

    __slots__ = ("_layers", "_size")

    EMPTY: ClassVar["Glossary"]

    def __init__(self, layers: tuple[Matcher[Entry], ...] = (), size: int = 0) -> None:
        self._layers, self._size = layers, size

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Glossary":
        """A glossary of one layer; entries without an Arabic word match nothing."""
        listed = tuple(entries)
        if not listed:
            return cls.EMPTY
        return cls((Matcher((term, entry) for entry in listed for term in (entry.source, *entry.forms)),), len(listed))

    def __or__(self, second: "Glossary") -> "Glossary":
        if not self or not second:
            return self or second
        return Glossary(self._layers + second._layers, self._size + second._size)

    def __len__(self) -> int:
        """How many entries it has in all layers."""
        return self._size

    def match(self, text: str) -> tuple[Match, ...]:
        """The entries in a raw Arabic text from left to right, none inside another."""
        return tuple(self._matches(text)) if self else ()

    def _matches(self, text: str) -> Iterator[Match]:
        found, at = words(text), 0
        while at < len(found):
            length, entry = max((layer.longest(found, at, text) for layer in self._layers), key=lambda best: best[0])
            if entry is not None:
                yield Match(Span(found[at].start, found[at + length - 1].end), entry)
            at += max(length, 1)


Glossary.EMPTY = Glossary()
