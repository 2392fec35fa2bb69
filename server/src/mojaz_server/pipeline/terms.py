"""Finds the terms of a glossary in raw Arabic text, whatever clitics, hamzas or marks the newsroom put on them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from mojaz_server.pipeline.records import Span
from mojaz_server.pipeline.remembered import remembered

LETTERS = (
    "\u0621-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06fa-\u06ff"
    "\ufb50-\ufc5d\ufc64-\ufcf1\ufcf5-\ufdcf\ufdf0-\ufdfb\ufe80-\ufefc"
)
# Characters inside a word that are no letters: tatweel, diacritics (in forms of their own, too), Koranic marks, zero-width
# joiners and direction marks.
MARKS = (
    "\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\ufc5e-\ufc63\ufcf2-\ufcf4\ufe70-\ufe7f"
    "\u200b-\u200f\u2066-\u2069\ufeff"
)
_WORD = re.compile(f"[{LETTERS}][{LETTERS}{MARKS}]*")
_TOKEN = re.compile(f"{_WORD.pattern}|[^\\W_{LETTERS}]+")
_MARK = re.compile(f"[{MARKS}]")
_SAME = str.maketrans("أإآٱىئؤةیکە٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "ااااييوهيكه01234567890123456789")
_SHORTEST_STEM = 3
_LONG = 3  # letters of an English word from which on its last s may be that of a plural

Value = TypeVar("Value")


class Word(NamedTuple):
    """An Arabic word: its place in the raw text and its key, the spelling without marks, hamza seats and final forms."""

    key: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """The key of one word: words that differ only in marks, alef, hamza seat, ta marbuta or alef maqsura have the same."""
    return bare(word).translate(_SAME)


def bare(text: str) -> str:
    """A text without diacritics, tatweel and invisible marks."""
    return _MARK.sub("", unicodedata.normalize("NFKC", text))


def has_arabic(text: str) -> bool:
    """Whether there is an Arabic letter in it."""
    return _WORD.search(text) is not None


def is_mark(char: str) -> bool:
    """Whether a character belongs to a word without being a letter: a diacritic, tatweel or an invisible mark."""
    return _MARK.match(char) is not None


@remembered
def words(text: str) -> tuple[Word, ...]:
    """The Arabic words of a raw text, in order."""
    return tuple([Word(fold(m[0]), *m.span()) for m in _WORD.finditer(text)])


def folded(text: str) -> tuple[str, ...]:
    """The keys of the Arabic words of a raw text, in order."""
    return tuple(map(fold, _WORD.findall(text)))


@remembered
def tokens(text: str) -> tuple[Word, ...]:
    """The Arabic words of a raw text with the words of other scripts and the figures between them, in order."""
    return tuple([Word(fold(m[0]), *m.span()) for m in _TOKEN.finditer(text)])


def keys(term: str) -> list[str]:
    """The keys of the tokens of a term."""
    return _TOKEN.findall(bare(term).translate(_SAME))


@lru_cache(maxsize=65536)
def stems(key: str) -> tuple[str, ...]:
    """The key and what is left of it without its proclitics (و ف ب ل ك ال لل and their combinations), the whole key first."""
    found = [key]
    for conjunction in ("", "و", "ف"):
        if not key.startswith(conjunction):
            continue
        rest = key[len(conjunction) :]
        found.append(rest)
        if rest.startswith("لل"):
            found += ["ال" + rest[2:], rest[2:]]
        for preposition in ("ب", "ل", "ك"):
            if rest.startswith(preposition):
                found.append(rest[1:])
                if rest.startswith("ال", 1):
                    found.append(rest[3:])
        if rest.startswith("ال"):
            found.append(rest[2:])
    return tuple(dict.fromkeys([key, *(stem for stem in found if len(stem) >= _SHORTEST_STEM)]))


def article(key: str) -> tuple[str, ...]:
    """The key with and without the article, for the words of a term after the first."""
    return (key, key[2:]) if key.startswith("ال") and len(key) >= _SHORTEST_STEM + 2 else (key,)


class Matcher(Generic[Value]):
    """Terms with a value each, made once, used on many sentences.

    A word matches with any proclitics (و ف ب ل ك ال لل) on the first word of the term, and with or without the article on the
    others; hamza and alef forms, ta marbuta, alef maqsura, tatweel and diacritics do not matter. Words are matched whole.
    """

    def __init__(self, terms: Iterable[tuple[str, Value]]) -> None:
        self._values: dict[str, tuple[Value, ...]] = {}
        self._beginnings = set[str]()
        self._firsts = set[str]()  # of the terms: few words of a text begin one
        for term, value in terms:
            found = keys(term)
            key = " ".join(found)
            if not key:
                continue
            self._values[key] = (*self._values[key], value) if key in self._values else (value,)
            self._firsts.add(found[0])
            for length in range(1, len(found)):
                self._beginnings.add(" ".join(found[:length]))

    def matches(self, text: str) -> Iterator[tuple[Span, Value]]:
        """The terms in a raw Arabic `text` from left to right, the longest where several begin, none inside another. Of terms
        that are the same words the first counts."""
        found, at = tokens(text), 0
        while at < len(found):
            length, values = self.longest(found, at, text)
            if values:
                yield Span(found[at].start, found[at + length - 1].end), values[0]
            at += max(length, 1)

    def longest(self, found: Sequence[Word], at: int, text: str) -> tuple[int, Sequence[Value]]:
        """How many of the `tokens` of a text the longest term that begins with token `at` has, and the values of all terms of
        these words in their order; (0, ()) if none begins there."""
        best: tuple[int, Sequence[Value]] = (0, ())
        begun: Sequence[str] = stems(found[at].key)
        if self._firsts.isdisjoint(begun):
            return best
        length = 1
        while begun:
            values = next((self._values[key] for key in begun if key in self._values), None)
            if values:
                best = (length, values)
            begun = [key for key in begun if key in self._beginnings]
            if at + length == len(found) or not _joined(text, found[at + length - 1].end, found[at + length].start):
                break
            begun = [f"{key} {word}" for key in begun for word in article(found[at + length].key)]
            length += 1
        return best


def _joined(text: str, end: int, start: int) -> bool:
    """Whether two words belong to one phrase: nothing but blanks, hyphens or quotation marks between them."""
    return all(char.isspace() or char in "-–\"'«»“”" for char in text[end:start])


@lru_cache(maxsize=1 << 14)
def _first_key(term: str) -> str:
    return folded(term)[0]


def proclitics(word: str, form: str) -> str:
    """The letters, folded, that a word has before `form`, the first word of a term that was found there: "ول" of "ولإيران"."""
    key, stem = _first_key(word), _first_key(form)
    return key[: len(key) - len(stem)] if key.endswith(stem) else ""


def without(span: Span, letters: int, text: str) -> Span:
    """A word of a text less its first letters, such as its proclitics, and the marks on them."""
    start = span.start
    while letters or is_mark(text[start]):
        letters -= not is_mark(text[start])
        start += 1
    return Span(start, span.end)


def prepositions(word: str, form: str) -> str:
    """The conjunction and preposition among such letters, the article left out: "ول" of "وللأمم", whether the term is "الأمم"
    or "أمم"."""
    key, stem = _first_key(word), _first_key(form)
    if stem.startswith("ال") and not key.endswith(stem) and key.endswith("لل" + stem[2:]):
        return key[: len(key) - len(stem) + 1]  # the ل has taken the place of the alef
    found = proclitics(word, form)
    return found[:-1] if found.endswith("لل") else found.removesuffix("ال")


def before_latin(clitics: str) -> str:
    """Proclitics as they stand before a word in Latin letters: each alone. "ول" becomes "و ل "."""
    return "".join(f"{letter} " for letter in clitics)


def find_english(term: str, text: str) -> Span | None:
    """Where `term` stands in an English text as whole words, whatever its case, or None."""
    return next(_english(term, text), None)


def find_written(term: str, text: str) -> list[Span]:
    """Where `term` stands in an English text as whole words in its own capitals, be it in the plural; a small letter of it may be
    a capital where a word begins, as in headlines."""
    wanted = _plain(term)
    singular = wanted[:-1] if len(wanted) > _LONG and wanted.endswith("s") and not wanted.endswith("ss") else wanted
    found = (span for form in {wanted, singular, singular + "s", singular + "es"} for span in _english(form, text))
    return sorted(span for span in found if _is_written(wanted, _plain(span.of(text))))


def _english(term: str, text: str) -> Iterator[Span]:
    first = _first(term)
    if not first or (first.isascii() and text.isascii() and first not in text.lower()):
        return iter(())
    return (Span(*found.span()) for found in _pattern(term).finditer(text))


@lru_cache(maxsize=1 << 14)
def _first(term: str) -> str:
    """The first word of a term in small letters: a text without it has not the term, which is told sooner than by a pattern."""
    return next(iter(_plain(term).lower().split()), "")


@lru_cache(maxsize=1 << 14)
def _pattern(term: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + r"[\s-]+".join(map(re.escape, _plain(term).split())) + r"(?!\w)", re.IGNORECASE)


def _plain(term: str) -> str:
    return " ".join(term.replace("-", " ").split())


def _is_written(wanted: str, found: str) -> bool:
    begins = (True, *(not char.isalnum() for char in wanted))
    letters = zip(wanted, found, begins, strict=False)
    return all(there == letter or (first and there == letter.upper()) for letter, there, first in letters)
