"""Finds the months that a sentence names, Arabic (Levantine, Western, Maghrebi, Hijri) or English."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from mojaz_server.pipeline.check.figures import DIGITS
from mojaz_server.pipeline.records import Span
from mojaz_server.pipeline.remembered import remembered
from mojaz_server.pipeline.tables import rows
from mojaz_server.pipeline.terms import Matcher, fold, words

_MONTH_CONTEXT = {
    fold(word)
    for word in [
        "شهر",
        "أشهر",
        "شهري",
        "في",
        "منذ",
        "حتى",
        "نهاية",
        "بداية",
        "أواخر",
        "أوائل",
        "مطلع",
        "منتصف",
        "خلال",
        "قبل",
        "بعد",
        "بين",
        "إلى",
        "فاتح",
        "لشهر",
        "بشهر",
        "والى",
        "ومنذ",
        "وحتى",
        "ففي",
        "وفي",
    ]
}
_STRONG_CONTEXT = {fold(word) for word in ("شهر", "شهري", "لشهر", "بشهر", "فاتح", "وشهر")}
_NOT_NAMES = {fold("آب"), fold("ماي"), fold("أوت"), fold("محرم"), fold("صفر"), fold("رجب"), fold("شعبان")}
_DAY_BEFORE = re.compile(
    r"(?:(?<![\d.,])(?:[0-2]?\d|3[01])|/|\\|-|ال(?:[أا]ول|ثاني|ثالث|رابع|خامس|سادس|سابع|ثامن|تاسع|عاشر|حادي)(?:\s+عشر)?"
    r"|(?:عشر|وال(?:عشر|ثلاث))ين)\s*(?:من\s+)?(?:شهر\s+)?$"
)
_AFTER = re.compile(
    r"\s*(?:[/\\(-]|(?:ال)?\d{1,4}\b|من (?:ال)?عام|(?:ال)?عام|سنة|الماضي|المقبل|الجاري|الحالي|المنصرم|القادم|الفائت)"
)
_ENGLISH_NEAR = re.compile(
    r"\d|\b(?:in|of|since|until|till|by|from|to|on|last|next|early|late|mid|between|and|during|before|after|this|for|the)\W*$",
    re.IGNORECASE,
)
_ABBREVIATED = 3  # letters
_ALSO_WORDS = {"May", "March", "Mar"}


@dataclass(frozen=True, slots=True)
class Month:
    """A month named at [start, end) of a text; `number` counts from 1 in its calendar."""

    start: int
    end: int
    number: int
    hijri: bool

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@cache
def _arabic() -> tuple[Matcher[str], Mapping[str, tuple[int, bool, bool]]]:
    """The matcher of Arabic month names and what each stands for: (number, Hijri, also another word)."""
    found: dict[str, tuple[int, bool, bool]] = {}
    for calendar, number, forms, _ in rows("months.tsv"):
        for form in forms.split("|"):
            found[form.lstrip("?")] = (int(number), calendar == "hijri", form.startswith("?"))
    return Matcher((form, form) for form in found if not form[-1].isdigit()), found


@cache
def _english() -> tuple[re.Pattern[str], Mapping[str, tuple[int, bool]]]:
    """The pattern of English month names and what each stands for: (number, Hijri)."""
    found = {
        form.lower().replace("-", " "): (int(number), calendar == "hijri")
        for calendar, number, _, forms in rows("months.tsv")
        for form in forms.split("|")
    }
    names = sorted(found, key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(re.escape(name).replace(r"\ ", r"[\s-]+") for name in names) + r")\b", re.I), found


@remembered
def arabic_months(text: str) -> tuple[Month, ...]:
    """The months of a raw Arabic text, in order. A name that is also another word counts only in the company of a date."""
    matcher, meaning = _arabic()
    plain, found = text.translate(DIGITS), list[Month]()
    for span, form in matcher.matches(text):
        number, hijri, ambiguous = meaning[form]
        glued = re.fullmatch(r"[وف]?[لبك]?(?:ال)?", fold_prefix(text[span.start : span.end], form))
        if glued and (not ambiguous or _dated(plain, span.start, span.end, fold(form))):
            found.append(Month(span.start, span.end, number, hijri))
    for match in re.finditer(r"(كانون|تشرين) ([12])(?!\d)", plain):
        number = {"كانون": 12, "تشرين": 10}[match[1]] + int(match[2]) - 1
        found.append(
            Month(
                match.start(), match.end(), (number - 1) % 12 + 1 if match[1] == "تشرين" else {"1": 12, "2": 1}[match[2]], False
            )
        )
    return tuple(sorted(found, key=lambda month: month.start))


def fold_prefix(word: str, form: str) -> str:
    """What stands before `form` in `word`, both folded."""
    key, stem = fold(word.split(maxsplit=1)[0]), fold(form.split(maxsplit=1)[0])
    return key[: len(key) - len(stem)] if key.endswith(stem) else key


def _dated(plain: str, start: int, end: int, key: str) -> bool:
    """Whether a word that may be a month stands beside a day, a year, another month or a word that says so."""
    if key == "صفر":  # also "nil" in scores
        return (
            re.search(r"(?:شهر|من)\s*$", plain[max(0, start - 8) : start]) is not None
            or re.match(r"\s*1[345]\d\d", plain[end : end + 6]) is not None
        )
    if _DAY_BEFORE.search(plain[max(0, start - 24) : start]):
        return True
    before = words(plain[max(0, start - 24) : start])
    if before and before[-1].key in _STRONG_CONTEXT:
        return True
    if _AFTER.match(plain, end):
        return True
    return bool(before) and before[-1].key in _MONTH_CONTEXT and key not in _NOT_NAMES


@remembered
def english_months(text: str) -> tuple[Month, ...]:
    """The months of an English text, in order; "may" and "march" count with a capital and beside a day, year or preposition."""
    pattern, meaning = _english()
    found = []
    for match in pattern.finditer(text):
        name = match[0]
        if not name[0].isupper() or (name in _ALSO_WORDS and not _near_date(text, match.start(), match.end())):
            continue
        if len(name) <= _ABBREVIATED and name != "May" and not _beside_digit(text, match.start(), match.end()):
            continue  # "Jan" is also a name
        number, hijri = meaning[re.sub(r"[\s-]+", " ", name.lower())]
        found.append(Month(match.start(), match.end(), number, hijri))
    return tuple(found)


def _beside_digit(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 4) : start], text[end : end + 4]
    return re.search(r"\d\W{0,2}$", before) is not None or re.match(r"\W{1,2}\d", after) is not None


def _near_date(text: str, start: int, end: int) -> bool:
    """Whether a day, a year or a preposition stands beside an English word that may be a month."""
    before, after = text[max(0, start - 12) : start], text[end : end + 8]
    return _ENGLISH_NEAR.search(before) is not None or re.match(r"\W{1,2}\d|\W+(?:this|last|next)|/", after) is not None
