"""Test sets made harder: with the typing noise of newsrooms, and with terms left in English in the Arabic."""

import random
import re
from collections.abc import Iterable, Sequence

from mojaz_server.pipeline.normalize import normalize
from mojaz_server.pipeline.terms import before_latin, find_english

from mojaz_models.evaluate.share import Share
from mojaz_models.evaluate.terms import Terms
from mojaz_models.noise import noisy

SEED = 7
_GLUED = re.compile(r"[^\W\d_]+\Z")

Switched = tuple[str, list[str]]
"""A source with terms in English letters, and those terms."""


def noised(sources: Iterable[str]) -> list[str]:
    """Every source with the noise that the model is trained on a share of; the same each time."""
    rng = random.Random(SEED)
    return [noisy(normalize(source), rng) for source in sources]


def switched(sources: Iterable[str], terms: Terms) -> list[Switched]:
    """The sources that have terms, with these in English letters, as bilingual newsrooms write them; the others are left out."""
    return [found for found in (_switch(source, terms) for source in sources) if found[1]]


def _switch(source: str, terms: Terms) -> Switched:
    """Clitics before a term stand alone, since nobody glues Latin letters to Arabic ones: "لإيران" becomes "ل Iran"."""
    text, used, at = "", list[str](), 0
    for name in terms(source, ""):
        start, end = name.span
        if start >= at:
            bare = _GLUED.search(source, at, start)
            clitics = bare[0] if bare else ""
            text, at = text + source[at : start - len(clitics)] + before_latin(clitics) + name.identity, end
            used.append(name.identity)
    return text + source[at:], used


def copied(sources: Sequence[Switched], outputs: Sequence[str]) -> Share:
    """Of the terms that the sources have in English, those that the outputs have too, whatever their case."""
    found = [find_english(term, text) for (_, terms), text in zip(sources, outputs, strict=True) for term in terms]
    return Share(sum(span is not None for span in found), len(found))
