"""Reads the word lists in data/: tab-separated rows, one idea a file."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "data"


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of data file `name`, without blank lines and comments (lines that begin with #)."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return tuple(tuple(line.split("\t")) for line in text.splitlines() if line.strip() and not line.startswith("#"))
