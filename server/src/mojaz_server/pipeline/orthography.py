"""Spelling as newsrooms should have typed it: hamzas, ة and ى that were left out, put back for the model to read.

A word changes only if one spelling of its letters is usual and its own is hardly ever meant; what a reader sees stays as it was
typed. The table is counted by mojaz_models.orthography.
"""

import re
from functools import cache, lru_cache

from mojaz_server.pipeline.normalize import fold, readable
from mojaz_server.pipeline.tables import rows

WORD = re.compile("[\u0621-\u064a]+")
"""A word of normalized text, as the table counts them."""


def as_read(sentence: str) -> str:
    """The text of a sentence as the model gets it: `readable`, with every carelessly typed word in its usual spelling."""
    return restored(readable(sentence))


def restored(text: str) -> str:
    """Normalized text with hamzas, ة and ى where they belong. Folded, it is the same text. Idempotent."""
    return WORD.sub(lambda word: _restored(word[0]), text)


@lru_cache(maxsize=1 << 15)
def _restored(word: str) -> str:
    spellings = _usual().get(fold(word))
    return word if spellings is None or word in spellings else spellings[0]


@cache
def _usual() -> dict[str, tuple[str, ...]]:
    """By its folded letters the usual spelling of a word, then those that are words of their own."""
    spellings = rows("orthography.tsv")
    return dict(zip(fold(" ".join(row[0] for row in spellings)).split(), spellings, strict=True))
