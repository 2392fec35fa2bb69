"""How well sentences are split and key sentences chosen, against lead-3, LexRank and TextRank, with bootstrap intervals.

    python -m mojaz_models.evaluate.selection TESTSETS_FOLDER

- split: F1 of sentence ends on the Arabic of flores_dev.tsv joined in fives,
  also without the rows that hold several sentences.
- digest_dev: share of three chosen sentences that are in the editor's `rank`; the article's sentences are taken as given.
- bbc_ar_dev, easc: ROUGE against the abstract or the five extracts, of as many sentences as the references are long.
- speed: processor time of splitting and choosing, for the first 400 words of the articles of bbc_ar_dev.

The baselines are written out here: the packages that have them bring tokenizers whose data must be downloaded.
"""

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from mojaz_server.pipeline.language import is_foreign
from mojaz_server.pipeline.normalize import readable
from mojaz_server.pipeline.records import Length, Paragraph, ParagraphKind, Sentence, Span
from mojaz_server.pipeline.salience import centrality, cosines, stems
from mojaz_server.pipeline.split import split
from mojaz_server.pipeline.summarize import summarize

from mojaz_models.evaluate.rouge import SIGNATURE, rouge

Chooser = Callable[[Sequence[Paragraph], str, Length], list[int]]
_INNER_STOP = re.compile(r"[^\W\d_]{3}[.!?؟][\"»”)]*\s")


@dataclass(frozen=True, slots=True)
class SplitScore:
    """Precision, recall and F1 of sentence ends, 0 to 1; the last end of each text does not count."""

    precision: float
    recall: float
    f1: float


def split_score(rows: Sequence[str], together: int = 5) -> SplitScore:
    """Join rows (one sentence each) by spaces, `together` at a time, and see where the splitter ends sentences."""
    right = found = true = 0
    for at in range(0, len(rows), together):
        group = rows[at : at + together]
        text = " ".join(group)
        ends = {len(" ".join(group[: n + 1])) for n in range(len(group))} - {len(text)}
        own = {s.span.end for p in split(text) for s in p.sentences} - {len(text)}
        right, found, true = right + len(ends & own), found + len(own), true + len(ends)
    precision, recall = right / max(found, 1), right / max(true, 1)
    return SplitScore(precision, recall, 2 * precision * recall / max(precision + recall, 1e-9))


def mojaz(paragraphs: Sequence[Paragraph], title: str, length: Length) -> list[int]:
    """The server's own choice."""
    return [choice.index for choice in summarize(paragraphs, title, length, 3)]


def lead(paragraphs: Sequence[Paragraph], _title: str, length: Length) -> list[int]:
    """The first sentences of running text."""
    texts = _running(paragraphs)
    return [i for i, _ in texts][: length.lines]


def lexrank(paragraphs: Sequence[Paragraph], _title: str, length: Length) -> list[int]:
    """The most central sentences (Erkan and Radev 2004: cosine over 0.1, damping 0.85), none like one before."""
    texts = _running(paragraphs)
    similar = cosines([stems(text) for _, text in texts])
    rank = centrality(similar)
    order: list[int] = []
    for i in np.argsort(-rank, kind="stable"):
        if all(similar[i, other] < 0.5 for other in order):
            order.append(int(i))
    return sorted(texts[i][0] for i in order[: length.lines])


def textrank(paragraphs: Sequence[Paragraph], _title: str, length: Length) -> list[int]:
    """A walk from sentence to sentence by the words they share (Mihalcea and Tarau 2004), damping 0.85."""
    texts = _running(paragraphs)
    bags = [Counter(stems(text)) for _, text in texts]
    likeness = np.array([[0.0 if a is b else _shared(a, b) for b in bags] for a in bags])
    walk = likeness / np.maximum(likeness.sum(axis=1, keepdims=True), 1e-9)
    rank = np.ones(len(texts))
    for _ in range(30):
        rank = 0.15 + 0.85 * (rank @ walk)
    return sorted(texts[i][0] for i in np.argsort(-rank, kind="stable")[: length.lines])


def _shared(one: Counter[str], other: Counter[str]) -> float:
    size = np.log(max(one.total(), 1)) + np.log(max(other.total(), 1))
    return float((one & other).total() / size) if size > 0 else 0.0


def _running(paragraphs: Sequence[Paragraph]) -> list[tuple[int, str]]:
    sentences = [(p.kind, readable(s.text)) for p in paragraphs for s in p.sentences]
    return [(i, text) for i, (kind, text) in enumerate(sentences) if kind is ParagraphKind.TEXT and not is_foreign(text)]


CHOOSERS: dict[str, Chooser] = {"lead": lead, "lexrank": lexrank, "textrank": textrank, "mojaz": mojaz}


def digest_precision(article: dict[str, Any], choose: Chooser) -> list[float]:
    """[precision at 3 against the editor's choice, 1 if the editor's first is chosen when one is asked for]."""
    paragraphs = [
        Paragraph(ParagraphKind.TEXT, Span(0, len(text)), (Sentence(text, Span(0, len(text))),)) for text in article["sentences"]
    ]
    three = choose(paragraphs, article["title"], Length(lines=3))
    one = choose(paragraphs, article["title"], Length(lines=1))
    return [len(set(three) & set(article["rank"])) / 3, float(one == article["rank"][:1])]


def summary_rouge(article: dict[str, Any], choose: Chooser) -> list[float]:
    """ROUGE-1, -2, -L F of the chosen sentences of an article's text against its references, which set their number."""
    paragraphs = split(article["text"])
    sentences = [sentence.text for paragraph in paragraphs for sentence in paragraph.sentences]
    chosen = choose(paragraphs, article.get("title", ""), as_long_as_references(article, paragraphs))
    return list(rouge(" ".join(sentences[i] for i in chosen), article["references"]))


def as_long_as_references(article: dict[str, Any], paragraphs: Sequence[Paragraph]) -> Length:
    """As many sentences of the article, of its mean length, as make up the mean length of the references; at least one."""
    sizes = [len(sentence.text.split()) for paragraph in paragraphs for sentence in paragraph.sentences]
    words = sum(len(text.split()) for text in article["references"]) / len(article["references"])
    return Length(lines=max(round(words * len(sizes) / sum(sizes)), 1))


def interval(values: Sequence[float], draws: int = 2000) -> tuple[float, float]:
    """95 % bootstrap interval of the mean over articles; the seed is fixed."""
    sample = np.asarray(values)
    picks = np.random.default_rng(1).integers(0, len(sample), (draws, len(sample)))
    low, high = np.percentile(sample[picks].mean(axis=1), (2.5, 97.5))
    return float(low), float(high)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def table(folder: Path) -> Iterator[str]:
    """The benchmark's lines as they are printed."""
    rows = [line.split("\t")[0].strip() for line in (folder / "flores_dev.tsv").read_text("utf-8").split("\n") if line.strip()]
    single = [row for row in rows if not _INNER_STOP.search(row)]
    for name, kept in (("all rows", rows), ("rows of one sentence", single)):
        score = split_score(kept)
        yield f"split  flores_dev, {name} ({len(kept)}): P {score.precision:.3f}  R {score.recall:.3f}  F1 {score.f1:.3f}"
    digests, bbc, easc = (_rows(folder / f"{name}.jsonl") for name in ("digest_dev", "bbc_ar_dev", "easc"))
    yield from _compared("digest_dev", ("P@3", "P@1"), lambda choose: [digest_precision(a, choose) for a in digests])
    yield f"ROUGE: {SIGNATURE}"
    names = ("R1", "R2", "RL")
    for name, articles in (("bbc_ar_dev", bbc), ("easc", easc)):
        yield from _compared(name, names, partial(_rouges, articles))
    splitting, choosing = speed([article["text"] for article in bbc])
    yield f"speed  {SPEED_WORDS} words, one core: split {splitting:.2f} ms, choose {choosing:.2f} ms"


SPEED_WORDS = 400


def speed(texts: Sequence[str], times: int = 5) -> tuple[float, float]:
    """Mean milliseconds of processor time to (split, summarize) the first SPEED_WORDS words of a text that has as many."""
    articles = [" ".join(words[:SPEED_WORDS]) for text in texts if len(words := text.split(" ")) >= SPEED_WORDS]
    began = time.process_time()
    paragraphs = [[split(article) for article in articles] for _ in range(times)][-1]
    halfway = time.process_time()
    for _ in range(times):
        for parts in paragraphs:
            summarize(parts, "", Length(lines=3), 3)
    each = 1000 / (times * len(articles))
    return (halfway - began) * each, (time.process_time() - halfway) * each


def _rouges(articles: Sequence[dict[str, Any]], choose: Chooser) -> list[list[float]]:
    return [summary_rouge(article, choose) for article in articles]


def _compared(testset: str, measures: Sequence[str], score: Callable[[Chooser], list[list[float]]]) -> Iterator[str]:
    for name, choose in CHOOSERS.items():
        yield f"{testset}  {name:8}" + cells(measures, score(choose))


def cells(measures: Sequence[str], scores: Sequence[Sequence[float]]) -> str:
    """For each measure its mean in per cent, and the interval of that. `scores`, 0 to 1, has a row for each article."""
    found = []
    for measure, values in zip(measures, zip(*scores, strict=True), strict=True):
        low, high = interval(values)
        found.append(f"{measure} {100 * sum(values) / len(values):5.1f} [{100 * low:.1f}, {100 * high:.1f}]")
    return "  ".join(found)


def main() -> None:
    for line in table(Path(sys.argv[1])):
        print(line, flush=True)


if __name__ == "__main__":
    main()
