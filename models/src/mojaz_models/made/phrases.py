"""Short phrases around the rare words of pairs, with their English as the server's word links find it.

In a sentence of thirty words a rare one has little to say to what is learned; in a phrase of three it has a third."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from mojaz_server.pipeline import terms
from mojaz_server.pipeline.glossary import Glossary
from mojaz_server.pipeline.links import links
from mojaz_server.pipeline.records import Span

from mojaz_models.made.places import Pair
from mojaz_models.made.rare import rare

FEWEST, MOST = 3, 60
"""A rare word is seen so many times."""
OFTEN = 3
"""Phrases of one word at most."""
_WINDOWS = ((-1, 4), (-1, 3), (0, 3), (-2, 3), (0, 2), (-1, 2), (0, 1))
"""Phrases that are tried, the first that is whole is taken: where they begin from the word, and their words."""
_WORD = re.compile(r"[\w’'-]+")
_MARK = re.compile(r'[.,،؛:;!?؟"()]')


def phrases(pairs: Sequence[Pair], most: int) -> Iterator[Pair]:
    """At most `most` phrases, from the pairs that hold most rare words first, none twice."""
    counts = Counter(word.key for arabic, _ in pairs for word in terms.words(arabic))
    used, known = Counter[str](), set[Pair]()
    for arabic, english in rare(pairs, len(pairs)):
        words = terms.words(arabic)
        seldom = [i for i, word in enumerate(words) if FEWEST <= counts[word.key] <= MOST and used[word.key] < OFTEN]
        if not seldom:
            continue
        linked = _Linked(words, arabic, english)
        for at in seldom:
            found = next(filter(None, map(partial(linked.phrase, at), _WINDOWS)), None)
            if found and found not in known:
                known.add(found)
                used[words[at].key] += 1
                yield found
                if len(known) == most:
                    return


class _Linked:
    """A pair with its links, by the numbers of its words."""

    def __init__(self, words: Sequence[terms.Word], arabic: str, english: str) -> None:
        self._arabic, self._english = arabic, english
        self._here = [word.span for word in words]
        self._there = [Span(*word.span()) for word in _WORD.finditer(english)]
        self._to: dict[int, set[int]] = {}
        self._back: dict[int, set[int]] = {}
        for link in links(arabic, english, Glossary.EMPTY):
            for i in _within(self._here, link.source):
                for j in _within(self._there, link.target):
                    self._to.setdefault(i, set()).add(j)
                    self._back.setdefault(j, set()).add(i)

    def phrase(self, at: int, window: tuple[int, int]) -> Pair | None:
        """The phrase of a window around word `at`, if all its words have links, none of them leads out of it, and there are not
        more English words without one than Arabic words."""
        begin, end = at + window[0], at + sum(window)
        if begin < 0 or end > len(self._here) or not all(i in self._to for i in range(begin, end)):
            return None
        reached = set[int]().union(*(self._to[i] for i in range(begin, end)))
        first, last = min(reached), max(reached)
        if not _closed(range(begin, end), range(first, last + 1), self._back):
            return None
        here, there = (
            Span(self._here[begin].start, self._here[end - 1].end),
            Span(self._there[first].start, self._there[last].end),
        )
        found = here.of(self._arabic), there.of(self._english)
        return None if any(map(_MARK.search, found)) else found


def _closed(here: range, there: range, back: Mapping[int, set[int]]) -> bool:
    free = sum(j not in back for j in there)
    return free <= len(here) and len(there) <= 2 * len(here) + 1 and all(back.get(j, set()) <= set(here) for j in there)


def _within(words: Sequence[Span], span: Span) -> Iterator[int]:
    return (i for i, word in enumerate(words) if word.overlaps(span))
