"""Fits what the server knows of headlines: data/verbs.txt, data/governs.tsv and, from them, data/headline.json.

    python -m mojaz_models.headlines CORPORA_FOLDER TESTSETS_FOLDER

Reads every third of articles_ar.jsonl.xz and digest_train.jsonl.xz in the corpora folder; leaves out every article of which the
id, the headline or one of the first two sentences occurs in the test sets. Needs numpy only, about 15 minutes of one core.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import mojaz_server.pipeline
import numpy as np
import numpy.typing as npt
from mojaz_server.pipeline import phrases, tables, wordlists
from mojaz_server.pipeline.compress import Reader, cuts, text_of
from mojaz_server.pipeline.headline import FOLLOWING
from mojaz_server.pipeline.language import arabic_share
from mojaz_server.pipeline.normalize import normalize, readable
from mojaz_server.pipeline.phrases import preposition, words_of
from mojaz_server.pipeline.salience import stem, stems
from mojaz_server.pipeline.split import split
from mojaz_server.pipeline.wordlists import words

from mojaz_models.evaluate.rouge import rouge, tokens
from mojaz_models.packing import NO_HEADLINES
from mojaz_models.salience import articles

_DATA = Path(mojaz_server.pipeline.__file__).parent / "data"
_BODY = 2000  # code points of a body that are read
_BEFORE_VERBS = frozenset(
    [
        "الذي",
        "التي",
        "الذين",
        "والذي",
        "والتي",
        "لم",
        "لن",
        "قد",
        "وقد",
        "لا",
        "ولم",
        "ولا",
        "كما",
        "عندما",
        "بعدما",
        "فيما",
        "بينما",
    ]
)
_NO_VERB = re.compile("(?:ال|لل|و?بال|[0-9])|.{1,2}$|ان[هيا]|.*ه$")
_SHARPNESS = 0.03  # ROUGE points, 0 to 1, that make one headline e times as good as another
_RIDGE = 2e-5
_LEAST_SEEN = 40  # cuts that must have a feature for it to have a weight

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """The first sentence of an article, the sentences after it, and the article's headline."""

    lead: str
    following: tuple[str, ...]
    title: str


def examples(rows: Iterable[dict[str, Any]], held_out: set[str]) -> Iterator[Example]:
    """Articles with a headline, without those of the test sets."""
    for row in rows:
        title = readable(row.get("headline_ar") or row.get("title") or "")
        body = "\n".join(row["sentences"]) if "sentences" in row else row.get("text") or row.get("summary") or ""
        if row.get("set") in NO_HEADLINES or arabic_share(title) == 0 or arabic_share(body[:_BODY]) == 0:
            continue
        sentences = [readable(s.text) for p in split(body[:_BODY]) for s in p.sentences]
        known = {normalize(text) for text in (row.get("id") or "", row.get("title") or "", title, *sentences[:2])}
        if sentences and held_out.isdisjoint(known - {""}):
            yield Example(sentences[0], tuple(sentences[1 : 1 + FOLLOWING]), title)


def held_out(testsets: Path) -> set[str]:
    """Ids, headlines and first sentences of all articles of the test sets, normalized."""
    held: set[str] = set()
    for row in (row for path in testsets.glob("*.jsonl") for row in articles(path)):
        texts = [
            row.get("id"),
            row.get("title"),
            row.get("headline_ar"),
            *(row.get("references") or ()),
            *(row.get("sentences") or ()),
        ]
        body = row.get("text")
        if isinstance(body, str):
            texts += [readable(s.text) for p in split(body[:_BODY]) for s in p.sentences][:2]
        held |= {normalize(text) for text in texts if isinstance(text, str) and text}
    return held


def verbs(sentences: Iterable[str]) -> list[str]:
    """Words of which two in five uses are at the head of a sentence or after a word that verbs follow; names left out."""
    seen: Counter[str] = Counter()
    as_verb: Counter[str] = Counter()
    for sentence in sentences:
        before = ""
        for word in (w.bare for w in words_of(sentence) if w.bare):
            seen[word] += 1
            as_verb[word] += not before or before in _BEFORE_VERBS
            if not before and word.startswith("و") and len(word) > 4:
                seen[word[1:]] += 1
                as_verb[word[1:]] += 1
            before = word
    no = _no_verbs()
    return sorted(
        w for w, times in as_verb.items() if times >= 4 and times >= 0.4 * seen[w] and not _NO_VERB.match(w) and w not in no
    )


def _no_verbs() -> frozenset[str]:
    lists = [words("headline", section) for section in ("prepositions", "times", "bound", "sources")]
    lists += [words("clauses", section) for section in ("heads", "light", "relatives")]
    return frozenset(phrases.place_and_organization_names() | phrases.months()).union(*lists, words("salience", "stopwords"))


def governed(sentences: Iterable[str]) -> list[tuple[str, str, float]]:
    """(stem, preposition, share of the stem's uses right before it), for shares of 0.15 and more of 25 uses and more."""
    seen: Counter[str] = Counter()
    before: Counter[tuple[str, str]] = Counter()
    for sentence in sentences:
        for word, following in pairwise(words_of(sentence)):
            if word.bare and not word.stops:
                seen[stem(word.bare)] += 1
                before[stem(word.bare), preposition(following.bare)] += 1
    rows = [(term, prep, times / seen[term], times / (seen[term] + 8)) for (term, prep), times in before.items() if prep]
    return sorted((term, prep, share) for term, prep, share, careful in rows if seen[term] >= 25 and careful >= 0.15)


@dataclass(frozen=True, slots=True)
class Table:
    """Cuts of many sentences: entries (`row`, `column`, `value`), the sentence of each row, and how good it should be thought."""

    names: tuple[str, ...]
    row: npt.NDArray[np.int64]
    column: npt.NDArray[np.int64]
    value: Array
    sentence: npt.NDArray[np.int64]
    wanted: Array


def table(rows: Iterable[Example]) -> Table:
    """The features of all cuts of leads that have several, with a share of 1 given out among the cuts of each, by ROUGE."""
    entries: list[dict[str, float]] = []
    sentence: list[int] = []
    wanted: list[float] = []
    for n, example in enumerate(rows):
        lead = words_of(example.lead)
        found = list(cuts(lead))
        if len(found) < 2 or not 3 <= len(tokens(example.title)) <= 16:
            continue
        good = np.array([sum(rouge(text_of(lead, cut), [example.title])) / 3 for cut in found])
        if good.max() < 0.12:
            continue  # the headline is not about what the lead says
        reader = Reader(lead, stems(" ".join(example.following)))
        entries += [reader.features(cut) for cut in found]
        sentence += [n] * len(found)
        share = np.exp((good - good.max()) / _SHARPNESS)
        wanted += (share / share.sum()).tolist()
    return _table(entries, sentence, wanted)


def _table(entries: Sequence[dict[str, float]], sentence: Sequence[int], wanted: Sequence[float]) -> Table:
    seen = Counter(name for entry in entries for name in entry)
    column = {name: i for i, name in enumerate(sorted(name for name, times in seen.items() if times >= _LEAST_SEEN))}
    flat = [(i, column[name], x) for i, entry in enumerate(entries) for name, x in entry.items() if name in column]
    row, col, value = (np.array(part) for part in zip(*flat, strict=True))
    _, numbered = np.unique(sentence, return_inverse=True)
    return Table(tuple(column), row, col, value.astype(np.float64), numbered, np.array(wanted))


def fit(rows: Table, steps: int = 300) -> dict[str, float]:
    """Weights by name: softmax over the cuts of each sentence against the shares wanted, by Adam on all rows at once."""
    weights, mean, spread = (np.zeros(len(rows.names)) for _ in range(3))
    sentences = rows.sentence.max() + 1
    for step in range(1, steps + 1):
        scores = np.bincount(rows.row, rows.value * weights[rows.column], len(rows.wanted))
        likely = np.exp(scores - scores.max())
        likely /= np.bincount(rows.sentence, likely)[rows.sentence]
        off = (likely - rows.wanted)[rows.row] * rows.value
        gradient = np.bincount(rows.column, off, len(weights)) / sentences + _RIDGE * weights
        mean = 0.9 * mean + 0.1 * gradient
        spread = 0.99 * spread + 0.01 * gradient**2
        rate = 0.05 * (1 - step / (steps + 1))
        weights -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.99**step)) + 1e-8)
    return dict(zip(rows.names, weights.tolist(), strict=True))


def write(rows: Sequence[Example], tell: Callable[[str], None] = print) -> None:
    """Write the three files; the first two are read again for the third."""
    sentences = [sentence for example in rows for sentence in (example.lead, *example.following[:2])]
    found = verbs(sentences)
    head = "# Words that are mostly verbs, by what stands before them; made by mojaz_models.headlines\n"
    (_DATA / "verbs.txt").write_text(head + "".join(f"{verb}\n" for verb in found), encoding="utf-8")
    head = "# stem, preposition, share of the stem's uses that are right before it; made by mojaz_models.headlines\n"
    lines = "".join(f"{term}\t{prep}\t{share:.2f}\n" for term, prep, share in governed(sentences))
    (_DATA / "governs.tsv").write_text(head + lines, encoding="utf-8")
    for cached in (wordlists._sections, words, tables.rows, phrases._governs):
        cached.cache_clear()
    cuts_of_leads = table(rows)
    weights = {name: round(weight, 3) for name, weight in fit(cuts_of_leads).items() if abs(weight) >= 0.005}
    used = int(cuts_of_leads.sentence.max()) + 1
    made_by = f"mojaz_models.headlines: softmax over {len(cuts_of_leads.wanted)} cuts of {used} leads, ROUGE against the headline"
    text = json.dumps({"made_by": made_by, "weights": weights}, ensure_ascii=False, indent=1)
    (_DATA / "headline.json").write_text(text + "\n", encoding="utf-8")
    tell(f"{len(found)} verbs, {len(lines.splitlines())} governed, {len(weights)} weights from {used} of {len(rows)} leads")


def main(corpora: Path, testsets: Path) -> None:
    """Write the files into the server's data folder."""
    held = held_out(testsets)
    rows = list(examples(islice(articles(corpora / "articles_ar.jsonl.xz"), 0, None, 3), held))
    rows += examples(articles(corpora / "digest_train.jsonl.xz"), held)
    write(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
