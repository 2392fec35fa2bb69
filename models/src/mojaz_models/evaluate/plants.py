"""Errors to plant in good translations: each function spoils the English of a pair in one way, or finds nothing to spoil (None).

All take (Arabic, English, random generator) and return the spoiled English."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import pairwise
from random import Random
from typing import TypeVar

from mojaz_server.pipeline.check.calendar import WEEKDAYS
from mojaz_server.pipeline.check.dates import ENGLISH as MONTHS
from mojaz_server.pipeline.names import KINDS, known_names, names
from mojaz_server.pipeline.records import FactKind
from mojaz_server.pipeline.terms import words

Found = TypeVar("Found")
Plant = Callable[[str, str, Random], str | None]

_NOT = re.compile(
    r"\b((?:did|does|do|would|will|is|are|was|were|has|have|had|could|should|must|can|may|might)(?=n't|\s+not)|ca(?=n't)|wo(?=n't))"
    r"(?:n't|\s+not)\b|\bcannot\b|\b(?:not|never|no)\s+(?=[a-z])"
)
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|will|would|has|had|have|can|could|should)\b(?! (?:not|no|never)\b)(?=\s+[a-z])")
_PREFIXED = re.compile(r"\b(?:non-|un|il(?=l)|ir(?=r)|in|im(?=[mpb]))(?=[a-z]{4})[a-z]+\b")
_WITHOUT = re.compile(r"\bwithout\b", re.IGNORECASE)
_QUOTE = re.compile('["“]([^"“”]+)["”]')
_POSITIVE = """
legal lawful official known usual able likely precedented acceptable authorized stable certain related regulated armed
fair direct responsible regular sufficient appropriate possible convincing clear accurate complete correct confirmed
conventional employed expected foreseen forgivable founded happy healthy important justified licensed limited natural
necessary paid planned popular prepared productive protected qualified realistic reasonable registered reliable resolved
restricted safe satisfied solved successful suitable sustainable touched true trustworthy wanted willing compatible
consistent effective efficient eligible equality human secure security stability ability visible voluntary resident
governmental military profit violent alignment intervention interference compliance existent essential binding nuclear
proliferation legitimate literate logical rational relevant replaceable balanced familiar fit favorable helpful
announced approved aware controlled declared democratic desirable disclosed ethical identified professional published
questionable scheduled specified tested thinkable used verified written moral mature polite proper perfect partial
"""
_CURRENCIES = {
    "dollars": "euros",
    "dollar": "euro",
    "euros": "dollars",
    "euro": "dollar",
    "pounds": "dollars",
    "$": "€",
    "€": "$",
}
_CURRENCIES |= {"riyals": "dirhams", "dinars": "riyals", "dirhams": "riyals", "lira": "dollars", "£": "$", "rubles": "euros"}


def change_digit(_: str, text: str, rng: Random) -> str | None:
    """Another digit in place of one."""
    places = [i for i, char in enumerate(text) if char.isdigit()]
    if not places:
        return None
    place = rng.choice(places)
    return text[:place] + rng.choice([d for d in "123456789" if d != text[place]]) + text[place + 1 :]


def remove_number(_: str, text: str, rng: Random) -> str | None:
    """One number in digits left out."""
    number = _one(re.finditer(r"\d[\d.,]*\d|\d", text), rng)
    return number and re.sub(r"\s+", " ", text[: number.start()] + text[number.end() :])


def swap_scale(_: str, text: str, rng: Random) -> str | None:
    """A million for a billion, or the other way round."""
    scale = _one(re.finditer(r"(?<=\d )(?:m|b)illion\b", text), rng)
    return scale and _with(text, scale, "billion" if scale[0] == "million" else "million")


def swap_currency(_: str, text: str, rng: Random) -> str | None:
    """Another currency beside a figure."""
    written = "|".join(form for form in _CURRENCIES if form.isalpha())
    found = re.finditer(rf"[$€£](?=\d)|(?:(?<=\d )|(?<=illion ))(?:{written})\b", text)
    currency = _one(found, rng)
    return currency and _with(text, currency, _CURRENCIES[currency[0]])


def drop_percent(_: str, text: str, rng: Random) -> str | None:
    """A figure without its per cent."""
    percent = _one(re.finditer(r"(?<=\d)(?:%|\s+per\s?cent\b)", text), rng)
    return percent and _with(text, percent, "")


def move_day(_: str, text: str, rng: Random) -> str | None:
    """Another day of the month."""
    months = "|".join(MONTHS)
    date = _one(re.finditer(rf"\b(?:{months}) (\d{{1,2}})\b|\b(\d{{1,2}}) (?:{months})\b", text), rng)
    if date is None:
        return None
    day = date[1] or date[2]
    return _with(text, date, date[0].replace(day, str(int(day) % 28 + 1)))


def move_month(_: str, text: str, rng: Random) -> str | None:
    """The next month in place of one."""
    month = _one(re.finditer(r"\b(?:" + "|".join(MONTHS) + r")\b(?=\s+\d|,)", text), rng)
    return month and _with(text, month, MONTHS[(MONTHS.index(month[0]) + 1) % 12])


def move_year(_: str, text: str, rng: Random) -> str | None:
    """The year before or after one."""
    year = _one(re.finditer(r"(?<![\d.,/-])(?:19|20)\d\d(?![\ds,/-]|\.\d)", text), rng)
    return year and _with(text, year, str(int(year[0]) + rng.choice((-1, 1))))


def move_weekday(source: str, text: str, rng: Random) -> str | None:
    """The next day of the week in place of one."""
    day = _one(re.finditer("|".join(WEEKDAYS), text), rng)
    return day and _with(text, day, WEEKDAYS[(WEEKDAYS.index(day[0]) + 1) % 7])


def swap_name(source: str, text: str, rng: Random) -> str | None:
    """Another name of its class in place of one that is known."""
    name = _one((n for n in names(source, text) if n.target), rng)
    if name is None or name.target is None:
        return None
    others = [
        english for kind, english in _gazetteer() if kind is name.kind and english not in text and english not in name.identity
    ]
    span, new = name.target, rng.choice(others)
    return re.sub(re.escape(span.of(text)), lambda _: new, text)


def drop_negation(particles: str) -> Plant:
    """One "not", "no" or "never" left out where the Arabic has one of these particles and no more denials than the English."""
    wanted = set(particles.split())

    def plant(source: str, text: str, rng: Random) -> str | None:
        if not wanted.intersection(_unprefixed(source)):
            return None
        cue = _one(_NOT.finditer(text), rng)
        return cue and _with(text, cue, "can" if cue[0] == "cannot" else {"ca": "can", "wo": "will"}.get(cue[1], cue[1] or ""))

    return plant


def drop_prefix(source: str, text: str, rng: Random) -> str | None:
    """ "Legal" for "illegal" where the Arabic has غير or عدم and the rest of the word is a word of news."""
    if not {"غير", "عدم"}.intersection(_unprefixed(source)):
        return None
    found = [m for m in _PREFIXED.finditer(text) if _stripped(m[0]) in _positive()]
    word = _one(iter(found), rng)
    return word and _with(text, word, _stripped(word[0]))


def drop_without(source: str, text: str, rng: Random) -> str | None:
    """ "With" for "without" where the Arabic has دون, بدون or بلا."""
    if not {"دون", "بدون", "بلا"}.intersection(_unprefixed(source)):
        return None
    word = _one(_WITHOUT.finditer(text), rng)
    return word and _with(text, word, "with")


def add_negation(_: str, text: str, rng: Random) -> str | None:
    """A "not" after an auxiliary."""
    verb = _one(_AUXILIARY.finditer(text), rng)
    return verb and _with(text, verb, verb[0] + " not")


def remove_quotes(_: str, text: str, rng: Random) -> str | None:
    """All quotation marks left out, if there is a pair of them around four words or more."""
    return re.sub('["“”]', "", text) if any(len(inside.split()) > 3 for inside in _QUOTE.findall(text)) else None


def remove_one_quote(_: str, text: str, rng: Random) -> str | None:
    """The marks of one quotation of six words or more left out, those of others kept."""
    quote = _one((m for m in _QUOTE.finditer(text) if len(m[1].split()) > 5), rng)
    return quote and _with(text, quote, quote[1])


def invent_quote(source: str, text: str, rng: Random) -> str | None:
    """Marks around six words of a sentence that has none."""
    found = text.split()
    if re.search("[\"“”«»„‟'’()]", source + text) or len(found) < 12:
        return None
    place = rng.randrange(3, len(found) - 6)
    return " ".join(
        [*found[:place], '"' + found[place], *found[place + 1 : place + 5], found[place + 5] + '"', *found[place + 6 :]]
    )


def cut_end(_: str, text: str, rng: Random) -> str | None:
    """The last 40 % of the words left out."""
    found = text.split()
    return " ".join(found[: int(len(found) * 0.6)]) + "." if len(found) >= 10 else None


def cut_clause(_: str, text: str, rng: Random) -> str | None:
    """A clause of five words or more between two commas left out."""
    commas = [m.start() for m in re.finditer(r",(?=\s)", text)]
    clauses = [(a, b) for a, b in pairwise(commas) if len(text[a + 1 : b].split()) >= 5]
    clause = rng.choice(clauses) if clauses else None
    return clause and text[: clause[0]] + text[clause[1] :]


def cut_words(_: str, text: str, rng: Random) -> str | None:
    """Eight words in a row left out in the middle of a sentence of twenty or more."""
    found = text.split()
    if len(found) < 20:
        return None
    place = rng.randrange(4, len(found) - 10)
    return " ".join([*found[:place], *found[place + 8 :]])


def loop(_: str, text: str, rng: Random) -> str | None:
    """A phrase of one to four words said six times from the middle on."""
    found = text.split()
    if len(found) < 8:
        return None
    place, size = len(found) // 2, rng.randint(1, 4)
    return " ".join([*found[:place], *(found[place : place + size] * 6)])


def say_twice(_: str, text: str, rng: Random) -> str | None:
    """Two neighbouring words said twice."""
    found = text.split()
    places = [i for i in range(1, len(found) - 2) if all(word.isalpha() for word in found[i : i + 2])]
    if not places:
        return None
    place = rng.choice(places)
    return " ".join([*found[: place + 2], *found[place : place + 2], *found[place + 2 :]])


def leave_arabic(source: str, text: str, rng: Random) -> str | None:
    """An Arabic word of the sentence left over in place of an English one."""
    arabic, found = words(source), text.split()
    if len(arabic) < 3 or len(found) < 4:
        return None
    word, place = rng.choice(arabic), rng.randrange(1, len(found) - 1)
    return " ".join([*found[:place], source[word.start : word.end], *found[place + 1 :]])


def _one(found: Iterable[Found], rng: Random) -> Found | None:
    """One of what was found, at random."""
    every = list(found)
    return rng.choice(every) if every else None


def _with(text: str, match: re.Match[str], new: str) -> str:
    """The text with `new` in place of a match."""
    return re.sub(r"\s+", " ", text[: match.start()] + new + text[match.end() :])


def _unprefixed(source: str) -> set[str]:
    """The Arabic words, also without the clitics that stand before particles."""
    keys = [word.key for word in words(source)]
    return set(keys) | {key[1:] for key in keys if key[0] in "وفبل"} | {key[2:] for key in keys if key[:2] == "ال"}


def _stripped(word: str) -> str:
    return re.sub("^(?:non-|un|il|ir|in|im)", "", word)


@cache
def _gazetteer() -> Sequence[tuple[FactKind, str]]:
    """(class, English) of the known names."""
    return tuple((KINDS[row.category], row.targets[0]) for row in known_names())


@cache
def _positive() -> frozenset[str]:
    """What is left of a word of news when its negative prefix is taken off and it still is a word."""
    return frozenset(_POSITIVE.split())
