"""Spans: stretches of a text."""

from mojaz_server.pipeline.records import Span


def test_spans_overlap_if_they_share_a_code_point() -> None:
    assert Span(2, 5).overlaps(Span(4, 9))
    assert Span(2, 5).overlaps(Span(3, 4))
    assert not Span(2, 5).overlaps(Span(5, 9))
    assert not Span(5, 9).overlaps(Span(2, 5))


def test_a_span_covers_what_is_all_inside() -> None:
    assert Span(2, 5).covers(Span(2, 5))
    assert Span(2, 5).covers(Span(3, 4))
    assert not Span(2, 5).covers(Span(4, 6))


def test_a_moved_span_is_as_long() -> None:
    assert Span(2, 5).moved(7) == Span(9, 12)
