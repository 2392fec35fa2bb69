"""What BLEU does not see: what must survive translation; sentences left empty, going in circles, not ended, or with Arabic."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mojaz_server.engine.translator import Output
from mojaz_server.pipeline.check.months import arabic_months, english_months
from mojaz_server.pipeline.check.quotes import quotations
from mojaz_server.pipeline.normalize import normalize

from mojaz_models.evaluate.figures import kept_figures
from mojaz_models.evaluate.share import Share
from mojaz_models.evaluate.terms import Terms, gazetteer, kept_terms

_ARABIC = re.compile("[\u0600-\u06ff]")
_LOOP = re.compile(r"(?:^|\s)(\S+(?:\s+\S+){0,5})(?:\s+\1){3,}(?=\s|$)|(\S{1,8})\2{7,}")


@dataclass(frozen=True, slots=True)
class Faults:
    """Counts over a test set: of `figures`, `months` and `terms` in the sources, how many the translations have; of the sentences
    with `quotations`, how many have as many in English. The others count sentences."""

    sentences: int
    figures: Share
    months: Share
    quotations: Share
    terms: Share
    empty: int
    looping: int
    unended: int
    arabic: int

    @property
    def kept(self) -> dict[str, Share]:
        """The shares by the names that tables give them."""
        return {"figures": self.figures, "months": self.months, "quotations": self.quotations, "terms": self.terms}

    @property
    def broken(self) -> dict[str, int]:
        """Sentences that are no use to anyone, by what is wrong with them."""
        return {"empty": self.empty, "looping": self.looping, "unended": self.unended, "Arabic left": self.arabic}


def faults(sources: Sequence[str], outputs: Sequence[Output], terms: Terms = gazetteer) -> Faults:
    """Count the faults of translations (`outputs`) of raw Arabic sentences."""
    texts = [output.text for output in outputs]
    pairs = [(normalize(source), text) for source, text in zip(sources, texts, strict=True)]
    return Faults(
        sentences=len(pairs),
        figures=_sum(kept_figures(source, text) for source, text in pairs),
        months=_sum(kept_months(source, text) for source, text in pairs),
        quotations=_sum(kept_quotations(source, text) for source, text in pairs),
        terms=_sum(kept_terms(source, text, terms) for source, text in pairs),
        empty=sum(not text.strip() for text in texts),
        looping=sum(bool(_LOOP.search(text)) for text in texts),
        unended=sum(not output.ended for output in outputs),
        arabic=sum(bool(_ARABIC.search(text)) for text in texts),
    )


def kept_months(source: str, target: str) -> Share:
    """Of the Gregorian months that Arabic names, Levantine, Western or Maghrebi, those that the English names; each once."""
    here, there = ({m.number for m in months if not m.hijri} for months in (arabic_months(source), english_months(target)))
    return Share(len(here & there), len(here))


def kept_quotations(source: str, target: str) -> Share:
    """Whether a sentence with quotations of several words has as many in English: one of one, none of one, or none of none."""
    wanted = len(quotations(source))
    return Share(len(quotations(target)) >= wanted, 1) if wanted else Share(0, 0)


def _sum(shares: Iterable[Share]) -> Share:
    return sum(shares, start=Share(0, 0))
