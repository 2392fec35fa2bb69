"""Looks for a negation that got lost: the Arabic denies and nothing in the English does."""

import re
from collections.abc import Iterator

from mojaz_server.pipeline.records import Check, CheckKind, Span
from mojaz_server.pipeline.terms import Word, words

_PARTICLES = ("لم", "لن", "ليس", "ليست", "لا")
_STRONG = {"لست", "لسنا", "ليسوا"} | {conjunction + particle for conjunction in ("", "و", "ف") for particle in _PARTICLES} - {
    "فلم"
}
_ABSENCE = {"عدم", "بعدم", "لعدم", "وعدم", "دون", "بدون"}  # nouns and prepositions
# What follows the particle and makes no denial of it: "لا يزال" (still), "لا سيما" (especially), "لا بد" (must) ...
_HARMLESS = {
    "يزال", "تزال", "يزالون", "تزالون", "يزالوا", "يزل", "تزل", "زال", "زالت", "زالوا", "ازال", "نزال",
    "سيما", "بد", "شك", "ريب", "محاله", "بل", "غير", "فقط", "مثيل", "حصر",
    "يقتصر", "تقتصر", "تلبث", "يلبث", "تمض", "يمض", "يخفي", "تخفي", "يكتف", "تكتف", "يتوان", "تتوان",
    "طيار", "يكف", "تكف", "يكفون", "يقل", "تقل", "يقلون",
}  # fmt: skip
_ONLY = {"الا", "سوي", "فقط", "وحسب", "فحسب"}  # "لا ... إلا" is "only"
_ENGLISH = re.compile(
    r"n[o']t\b|n’t\b|\bcannot\b"
    r"|\b(?:no|never|none|nor|neither|nothing|nobody|nowhere|without|hardly|barely|scarcely|rarely|seldom|little|less|least|few|fewer"
    r"|lack\w*|absen\w+|fail\w*|refus\w+|den(?:y|ies|ied|ying|ial)|reject\w*|unable|stop\w*|prevent\w*|rul(?:e|es|ed|ing) out"
    r"|avoid\w*|unless|until|instead|rather than|far from|bann?\w*|prohibit\w*|forbid\w*|exclud\w+|dismiss\w*|declin\w+"
    r"|free of|short of|beyond|out of|refrain\w*|halt\w*|zero|nil|regardless|anything but|apart from|other than|non-?\w+|miss\w*"
    r"|un(?!i[ctvfqo]|der|til|less|cle)[a-z]{4,}"
    r"|im(?:possibl|mobil|munit|partial)\w*|ir(?:re|ra)[a-z]+|il(?:leg|lit)\w+|dis(?:agre|satis|allow|appro)\w*"
    r"|in(?:ab|cap|complet|suffici|adequ|visib|valid|effect|elig|definit|dispens|evit|separ|correct|access|action|convenien|correct|secur)\w*"
    r"|\w{3,}less|only|yet to)\b",
    re.IGNORECASE,
)


def compare_negation(source: str, target: str) -> Iterator[Check]:
    """The first plain negation of `source`, if the English has no word that could render one."""
    if _ENGLISH.search(target):
        return
    found = words(source)
    for place, word in enumerate(found):
        if word.key in _STRONG | _ABSENCE and _denies(found, place):
            span = Span(word.start, found[min(place + 1, len(found) - 1)].end)
            yield Check(CheckKind.NEGATION_LOST, f"The negation {span.of(source)} is not in the English", span)
            return


def _denies(found: list[Word], place: int) -> bool:
    after = [word.key for word in found[place + 1 : place + 12]]
    return bool(after) and after[0] not in _HARMLESS and not _ONLY.intersection(after)
