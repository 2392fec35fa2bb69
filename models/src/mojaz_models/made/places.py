"""Known terms in pairs: where they stand on both sides, each once, so that something else can take their place."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Pair = tuple[str, str]
"""Arabic and English, normalized."""
CLITICS = "وفبلك"
NAMES = ("PER", "LOC")
_PLAIN = re.compile(r"[A-Z][A-Za-z'-]+(?: (?:al-|bin |[A-Z])[A-Za-z'-]+)*")
_OFFICE = re.compile(
    r"\b(?:Prime|Minister|President|King|Prince|Sheikh|Strip|Bank|City|Custodian|Highness|Mosque|Gulf|State)\b"
    r"|^(?:East|West|North|South|Ibn|Bin|Abu|Abdul)\b"
)
SWITCHED = (*NAMES, "ORG", "TERM", "EVENT")


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

    def places(self, pair: Pair) -> list["Place"]:
        """Terms that the pair has once on each side, longest first match, none over another."""
        tokens, target = pair[0].split(" "), pair[1]
        counts = Counter(tokens)
        found, at = [], 0
        while at < len(tokens):
            place = self._place(tokens, at)
            if (
                place
                and counts[tokens[at]] == 1
                and target.count(place.english) == 1
                and whole_word(place.english).search(target)
            ):
                found.append(place)
                at = place.last
            else:
                at += 1
        english = Counter(place.english for place in found)
        return [place for place in found if english[place.english] == 1]

    def _place(self, tokens: Sequence[str], at: int) -> "Place | None":
        for length in range(min(self.longest, len(tokens) - at), 0, -1):
            whole = tuple(tokens[at : at + length])
            if whole in self.known:
                return Place(at, at + length, "", *self.known[whole])
            head = whole[0]
            if len(head) > 3 and head[0] in CLITICS and (rest := (head[1:], *whole[1:])) in self.known:
                return Place(at, at + length, head[0], *self.known[rest])
        return None


@dataclass(frozen=True, slots=True)
class Place:
    """A term in a pair: words [first, last) of the Arabic, without a clitic; its English and class."""

    first: int
    last: int
    clitic: str
    english: str
    kind: str


def whole_word(english: str) -> re.Pattern[str]:
    """Finds a term where no word goes on before or after it."""
    return re.compile(rf"(?<![\w-]){re.escape(english)}(?![\w-])")


def is_plain(name: str) -> bool:
    """Whether an English name is one and nothing else: without the article, an office or a part of a name that needs another."""
    return _PLAIN.fullmatch(name) is not None and not _OFFICE.search(name)
