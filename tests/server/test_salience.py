"""How alike sentences are: the cosine of what their stems are worth, however it is added up."""

from collections import Counter
from math import log

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from mojaz_server.pipeline.salience import cosines

SENTENCES = st.lists(st.lists(st.sampled_from("ابتثجح"), max_size=8), min_size=1, max_size=12)


@given(SENTENCES)
def test_cosines_are_those_of_the_vectors(sentences: list[list[str]]) -> None:
    kinds = sorted({term for sentence in sentences for term in sentence})
    often = Counter(term for sentence in sentences for term in set(sentence))
    vectors = np.array(
        [
            [(1 + log(s.count(term))) * (1 + log((1 + len(sentences)) / often[term])) if term in s else 0.0 for term in kinds]
            for s in sentences
        ]
    ).reshape(len(sentences), len(kinds))
    lengths = np.sqrt((vectors**2).sum(axis=1, keepdims=True))
    unit = vectors / np.where(lengths > 0, lengths, 1.0)
    np.testing.assert_allclose(cosines(sentences), unit @ unit.T, atol=1e-12)
