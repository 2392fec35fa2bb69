"""How well names are written in Latin letters: names held out of training, and the names of a test set.

    python -m mojaz_models.evaluate.romanization CORPORA_FOLDER TEST_SET.tsv

A tenth of the words that news uses as names is held out, in all their spellings and from every list; the letters are learned from
the rest. Beside it a table of one Latin spelling for each letter. Then, with the server's own tables, the names of a test set.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from mojaz_server.pipeline.romanize import decode, lookup, spellings
from mojaz_server.pipeline.terms import fold

from mojaz_models.evaluate.testsets import rows
from mojaz_models.romanization import learn
from mojaz_models.spellings import Spellings, adjectives, collect, listed, nations, news, word_counts

_LETTERS = str.maketrans(
    dict(zip("ابتجحدرزسصضطظعفقكلمنهويأإآىئؤةپڤگژ", "abtjhdrzssdtzafqklmnhwyaiaaiuapvgj", strict=True))
    | {"ث": "th", "خ": "kh", "ذ": "dh", "ش": "sh", "غ": "gh", "ء": "", "چ": "ch"}
)
_LEAST_SEEN, _LEAST_SHARE, _VARIANT = 3, 0.5, 0.1
_EVERY = 10

Writer = Callable[[str], list[str]]
"""The spellings of a word, the best first."""
Test = tuple[str, Counter[str]]
"""A word and how often its references write it how."""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Of words, in %: written as the references mostly do, as at least a tenth of them does, that with one of five spellings;
    and the edits to the nearest such spelling per 100 of its letters."""

    words: int
    usual: float
    variant: float
    five: float
    edits: float


def by_rule(word: str) -> list[str]:
    """One Latin spelling for each letter; long vowels between consonants, and an "a" where the first two letters have none."""
    text = word.translate(_LETTERS)
    text = re.sub(r"(?<=[^aeiouwy])w(?=[^aeiou]|$)", "ou", text)
    text = re.sub(r"(?<=[^aeiouwy])y(?=[^aeiou]|$)", "i", text)
    return [re.sub(r"^((?:[tdskg]h|[^aeiou]))(?=[^aeiouh])", r"\1a", text).capitalize()]


def is_held_out(word: str) -> bool:
    return crc32(fold(word).encode()) % _EVERY == 0


def tests(found: Spellings) -> list[Test]:
    """The held-out words that are mostly names, with the spellings of a tenth of their uses at least."""
    return [
        (word, Counter({text: n for text, n in counts.items() if n >= _VARIANT * counts.total()}))
        for word, counts in sorted(found.written.items())
        if is_held_out(word) and counts.total() >= _LEAST_SEEN and found.share(word) >= _LEAST_SHARE
    ]


def without_held_out(found: Spellings) -> Spellings:
    """Names to train on."""
    kept = Spellings(found.seen)
    kept.written.update({word: counts for word, counts in found.written.items() if not is_held_out(word)})
    return kept


def accuracy(over: Iterable[Test], write: Writer) -> Accuracy:
    """Score a way of writing names. Case does not count."""
    usual = variant = five = edits = letters = words = 0
    for word, references in over:
        found = [text.lower() for text in write(word)] or [""]
        variants = {text.lower() for text in references}
        words += 1
        usual += found[0] == references.most_common(1)[0][0].lower()
        variant += found[0] in variants
        five += not variants.isdisjoint(found)
        distance, nearest = min((_distance(found[0], text), len(text)) for text in variants)
        edits, letters = edits + distance, letters + nearest
    share = 100 / max(words, 1)
    return Accuracy(words, usual * share, variant * share, five * share, 100 * edits / max(letters, 1))


def _distance(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]


def show(name: str, found: Accuracy) -> str:
    return f"{name:36} {found.words:6} {found.usual:6.1f} {found.variant:8.1f} {found.five:6.1f} {found.edits:6.1f}"


def main(corpora: Path, test_set: Path) -> None:
    pairs = list(news(corpora))
    counts, foreign = word_counts(pairs), adjectives(nations(corpora))
    in_news, in_lists = collect(pairs, counts, foreign), collect(listed(corpora), counts, foreign)
    _, letters = learn([without_held_out(in_news), without_held_out(in_lists)])
    held_out = tests(in_news)
    print(f"{'':36} {'words':>6} {'usual':>6} {'variant':>8} {'of 5':>6} {'edits':>6}")
    print(show("held out, rule", accuracy(held_out, by_rule)))
    print(show("held out, learned letters", accuracy(held_out, lambda word: [s.text for s in decode(word, letters)])))
    there = collect(rows(test_set), counts, foreign)
    uses = [(word, Counter([text])) for word, written in there.written.items() for text in written.elements()]
    for name, kept in (("all", uses), ("unknown", [use for use in uses if lookup(use[0]) is None])):
        print(show(f"{test_set.stem}, {name}, rule", accuracy(kept, by_rule)))
        print(show(f"{test_set.stem}, {name}, server", accuracy(kept, lambda word: [s.text for s in spellings(word)])))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
