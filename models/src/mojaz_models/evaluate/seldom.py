"""Words that training has seldom seen, and words in quotation marks: how many of the reference's are in the translation."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from mojaz_models.evaluate.share import Share

BANDS = ((1, 5), (6, 20), (21, 50), (51, 100), (101, 300), (301, 1000))
"""How often the English of the training pairs has a word, from and to."""
_WORD = re.compile("[A-Za-z]{3,}")
_QUOTED = re.compile('"([^"]*)"')


def counted(sentences: Iterable[str]) -> Counter[str]:
    """How often each word stands in English sentences, in small letters."""
    return Counter(word.lower() for sentence in sentences for word in _WORD.findall(sentence))


def kept_by_band(references: Sequence[str], outputs: Sequence[str], counts: Mapping[str, int]) -> list[Share]:
    """For each band, of the words of the references that are no names, how many their translations have; each once a sentence."""
    shares = [Share(0, 0)] * len(BANDS)
    for reference, output in zip(references, outputs, strict=True):
        there = {word.lower() for word in _WORD.findall(output)}
        for word in {word for word in _WORD.findall(reference) if word.islower()}:
            for at, (least, most) in enumerate(BANDS):
                if least <= counts.get(word, 0) <= most:
                    shares[at] += Share(word in there, 1)
    return shares


def kept_quoted(references: Sequence[str], outputs: Sequence[str]) -> Share:
    """Of the words in quotation marks in the references, how many their translations have anywhere."""
    share = Share(0, 0)
    for reference, output in zip(references, outputs, strict=True):
        there = {word.lower() for word in _WORD.findall(output)}
        for word in {word.lower() for quoted in _QUOTED.findall(reference) for word in _WORD.findall(quoted)}:
            share += Share(word in there, 1)
    return share
