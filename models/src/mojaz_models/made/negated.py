"""Twins of news pairs that say the contrary: a denial taken out of both sides or put into both, where nothing else changes."""

import random
import re
from collections import Counter
from collections.abc import Sequence

from mojaz_models.made.places import Pair

_DENIALS = re.compile(
    r"(?<!\w)[وف]?(?:لا|لم|لن|ليس|ليست|ليسوا|لست|ما|ولا|غير|عدم|دون|بدون|كلا|إلا|سوى|لولا|بلا|ألا|لئلا|قط|أبدا|حتى)(?!\w)"
)
_NOT = re.compile(
    r"\b(?:not|no|never|cannot|nor|neither|nothing|none|nobody|without|unless|until|only|any|yet|longer)\b|n't\b", re.IGNORECASE
)
_LATER = re.compile(r"\b(?:will|would|won't|shall)\b|'(?:ll|d)\b", re.IGNORECASE)
_WILL, _WILL_NOT = re.compile(r"\b(will|would) (?=[a-z]+\b)"), re.compile(r"\b(will|would) not (?=[a-z]+\b)")
_LAN = re.compile(r"(?<!\w)(?P<clitic>[وف]?)لن (?P<verb>[يت]\w{3,}(?<!وا))(?!\w)")
_FUTURE = re.compile(r"(?<!\w)(?P<clitic>[وف]?)س(?P<verb>[يت]\w{3,})(?!\w)")
_DENIED = (
    (
        re.compile(r"(?<!\w)(?P<clitic>[وف]?)لا (?P<verb>يمكن|يمكنه|يمكنها|يمكنهم|يمكننا|يستطيع|تستطيع|يستطيعون)(?!\w)"),
        re.compile(r"\b(?:cannot|can not|can't) (?=[a-z]+\b)"),
        "can ",
    ),
    (
        re.compile(r"(?<!\w)(?P<clitic>[وف]?)لا (?P<verb>ي\w{2,}ون|ن\w{3,})(?!\w)"),
        re.compile(r"\b(?:do not|don't) (?=[a-z]+\b)"),
        "",
    ),
)
"""A denial in the present, in Arabic and in English, and what English has without it."""
_LEAST = 2


class Negated:
    """Makes the twins. Verbs of the future are those that `pairs` have after لن, أن, لم or لا too: no noun is taken for one."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        after = re.compile(r"(?<!\w)(?:لن|أن|لم|لا) ([يت]\w{3,})(?!\w)")
        counts = Counter(verb for arabic, _ in pairs for verb in after.findall(arabic))
        self._verbs = {verb for verb, count in counts.items() if count >= _LEAST}

    def __call__(self, pair: Pair, rng: random.Random) -> Pair | None:
        """The twin of a pair with exactly one denial, or with none and exactly one verb of the future."""
        arabic, english = pair
        denials, later = (len(_DENIALS.findall(arabic)), len(_NOT.findall(english))), len(_LATER.findall(english))
        if later <= 1 and denials == (1, 1):
            return self._affirmed(arabic, english)
        return self._denied(arabic, english) if later == 1 and denials == (0, 0) else None

    def _affirmed(self, arabic: str, english: str) -> Pair | None:
        if (here := _LAN.search(arabic)) and len(_WILL_NOT.findall(english)) == 1:
            return _put(arabic, here, f"س{here['verb']}"), _WILL_NOT.sub(r"\1 ", english)
        for source, target, said in _DENIED:
            if (here := source.search(arabic)) and len(target.findall(english)) == 1:
                return _put(arabic, here, here["verb"]), target.sub(said, english)
        return None

    def _denied(self, arabic: str, english: str) -> Pair | None:
        places = list(_FUTURE.finditer(arabic))
        if len(places) != 1 or len(_WILL.findall(english)) != 1 or "سوف" in arabic:
            return None
        verb = places[0]["verb"]
        if verb not in self._verbs or verb.endswith(("ون", "ين")):  # those lose their ending after لن
            return None
        return _put(arabic, places[0], f"لن {verb}"), _WILL.sub(r"\1 not ", english)


def _put(arabic: str, place: re.Match[str], words: str) -> str:
    return f"{arabic[: place.start()]}{place['clitic']}{words}{arabic[place.end() :]}"
