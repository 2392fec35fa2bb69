"""The gold links are consistent, their scores are right, and the lexicon's trainer finds the words of a small corpus."""

import numpy as np
import pytest
from mojaz_models.evaluate.alignment import Gold, by_words, counts, read_gold, scores
from mojaz_models.evaluate.attention import likeliest, mutual
from mojaz_models.lexicon import entries, fit, numbered, possible
from mojaz_server.pipeline.lexicon import arabic_stems, english_stem, translations


def test_the_gold_is_consistent() -> None:
    gold = read_gold()
    assert len({one.line for one in gold}) == len(gold) == 100
    assert sum(one.fresh for one in gold) == 40
    for one in gold:
        here, there = one.words
        assert one.sure <= one.possible
        assert all(0 <= i < here and 0 <= j < there for i, j in one.possible)
        linked = {j for _, j in one.possible}
        assert len(linked) >= 0.7 * there, one.line
        assert len(one.sure) >= there / 3, one.line


def test_scores_of_a_sentence() -> None:
    gold = Gold(1, True, (3, 3), frozenset({(0, 0), (1, 1)}), frozenset({(0, 0), (1, 1), (2, 1)}))
    own = counts([(0, 0), (2, 1), (2, 2)], gold)
    assert (own.found, own.sure, own.found_sure, own.found_possible) == (3, 2, 1, 2)
    error, precision, recall = scores(np.array([3, 2, 1, 2]))
    assert (error, precision, recall) == pytest.approx((40.0, 200 / 3, 50.0))
    assert scores(np.array([2, 2, 2, 2])) == pytest.approx([0.0, 100.0, 100.0])


def test_the_servers_links_in_words_between_blanks() -> None:
    assert set(by_words("«الحكومة»، في 2019", "The (government) in 2019.")) >= {(0, 1), (2, 3)}


def test_what_is_taken_from_attention() -> None:
    matrix = np.array([[0.7, 0.3], [0.6, 0.4], [0.1, 0.9]])
    assert list(likeliest(matrix)) == [(0, 0), (0, 1), (1, 2)]
    assert list(mutual(matrix)) == [(0, 0), (1, 2)]


@pytest.mark.parametrize("agree", [True, False])
def test_the_models_find_which_word_is_which(agree: bool) -> None:
    arabic = [["بيت", "كبير"], ["بيت", "صغير"], ["كتاب", "كبير"], ["كتاب", "صغير"]]
    english = [["big", "house"], ["small", "house"], ["big", "book"], ["small", "book"]]
    arabic, english = arabic + [row[::-1] for row in arabic], english * 2  # in either order
    (here, left), (there, right) = numbered(arabic), numbered(english)
    links = possible(left, right)
    fitted = fit(links, agree=agree, tell=lambda line: None)
    best = {}
    for f, e, share in zip(*links.stems, fitted.english, strict=True):
        best[here[f]] = max(best.get(here[f], (0.0, "")), (float(share), there[e]))
    assert {word: english for word, (_, english) in best.items()} == {
        "بيت": "house",
        "كتاب": "book",
        "كبير": "big",
        "صغير": "small",
    }
    found = {(f, e) for f, e, _ in entries((here, there), links.stems, fitted, fitted)}
    assert {("بيت", "house"), ("كبير", "big")} <= found


def test_stems_and_translations() -> None:
    assert "حكوم" in arabic_stems("والحكومه")
    assert english_stem("Governments") == english_stem("government")
    assert translations("والحكومه")[english_stem("government")] > 0.5
    assert translations("قققق") == {}
