"""Results for a reader: for each test set a line for each measure, a column for each model and, of two, their difference."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from mojaz_models.evaluate.share import Share
from mojaz_models.evaluate.translation import Estimate, Result


class Cell(NamedTuple):
    """What one model reached: the text, and the number behind it with the decimals worth showing, None if there is none."""

    text: str
    value: float | None
    decimals: int
    remark: str = ""


def table(results: Sequence[Result]) -> str:
    """The table, and below it the signatures of BLEU and chrF."""
    blocks = [_block(list(group)) for _, group in groupby(results, key=lambda result: result.test_set)]
    lines = [line for block in blocks for line in ([], *block)][1:]
    widths = [max(len(line[k]) for line in lines if len(line) > k) for k in range(max(map(len, lines)))]
    aligned = [_aligned(line, widths) for line in lines]
    signatures = dict.fromkeys(score.signature for r in results for score in (r.bleu, r.chrf) if score is not None)
    return "\n".join([*aligned, *([""] if signatures else []), *signatures])


def _aligned(line: Sequence[str], widths: Sequence[int]) -> str:
    cells = zip(line, widths, strict=False)  # a line between two sets is empty
    return "  ".join(cell.rjust(width) if k else cell.ljust(width) for k, (cell, width) in enumerate(cells)).rstrip()


def _block(results: Sequence[Result]) -> list[list[str]]:
    """The lines of one test set, a heading first."""
    compared = len(results) == 2
    first = results[0]
    head = [f"{first.test_set}, {first.faults.sentences} sentences", *(r.model for r in results)]
    lines = [[*head, "difference"] if compared else head]
    for label, *cells in zip(_labels(first), *map(_cells, results), strict=True):
        line = [label, *(cell.text for cell in cells)]
        lines.append([*line, _difference(*cells)] if compared else line)
    return lines


def _labels(result: Result) -> Iterator[str]:
    yield from ("BLEU", "chrF") if result.bleu else ()
    for name, share in result.faults.kept.items():
        yield f"{name} kept, % of {share.total}"
    if result.noised is not None:
        yield "chrF with typing noise"
    if result.copied is not None:
        yield f"English terms copied, % of {result.copied.total}"
    yield from result.faults.broken
    yield f"pieces a second, {result.threads} thread{'s'[: result.threads > 1]}"
    yield "processor time for a piece, ms"
    yield "peak memory, MiB"


def _cells(result: Result) -> Iterator[Cell]:
    """The cells of a model, in the order of the labels."""
    yield from (_score(score) for score in (result.bleu, result.chrf) if score)
    yield from map(_share, result.faults.kept.values())
    if result.noised is not None and result.chrf:
        yield Cell(f"{result.noised:.2f} ({result.noised - result.chrf.value:+.2f})", result.noised, 2)
    if result.copied is not None:
        yield _share(result.copied)
    yield from (Cell(str(count), count, 0) for count in result.faults.broken.values())
    yield Cell(f"{result.speed:.0f}", result.speed, 0)
    yield Cell(f"{result.cost:.2f}", result.cost, 2)
    yield Cell(f"{result.memory:.0f}", result.memory, 0)


def _score(score: Estimate) -> Cell:
    return Cell(f"{score.value:.2f} ± {score.interval:.2f}", score.value, 2, "" if score.p is None else f"p {score.p:.3f}")


def _share(share: Share) -> Cell:
    return Cell(f"{share.percent:.1f}", share.percent, 1) if share.total else Cell("-", None, 0)


def _difference(before: Cell, after: Cell) -> str:
    """The change with its sign, and how likely it is luck where that was tested."""
    if before.value is None or after.value is None:
        return ""
    change = after.value - before.value
    text = f"{change:+.{after.decimals}f}" if round(change, after.decimals) else "0"
    return f"{text} ({after.remark})" if after.remark else text
