"""Measures how well copies of one story are found (the server's pipeline/duplicates.py), by kind of copy, and how fast.

`python -m mojaz_models.evaluate.duplicates ARTICLES.jsonl[.xz]` plants copies of articles among the others and prints, for each
kind, how many were found (recall); then what else was found, among the articles and among the copies, which is real copies of the
corpus or mistakes; and the time."""

import argparse
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mojaz_server.pipeline.duplicates import FEWEST, Entry, Remembered
from mojaz_server.pipeline.normalize import normalize
from mojaz_server.pipeline.records import Article

from mojaz_models import lines
from mojaz_models.evaluate.share import Share
from mojaz_models.noise import noisy

SEED = 20
FEWEST_WORDS = 60  # of an article that copies are made of
_SENTENCE = re.compile(r"(?<=[.؟!])\s+|\n+")

Edit = Callable[[list[str], list[str], random.Random], list[str]]
"""Makes a copy: of the story's sentences, those of another one, and chance."""


def _cut(share: float) -> Edit:
    return lambda own, other, rng: own[: max(1, round(share * len(own)))]


def _typos(own: list[str], other: list[str], rng: random.Random) -> list[str]:
    return [noisy(normalize(sentence), rng) for sentence in own]


def _shuffled(own: list[str], other: list[str], rng: random.Random) -> list[str]:
    """The first stays where it is, as in news it does; of the others a fifth is gone."""
    rest = [sentence for sentence in own[1:] if rng.random() > 0.2]
    rng.shuffle(rest)
    return own[:1] + rest


def _replaced(own: list[str], other: list[str], rng: random.Random) -> list[str]:
    at = rng.randrange(len(own))
    return [*own[:at], *other[:1], *own[at + 1 :]]


def _added(own: list[str], other: list[str], rng: random.Random) -> list[str]:
    return own + other[: max(1, len(own) // 4)]


KINDS: dict[str, Edit] = {
    "whole": lambda own, other, rng: own,
    "cut to half": _cut(1 / 2),
    "cut to a third": _cut(1 / 3),
    "typos": _typos,
    "typos, cut to half": lambda own, other, rng: _typos(_cut(1 / 2)(own, other, rng), other, rng),
    "shuffled, a fifth dropped": _shuffled,
    "one sentence replaced": _replaced,
    "a fourth added": _added,
}


@dataclass(frozen=True, slots=True)
class Planted:
    """An article; `story` is its number, `kind` the kind of copy it is, empty if it is none."""

    body: str
    story: int
    kind: str = ""


def plant(bodies: Sequence[str], copies: int, rng: random.Random) -> list[Planted]:
    """The bodies, each a story, and among them `copies` copies of each kind, each of another story, in any order."""
    able = [i for i, body in enumerate(bodies) if len(body.split()) >= FEWEST_WORDS]
    chosen = iter(rng.sample(able, copies * len(KINDS)))
    planted = [Planted(body, i) for i, body in enumerate(bodies)]
    for kind, edit in KINDS.items():
        for _ in range(copies):
            story = next(chosen)
            own, other = _sentences(bodies[story]), _sentences(bodies[rng.choice(able)])
            planted.append(Planted("\n".join(edit(own, other, rng)), story, kind))
    rng.shuffle(planted)
    return planted


def _sentences(body: str) -> list[str]:
    return [sentence for sentence in _SENTENCE.split(body) if sentence.strip()]


@dataclass(frozen=True, slots=True)
class Result:
    """What was found: of each kind of copy those whose story was found, as a duplicate or as one that extends the other; how many
    duplicates in all; those `elsewhere`, what repeats another story than its own, by their places among the articles; and how
    many copies of each kind are too `short` to compare."""

    joined: dict[str, Share]
    short: Counter[str]
    found: int
    elsewhere: list[tuple[int, int]]
    seconds: float
    reading: float


def measure(planted: Sequence[Planted]) -> Result:
    """Every article placed in turn; processor time of that, and of normalizing the same text alone."""
    began = time.process_time()
    for one in planted:
        normalize(one.body)
    reading = time.process_time() - began
    began = time.process_time()
    entries = [Entry.of(str(i), Article(one.body)) for i, one in enumerate(planted)]
    remembered = Remembered(10**10)
    places = [remembered.place(entry) for entry in entries]
    seconds = time.process_time() - began
    short = Counter(one.kind for one, entry in zip(planted, entries, strict=True) if len(entry.shingles) < FEWEST)
    found = [(i, int(place.original.request_id)) for i, place in enumerate(places) if place.original]
    related = found + [(i, int(place.part.request_id)) for i, place in enumerate(places) if place.part]
    elsewhere = [(i, j) for i, j in found if planted[i].story != planted[j].story]
    right = [(planted[i], planted[j]) for i, j in related if planted[i].story == planted[j].story]
    joined = Counter(one.kind or other.kind for one, other in right)
    total = Counter(one.kind for one in planted if one.kind)
    return Result({kind: Share(joined[kind], total[kind]) for kind in KINDS}, short, len(found), elsewhere, seconds, reading)


def report(planted: Sequence[Planted], result: Result) -> str:
    """The table of kinds, and the rest in a line each."""
    copies = sum(bool(planted[i].kind) for i, _ in result.elsewhere)
    rows = [f"{len(planted)} articles, {sum(bool(one.kind) for one in planted)} of them copies (seed {SEED})"]
    rows += [
        f"{kind:28}{share.kept:5} of {share.total:5}  {share.percent:5.1f} %, {result.short[kind]:3} too short to compare"
        for kind, share in result.joined.items()
    ]
    rows.append(f"{result.found} duplicates in all; {len(result.elsewhere)} of another story, of them {copies} planted copies")
    ratio = result.seconds / result.reading
    rows.append(
        f"{result.seconds:.1f} s of processor time, {ratio:.1f} times that of normalizing the text ({result.reading:.1f} s)"
    )
    return "\n".join(rows)


def main() -> None:
    """Print the report, and what was found beyond the planted copies."""
    parser = argparse.ArgumentParser(prog="python -m mojaz_models.evaluate.duplicates", description=__doc__)
    parser.add_argument("articles", type=Path, help="JSON lines with a text each, may be .xz")
    parser.add_argument("--stories", type=int, default=9_200, help="articles taken at random")
    parser.add_argument("--copies", type=int, default=100, help="planted copies of each kind")
    parser.add_argument(
        "--show", type=int, default=0, help="of the duplicates that nobody planted, print so many with their originals"
    )
    options = parser.parse_args()
    rng = random.Random(SEED)
    bodies = [body for line in lines.read(options.articles) if (body := json.loads(line).get("text"))]
    planted = plant(rng.sample(bodies, options.stories), options.copies, rng)
    result = measure(planted)
    print(report(planted, result))
    for i, j in rng.sample(result.elsewhere, min(options.show, len(result.elsewhere))):
        print(f"\n{planted[i].body[:300]}\n--- repeats ---\n{planted[j].body[:300]}")


if __name__ == "__main__":
    main()
