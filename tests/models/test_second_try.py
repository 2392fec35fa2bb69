"""The table of the second try: its shares counted by hand."""

from mojaz_models.evaluate.rescue import HEAD, Try, row
from mojaz_server.pipeline.glossary import Glossary
from mojaz_server.pipeline.records import Translated
from mojaz_server.pipeline.rescue import judge

SOURCE = "قتل 115 جنديا في هجوم قرب الحدود"
RIGHT, WRONG = "An attack near the border killed 115 soldiers", "An attack near the border killed 15 soldiers"


def tried(before: str, after: str, compute_ms: float) -> Try:
    first = judge(SOURCE, Translated(before, -0.5, compute_ms=10.0), Glossary.EMPTY)
    return Try(SOURCE, RIGHT, first, judge(SOURCE, Translated(after, -0.6, compute_ms=compute_ms), Glossary.EMPTY))


def test_one_of_three_is_mended_and_one_stays_wrong() -> None:
    tries = [tried(WRONG, RIGHT, 25.0), tried(RIGHT, RIGHT, 10.0), tried(WRONG, WRONG, 25.0)]
    cells = dict(zip(HEAD, row("three", tries), strict=False))
    assert (cells["sentences"], cells["tried again"], cells["mended"], cells["better"]) == ("3", "66.7%", "1", "0")
    assert cells["extra compute"] == "100.0%"
    assert row("three", tries)[-3:] == ("1 of 3", "2 of 3", "0")


def test_a_lost_figure_that_nothing_points_at_is_counted() -> None:
    silent = Try(SOURCE, RIGHT, judge("", Translated("", 0.0), Glossary.EMPTY), judge("", Translated("", 0.0), Glossary.EMPTY))
    assert row("one", [tried(WRONG, WRONG, 20.0), silent])[-1] == "1"
