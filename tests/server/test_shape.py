"""Words that an English sentence says again: the quick look that comes first overlooks nothing."""

import re

from hypothesis import given
from hypothesis import strategies as st
from mojaz_server.pipeline.check.shape import check_repetition, find_loop
from mojaz_server.pipeline.records import Span

TEXTS = st.lists(st.sampled_from(["In", "in", "Iraq", "the", "6", ",", ", "]), max_size=24).map(" ".join)
SAID_TWICE = re.compile(r"\b(\w+ \w+(?: \w+){1,6}),? \1\b|\b((?!\d)\w+ (?!\d)\w+),? \2\b|\b([^\W\d_]{2,}) \3\b", re.IGNORECASE)


@given(TEXTS)
def test_what_a_pattern_finds_is_flagged(text: str) -> None:
    if SAID_TWICE.search(text):
        assert list(check_repetition("في العراق", text))


@given(TEXTS)
def test_a_loop_is_the_longest_run_of_any_period(text: str) -> None:
    words = [(m[0].lower(), *m.span()) for m in re.finditer(r"\w+", text)]
    runs = [
        Span(words[at][1], words[at + size - 1][2])
        for period in range(1, 9)
        for size in range(max(3 * period, 4), len(words) + 1)
        for at in range(len(words) - size + 1)
        if all(words[i][0] == words[i - period][0] for i in range(at + period, at + size))
        and not words[at + size - 1][0].isdigit()
    ]
    longest = max((span.end - span.start for span in runs), default=0)
    loop = find_loop(text)
    assert (loop.end - loop.start if loop else 0) == longest
