"""Fits how the server writes Arabic names in Latin letters: its data/spellings.tsv and data/letters.tsv.

    python -m mojaz_models.romanization CORPORA_FOLDER

Names are found in news and its English and in lists of names (mojaz_models.spellings). Each is divided into what is written for
each of its letters (`divided`), and counted in contexts (`fit`). Needs a few minutes of one core.
"""

import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import mojaz_server.pipeline
from mojaz_server.pipeline.romanize import contexts
from mojaz_server.pipeline.sounds import arabic_sounds, latin_sounds
from mojaz_server.pipeline.terms import fold

from mojaz_models.spellings import Spellings, adjectives, collect, listed, nations, news, word_counts

_DATA = Path(mojaz_server.pipeline.__file__).parent / "data"
_LONGEST = 4  # Latin letters for one Arabic one
_ROUNDS = 4
_COSTLY = 2.0  # nats a letter, of two letters more than a word has; words that are dearer are no pair
_NAME_SHARE = 0.3  # of a word's uses in which it is a name, if others are to be written like it
_LEAST_SHARE = 0.1  # of a word's uses as a name that a spelling must have
_LEAST_SEEN = 2
_LEAST_NAME = 0.04  # share of its uses in which a word of the table is a name
_TELLING = 2.0  # nats by which a context must explain its letters better than the next shorter one
_FEWEST = (1, 1, 2, 2, 3, 3)
"""How often a context must have been seen, from the shortest to the longest."""

Pair = tuple[str, str, int]
"""A word in Arabic letters, in small Latin ones, and how much it counts."""
Divided = tuple[str, tuple[str, ...], int]
"""A word in Arabic letters, what is written for each in Latin ones, and how much it counts."""
Costs = dict[tuple[str, str], float]


def training_pairs(sources: Iterable[Spellings]) -> list[Pair]:
    """The words of all sources with each of their usual spellings, counting more if they are frequent, but not in proportion."""
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for source in sources:
        for word, counts in source.written.items():
            written[word].update({text.lower(): count for text, count in counts.items()})
    return [
        (word, text, 1 + int(math.log2(count)))
        for word, counts in written.items()
        for text, count in counts.items()
        if count >= _LEAST_SHARE * counts.total()
    ]


def first_costs(pairs: Sequence[Pair]) -> Costs:
    """What a letter costs before anything is counted: little if the consonants are the same. A vowel is written for a vowel's
    letter, or else belongs to the consonant before it."""
    letters = {letter for word, _, _ in pairs for letter in word}
    chunks = {text[i : i + n] for _, text, _ in pairs for i in range(len(text)) for n in range(1, _LONGEST + 1)} | {""}
    sounds = {chunk: latin_sounds(chunk) for chunk in chunks}
    costs: Costs = {}
    for letter in letters:
        sound = arabic_sounds(fold(letter))
        for chunk in chunks:
            if sounds[chunk] == sound:
                odd = not chunk or (sound != "" and chunk[0] in "aeiou")
                costs[letter, chunk] = 1.0 + 0.5 * len(chunk) + odd
            elif len(chunk) < _LONGEST - 1:
                costs[letter, chunk] = 3.0 if letter in "ةه" and sounds[chunk] == "" else 6.0 + 2.0 * len(chunk)
    return costs


def divided(word: str, text: str, costs: Mapping[tuple[str, str], float]) -> tuple[float, tuple[str, ...]]:
    """The cheapest division of `text` into what is written for each letter of `word`, and its cost in nats (inf: none)."""
    reached: dict[int, tuple[float, tuple[str, ...]]] = {0: (0.0, ())}
    for at, letter in enumerate(word):
        further: dict[int, tuple[float, tuple[str, ...]]] = {}
        rest = (len(word) - at - 1) * _LONGEST
        for place, (cost, chunks) in reached.items():
            for end in range(max(place, len(text) - rest), min(len(text), place + _LONGEST) + 1):
                price = costs.get((letter, text[place:end]))
                if price is not None and (end not in further or cost + price < further[end][0]):
                    further[end] = (cost + price, (*chunks, text[place:end]))
        reached = further
    return reached.get(len(text), (math.inf, ()))


def learned(pairs: Sequence[Pair]) -> list[Divided]:
    """The pairs, divided; then divided again by what was counted. Pairs that fit badly are dropped."""
    costs, kept = first_costs(pairs), list[Divided]()
    for number in range(_ROUNDS):
        kept, counts = [], Counter[tuple[str, str]]()
        for word, text, weight in pairs:
            cost, chunks = divided(word, text, costs)
            if cost <= _COSTLY * (len(word) + 2) * (1.4 if number == 0 else 1):
                kept.append((word, chunks, weight))
                for link in zip(word, chunks, strict=True):
                    counts[link] += weight
        totals = Counter[str]()
        for (letter, _), count in counts.items():
            totals[letter] += count
        costs = {link: -math.log(count / totals[link[0]]) for link, count in counts.items() if count > 1}
    return kept


def fit(kept: Iterable[Divided]) -> dict[str, Counter[str]]:
    """What was written for a letter in its contexts, without rare ones and those that say little more than a shorter."""
    found: list[defaultdict[str, Counter[str]]] = [defaultdict(Counter) for _ in _FEWEST]
    shorter: dict[str, str] = {}
    for word, chunks, weight in kept:
        for at, chunk in enumerate(chunks):
            given = contexts(word, at, chunks[:at])
            shorter.update(zip(given[1:], given, strict=False))
            for level, context in enumerate(given):
                found[level][context][chunk] += weight
    table: dict[str, Counter[str]] = {}
    for level, there in enumerate(found):
        for context, counts in there.items():
            while (base := shorter.get(context)) is not None and base not in table:
                shorter[context] = shorter[base]
            if counts.total() >= _FEWEST[level] and (base is None or _news(counts, table[base]) >= _TELLING):
                table[context] = counts
    return table


def _news(counts: Counter[str], shorter: Counter[str]) -> float:
    """By how many nats the counts are likelier in a context than in the shorter one, each smoothed a little."""
    here, there = counts.total() + 0.5 * len(counts), shorter.total()
    return sum(n * math.log((n + 0.5) / here * there / shorter[chunk]) for chunk, n in counts.items())


def learn(sources: Sequence[Spellings]) -> tuple[list[Divided], dict[str, Counter[str]]]:
    """All pairs of the sources, divided, and the table of letters out of those that are mostly names."""
    kept = learned(training_pairs(sources))
    return kept, fit(each for each in kept if any(source.share(each[0]) >= _NAME_SHARE for source in sources))


def known_words(found: Spellings, kept: Iterable[Divided]) -> dict[str, tuple[float, Counter[str]]]:
    """The words of the table, folded: in which share of its uses each is a name, and its usual spellings, out of those that were
    divided."""
    fits = {(word, "".join(chunks)) for word, chunks, _ in kept}
    seen, written = Counter[str](), defaultdict[str, Counter[str]](Counter)
    for word, counts in found.written.items():
        written[fold(word)].update({text: n for text, n in counts.items() if (word, text.lower()) in fits and _whole(word, text)})
    for word, count in found.seen.items():
        seen[fold(word)] += count
    table = {}
    for word, counts in written.items():
        usual = Counter({text: n for text, n in counts.items() if n >= _LEAST_SHARE * counts.total() and n > 1})
        share = counts.total() / seen[word]
        if usual.total() >= _LEAST_SEEN and share >= _LEAST_NAME:
            table[word] = (share, usual)
    return table


def _whole(word: str, text: str) -> bool:
    """Whether a spelling is of the whole word: news often writes عبدالفتاح as two, of which "Abdel" is one."""
    return not word.startswith("عبدال") or (text.startswith("Abd") and len(text) > len("Abdul"))


def _line(counts: Counter[str]) -> str:
    return " ".join(f"{text}:{count}" for text, count in sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def write(folder: Path, letters: Mapping[str, Counter[str]], words: Mapping[str, tuple[float, Counter[str]]]) -> None:
    """Both tables of the server."""
    with (folder / "letters.tsv").open("w", encoding="utf-8", newline="\n") as stream:
        stream.write("# Letter in its context, what was written for it and how often; made by mojaz_models.romanization\n")
        stream.writelines(f"{context}\t{_line(counts)}\n" for context, counts in sorted(letters.items()))
    with (folder / "spellings.tsv").open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(
            "# Arabic word, hundredths of its uses in which it is a name, spellings; made by mojaz_models.romanization\n"
        )
        stream.writelines(f"{w}\t{min(100, round(100 * share))}\t{_line(c)}\n" for w, (share, c) in sorted(words.items()))


def main(corpora: Path) -> None:
    """Write both tables into the server's data folder."""
    pairs = list(news(corpora))
    counts, foreign = word_counts(pairs), adjectives(nations(corpora))
    found = [collect(pairs, counts, foreign), collect(listed(corpora), counts, foreign)]
    kept, letters = learn(found)
    words = known_words(found[0], kept)
    write(_DATA, letters, words)
    print(f"{len(letters):,} contexts of letters, {len(words):,} words")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
