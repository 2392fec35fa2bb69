"""Arabic and English beside each other on one terminal line: cleaning, wrapping, and the isolates that keep each in its order."""

import re
from enum import StrEnum

from rich.cells import cell_len, chop_cells

LRI, RLI, PDI = "\u2066", "\u2067", "\u2069"

# Control characters could drive the terminal; direction marks inside a text would break out of its isolate.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SPACE = re.compile(r"[\s\u2028\u2029]+")


class Bidi(StrEnum):
    """How direction is told: ISOLATE puts each text between Unicode isolates, PLAIN prints the bare characters."""

    ISOLATE = "isolate"
    PLAIN = "plain"


def one_line(text: str) -> str:
    """The text on one line, without characters that a terminal would obey."""
    return _SPACE.sub(" ", _UNSAFE.sub("", _SPACE.sub(" ", text))).strip()


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells, in logical order, cut at spaces where there are any."""
    lines: list[str] = []
    line = ""
    for word in one_line(text).split(" "):
        longer = f"{line} {word}" if line else word
        if cell_len(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = chop_cells(word, width) or [""]
        lines.extend(full)
    return [*lines, line]


def arabic(line: str, bidi: Bidi) -> str:
    """One line of Arabic, so that what stands beside it keeps its place."""
    return f"{RLI}{line}{PDI}" if line and bidi is Bidi.ISOLATE else line


def english(line: str, bidi: Bidi) -> str:
    """One line of English, likewise."""
    return f"{LRI}{line}{PDI}" if line and bidi is Bidi.ISOLATE else line
