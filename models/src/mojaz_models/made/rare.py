"""The pairs that hold most words which training has seldom seen: read again, they teach what the other pairs cannot.

Release 4 wrote one in eight of the words of news_dev's references that training pairs hold 6 to 20 times, and one in two of those
that they hold 51 to 100 times."""

from collections import Counter
from collections.abc import Sequence
from functools import cache

from mojaz_server.pipeline import terms

from mojaz_models.made.places import Pair
from mojaz_models.text import without_proclitics

FEWEST, MOST = 3, 50
"""A rare word is in so many pairs: what is in fewer is mostly misspelt, or never asked for again."""


def rare(pairs: Sequence[Pair], most: int) -> list[Pair]:
    """At most `most` of `pairs`, those with the largest share of rare words in their Arabic first; none without such a word."""
    counts = Counter(word.key for arabic, _ in pairs for word in terms.words(arabic))

    @cache
    def stem(key: str) -> str:
        return without_proclitics(key, counts).removeprefix("ال")

    sources = [[stem(word.key) for word in terms.words(arabic)] for arabic, _ in pairs]
    holds = Counter(word for source in sources for word in set(source))
    share = [sum(FEWEST <= holds[word] <= MOST for word in set(source)) / max(1, len(source)) for source in sources]
    order = sorted(range(len(pairs)), key=lambda at: (-share[at], at))
    return [pairs[at] for at in order[:most] if share[at]]
