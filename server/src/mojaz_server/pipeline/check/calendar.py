"""Reads the dates of a sentence, Arabic or English; a date given in two calendars or two month names is one date."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hijridate import Hijri

from mojaz_server.pipeline.check.figures import DIGITS, Figure
from mojaz_server.pipeline.check.months import Month, arabic_months, english_months
from mojaz_server.pipeline.check.reading import arabic_figures
from mojaz_server.pipeline.records import Span
from mojaz_server.pipeline.terms import Word, fold, words

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
ARABIC_WEEKDAYS = [fold(day) for day in ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"]]
_PAST = {fold(word) for word in ["الماضي", "الفائت", "المنصرم"]}
_COMING = {fold(word) for word in ["المقبل", "القادم"]}
_RELATIVE = {"امس": -1, "اليوم": 0, "غدا": 1}
# "في اليوم التالي", "هذا اليوم", "اليوم الأول": the day meant is not the day of publication.
_NOT_TODAY = re.compile(r"(?:ي|في|ذات|نفس|ذلك|طوال|مدار|طيله|مر)$")
_OTHER_DAY = {
    fold(word)
    for word in [
        "التالي",
        "الأول",
        "الثاني",
        "الثالث",
        "الرابع",
        "الخامس",
        "نفسه",
        "ذاته",
        "السابق",
        "الأخير",
        "العالمي",
        "الدولي",
        "الوطني",
    ]
}
_DAY_GAP = re.compile(r"\s*(?:من\s+)?(?:شهر\s+)?")
_YEAR = re.compile(r"\s*(?:هـ\s*)?[),،]?\s*(?:من\s+)?(?:(?:ال)?عام\s+|سنة\s+)?(\d{4})(?![\d.,]*\d)(?:\s*هـ)?(?:\s*م(?!\w))?")
_MONTHS_GAP = re.compile(r"\s*[/\\(–-]\s*|\s*\(?\s*أي\s*")
_SAME_DATE = re.compile(r"\s*(?:هـ|هجرية?)?[\s(،,-]*(?:ال)?موافق(?:ا|ة)?[\s:]*(?:ل|لـ)?\s*(?:يوم\s+)?")
_YEAR_WORD = re.compile(r"(?<!\w)[وفبل]?(?:ال)?(?:عام|سنة|العام)\s+((?:18|19|20)\d\d)(?![\d.,/]*\d)")
_NUMERIC = re.compile(r"(?<![\d/.-])(?:(\d{1,2})([/.-])(\d{1,2})\2(\d{4})|(\d{4})-(\d{1,2})-(\d{1,2}))(?![\d/])")
_EN_BEFORE = re.compile(r"(?<![\d.,])(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?$")
_EN_AFTER = re.compile(r"\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?![\d:.]*\d)(?:,?\s+(\d{4})(?!\d))?")
_EN_YEAR = re.compile(r"\.?,?\s+(?:of\s+)?(\d{4})(?!\d)")


@dataclass(frozen=True, slots=True)
class Date:
    """A date at `span` of a text, as exact as the text gives it: any of year, month and day may be missing."""

    span: Span
    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def value(self) -> str:
        """ISO 8601: "2020-01-03", "2020-01", "2020"; without a year "--01-03" and "--01"."""
        year = f"{self.year:04}" if self.year is not None else "-"
        month = f"-{self.month:02}" if self.month is not None else ""
        return year + month + (f"-{self.day:02}" if self.day is not None else "")

    def agrees(self, other: "Date") -> bool:
        """Whether two dates contradict each other nowhere and share their month, or else their year."""
        pairs = [(self.year, other.year), (self.month, other.month), (self.day, other.day)]
        shared = [mine == theirs for mine, theirs in pairs if mine is not None and theirs is not None]
        return bool(shared) and all(shared) and (self.month is not None) == (other.month is not None)


def arabic_dates(text: str, published: datetime | None = None) -> list[Date]:
    """The dates of a raw Arabic text, in order; relative days only if `published` is given. Impossible dates are left out."""
    plain = text.translate(DIGITS)
    found = [*_merged(list(_month_dates(plain)), plain), *_numeric_dates(plain)]
    found += [Date(Span(m.start(1), m.end(1)), year=int(m[1])) for m in _YEAR_WORD.finditer(plain)]
    if published is not None:
        found += _relative_dates(plain, published.date())
    return _apart(found)


def english_dates(text: str) -> list[Date]:
    """The dates of an English text, in order: months with the day and year beside them, numeric dates and years."""
    found = list(_numeric_dates(text))
    for month in english_months(text):
        if month.hijri:
            continue
        start, end, day, year = month.start, month.end, None, None
        if before := _EN_BEFORE.search(text[max(0, start - 12) : start]):
            start, day = start - len(before[0]), int(before[1])
            after = _EN_YEAR.match(text, end)
            end, year = (after.end(), int(after[1])) if after else (end, None)
        elif after := _EN_AFTER.match(text, end):
            end, day, year = after.end(), int(after[1]), int(after[2]) if after[2] else None
        elif after := _EN_YEAR.match(text, end):
            end, year = after.end(), int(after[1])
        if _exists(year, month.number, day):
            found.append(Date(Span(start, end), year, month.number, day))
    found += [Date(Span(*m.span()), year=int(m[0])) for m in re.finditer(r"(?<![\d.,/-])(?:18|19|20)\d\d(?![\d,/-])", text)]
    return _apart(found)


def _apart(found: list[Date]) -> list[Date]:
    """The dates in order, none inside another."""
    kept: list[Date] = []
    for one in sorted(found, key=lambda d: (d.span.start, -d.span.end)):
        if not kept or one.span.start >= kept[-1].span.end:
            kept.append(one)
    return kept


def _exists(year: int | None, month: int, day: int | None) -> bool:
    """Whether there is such a day; without a year 29 February is one."""
    try:
        date(year if year is not None else 2000, month, day if day is not None else 1)
    except (ValueError, OverflowError):
        return False
    return True


def _month_dates(plain: str) -> Iterator[tuple[Date, bool]]:
    """Dates around month names, with whether they are in the Hijri calendar (then still in its own numbers)."""
    figures = arabic_figures(plain)
    by_end = {figure.end: figure for figure in figures}
    for group in _groups(arabic_months(plain), plain):
        month = next((m for m in group if not m.hijri), group[0])
        start, end, year = group[0].start, group[-1].end, None
        if after := _YEAR.match(plain, end):
            end, year = after.end(), int(after[1])
        figure = _day_before(plain, start, by_end)
        if figure is not None:
            start = figure.start
        yield Date(Span(start, end), year, month.number, int(figure.value) if figure else None), month.hijri


def _groups(months: Sequence[Month], plain: str) -> Iterator[list[Month]]:
    """Month names that stand for one month: "كانون الثاني/يناير", "تموز (يوليو)"."""
    group: list[Month] = []
    for month in months:
        if group and not (_MONTHS_GAP.fullmatch(plain[group[-1].end : month.start]) and month.number == group[-1].number):
            yield group
            group = []
        group.append(month)
    if group:
        yield group


def _day_before(plain: str, start: int, by_end: dict[int, Figure]) -> Figure | None:
    """The figure from 1 to 31 that ends right before a month name, but for "من" and "شهر"."""
    for end in range(start, max(start - 12, 0), -1):
        figure = by_end.get(end)
        if figure is not None:
            fits = figure.value.isdigit() and len(figure.value) <= 2 and 1 <= int(figure.value) <= 31
            return figure if fits and not figure.scale and _DAY_GAP.fullmatch(plain[end:start]) else None
    return None


def _merged(found: list[tuple[Date, bool]], plain: str) -> Iterator[Date]:
    """Hijri dates turned Gregorian; one that is followed by its Gregorian counterpart is merged with it."""
    skip = -1
    for place, (one, hijri) in enumerate(found):
        if place == skip:
            continue
        following = found[place + 1] if place + 1 < len(found) else None
        if following and hijri != following[1] and _SAME_DATE.fullmatch(plain[one.span.end : following[0].span.start]):
            gregorian, skip = following[0] if hijri else one, place + 1
            if _exists(gregorian.year, gregorian.month or 1, gregorian.day):
                span = Span(one.span.start, following[0].span.end)
                yield Date(span, gregorian.year, gregorian.month, gregorian.day)
        elif hijri:
            yield from _gregorian(one)
        elif one.month is not None and _exists(one.year, one.month, one.day):
            yield one


def _gregorian(one: Date) -> Iterator[Date]:
    """A full Hijri date in the Gregorian calendar; one without day or year names no Gregorian date."""
    if one.year is None or one.month is None or one.day is None:
        return
    try:
        day = Hijri(one.year, one.month, one.day).to_gregorian()
    except (ValueError, OverflowError):
        return
    yield Date(one.span, day.year, day.month, day.day)


def _numeric_dates(plain: str) -> Iterator[Date]:
    """Dates in digits, day first as in Arabic ("17/10/2019"), or ISO."""
    for match in _NUMERIC.finditer(plain):
        day, month, year = (match[1], match[3], match[4]) if match[1] else (match[7], match[6], match[5])
        if 1 <= int(month) <= 12 and int(year) and _exists(int(year), int(month), int(day)):
            yield Date(Span(*match.span()), int(year), int(month), int(day))


def _relative_dates(plain: str, today: date) -> Iterator[Date]:
    """Days counted from the day of publication: "أمس", "أول من أمس", "اليوم", "غدا", "الاثنين الماضي"."""
    found = words(plain)
    for place, word in enumerate(found):
        before = [w.key for w in found[max(0, place - 2) : place]]
        following = found[place + 1] if place + 1 < len(found) else None
        start, end = word.start, word.end
        try:
            day = _relative_day(word, before, following, today)
            if day is not None and word.key == "امس" and before == ["اول", "من"]:
                day, start = day - timedelta(days=1), found[place - 2].start
        except OverflowError:  # before the year 1 or after 9999
            continue
        if day is None:
            continue
        if following and following.key in _PAST | _COMING | set(ARABIC_WEEKDAYS):
            end = following.end
        yield Date(Span(start, end), day.year, day.month, day.day)


def _relative_day(word: Word, before: list[str], following: Word | None, today: date) -> date | None:
    if word.key in _RELATIVE:
        other = following is not None and following.key in _OTHER_DAY
        if word.key == "اليوم" and (other or (before and _NOT_TODAY.search(before[-1]))):
            return None
        return today + timedelta(days=_RELATIVE[word.key])
    if word.key in ARABIC_WEEKDAYS and following is not None and not (before and before[-1] in _RELATIVE):
        ahead = (ARABIC_WEEKDAYS.index(word.key) - today.weekday()) % 7
        if following.key in _PAST:
            return today + timedelta(days=ahead - 7)
        if following.key in _COMING:
            return today + timedelta(days=ahead or 7)
    return None
