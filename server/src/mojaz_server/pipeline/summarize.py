"""The sentences that tell an article best: salience, then a choice that says nothing twice and keeps to the length asked for."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mojaz_server.pipeline.companions import companions, runs
from mojaz_server.pipeline.language import is_foreign
from mojaz_server.pipeline.normalize import fold, readable
from mojaz_server.pipeline.paragraphs import opens_boilerplate
from mojaz_server.pipeline.records import Choice, Length, Paragraph, ParagraphKind
from mojaz_server.pipeline.salience import Salience, Vector, salience
from mojaz_server.pipeline.step import step

_WORD = re.compile(r"\w+")
_FEWEST_WORDS = 4  # below it is a fragment, chosen only if there is nothing else
_SAME = 0.7  # cosine from which two sentences say the same
_REDUNDANCY = 0.1  # what likeness to a chosen sentence costs, in salience


@dataclass(frozen=True, slots=True)
class _Candidate:
    index: int
    text: str
    words: int
    run: int


@step
def summarize(paragraphs: Sequence[Paragraph], title: str, length: Length, default_lines: int) -> tuple[Choice, ...]:
    """Choose key sentences, in the order of the article; rank 1 is the most important.

    `index` counts all sentences of all paragraphs. A length in words or as a share of the article's words is not exceeded, but
    one sentence is always given if there is any. Sentences in another language, boilerplate and repetitions are not chosen; what
    makes no sense alone (see companions.py) comes with what it needs, or not at all.
    """
    candidates = _candidates(paragraphs)
    if not candidates:
        return ()
    found = salience([c.text for c in candidates], readable(title))
    order = _ranked(candidates, found, _limit(length, default_lines, paragraphs))
    chosen = [Choice(candidates[i].index, rank, float(found.scores[i])) for rank, i in enumerate(order, 1)]
    return tuple(sorted(chosen, key=lambda choice: choice.index))


def _candidates(paragraphs: Sequence[Paragraph]) -> list[_Candidate]:
    """Sentences of running text; if there are none then fragments, then headings, then whatever is Arabic, then anything."""
    everything: list[tuple[ParagraphKind, _Candidate]] = []
    for paragraph in paragraphs:
        first = len(everything)
        for sentence, run in zip(paragraph.sentences, runs(paragraph), strict=True):
            seen = readable(sentence.text)
            kind = ParagraphKind.BOILERPLATE if opens_boilerplate(seen) else paragraph.kind
            everything.append((kind, _Candidate(len(everything), seen, len(seen.split()), first + run)))
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


def _ranked(candidates: Sequence[_Candidate], found: Salience, limit: _Limit) -> list[int]:
    """Candidates in the order of their choice; at least one."""
    value = np.where(_repeats(candidates), -np.inf, found.scores)
    size = np.array([c.words for c in candidates])
    if not (size[np.isfinite(value)] <= limit.words).any():
        return [int(np.where(np.isfinite(value), value / size, -np.inf).argmax())]  # none fits: the one that tells most a word
    needed = companions([c.text for c in candidates], [c.run for c in candidates])
    alone = [frozenset((i,)) for i in range(len(candidates))]  # if none can be given with all that it needs
    return _greedy(value, found, size, needed, limit) or _greedy(value, found, size, alone, limit)


def _greedy(
    value: Vector, found: Salience, size: npt.NDArray[np.int_], needed: Sequence[frozenset[int]], limit: _Limit
) -> list[int]:
    """Maximal marginal relevance: the best sentence, then again and again the best that fits and adds something, each with the
    sentences that it needs."""
    value, order = value.copy(), dict[int, None]()
    lines, left = max(limit.lines, 1), limit.words
    while group := _best(value, size, needed, order.keys(), _Limit(lines - len(order), left)):
        order |= dict.fromkeys(group)
        left -= size[group].sum()
        for chosen in group:
            _discount(value, found, chosen)
    return list(order)


def _best(
    value: Vector, size: npt.NDArray[np.int_], needed: Sequence[frozenset[int]], chosen: Set[int], limit: _Limit
) -> list[int]:
    """The best sentence that fits, first, and what it needs that is not chosen yet; nothing if none fits."""
    for best in map(int, np.argsort(-value, kind="stable")):
        if value[best] == -np.inf:
            return []
        group = [best, *sorted(other for other in needed[best] if other != best and other not in chosen)]
        if len(group) <= limit.lines and size[group].sum() <= limit.words:
            return group
    return []


def _discount(value: Vector, found: Salience, chosen: int) -> None:
    """What is chosen is not chosen again, and what is like it is worth less."""
    value[chosen] = -np.inf
    if chosen < len(found.cosines):
        alike = found.cosines[chosen]
        compared = value[: len(alike)]
        compared -= _REDUNDANCY * found.scores[: len(alike)] * alike
        compared[alike >= _SAME] = -np.inf


def _repeats(candidates: Sequence[_Candidate]) -> list[bool]:
    """Whether an earlier sentence has the very same words."""
    seen: set[str] = set()
    found = []
    for candidate in candidates:
        words = " ".join(_WORD.findall(fold(candidate.text)))
        found.append(words in seen)
        seen.add(words)
    return found
