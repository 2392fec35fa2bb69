"""Writes the English of a glossary into a translation, in the place of what the model has for the same Arabic words."""

import re
from collections.abc import Iterator, Sequence

from mojaz_server.pipeline.glossary import Glossary
from mojaz_server.pipeline.links import links
from mojaz_server.pipeline.records import Span, WordLink
from mojaz_server.pipeline.rendering import doubtful, rendering
from mojaz_server.pipeline.terms import find_written

LONGEST = 5000
"""Characters; a longer text is no sentence, and looking for what stands for what would take long."""
_ARTICLE = re.compile(r"\b(?:the|an?) $", re.IGNORECASE)
_INDEFINITE = re.compile(r"\b(a)n? $", re.IGNORECASE)
_POSSESSIVE = re.compile(r"^(['’])s?(?!\w)")
_QUOTED = re.compile(r"(?<!\w)['‘]")
_BEGINS = re.compile(r"(?:^|[.!?:]\s)[\s\"'“(]*$")


def enforce(source: str, target: str, glossary: Glossary) -> str:
    """`target` with the English of the entries that stand in the raw Arabic `source`, wherever word links leave no doubt which
    words it has instead. What is in doubt stays as it is."""
    wanted = doubtful(source, target, glossary)
    if not wanted or max(len(source), len(target)) > LONGEST:
        return target
    found = links(source, target, glossary)
    told = [(place, match.entry.english) for match in wanted if (place := rendering(match, found, source, target))]
    places = {twice: english for place, english in told for twice in (place, *_again(place, found, target))}
    end = len(target)
    for place, english in sorted(places.items(), reverse=True):
        if place.end <= end:
            target, end = put(english, place, target), place.start
    return target


def _again(place: Span, links: Sequence[WordLink], target: str) -> Iterator[Span]:
    """Where else a name stands that the model says once too often: with no word of the Arabic linked to it."""
    name = place.of(target)
    for span in find_written(name, target) if name[0].isupper() else ():
        if span.of(target) == name and not any(span.overlaps(link.target) for link in links):
            yield span


def put(english: str, place: Span, target: str) -> str:
    """`target` with a term at a place, the article, the possessive and the capital at the beginning of a sentence as they must
    be then."""
    before, old, after = target[: place.start], place.of(target), target[place.end :]
    if english[:4].lower() == "the " and (article := _ARTICLE.search(before)):
        before, old = before[: article.start()], article[0] + old
    if after.startswith(("'s", "’s")) or (old.endswith("s") and not _QUOTED.search(before)):
        after = _POSSESSIVE.sub(r"\1" if english.endswith("s") else r"\1s", after)
    vowel = english[:1].lower() in "aeiou"
    before = _INDEFINITE.sub(lambda found: f"{found[1]}n " if vowel else f"{found[1]} ", before)
    if _BEGINS.search(before) and old[:1].isupper():
        english = english[:1].upper() + english[1:]
    return before + english + after
