"""Looks for a negation that got lost: the Arabic denies and nothing in the English does."""

import re
from collections.abc import Iterator

from mojaz_server.pipeline.records import Check, CheckKind, Span
from mojaz_server.pipeline.terms import Word, words

_STRONG = {"لم", "لن", "ليس", "ليست", "لست", "لسنا", "ليسوا", "ولم", "ولن", "وليس", "وليست", "فلم", "فلن", "فليس", "لا", "ولا", "فلا"}
# What follows the particle and makes no denial of it: "لا يزال" (still), "لا سيما" (especially), "لا بد" (must) ...
_HARMLESS = {
    "يزال", "تزال", "يزالون", "تزالون", "يزالوا", "يزل", "تزل", "زال", "زالت", "زالوا", "ازال", "نزال",
    "سيما", "بد", "شك", "ريب", "محاله", "بل", "غير", "فقط", "مثيل", "حصر",
    "يقتصر", "تقتصر", "تلبث", "يلبث", "تمض", "يمض", "يخفي", "تخفي", "يكتف", "تكتف", "يتوان", "تتوان",
}  # fmt: skip
_ONLY = {"الا", "سوي", "حتي", "فقط", "وحسب", "فحسب", "بعد"}  # "لا ... إلا" is "only", "لم ... حتى" is "no sooner ... than"
_ENGLISH = re.compile(
    r"n[o']t\b|n’t\b|\bcannot\b|\b(?:no|never|none|nor|neither|nothing|nobody|nowhere|without|non|hardly|barely|scarcely|rarely|seldom"
    r"|few|little|less|lacks?|lacked|lacking|absen\w+|fail\w*|refus\w+|den(?:y|ies|ied|ying|ial)|reject\w*|unable|stop\w*|prevent\w*"
    r"|rul(?:e|es|ed|ing) out|avoid\w*|only|still|yet|unless|until|except|rather|instead|despite|far from|ban\w*|prohibit\w*|forbid\w*"
    r"|forbidden|exclud\w+|dismiss\w*|declin\w+|remain\w*|free of|short of|beyond|out of|dis[a-z]{4,}|un[a-z]{3,}|in[a-z]{5,}"
    r"|im[a-z]{4,}|il[a-z]{4,}|ir[a-z]{4,}|non-?\w+|\w+less|any\w*|ever|must|too|miss\w*|withh\w+|refrain\w*|abst\w+|halt\w*|ceas\w+|end\w*|zero|otherwise"
    r"|just|merely|but|even|inevitabl\w+|especially|particularly|regardless|contrary|oppos\w+|against|away|lost|loss|impossible|nearly|almost|cancel\w*|save|other than|apart from)\b",
    re.IGNORECASE,
)


def compare_negation(source: str, target: str) -> Iterator[Check]:
    """The first plain negation of `source`, if the English has no word that could render one."""
    if _ENGLISH.search(target):
        return
    found = words(source)
    for place, word in enumerate(found):
        if word.key in _STRONG and _denies(found, place):
            span = Span(word.start, found[min(place + 1, len(found) - 1)].end)
            yield Check(CheckKind.NEGATION_LOST, f"The negation {span.of(source)} is not in the English", span)
            return


def _denies(found: list[Word], place: int) -> bool:
    after = [word.key for word in found[place + 1 : place + 12]]
    return bool(after) and after[0] not in _HARMLESS and not _ONLY.intersection(after)
