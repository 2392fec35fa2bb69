"""The persons and places that news names most: in how many of their sentences a translation has them as the reference has."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from mojaz_server.pipeline.names import Name, names
from mojaz_server.pipeline.records import FactKind

from mojaz_models.evaluate.share import Share

MOST = 2000
COUNTED = 30_000
"""Sentences that are enough to count names in."""
_KINDS = {FactKind.PERSON, FactKind.PLACE}


def frequent(sentences: Iterable[str], most: int = MOST) -> frozenset[str]:
    """The persons and places of the starter glossary that Arabic sentences have most often, by their usual English."""
    counts = Counter(name.identity for sentence in islice(sentences, COUNTED) for name in _persons_and_places(sentence, ""))
    return frozenset(name for name, _ in counts.most_common(most))


def kept_names(sources: Sequence[str], references: Sequence[str], outputs: Sequence[str], known: frozenset[str]) -> Share:
    """Of the names among `known` that both source and reference have, how many the translation has; each once a sentence."""
    share = Share(0, 0)
    for source, reference, output in zip(sources, references, outputs, strict=True):
        wanted = {name.identity for name in _persons_and_places(source, reference) if name.target and name.identity in known}
        there = {name.identity for name in _persons_and_places(source, output) if name.target}
        share += Share(len(wanted & there), len(wanted))
    return share


def _persons_and_places(source: str, target: str) -> list[Name]:
    return [name for name in names(source, target) if name.kind in _KINDS]
