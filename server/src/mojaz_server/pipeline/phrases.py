"""A sentence as phrases that can be left out whole: notes of time, brackets, what stands between commas, prepositional phrases.

Inside a phrase nothing may be left out: a number stays with what it counts, a name with its title, a negation with its verb.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache

from mojaz_server.pipeline.names import known_names
from mojaz_server.pipeline.normalize import blank, fold, readable
from mojaz_server.pipeline.records import Span
from mojaz_server.pipeline.salience import stem
from mojaz_server.pipeline.tables import rows
from mojaz_server.pipeline.wordlists import words

_TOKEN = re.compile(r"\S+")
_BARE = re.compile(r"^[^\w]+|[^\w%]+$")
_COMMA = re.compile("[،,؛;:]$")
_DIGITS = re.compile("[0-9]")
_VERB = re.compile(
    "و(?:[اأ]?ق[او]ل|س?[يت]\\w{3}|[اأ]ك[دت]|[اأ]ض[ا]ف|[اأ]ش[ا]ر|[اأ]ع|[اأ]ف[ا]د|ذكر|نقل|كان|لم$|لن$|لا$|قد$|هو$|هي$)"
)
_CLITIC = re.compile("(?:و?ب|ل)ال.{2}|لل.{2}")
_DEFINITE = re.compile("(?:و?[بك]?ال|لل)..")
_COMPARED = re.compile("ا\\w{3}")
_IMPERFECT = re.compile("س?ي\\w{3}|ست\\w{3}")
_QUOTES = ('"', "«", "“", "'")
_LONG_QUOTE = 12  # words: within a longer quotation phrases are told apart as elsewhere
GLUE = 0.5  # share of a word's uses from which it takes the preposition that follows it with it


class Kind(Enum):
    """How a phrase begins."""

    FIRST = "first"
    TIME = "time"
    BRACKET = "bracket"
    THAT = "that"
    RELATIVE = "relative"
    PREPOSITION = "preposition"
    CLAUSE = "clause"
    AND = "and"
    VERB = "verb"  # a verb after a definite noun: the predicate of what was named before
    COMMA = "comma"
    REST = "rest"  # goes on after a note of time or a bracket


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands, its place in the sentence, and folded without the marks around it."""

    text: str
    span: Span
    bare: str

    @property
    def stops(self) -> bool:
        """Whether a comma, a colon or the like follows."""
        return _COMMA.search(self.text) is not None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words [start, end) of a sentence; `after_comma` if a comma stands before them; `bound` if they go with what they follow."""

    kind: Kind
    start: int
    end: int
    after_comma: bool
    bound: bool


def words_of(sentence: str) -> tuple[Word, ...]:
    """The words of a sentence as it stands in the text, markup left out."""
    found = ((m[0], Span(*m.span())) for m in _TOKEN.finditer(blank(sentence)))
    return tuple(Word(text, span, _bare(text)) for text, span in found)


@lru_cache(maxsize=1 << 16)
def _bare(text: str) -> str:
    return _BARE.sub("", fold(text))


def phrases(sentence: Sequence[Word]) -> tuple[Phrase, ...]:
    """The phrases of a sentence; together they are all its words."""
    if not sentence:
        return ()
    starts = list(_starts(sentence))
    ends = [start for start, _ in starts[1:]] + [len(sentence)]
    return tuple(
        Phrase(kind, start, end, start > 0 and sentence[start - 1].stops, _is_bound(sentence, start))
        for (start, kind), end in zip(starts, ends, strict=True)
    )


def _starts(sentence: Sequence[Word]) -> Iterator[tuple[int, Kind]]:
    quoted, closes_at, time_until, number_until = _quoted(sentence), 0, 0, 0
    for i, word in enumerate(sentence):
        if i == 0:
            yield 0, Kind.FIRST
        elif i < max(closes_at, time_until, number_until) or quoted[i]:
            continue
        elif (closing := _bracket(sentence, i)) and _DIGITS.search(sentence[i - 1].bare):
            number_until = closing  # "320 (Reuters) people": the number stays with what it counts
        elif closing:
            closes_at = closing
            if not _is_light(sentence[i - 1].bare):  # "in (the city)": what a preposition wants is no aside
                yield i, Kind.BRACKET
        elif (end := _time(sentence, i)) and not _glued(sentence, i) and not _owns(sentence[i - 1]):
            time_until = end
            yield i, Kind.TIME
        elif i in (closes_at, time_until):
            yield i, _kind(sentence, i) or Kind.REST
        elif (kind := _kind(sentence, i)) and not _glued(sentence, i):
            yield i, kind
        elif word.bare and sentence[i - 1].stops and not _ends_open(sentence, i):
            yield i, Kind.COMMA


def _quoted(sentence: Sequence[Word]) -> list[bool]:
    """For each word whether a short quotation that began before it goes on."""
    marks = [len(re.findall('"', readable(word.text))) for word in sentence]
    inside, opened = [False] * len(sentence), -1
    for i, count in enumerate(marks):
        if count % 2 and opened < 0:
            opened = i
        elif count % 2:
            if i - opened < _LONG_QUOTE:
                inside[opened + 1 : i + 1] = [True] * (i - opened)
            opened = -1
    return inside


def _bracket(sentence: Sequence[Word], i: int) -> int:
    """Where the bracket that opens at word i ends; 0 if none opens."""
    for opens, closes in (("(", ")"), ("[", "]"), ("-", "-"), ("–", "–"), ("ـ", "ـ")):
        if sentence[i].text.startswith(opens):
            for end in range(i, min(i + 12, len(sentence))):
                if closes in sentence[end].text[end == i :]:
                    return end + 1
    return 0


def _time(sentence: Sequence[Word], i: int) -> int:
    """Where the note of time that begins at word i ends; 0 if none begins."""
    if sentence[i].bare not in words("headline", "days"):
        return 0
    end = i + 1
    while end < len(sentence) and not sentence[end - 1].stops and _of_time(sentence, end):
        end += 1
    if sentence[i].bare in ("يوم", "ليله", "صباح", "مساء", "فجر") and end == i + 1:
        return 0
    bracket = _bracket(sentence, end) if end < len(sentence) else 0
    return bracket if bracket and all(_of_time(sentence, at) for at in range(end, bracket)) else end


def _of_time(sentence: Sequence[Word], i: int) -> bool:
    bare, before = sentence[i].bare, sentence[i - 1].bare
    after = " ".join(word.bare for word in sentence[i + 1 : i + 3])
    if (bare == "من" and after.startswith("امس")) or (bare == "اول" and after == "من امس"):
        return True  # the day before yesterday
    known = bare in words("headline", "times") or f"{before} {bare}" in months() or bare in months()
    return not bare or bare.isdecimal() or known


@cache
def months() -> frozenset[str]:
    """Names of months, folded; of a name of two words also the first alone, but not "first" or "second"."""
    forms = [fold(form.lstrip("?")) for row in rows("months.tsv") for form in row[2].split("|")]
    return frozenset([*forms, *(form.split()[0] for form in forms)])


def _kind(sentence: Sequence[Word], i: int) -> Kind | None:
    """How a phrase that begins at word i begins, by its first words."""
    bare, following = sentence[i].bare, sentence[i + 1].bare if i + 1 < len(sentence) else ""
    if sentence[i].text.startswith(_QUOTES):
        return None  # what is quoted goes with what it is called
    that = bare in words("headline", "that") or (bare in ("الي", "علي", "عن") and following in words("headline", "that"))
    heads = bare not in words("headline", "inner") and (bare in words("clauses", "heads") or _is_bound(sentence, i))
    signs = (
        (Kind.THAT, that),
        (Kind.RELATIVE, bare in words("clauses", "relatives")),
        (Kind.PREPOSITION, bare in words("headline", "prepositions") or _CLITIC.match(bare)),
        (Kind.CLAUSE, heads),
        (Kind.AND, len(bare) > 3 and _VERB.match(bare) and not _is_name(bare[1:])),
        (Kind.VERB, bare not in words("headline", "inner") and is_verb(bare) and _DEFINITE.match(sentence[i - 1].bare)),
    )
    return next((kind for kind, sign in signs if sign), None)


def is_definite(bare: str) -> bool:
    """Whether a folded word has the article or is a preposition with a pronoun."""
    return bool(_DEFINITE.match(bare)) or bare in ("له", "لها", "لهم")


def is_indefinite(bare: str) -> bool:
    """Whether a folded word is likely a noun without the article, and no name that the server knows."""
    known = is_verb(bare) or _is_name(bare) or preposition(bare)
    return len(bare) > 2 and bare.isalpha() and not bare.startswith(("ال", "لل", "و")) and not known and not _is_light(bare)


def _is_light(bare: str) -> bool:
    return bare in words("clauses", "light") or bare in words("headline", "light")


def is_verb(bare: str) -> bool:
    """Whether a folded word is likely a verb: an imperfect by its form, a perfect by data/verbs.txt."""
    return bool(_IMPERFECT.match(bare)) or bare in words("verbs")


def _is_bound(sentence: Sequence[Word], i: int) -> bool:
    two = " ".join(word.bare for word in sentence[i : i + 2])
    return not words("headline", "bound").isdisjoint((sentence[i].bare, two)) or sentence[i].bare in words("headline", "sources")


@cache
def place_and_organization_names() -> frozenset[str]:
    """The first words of places and organizations. Given names are left out: where to cut was fitted without them."""
    forms = (form.text for row in known_names() if row.category != "person" for form in row.forms)
    return frozenset(fold(form).split()[0] for form in forms)


def _is_name(bare: str) -> bool:
    return bare in place_and_organization_names()


def _ends_open(sentence: Sequence[Word], i: int) -> bool:
    return sentence[i - 1].text.endswith(":") and i < 3


def _glued(sentence: Sequence[Word], i: int) -> bool:
    """Whether word i belongs to the word before it, comma or not."""
    before, bare = sentence[i - 1], sentence[i].bare
    if before.stops:
        return False
    if preposition(bare) == "ان":
        return _is_light(before.bare)
    if bare == "من" and (_COMPARED.fullmatch(before.bare) or (i > 1 and sentence[i - 2].bare in ("ما", "مما"))):
        return True  # "more eloquent than", "what is needed of"
    light = _is_light(before.bare) or not before.bare
    return light or bool(_DIGITS.search(before.bare)) or takes(before.bare, bare) >= GLUE


def _owns(word: Word) -> bool:
    """Whether a day may be what a word without the article is of: "trading of today", "the night of Monday"."""
    return not word.stops and is_indefinite(word.bare) and not word.bare.endswith("ا")


def preposition(bare: str) -> str:
    """The preposition that a word is or begins with; empty if there is none."""
    if bare in words("headline", "prepositions") or bare in words("headline", "that"):
        return "ان" if bare in words("headline", "that") else bare
    return bare.lstrip("و")[:1] if _CLITIC.match(bare) else ""


def takes(bare: str, following: str) -> float:
    """Share of a word's uses before the preposition that `following` is or has, as data/governs.tsv has it; 0 if unknown."""
    return _governs().get((stem(bare), preposition(following)), 0.0)


@cache
def _governs() -> dict[tuple[str, str], float]:
    return {(term, follower): float(share) for term, follower, share in rows("governs.tsv")}
