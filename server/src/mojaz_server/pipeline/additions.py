"""What a duplicate adds to the original: its sentences that are not there, and those with figures or names that are not."""

from collections.abc import Iterator, Sequence

import numpy as np

from mojaz_server.pipeline.check.figures import Figure, Form
from mojaz_server.pipeline.check.reading import arabic_figures
from mojaz_server.pipeline.duplicates import Entry
from mojaz_server.pipeline.names import names
from mojaz_server.pipeline.records import Addition, ParagraphKind, Sentence
from mojaz_server.pipeline.shingles import SIZE, Hashes, among, runs, word_hashes, words
from mojaz_server.pipeline.split import split

_KNOWN = 0.5  # share of a sentence's words that stand in shingles of the original
_SMALL = {"0", "1", "2"}  # as words they are seldom counts


def additions(copy: Entry, original: Entry) -> tuple[Addition, ...]:
    """The sentences of running text that `original` has not, or has with other figures or names, in the order of the copy."""
    paragraphs = (paragraph for paragraph in split(copy.article.body) if paragraph.kind is not ParagraphKind.BOILERPLATE)
    sentences = [sentence for paragraph in paragraphs for sentence in paragraph.sentences]
    facts = [tuple(_new_facts(sentence.text, original)) for sentence in sentences]
    known = _known(sentences, original.shingles.all)
    each = zip(sentences, facts, known, strict=True)
    return tuple(Addition(sentence, new) for sentence, new, share in each if new or share < _KNOWN)


def _known(sentences: Sequence[Sentence], original: Hashes) -> Iterator[float]:
    """The share of each sentence's words that the original has in the same company; 1 for a sentence without words."""
    counts, together = [], list[str]()
    for sentence in sentences:
        found = words(sentence.text)
        counts.append(len(found))
        together += found
    there = np.zeros(len(together), np.bool_)
    shared = among(runs(word_hashes(together)), original)
    for k in range(SIZE):
        there[k : k + len(shared)] |= shared
    at = 0
    for count in counts:
        yield float(there[at : at + count].mean()) if count else 1.0
        at += count


def _new_facts(sentence: str, original: Entry) -> Iterator[str]:
    for figure in arabic_figures(sentence):
        if _counts(figure) and not _has(original, figure):
            yield sentence[figure.start : figure.end]
    for name in names(sentence, ""):
        arabic = name.span.of(sentence)
        if not original.knows(name.identity, arabic):
            yield arabic


def _has(original: Entry, figure: Figure) -> bool:
    """Whether the original has the figure, or each of its parts ("4:15"; "3" and "million")."""
    parts = set(figure.parts)
    return bool(original.figures.intersection(figure.values)) or (bool(parts) and parts <= original.figures)


def _counts(figure: Figure) -> bool:
    return figure.form is Form.DIGITS or (figure.form is Form.WORDS and figure.value not in _SMALL)
