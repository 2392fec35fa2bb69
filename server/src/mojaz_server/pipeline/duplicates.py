"""Which articles repeat an earlier one: the same wire copy cut, retitled, retyped or with a paragraph more.

An index of a sample of each article's shingles gives candidates; each is then compared in full (`repeats`), so that what only
shares its background, its phrases or its form with an earlier article is not taken for a copy.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from mojaz_server.pipeline.check.reading import arabic_figures
from mojaz_server.pipeline.names import names
from mojaz_server.pipeline.normalize import fold
from mojaz_server.pipeline.records import Article
from mojaz_server.pipeline.shingles import Hashes, Shingles, among, share, words

FEWEST = 30  # shingles; an article with fewer is too short to compare
CONTAINED = 0.6  # share of a copy's shingles that the original must have
LEADS = 0.5, 0.3  # share of the copy's lead that the original must have, and of the original's lead that the copy must have
NEARLY_ALL = 0.8  # share of both articles' shingles from which the leads need not agree: a paragraph was put before
FIGURES = 2 / 3  # share of figures, ordinals and days in the same context that must be the same: a form filled in anew has others

_LEAD_WORDS = 32
_SAMPLE = 32  # shingles of an article in the index, or
_SAMPLED = 8  # one in so many, if that is more
_POSTINGS = 64  # articles that one shingle leads to, the latest; a phrase that more have tells little
_CANDIDATES = 8  # compared in full, those with the rarest shingles in common
_NAME_STEM = 4  # letters by which a name is known again in its adjective ("سوري" in "السورية")


@dataclass(eq=False)
class Entry:
    """An article of a stream, by its `request_id`. `failed` is set if no digest of it came about: then nothing repeats it."""

    request_id: str
    article: Article
    shingles: Shingles
    failed: bool = field(default=False, init=False)

    @classmethod
    def of(cls, request_id: str, article: Article) -> "Entry":
        return cls(request_id, article, Shingles.of(words(article.body)))

    @property
    def sample(self) -> Hashes:
        """The shingles with the smallest hashes."""
        return self.shingles.all[: max(_SAMPLE, len(self.shingles) // _SAMPLED)]

    @cached_property
    def text(self) -> str:
        """The body as names are looked up in it."""
        return fold(self.article.body)

    @cached_property
    def names(self) -> frozenset[str]:
        """The usual English of the names in the body."""
        return frozenset(name.identity for name in names(self.article.body, ""))

    @cached_property
    def figures(self) -> frozenset[str]:
        """What the figures of the body may be worth."""
        return frozenset(value for figure in arabic_figures(self.article.body) for value in (*figure.values, *figure.parts))

    def knows(self, identity: str, arabic: str) -> bool:
        """Whether a name is in the body, or an adjective of it."""
        stem = max(fold(arabic).split(), key=len).removeprefix("ال")[:_NAME_STEM]
        return identity in self.names or stem in self.text


def repeats(copy: Entry, original: Entry) -> bool:
    """Whether `copy` has little that `original` has not, and both tell the same news."""
    inside = share(copy.shingles.all, original.shingles.all)
    if min(len(copy.shingles), len(original.shingles)) < FEWEST or inside < CONTAINED:
        return False
    if not (_same_leads(copy.shingles, original.shingles) or (inside >= NEARLY_ALL and _nearly_all(original, copy))):
        return False
    return _same_figures(copy.shingles, original.shingles) and _same_names(copy, original)


def _same_leads(copy: Shingles, original: Shingles) -> bool:
    """A round-up has whole articles in it, and articles share their background; their leads differ."""
    return share(copy.lead, original.all) >= LEADS[0] and share(original.lead, copy.all) >= LEADS[1]


def _nearly_all(original: Entry, copy: Entry) -> bool:
    return share(original.shingles.all, copy.shingles.all) >= NEARLY_ALL


def _same_figures(copy: Shingles, original: Shingles) -> bool:
    """Reports of weather, markets or a weekly toll are a form filled in again: the words about the figures agree, they do not."""
    comparable = copy.variable[among(copy.masked, np.sort(original.masked))]
    return not len(comparable) or share(comparable, original.all) >= FIGURES


def _same_names(copy: Entry, original: Entry) -> bool:
    """A telegram to another president has his country in its lead, which the original has nowhere."""
    lead = " ".join(copy.article.body.split()[:_LEAD_WORDS])
    return all(original.knows(name.identity, name.span.of(lead)) for name in names(lead, ""))


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article belongs: `original` is the one that it repeats; if there is none, it was remembered, and `part` is an
    earlier one that repeats it, being a part of it."""

    original: Entry | None = None
    part: Entry | None = None


class Remembered:
    """The articles that were digested, as many as have `max_chars` characters together; beyond that the one that was without a
    copy for longest is forgotten. Not safe for threads: one call at a time."""

    def __init__(self, max_chars: int) -> None:
        self._max_chars = max_chars
        self._chars = 0
        self._entries: dict[Entry, None] = {}  # in the order they are forgotten
        self._postings: defaultdict[int, list[Entry]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._entries)

    def place(self, entry: Entry) -> Place:
        """Finds what an article repeats, or remembers it."""
        if len(entry.shingles) < FEWEST:
            return Place()
        candidates = self._candidates(entry)
        originals = [other for other in candidates if repeats(entry, other)]
        if originals:
            original = max(originals, key=lambda other: share(entry.shingles.all, other.shingles.all))
            self._entries[original] = self._entries.pop(original)  # its turn to be forgotten comes last again
            return Place(original)
        self._remember(entry)
        return Place(part=next((other for other in candidates if repeats(other, entry)), None))

    def _candidates(self, entry: Entry) -> list[Entry]:
        """Those with the rarest shingles in common, the best first."""
        weights: defaultdict[Entry, float] = defaultdict(float)
        for shingle in entry.shingles.all.tolist():
            if posting := self._postings.get(shingle):
                for other in posting:
                    weights[other] += 1 / len(posting)
        for other in [other for other in weights if other.failed]:
            del weights[other]
            self._forget(other)
        return sorted(weights, key=lambda other: -weights[other])[:_CANDIDATES]

    def _remember(self, entry: Entry) -> None:
        self._entries[entry] = None
        self._chars += len(entry.article.body)
        for shingle in entry.sample.tolist():
            posting = self._postings[shingle]
            posting.append(entry)
            if len(posting) > _POSTINGS:
                del posting[0]
        while self._chars > self._max_chars:
            self._forget(next(iter(self._entries)))

    def _forget(self, entry: Entry) -> None:
        del self._entries[entry]
        self._chars -= len(entry.article.body)
        for shingle in entry.sample.tolist():
            posting = self._postings.get(shingle)
            if posting and entry in posting:
                posting.remove(entry)
                if not posting:
                    del self._postings[shingle]
