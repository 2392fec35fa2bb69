"""Remembers what was read in the texts of late: every check of every hypothesis of a sentence reads the same Arabic."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Found = TypeVar("Found")
TEXTS = 512
"""Texts of which a reading is remembered: the sentences that are being translated, their English, and stretches of both."""
LONGEST = 2000
"""Characters; a longer text is no sentence, is seldom read twice, and would take much memory."""


def remembered(read: Callable[[str], Found]) -> Callable[[str], Found]:
    """`read`, whose answer for a text is always the same and cannot be changed, made to answer at once for one of late."""
    kept = lru_cache(maxsize=TEXTS)(read)

    @wraps(read)
    def reading(text: str) -> Found:
        return kept(text) if len(text) <= LONGEST else read(text)

    return reading
