"""A second way to the English of a glossary: the sentence translated again with a stand-in for the term, which then gives way to
the term. Small models copy few words that they have not seen, but know "Paris" and "uranium" everywhere."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from mojaz_server.pipeline.enforce import put
from mojaz_server.pipeline.glossary import Entry, Glossary, Match
from mojaz_server.pipeline.options import TranslateOptions
from mojaz_server.pipeline.orthography import as_read
from mojaz_server.pipeline.rescue import Judged, judge
from mojaz_server.pipeline.step import step
from mojaz_server.pipeline.tables import rows
from mojaz_server.pipeline.terms import before_latin, find_english, has_arabic, prepositions
from mojaz_server.pipeline.translate import Translator, translate

TRIES = 3
"""Sources that a sentence is translated from again, one after the other: two with stand-ins, one with the terms in English. A
stand-in that came back right is kept in the next one, so that of several terms each is tried until it succeeds."""


class StandIn(NamedTuple):
    """What is put in the place of a term, and its English: a word of the same kind, or the term's English itself."""

    arabic: str
    english: str


Given = Mapping[Entry, StandIn]
"""What stands in for which term."""


class Source(NamedTuple):
    """An Arabic sentence with stand-ins in the place of terms, and how many times each of these was put in."""

    text: str
    given: Given
    times: Mapping[Entry, int]


@step
async def stand_in(sentence: str, first: Judged, translator: Translator, options: TranslateOptions) -> Judged:
    """`first`, or a translation of the sentence that fails fewer hard checks and has the terms that `first` misses."""
    best, queued, computed = first, first.translated.queue_ms, first.translated.compute_ms
    text, wanted = as_read(sentence), _entries(first)
    kept: Given = {}
    for turn in range(TRIES):
        given = _given(wanted, kept, f"{text} {first.translated.text}", turn)
        source = await asyncio.to_thread(_source, text, given, options.glossary)
        if not source.given:
            break
        translated = await translate(source.text, translator, options)
        queued, computed = max(queued, translated.queue_ms), computed + translated.compute_ms
        restored, kept = _restored(translated.text, source)
        if len(kept) < len(source.given):
            continue
        judged = await asyncio.to_thread(judge, sentence, replace(translated, text=restored), options.glossary)
        best = min(best, judged, key=lambda one: one.failures)
        if not best.lost:
            break
        wanted |= _entries(judged)
        kept = kept if len(kept) < len(wanted) else {}
    return replace(best, translated=replace(best.translated, queue_ms=queued, compute_ms=computed))


def _entries(judged: Judged) -> dict[Entry, None]:
    """The entries whose English a translation has lost, in the order of the sentence."""
    return dict.fromkeys(match.entry for match in judged.lost)


def _given(wanted: Iterable[Entry], kept: Given, taken: str, turn: int) -> Given:
    """What stands in for each term: what came back before, else a word of its kind that nothing else in the sentence is called,
    and in the last turn its English, as bilingual newsrooms write it."""
    given = dict(kept)
    for entry in wanted:
        if entry in given:
            continue
        if turn == TRIES - 1:
            given[entry] = StandIn(entry.english, entry.english)
        elif free := [each for each in _of_kind(entry) if each not in given.values() and each.english not in taken]:
            given[entry] = free[turn % len(free)]
    return given


def _source(text: str, given: Given, glossary: Glossary) -> Source:
    """The sentence with what stands in for its terms."""
    places = [match for match in glossary.match(text) if match.entry in given]
    out, at = list[str](), 0
    for match in places:
        out += [text[at : match.span.start], _glued(match, given[match.entry].arabic, text)]
        at = match.span.end
    times = Counter(match.entry for match in places)
    return Source("".join([*out, text[at:]]), {entry: given[entry] for entry in times}, times)


def _clitics(match: Match, text: str) -> str:
    """Conjunction and preposition before a matched entry."""
    found = match.span.of(text)
    if not has_arabic(found):
        return ""
    return max((prepositions(found, term) for term in match.entry.terms if has_arabic(term)), key=len, default="")


def _glued(match: Match, arabic: str, text: str) -> str:
    """A stand-in with the clitics of the term: "ولل" before a noun with the article, "و ل " before English."""
    clitics = _clitics(match, text)
    if not has_arabic(arabic):
        return before_latin(clitics) + arabic
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


def _restored(text: str, source: Source) -> tuple[str, Given]:
    """The English with the terms in the place of their stand-ins, and the stand-ins that were there as often as they were given.
    If one was not, the English is not to be shown: that stand-in may be in it, misspelled or said of something else."""
    kept: dict[Entry, StandIn] = {}
    for entry, given in source.given.items():
        times = 0
        while given.english != entry.english and times <= source.times[entry] and (place := find_english(given.english, text)):
            text, times = put(entry.english, place, text), times + 1
        if given.english == entry.english or times == source.times[entry]:
            kept[entry] = given
    return text, kept
