"""The word lists of data/*.txt: one entry a line, `[section]` lines divide a file, `#` starts a comment."""

from functools import cache
from importlib.resources import files

from mojaz_server.pipeline.normalize import fold


@cache
def words(name: str, section: str = "") -> frozenset[str]:
    """The entries of one section of data/NAME.txt, folded (see normalize.fold; the keys of terms.words are
    spelled alike). KeyError if there is no such section."""
    return frozenset(_sections(name)[section])


@cache
def _sections(name: str) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {"": []}
    current = sections[""]
    for line in files("mojaz_server.pipeline").joinpath("data", f"{name}.txt").read_text("utf-8").splitlines():
        entry = line.partition("#")[0].strip()
        if entry.startswith("["):
            current = sections.setdefault(entry.strip("[]"), [])
        elif entry:
            current.append(fold(entry))
    return sections
