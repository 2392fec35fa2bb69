"""A second way to the English of a glossary: the sentence translated again with a stand-in for the term, which then gives way to
the term. Small models copy few words that they have not seen, but know "Paris" and "uranium" everywhere."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from mojaz_server.pipeline.enforce import put
from mojaz_server.pipeline.glossary import Entry, Match
from mojaz_server.pipeline.normalize import readable
from mojaz_server.pipeline.options import TranslateOptions
from mojaz_server.pipeline.rescue import Judged, judge
from mojaz_server.pipeline.tables import rows
from mojaz_server.pipeline.terms import before_latin, find_english, has_arabic, prepositions
from mojaz_server.pipeline.translate import Translator, translate

TRIES = 3
"""Sources that a sentence is translated from again, one after the other: two with stand-ins, one with the terms in English."""


class StandIn(NamedTuple):
    """A word that is put in the place of a term, and its English."""

    arabic: str
    english: str


class Source(NamedTuple):
    """An Arabic sentence with other words in the place of terms, and what the English of each of these gives its place to."""

    text: str
    places: Mapping[str, str]
    times: Mapping[str, int]


async def stand_in(sentence: str, first: Judged, translator: Translator, options: TranslateOptions) -> Judged:
    """`first`, or a translation of the sentence that fails fewer hard checks and has the terms that `first` misses."""
    best, queued, computed = first, first.translated.queue_ms, first.translated.compute_ms
    for source in await asyncio.to_thread(_sources, sentence, first, options):
        translated = await translate(source.text, translator, options)
        queued, computed = max(queued, translated.queue_ms), computed + translated.compute_ms
        text = _restored(translated.text, source)
        if text is None:
            continue
        judged = await asyncio.to_thread(judge, sentence, replace(translated, text=text), options.glossary)
        best = min(best, judged, key=lambda one: one.failures)
        if not best.lost:
            break
    return replace(best, translated=replace(best.translated, queue_ms=queued, compute_ms=computed))


def _sources(sentence: str, first: Judged, options: TranslateOptions) -> list[Source]:
    """The sources to translate from again; none if no term is missed."""
    text = readable(sentence)
    wanted = {match.entry for match in first.lost}
    places = [match for match in options.glossary.match(text) if match.entry in wanted]
    if not places:
        return []
    taken = f"{text} {first.translated.text}"
    return [_with_stand_ins(text, places, taken, turn) for turn in range(TRIES - 1)] + [_in_english(text, places)]


def _with_stand_ins(text: str, places: Sequence[Match], taken: str, turn: int) -> Source:
    """Every missed term with a stand-in of its kind that nothing else in the sentence is called."""
    given: dict[Entry, StandIn] = {}
    for match in places:
        if match.entry not in given:
            free = [each for each in _of_kind(match.entry) if each not in given.values() and each.english not in taken]
            if free:
                given[match.entry] = free[turn % len(free)]
    written = [(m, _glued(m, given[m.entry].arabic, text), given[m.entry].english) for m in places if m.entry in given]
    return _source(text, written)


def _in_english(text: str, places: Sequence[Match]) -> Source:
    """Every missed term in English letters, as bilingual newsrooms write it."""
    return _source(text, [(m, before_latin(_clitics(m, text)) + m.entry.english, m.entry.english) for m in places])


def _source(text: str, written: Sequence[tuple[Match, str, str]]) -> Source:
    out, at = [], 0
    places: dict[str, str] = {}
    times: dict[str, int] = {}
    for match, arabic, english in written:
        out += [text[at : match.span.start], arabic]
        at = match.span.end
        places[english] = match.entry.english
        times[english] = times.get(english, 0) + 1
    return Source("".join([*out, text[at:]]), places, times)


def _clitics(match: Match, text: str) -> str:
    """Conjunction and preposition before a matched entry."""
    found = match.span.of(text)
    if not has_arabic(found):
        return ""
    return max((prepositions(found, term) for term in match.entry.terms if has_arabic(term)), key=len, default="")


def _glued(match: Match, arabic: str, text: str) -> str:
    """A stand-in with the clitics of the term: "ولل" before a noun with the article."""
    clitics = _clitics(match, text)
    return clitics + ("ل" + arabic[2:] if clitics.endswith("ل") and arabic.startswith("ال") else arabic)


def _of_kind(entry: Entry) -> list[StandIn]:
    """The stand-ins for an entry by its category, or else by whether it is a name."""
    kinds = {
        kind: [StandIn(*row[:2]) for row in rows("stand_ins.tsv") if row[2] == kind]
        for kind in ("person", "place", "organisation", "term")
    }
    category = entry.category.casefold().replace("z", "s")
    if category in kinds:
        return kinds[category]
    return [*kinds["place"], *kinds["organisation"]] if entry.english[:1].isupper() else kinds["term"]


def _restored(text: str, source: Source) -> str | None:
    """The English with the terms in the place of their stand-ins; None if one of these is not there as often as it was given."""
    for english, term in source.places.items():
        times = 0
        while english != term and (place := find_english(english, text)):
            text, times = put(term, place, text), times + 1
            if times > source.times[english]:
                return None
        if english != term and times != source.times[english]:
            return None
    return text
