"""English text as the models see it, how much of a line is in which script, and what the words of many texts say about one.

How Arabic is normalized the server says, see mojaz_server.pipeline.normalize.
"""

import re
import unicodedata
from collections.abc import Mapping

from mojaz_server.pipeline.terms import stems

_QUOTES = {ord(c): '"' for c in "«»“”„‟"} | {
    ord("’"): "'",
    ord("‘"): "'",
    ord("–"): "-",
    ord("—"): "-",
    ord("…"): "...",
    ord("\xa0"): " ",
}
ARABIC = re.compile("[\u0621-\u064a]")
LATIN = re.compile("[A-Za-z]")
STOPS = re.compile(r'(?<=[.!؟?])["»”]?\s+(?=\S)')
"""Where a sentence ends: good enough for gathering sentences to train on, not for serving (see the pipeline's split)."""


def english(text: str) -> str:
    """NFKC, ASCII quotes and dashes, single spaces; case kept. Idempotent."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).translate(_QUOTES)).strip()


def share(script: re.Pattern[str], line: str) -> float:
    """Share of the letters of a script (ARABIC or LATIN) among the characters that are no spaces."""
    return len(script.findall(line)) / max(1, len(line.replace(" ", "")))


def swapped(arabic: str, english: str) -> bool:
    """Whether what should be Arabic is English and the reverse: nearly all letters of either are of the other script."""
    return _is(LATIN, ARABIC, arabic) and _is(ARABIC, LATIN, english)


def _is(script: re.Pattern[str], other: re.Pattern[str], line: str) -> bool:
    letters = len(script.findall(line))
    return letters > 3 and letters > 9 * len(other.findall(line))


def without_proclitics(key: str, counts: Mapping[str, int]) -> str:
    """A folded Arabic word without the proclitics that its language puts before it: what is left is seen more often, with and
    without the article, by the `counts` of folded words."""

    def seen(form: str) -> int:
        plain = form.removeprefix("ال")
        return counts.get(plain, 0) + counts.get("ال" + plain, 0)

    return max(stems(key), key=seen)


def words(line: str) -> int:
    """Number of words, by spaces."""
    return len(line.split())
