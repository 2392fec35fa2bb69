"""Counts how words are spelled that carelessly typed Arabic spells otherwise: the server's data/orthography.tsv.

    python -m mojaz_models.orthography CORPORA_FOLDER

Words of the Arabic articles and of the news references, by their folded letters. Needs two minutes of one core.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import mojaz_server.pipeline
from mojaz_server.pipeline.normalize import fold, readable
from mojaz_server.pipeline.orthography import WORD

from mojaz_models import lines
from mojaz_models.spellings import news

_WITHOUT_HAMZA = str.maketrans("أإآٱ", "اااا")
_LEAST = 10
"""Uses of a spelling that is taken for the usual one."""
_USUAL = 0.6
"""Share of the uses of a word's letters that the usual spelling has."""
_OWN, _OWN_BY_HAMZA = 0.005, 0.1
"""Share from which on another spelling is a word of its own (علي beside على); papers often leave a hamza out, or write one below
an alef that has none (إنتظار)."""
_MADDA = "آ"  # is left out, but nobody types it by mistake: آلي is not إلى


def texts(corpora: Path) -> Iterator[str]:
    """News in Arabic, normalized."""
    for line in lines.read(corpora / "articles_ar.jsonl.xz"):
        yield readable(json.loads(line)["text"] or "")
    for arabic, _ in news(corpora):
        yield readable(arabic)


def spellings(found: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Of each word that is spelled in several ways or usually with a hamza, ة or ى: that spelling, then those that are words
    of their own."""
    counts = Counter[str]()
    for text in found:
        counts.update(WORD.findall(text))
    by_letters = defaultdict[str, dict[str, int]](dict)
    for word, times in counts.items():
        by_letters[fold(word)][word] = times
    for letters in sorted(by_letters):
        row, ways = _row(by_letters[letters]), len(by_letters[letters])
        if row and (row[0] != letters or ways > len(row)):
            yield row


def _row(times: Mapping[str, int]) -> tuple[str, ...]:
    total, usual = sum(times.values()), max(times, key=lambda word: (times[word], word))
    if times[usual] < max(_LEAST, _USUAL * total):
        return ()
    others = [word for word in times if word != usual and (_MADDA in word or times[word] > total * _own(word, usual))]
    return (usual, *sorted(others))


def _own(word: str, usual: str) -> float:
    return _OWN_BY_HAMZA if word == usual.translate(_WITHOUT_HAMZA) or word.replace("إ", "ا") == usual else _OWN


def main() -> None:
    rows = list(spellings(texts(Path(sys.argv[1]))))
    path = Path(mojaz_server.pipeline.__file__).parent / "data" / "orthography.tsv"
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8", newline="\n")
    print(f"{len(rows):,} words, {sum(len(row) > 1 for row in rows):,} of them with another of the same letters: {path}")


if __name__ == "__main__":
    main()
