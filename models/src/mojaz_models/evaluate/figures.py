"""Which figures of a source its translation has: compared by value, as the server's checks read them, not by their digits.

"250 ألف" is kept by "250,000" and by "a quarter of a million", "0,66" by "0.66", "8" by "eight-year"."""

from collections import Counter

from mojaz_server.pipeline.check.figures import Form
from mojaz_server.pipeline.check.months import arabic_months, english_months
from mojaz_server.pipeline.check.numbers import compare_figures
from mojaz_server.pipeline.check.reading import arabic_figures, english_figures

from mojaz_models.evaluate.share import Share


def kept_figures(source: str, target: str) -> Share:
    """Of the figures that Arabic (raw or normalized) writes with digits, those that the English has, as often as the Arabic has
    them. "17/10/2019" is one figure."""
    written = [figure for figure in arabic_figures(source) if figure.form is Form.DIGITS]
    if not written:
        return Share(0, 0)
    months = arabic_months(source), english_months(target)
    failed = compare_figures(source, target, arabic_figures(source), english_figures(target), months)
    lost = {check.source for check in failed}
    kept = [figure for figure in written if figure.span not in lost]
    there = Counter(value for figure in english_figures(target) for value in set(figure.values))
    missing = sum(
        times - there[value] for value, times in Counter(figure.value for figure in kept).items() if 0 < there[value] < times
    )
    return Share(len(kept) - missing, len(written))
