"""Measures how a glossary is applied: how many terms stand in the English, how good that English is, its cost, its errors.

`python -m mojaz_models.evaluate.glossary BUNDLE FOLDER TERMS ...` reads FOLDER/*.tsv (Arabic, tab, English) and lists of terms
(Arabic, English, class if there is one). A case is a term of a sentence whose English stands once in the reference. It is asked
for in its usual English, and in another that only a glossary can give: a person's or a place's name in another spelling, every
other term as another one of its class. The reference is changed likewise.
"""

import asyncio
import random
import re
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

from mojaz_server.engine.batcher import Batcher
from mojaz_server.engine.bundle import Bundle
from mojaz_server.engine.translator import Translator
from mojaz_server.pipeline.enforce import enforce
from mojaz_server.pipeline.glossary import Entry, Glossary
from mojaz_server.pipeline.options import TranslateOptions
from mojaz_server.pipeline.pair import pair
from mojaz_server.pipeline.records import CheckKind, Priority, Sentence, Span
from mojaz_server.pipeline.terms import find_written
from mojaz_server.pipeline.translate import Hypothesis, translate
from sacrebleu.metrics.chrf import CHRF

from mojaz_models import lines
from mojaz_models.evaluate.share import Share
from mojaz_models.evaluate.testsets import TestSet, read_test_sets

SEED, MOST, EACH, AT_ONCE = 5, 500, 12, 16
"""Seed of all draws; terms of a test set, sentences of a homograph and sentences in the queue at once, at most."""
KINDS = {"PER": "person", "LOC": "place", "ORG": "organisation", "TERM": "term", "EVENT": "term"}
"""Classes of the lists that are asked for, and the category of their entries."""
HEAD = (
    "asked for",
    "terms",
    "model alone",
    "in place",
    "in the end",
    "missed, flagged",
    "lost",
    "chrF alone",
    "chrF",
    "extra compute",
)
_SPELLINGS = (("ou", "u"), ("ee", "i"), ("ei", "ay"), ("u", "ou"), ("i", "y"), ("k", "q"), ("a", "e"), ("e", "a"))
_LEADING = re.compile(r"^(?:(?:and|of|in|for|to|with|the|a|an) )+")


Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Case:
    """A term in a sentence: the entry that asks for it, and the reference with the English of the entry."""

    source: str
    reference: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case translated by the model alone, with the term written into that, and with all that the server does; `extra_ms` is the
    model time of the last beyond that of the first, `alone_ms`."""

    case: Case
    alone: str
    in_place: str
    text: str
    flagged: bool
    alone_ms: float
    extra_ms: float


class Remembering:
    """A translator that translates each text once, so that a sentence alone and with a glossary are compared, not two runs."""

    def __init__(self, batcher: Batcher) -> None:
        self._batcher = batcher
        self._known: dict[str, asyncio.Task[Hypothesis]] = {}
        self.model, self.max_pieces, self.calibration, self.count = (
            batcher.model,
            batcher.max_pieces,
            batcher.calibration,
            batcher.count,
        )

    async def translate(self, text: str, beam: int, priority: Priority) -> Hypothesis:
        """The answer for a text, of this call or an earlier one."""
        if text not in self._known:
            self._known[text] = asyncio.create_task(self._batcher.translate(text, beam, priority))
        return await self._known[text]

    async def alternatives(self, text: str, priority: Priority) -> list[Hypothesis]:
        """Not remembered."""
        return await self._batcher.alternatives(text, priority)


def read_terms(paths: Iterable[Path]) -> dict[str, tuple[str, str]]:
    """Arabic -> (English, class) of lists; a list without classes has places. Raises CorpusError."""
    found: dict[str, tuple[str, str]] = {}
    for path in paths:
        for line in lines.read(path):
            arabic, english, *rest = line.split("\t")
            kind = rest[0] if rest else "LOC"
            bare = _LEADING.sub("", english.strip())
            if kind in KINDS and bare and bare.isascii() and "|" not in bare:
                found.setdefault(arabic.strip(), (bare, kind))
    return found


def usual(test_set: TestSet, terms: dict[str, tuple[str, str]], most: int = MOST) -> list[Case]:
    """Cases with the usual English, each term once, drawn with a fixed seed."""
    glossary = Glossary.of(Entry(arabic, english, KINDS[kind]) for arabic, (english, kind) in terms.items())
    found: dict[str, Case] = {}
    for source, reference in zip(test_set.sources, test_set.references or (), strict=True):
        for match in glossary.match(source):
            places = find_written(match.entry.english, reference)
            if len(places) == 1 and places[0].of(reference) == match.entry.english:
                found.setdefault(match.entry.source, Case(source, reference, match.entry))
    cases = [found[term] for term in sorted(found)]
    return random.Random(SEED).sample(cases, min(most, len(cases)))


def other(cases: Sequence[Case]) -> list[Case]:
    """The same cases with an English that no model writes of itself."""
    rng = random.Random(SEED)
    kinds: dict[str, list[str]] = {}
    for case in cases:
        kinds.setdefault(case.entry.category, []).append(case.entry.target)
    return [_changed(case, rng, kinds[case.entry.category]) for case in cases]


def _changed(case: Case, rng: random.Random, known: Sequence[str]) -> Case:
    old = case.entry.target
    strange = [target for target in known if target.casefold() not in case.reference.casefold()]
    new = respelled(old) if case.entry.category in ("person", "place") or not strange else rng.choice(strange)
    (place,) = find_written(old, case.reference)
    reference = case.reference[: place.start] + new + case.reference[place.end :]
    return Case(case.source, reference, replace(case.entry, target=new))


def respelled(name: str) -> str:
    """A name in a spelling that might be another agency's."""
    for old, new in _SPELLINGS:
        if old in name[1:]:
            return name[0] + name[1:].replace(old, new, 1)
    return name + "e"


async def outcomes(bundle: Bundle, cases: Sequence[Case]) -> list[Outcome]:
    """Every case through the pipeline that serves it."""
    return await served(bundle, cases, _outcome)


async def served(bundle: Bundle, items: Sequence[Item], work: Callable[[Item, Remembering], Awaitable[Result]]) -> list[Result]:
    """The work on each item, AT_ONCE at a time, with one translator for all."""
    batcher = Batcher(workers=1, batch_tokens=2048)
    batcher.start(Translator(bundle))
    translator, gate = Remembering(batcher), asyncio.Semaphore(AT_ONCE)

    async def one(item: Item) -> Result:
        async with gate:
            return await work(item, translator)

    try:
        return list(await asyncio.gather(*map(one, items)))
    finally:
        await batcher.close()


async def _outcome(case: Case, translator: Remembering) -> Outcome:
    sentence = Sentence(case.source, Span(0, len(case.source)))
    glossary = Glossary.of([case.entry])
    alone = await pair(sentence, translator, TranslateOptions())
    first = await translate(case.source, translator, TranslateOptions())
    made = await pair(sentence, translator, TranslateOptions(glossary))
    flagged = any(failed.kind is CheckKind.TERM_MISSED for failed in made.pair.checks)
    in_place = enforce(case.source, first.text, glossary)
    spent, extra = alone.translated.compute_ms, made.translated.compute_ms - alone.translated.compute_ms
    return Outcome(case, alone.pair.target, in_place, made.pair.target, flagged, spent, extra)


def row(name: str, found: Sequence[Outcome]) -> tuple[str, ...]:
    """The cells of HEAD. `lost`: neither in the English nor flagged, since the English shows another reading of the word."""
    applied = [_is_applied(each.text, each) for each in found]
    flagged = [each.flagged and not done for each, done in zip(found, applied, strict=True)]
    references = [[each.case.reference for each in found]]
    scores = [CHRF().corpus_score([text(each) for each in found], references).score for text in (_alone, _text)]
    return (
        name,
        str(len(found)),
        *(_percent(_is_applied(text(each), each) for each in found) for text in (_alone, _in_place, _text)),
        str(sum(flagged)),
        str(len(found) - sum(applied) - sum(flagged)),
        *(f"{score:.2f}" for score in scores),
        f"{sum(each.extra_ms for each in found) / sum(each.alone_ms for each in found):.1%}",
    )


def _alone(outcome: Outcome) -> str:
    return outcome.alone


def _in_place(outcome: Outcome) -> str:
    return outcome.in_place


def _text(outcome: Outcome) -> str:
    return outcome.text


def _is_applied(text: str, outcome: Outcome) -> bool:
    return bool(find_written(outcome.case.entry.english, text))


def _percent(kept: Iterable[bool]) -> str:
    listed = list(kept)
    return f"{Share(sum(listed), len(listed)).percent:.1f}"


def homographs(test_set: TestSet, path: Path) -> list[Case]:
    """Sentences in which the form of a name is another word, as the reference tells; see models/gold/homographs.tsv."""
    rows = [line.split("\t") for line in lines.read(path) if not line.startswith("#")]
    return [case for columns in rows for case in islice(_homographs(test_set, *columns), EACH)]


def _homographs(test_set: TestSet, arabic: str, name: str, others: str) -> Iterator[Case]:
    entry = Entry(arabic, name, "person")
    glossary, common = Glossary.of([entry]), re.compile(rf"\b(?:{others})", re.IGNORECASE)
    near: Callable[[str], bool] = re.compile(rf"\b(?:al-)?{name[:3]}", re.IGNORECASE).search  # type: ignore[assignment]
    for source, reference in zip(test_set.sources, test_set.references or (), strict=True):
        if len(glossary.match(source)) == 1 and common.search(reference) and not near(reference):
            yield Case(source, reference, entry)


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows with their columns aligned."""
    widths = [max(len(line[k]) for line in rows) for k in range(len(rows[0]))]
    for line in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def main(bundle: Path, folder: Path, lists: Sequence[Path]) -> None:
    """Print the tables."""
    loaded, terms = Bundle.load(bundle), read_terms(lists)
    gold = Path(__file__).parents[3] / "gold/homographs.tsv"
    for test_set in read_test_sets(folder):
        cases = usual(test_set, terms)
        changed = other(cases)
        found = asyncio.run(outcomes(loaded, [*cases, *changed]))
        print(f"{test_set.name}: {len(cases)} terms")
        print_table([HEAD, row("usual English", found[: len(cases)]), row("another English", found[len(cases) :])])
        strange = asyncio.run(outcomes(loaded, homographs(test_set, gold)))
        wrong = [each for each in strange if _is_applied(each.text, each) and not _is_applied(each.alone, each)]
        names, flags = len({each.case.entry for each in strange}), sum(each.flagged for each in strange)
        print(f"{len(strange)} sentences in which one of {names} names is another word: wrong {len(wrong)}, flagged {flags}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(argument) for argument in sys.argv[3:]])
