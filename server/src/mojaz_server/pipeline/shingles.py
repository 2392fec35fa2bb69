"""An article as a set of shingles, runs of three words, by which near-duplicates are found and compared.

Resemblance and containment of shingle sets are Broder's ("On the resemblance and containment of documents", 1997). Words are
folded, so that hamzas, diacritics, tatweel, punctuation and markup make no difference, and a number word is the number that it
stands for."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from zlib import crc32

import numpy as np
import numpy.typing as npt

from mojaz_server.pipeline.check.calendar import ARABIC_WEEKDAYS
from mojaz_server.pipeline.normalize import blank, fold
from mojaz_server.pipeline.tables import rows

SIZE = 3  # words of a shingle; unrelated articles share at most one in seven of them, five-letter runs up to two in five
LEAD = 30  # shingles at the head of an article, about its first sentence

Hashes = npt.NDArray[np.uint64]

_WORD = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+")
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_BLANK = np.uint64(1)  # stands for what varies in a masked shingle


def words(text: str) -> list[str]:
    """The words and figures of a raw text, folded; number words up to the hundreds as digits."""
    numbers = _number_words()
    return [numbers.get(word, word) for word in _WORD.findall(fold(blank(text)))]


@dataclass(frozen=True, slots=True)
class Shingles:
    """The shingles of an article as 64-bit hashes: `all` of them sorted and each once; those of its `lead`; and the `variable`
    ones with a figure, an ordinal or a day in them, beside the same with that left out, `masked`."""

    all: Hashes
    lead: Hashes
    variable: Hashes
    masked: Hashes

    def __len__(self) -> int:
        return len(self.all)

    @classmethod
    def of(cls, found: list[str]) -> "Shingles":
        """The shingles of words in order; fewer than three words have none."""
        hashes = word_hashes(found)
        varies = np.fromiter((word[0].isdigit() or word in _variable() for word in found), np.bool_, len(found))
        plain, masked = runs(hashes), runs(np.where(varies, _BLANK, hashes))
        differs = plain != masked
        return cls(np.unique(plain), plain[:LEAD].copy(), plain[differs], masked[differs])


def share(some: Hashes, other: Hashes) -> float:
    """The share of `some` that `other`, which is sorted, has too; 0 of none."""
    return float(among(some, other).mean()) if len(some) else 0.0


def among(some: Hashes, other: Hashes) -> npt.NDArray[np.bool_]:
    """For each of `some` whether `other`, which is sorted, has it."""
    if not len(other):
        return np.zeros(len(some), np.bool_)
    found: npt.NDArray[np.bool_] = other[np.minimum(np.searchsorted(other, some), len(other) - 1)] == some
    return found


def word_hashes(found: list[str]) -> Hashes:
    """The hash of every word."""
    return np.fromiter((_word_hash(word) for word in found), np.uint64, len(found))


def runs(hashes: Hashes) -> Hashes:
    """The hash of every run of SIZE words, by the hashes of the words."""
    count = len(hashes) - SIZE + 1
    if count < 1:
        return np.zeros(0, np.uint64)
    mixed = sum((hashes[k : k + count] * _FACTORS[k] for k in range(SIZE)), np.zeros(count, np.uint64))
    mixed ^= mixed >> np.uint64(31)
    mixed *= _MIX
    return mixed ^ (mixed >> np.uint64(29))


@lru_cache(maxsize=1 << 17)
def _word_hash(word: str) -> int:
    """The same in every process, so that results can be repeated."""
    return crc32(word.encode())


@cache
def _number_words() -> dict[str, str]:
    plain = ("unit", "tenth", "ten", "hundred")
    found = [
        (fold(form), row[2]) for row in rows("number_words.tsv") if row[0] == "ar" and row[1] in plain for form in row[3].split()
    ]
    return {form: value for form, value in found if value not in ("0", "1")}  # "أحد" is also somebody, "صفر" a month


@cache
def _variable() -> frozenset[str]:
    """What a form that is filled in again has another of, beside digits: weekdays, ordinals, the words that months begin with."""
    months = {fold(form.lstrip("?")).split()[0] for row in rows("months.tsv") for form in row[2].split("|")}
    ordinals = {fold(form) for row in rows("number_words.tsv") if row[:2] == ("ar", "ordinal") for form in row[3].split()}
    return frozenset({*ARABIC_WEEKDAYS, *months, *ordinals, *(f"ال{form}" for form in ordinals)})
