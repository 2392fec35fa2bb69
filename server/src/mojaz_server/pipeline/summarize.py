"""The sentences that tell an article best: salience, then a choice that says nothing twice and keeps to the length asked for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mojaz_server.pipeline.language import is_foreign
from mojaz_server.pipeline.normalize import fold, readable
from mojaz_server.pipeline.records import Choice, Length, Paragraph, ParagraphKind
from mojaz_server.pipeline.salience import Matrix, Vector, salience

_WORD = re.compile(r"\w+")
_FEWEST_WORDS = 4  # below it is a fragment, chosen only if there is nothing else
_SAME = 0.7  # cosine from which two sentences say the same
_REDUNDANCY = 0.1  # what likeness to a chosen sentence costs, in salience


@dataclass(frozen=True, slots=True)
class _Candidate:
    index: int
    text: str
    words: int


def summarize(paragraphs: Sequence[Paragraph], title: str, length: Length, default_lines: int) -> tuple[Choice, ...]:
    """Choose key sentences, in the order of the article; rank 1 is the most important.

    `index` counts all sentences of all paragraphs. A length in words or as a share of the article's words is not exceeded, but
    one sentence is always given if there is any. Sentences in another language, boilerplate and repetitions are not chosen.
    """
    candidates = _candidates(paragraphs)
    if not candidates:
        return ()
    found = salience([c.text for c in candidates], readable(title))
    order = _ranked(candidates, found.scores, found.cosines, _limit(length, default_lines, paragraphs))
    chosen = [Choice(candidates[i].index, rank, float(found.scores[i])) for rank, i in enumerate(order, 1)]
    return tuple(sorted(chosen, key=lambda choice: choice.index))


def _candidates(paragraphs: Sequence[Paragraph]) -> list[_Candidate]:
    """Sentences of running text; if there are none then fragments, then headings, then whatever is Arabic, then anything."""
    everything: list[tuple[ParagraphKind, _Candidate]] = []
    for paragraph in paragraphs:
        for sentence in paragraph.sentences:
            seen = readable(sentence.text)
            everything.append((paragraph.kind, _Candidate(len(everything), seen, len(seen.split()))))
    arabic = [(kind, c) for kind, c in everything if c.words and not is_foreign(c.text)]
    text = [c for kind, c in arabic if kind is ParagraphKind.TEXT]
    return (
        [c for c in text if c.words >= _FEWEST_WORDS]
        or text
        or [c for kind, c in arabic if kind is ParagraphKind.SUBHEADING]
        or [c for _, c in arabic]
        or [c for _, c in everything if c.words]
    )


@dataclass(frozen=True, slots=True)
class _Limit:
    lines: int
    words: float


def _limit(length: Length, default_lines: int, paragraphs: Sequence[Paragraph]) -> _Limit:
    many = sum(len(p.sentences) for p in paragraphs)
    if length.words is not None:
        return _Limit(many, length.words)
    if length.share is not None:
        total = sum(len(readable(s.text).split()) for p in paragraphs for s in p.sentences if p.kind is ParagraphKind.TEXT)
        return _Limit(many, length.share * total)
    return _Limit(default_lines if length.lines is None else length.lines, float("inf"))


def _ranked(candidates: Sequence[_Candidate], scores: Vector, cosines: Matrix, limit: _Limit) -> list[int]:
    """Maximal marginal relevance: the best sentence, then again and again the best that fits and adds something."""
    value = np.where(_repeats(candidates), -np.inf, scores)
    size = np.array([c.words for c in candidates])
    if not (size[np.isfinite(value)] <= limit.words).any():
        return [int(np.where(np.isfinite(value), scores / size, -np.inf).argmax())]  # none fits: the one that tells most a word
    order: list[int] = []
    left = limit.words
    while len(order) < max(limit.lines, 1):
        fitting = np.where(size <= left, value, -np.inf)
        best = int(fitting.argmax())
        if fitting[best] == -np.inf:
            break
        order.append(best)
        left -= size[best]
        value[best] = -np.inf
        if best < len(cosines):
            compared = value[: len(cosines)]
            compared -= _REDUNDANCY * scores[: len(cosines)] * cosines[best]
            compared[cosines[best] >= _SAME] = -np.inf
    return order


def _repeats(candidates: Sequence[_Candidate]) -> list[bool]:
    """Whether an earlier sentence has the very same words."""
    seen: set[str] = set()
    found = []
    for candidate in candidates:
        words = " ".join(_WORD.findall(fold(candidate.text)))
        found.append(words in seen)
        seen.add(words)
    return found
