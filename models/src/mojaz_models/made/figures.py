"""Other figures and other months: digits that are copied, and the names of months in all Arab traditions."""

import random
import re
from collections import Counter
from collections.abc import Mapping

from mojaz_server.pipeline.tables import rows

from mojaz_models.made.places import Pair

_FIGURE = re.compile(r"(?<![\d.,])\d{1,9}(?:[.,]\d{1,3})*(?![\d.,]*\d)")
_SCALES = (("ألف", ",000"), ("مليون", ",000,000"))


def figures(pair: Pair, rng: random.Random) -> Pair | None:
    """Figures that both sides have equally often become others of as many digits; "250 ألف" and "250,000" change together."""
    source, target = pair
    there, wanted = Counter(_FIGURE.findall(source)), Counter(_FIGURE.findall(target))
    arabic: dict[str, str] = {}
    english: dict[str, str] = {}
    for figure, count in there.items():
        other = _other(figure, rng)
        for zeros in ("", *(zeros for word, zeros in _SCALES if f"{figure} {word}" in source)):
            if other and wanted[figure + zeros] == count:
                arabic[figure], english[figure + zeros] = other, other + zeros
    return (_replaced(source, arabic), _replaced(target, english)) if arabic else None


def _replaced(text: str, new: Mapping[str, str]) -> str:
    return _FIGURE.sub(lambda m: new.get(m[0], m[0]), text)


def _other(figure: str, rng: random.Random) -> str:
    """Another figure of the same form, or nothing for 0, 1 and 2, after which Arabic and English nouns take other forms."""
    if re.fullmatch(r"(?:19|20)\d\d", figure):
        return str(rng.randint(1948, 2035))
    if figure.isdigit() and int(figure) <= 31:  # may be a day of a month
        value = int(figure)
        return str(rng.randint(3, 10) if 3 <= value <= 10 else rng.randint(11, 31)) if value > 2 else ""
    digits = [rng.choice("0123456789") if c.isdigit() else c for c in figure]
    digits[0] = "0" if figure[0] == "0" else rng.choice("123456789")
    if figure.isdigit() and len(figure) > 2 and figure.endswith("00"):  # round figures stay round
        digits[-2:] = "00"
    return "".join(digits)


class Months:
    """Another month: its name on both sides, in any of the Arab traditions or in two ("كانون الثاني/يناير")."""

    def __init__(self) -> None:
        found = [(forms, names) for calendar, _, forms, names in rows("months.tsv") if calendar == "gregorian"]
        self._all = [[form.lstrip("?") for form in forms.split("|")] for forms, _ in found]
        self._english = [names.split("|")[0] for _, names in found]
        sure = sorted(
            (form for forms, _ in found for form in forms.split("|") if not form.startswith("?")), key=len, reverse=True
        )
        every = sorted((form for forms in self._all for form in forms), key=len, reverse=True)
        one, two = ("|".join(map(re.escape, forms)) for forms in (sure, every))
        either = (
            rf"(?:(?P<sure>{one})(?:\s?[/(]\s?(?P<second>{two})(?:\s?\))?)?|(?P<first>{two})\s?[/(]\s?(?P<known>{one})(?:\s?\))?)"
        )
        self._arabic = re.compile(rf"(?<!\w)(?P<clitic>[وفبل]?){either}(?!\w)")
        self._names = re.compile(rf"\b(?:{'|'.join(self._english)})\b")

    def __call__(self, pair: Pair, rng: random.Random) -> Pair | None:
        """Change the only month of a pair."""
        arabic, english = pair
        places, names = list(self._arabic.finditer(arabic)), self._names.findall(english)
        if len(places) != 1 or len(names) != 1:
            return None
        place, now = places[0], self._english.index(names[0])
        if not {place[name] for name in ("sure", "second", "first", "known") if place[name]} <= set(self._all[now]):
            return None
        month = rng.choice([m for m in range(12) if m != now])
        return (
            arabic[: place.start()] + place["clitic"] + self._written(month, rng) + arabic[place.end() :],
            self._names.sub(self._english[month], english),
        )

    def _written(self, month: int, rng: random.Random) -> str:
        """A month as newspapers write it: one name, or the names of two traditions."""
        forms = self._all[month]
        if rng.random() < 0.6:
            return rng.choice(forms)
        first, second = rng.sample(forms, 2)
        return f"{first}/{second}" if rng.random() < 0.6 else f"{first} ({second})"
