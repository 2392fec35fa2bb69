"""Counts the denials of a sentence and of its English: one that got lost, and one that was never made."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from mojaz_server.pipeline import wordlists
from mojaz_server.pipeline.check.equivalents import english_stem, equivalents
from mojaz_server.pipeline.records import Check, CheckKind, Span
from mojaz_server.pipeline.salience import stem
from mojaz_server.pipeline.terms import Word, words

_PARTICLES = {"لم", "لن", "ليس", "ليست", "لا", "لست", "لسنا", "ليسوا"}
_ABSENCE = {"عدم", "دون", "بدون", "بلا", "غير", "انعدام"}  # nouns and prepositions that deny what follows
_STILL = wordlists.words("negation", "still")
_HARMLESS = wordlists.words("negation", "harmless") | _STILL
_PREVENTING = re.compile("حيلول|حال|حول")
_BUT = {"ان", "انه", "انها", "انهم", "اني", "اننا"}
_ONLY = {"الا", "سوي", "فقط", "وحسب", "فحسب"}  # "لا ... إلا" is "only"
_MAY_DENY = wordlists.words("negation", "may deny")
_WHAT_BEFORE, _WHAT_AFTER = wordlists.words("negation", "what before"), wordlists.words("negation", "what after")
_DENYING = re.compile(
    "(?:[وف]?(?:ال|[بل]|لل|س?[يتنا])?)(?:غياب|رفض|نفي(?!ذ)|نفت|فشل|عجز|استحال|مستحيل|امتن|تعذر|خلو|خالي|انكر|ممنوع|محظور|حجب"
    "|يمنع|يحظر|بالكاد|قلما|عديم|عدمه|استغن|يستغن)"
)
_STRONG = re.compile(
    r"n['’]t\b|\bcannot\b|\b(?:not(?! to mention| only| just| without)|no(?!\.|-|\s+\d|\s+(?:later|matter|doubt)\b)|never|none"
    r"|nor|neither|nothing|nobody|(?<!goes )without(?! (?:a )?doubt))\b",
    re.IGNORECASE,
)
_LEXICAL = re.compile(
    r"\b(?:no-|goes without|not only|not just|hardly|barely|scarcely|rarely|seldom|little|less|few|fewer|lack\w*|absen\w+|fail\w*"
    r"|refus\w+|den(?:y|ies|ied|ying|ial)|reject\w*|unable|stop\w*|prevent\w*|rul(?:e|es|ed|ing) out|avoid\w*|unless|instead"
    r"|rather than|far from|bann?\w*|prohibit\w*|forbid\w*|exclud\w+|declin\w+|impossib\w+|free of|short of|beyond|out of"
    r"|(?:un|in|im|ir)\w+[ai]bl[ey]|\w{3,}less(?:ly)?|refrain\w*|halt\w*|zero|nil|regardless|anything but|apart from"
    r"|other than|miss\w*|yet to|just|merely|alone|drone\w*|vain)\b",
    re.IGNORECASE,
)
_AFFIXED = re.compile(
    r"\b(?:(?!under|unit|unio|uniq|univ|into\b|inter|inside|india|industr|individ|imag|immed|imp(?:ort|ly|lem)|import|extrad|extrem)"
    r"(?:un|in|im|il|ir|dis|mis|non-?|ab(?=n)|extra)[a-z]{3,}|\w{3,}less|foreign|awkward)\b",
    re.IGNORECASE,
)
_PREFIX = re.compile("^(?:un|in|im|il|ir|dis|mis|non-?)")
_ABILITY = re.compile("unable|impossib|without|free of|yet to", re.IGNORECASE)
_PLAIN = re.compile("(?:un|non)|.*less$")  # what "دون" and "بلا" may become


class _Denial(NamedTuple):
    """A denial of the source: where it stands, the place of the particle among the words, and the particle."""

    span: Span
    place: int
    particle: str


def compare_negation(source: str, target: str) -> Iterator[Check]:
    """A denial of `source` for which the English has no word left that could render it, or one of the English alone."""
    found = words(source)
    denials = list(_denials(found, source))
    strong = list(_STRONG.finditer(target))
    if len(denials) > len(strong):
        lost = _lost(found, denials, strong, source, target)
        if lost is not None:
            message = f"The Arabic denies ({' '.join(lost.span.of(source).split())[:60]}) and nothing in the English does"
            yield Check(CheckKind.NEGATION_LOST, message, lost.span)
    elif len(strong) > len(denials) and len(strong) > _possible(found, source):
        span = _with_next(target, strong[-1].start(), strong[-1].end())
        yield Check(
            CheckKind.NEGATION_INVENTED, f"Nothing in the Arabic denies as the English does ({span.of(target)})", None, span
        )


def _denials(found: Sequence[Word], source: str) -> Iterator[_Denial]:
    """The plain denials: a particle or a noun of absence and what it denies, in order."""
    for place, word in enumerate(found[:-1]):
        particle = _particle(word.key, source[word.start])
        after = [other.key for other in found[place + 1 : place + 12]]
        if particle is None or after[0] in _HARMLESS or (particle == "غير" and after[0] in _BUT):
            continue
        before = found[place - 1].key if place else ""
        if "ّ" in source[word.start : word.end] and word.key != "الا":  # "لمّ" and "غيّر" are other words
            continue
        if (word.key[0] == "ا" and word.key != "الا" and not re.match("[يتن]|ا(?!ل|ن$)", after[0])) or (
            particle == "دون" and _PREVENTING.search(before)
        ):
            continue  # "ألم" is also pain, and "حال دون" is to prevent
        if word.key == "ولا" and not re.match("[يتن]|ا(?!ل)..", after[0]):
            continue  # "لا هذا ولا ذاك" is one denial
        if re.search(r"[.:؛!؟]", source[word.end : found[place + 1].start]):
            continue
        if particle in _ABSENCE or word.key == "الا" or not _is_only(after):
            yield _Denial(Span(word.start, found[place + 1].end), place, particle)


def _is_only(after: Sequence[str]) -> bool:
    """Whether what follows a particle makes it "only"; "إلا أن" is "but"."""
    return any(key in _ONLY and not (key == "الا" and following[:2] == "ان") for key, following in pairwise([*after, ""]))


@lru_cache(maxsize=1 << 14)
def _particle(key: str, first: str) -> str | None:
    """The particle that a word is, without "و", "ف" or the question's "أ" before it; `first` is its first letter as written."""
    if key == "الا":  # "ألا" is "أن لا", "إلا" is "except"
        return "لا" if first == "أ" else None
    for prefix in ("", "و", "ف", "ا"):
        if key.startswith(prefix) and key[len(prefix) :] in _PARTICLES:
            return None if key in {"فلم", "الست", "السنا"} else key[len(prefix) :]
    for prefix in ("", "و", "ف", "ب", "ل", "ال", "وب", "ول", "وال"):
        if key.startswith(prefix) and key[len(prefix) :] in _ABSENCE:
            return None if key == "الغير" else key[len(prefix) :]
    return None


def _lost(
    found: Sequence[Word], denials: Sequence[_Denial], strong: Sequence[re.Match[str]], source: str, target: str
) -> _Denial | None:
    """The denial that finds no word of the English for itself, of several the one farthest from all such words.

    A particle wants a "not" or a word like "failed"; غير and عدم are content with any word like "unfit" and "mistrust". A word
    that translates another word of the source is not counted, but for what translates the word denied ("invincible").
    """
    known, likely, denied = _explained(found, denials)
    lexical = [cue for cue in _LEXICAL.finditer(target) if not _is_explained(cue, known)]
    plainly = [cue for cue in lexical if _ABILITY.match(cue[0]) or not _is_explained(cue, denied)]
    affixed = list(_AFFIXED.finditer(target))
    free = [cue for cue in affixed if not _is_explained(cue, likely)]
    verbal, nominal = list[_Denial](), list[_Denial]()
    for denial in denials:
        if not any(_renders(cue[0], found[denial.place + 1 : denial.place + 3]) for cue in affixed):
            (verbal if denial.particle in _PARTICLES else nominal).append(denial)
    room, firm = len(strong) + len(lexical), len(strong) + len(plainly)
    plain = [denial for denial in nominal if denial.particle not in {"غير", "عدم", "انعدام"}]
    cues = [*strong, *lexical]
    if len(verbal) <= firm:
        cues += free
        short = len(nominal) > room - len(verbal) + len(free)
        short = short or len(plain) > room - len(verbal) + sum(_PLAIN.match(cue[0].lower()) is not None for cue in free)
        left = nominal if short else []
    else:
        left = verbal
    away = [cue.start() / max(len(target), 1) for cue in cues]
    return max(left, key=lambda each: min((abs(each.span.start / len(source) - cue) for cue in away), default=0.0), default=None)


def _explained(found: Sequence[Word], denials: Sequence[_Denial]) -> tuple[set[str], set[str], set[str]]:
    """English stems: what words of the source stand for, what they most often do, and what the words denied stand for."""
    denied = {denial.place + step for denial in denials for step in (0, 1, 2)}
    rows = [row for place, word in enumerate(found) if place not in denied and (row := equivalents().get(stem(word.key)))]
    those = [row for denial in denials if (row := equivalents().get(stem(found[denial.place + 1].key)))]
    known, likely = {word for row in rows for word in row.english}, {word for row in rows for word in row.likely}
    return known, likely, {word for row in those for word in row.english}


def _is_explained(cue: re.Match[str], known: set[str]) -> bool:
    return english_stem(cue[0].split()[0].split("-")[0]) in known


def _renders(cue: str, denied: Sequence[Word]) -> bool:
    """Whether a word like "invincible" is said for a word denied, with its prefix or without."""
    bare = english_stem(_PREFIX.sub("", cue.lower()))
    rows = [equivalents().get(stem(word.key)) for word in denied]
    return any(row and bare in row.english for row in rows) or bool(rows[0] and english_stem(cue) in rows[0].english)


def _possible(found: Sequence[Word], source: str) -> int:
    """How many denials of the English the source can answer for, the doubtful ones included."""
    return sum(_may_deny(found, place, source) for place in range(len(found)))


def _may_deny(found: Sequence[Word], place: int, source: str) -> bool:
    key, before = found[place].key, found[place - 1].key if place else ""
    after = found[place + 1].key if place + 1 < len(found) else ""
    if _particle(key, source[found[place].start]):
        return after not in _STILL
    if key in {"ما", "وما", "فما"}:
        return not (before in _WHAT_BEFORE or after in _WHAT_AFTER or after[:1] in {"ي", "ت"})
    return key in _MAY_DENY or (key[0] in "وف" and key[1:] in _MAY_DENY) or _DENYING.match(key) is not None


def _with_next(text: str, start: int, end: int) -> Span:
    """A span of English with the word after it, and the whole word that it ends ("n't")."""
    while start and text[start - 1].isalpha():
        start -= 1
    after = re.compile(r"\s+\w+").match(text, end)
    return Span(start, after.end() if after else end)
