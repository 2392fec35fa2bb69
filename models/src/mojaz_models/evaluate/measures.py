"""What BLEU does not see: figures and months kept, sentences left empty, going in circles, not ended, or with Arabic in them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from mojaz_server.engine.translator import Output
from mojaz_server.pipeline.normalize import fold, normalize
from mojaz_server.pipeline.tables import rows

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_ARABIC = re.compile("[\u0600-\u06ff]")
_LOOP = re.compile(r"(?:^|\s)(\S+(?:\s+\S+){0,5})(?:\s+\1){3,}(?=\s|$)|(\S{1,8})\2{7,}")


@dataclass(frozen=True, slots=True)
class Faults:
    """Counts over a test set. `figures` and `months` are of the sources, `_kept` those that the translations have too."""

    sentences: int
    figures: int
    figures_kept: int
    months: int
    months_kept: int
    empty: int
    looping: int
    unended: int
    arabic: int


def faults(sources: Sequence[str], outputs: Sequence[Output]) -> Faults:
    """Count the faults of translations (`outputs`) of normalized or raw Arabic sentences."""
    pairs = [(normalize(source), output.text) for source, output in zip(sources, outputs, strict=True)]
    figures = [(figures_of(source), figures_of(text)) for source, text in pairs]
    months = [(arabic_months(source), english_months(text)) for source, text in pairs]
    return Faults(
        sentences=len(pairs),
        figures=sum(a.total() for a, _ in figures),
        figures_kept=sum((a & b).total() for a, b in figures),
        months=sum(len(a) for a, _ in months),
        months_kept=sum(len(a & b) for a, b in months),
        empty=sum(not text.strip() for _, text in pairs),
        looping=sum(bool(_LOOP.search(text)) for _, text in pairs),
        unended=sum(not output.ended for output in outputs),
        arabic=sum(bool(_ARABIC.search(text)) for _, text in pairs),
    )


def figures_of(text: str) -> Counter[str]:
    """Figures of a text as strings of digits: "1,250" is "1250", "3.5" stays; figures written as words are not counted."""
    return Counter(re.sub(r",(?=\d{3}\b)", "", figure) for figure in _FIGURE.findall(text))


def arabic_months(text: str) -> set[int]:
    """Numbers (1-12) of the Gregorian months that Arabic text names with a word that means nothing else."""
    folded = f" {fold(text)} "
    return {number for number, pattern in _patterns()[0] if pattern.search(folded)}


def english_months(text: str) -> set[int]:
    """Numbers (1-12) of the months that English text names."""
    return {number for number, pattern in _patterns()[1] if pattern.search(text)}


@cache
def _patterns() -> tuple[list[tuple[int, re.Pattern[str]]], list[tuple[int, re.Pattern[str]]]]:
    arabic, english = [], []
    for calendar, number, forms, names in rows("months.tsv"):
        if calendar == "gregorian":
            sure = "|".join(re.escape(fold(form)) for form in forms.split("|") if not form.startswith("?"))
            if sure:
                arabic.append((int(number), re.compile(rf"\b[وف]?[بل]?(?:{sure})\b")))
            english.append((int(number), re.compile(rf"\b(?:{names})\b")))
    return arabic, english
