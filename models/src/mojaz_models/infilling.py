"""Text infilling: runs of words hidden from a sentence, so that a network learns to write them from their surroundings.

After BART (Lewis et al. 2020): runs of about three words each become one mark; the rest stays in order."""

import random
from collections.abc import Sequence

MARK = ">>fill<<"
"""What stands for a run of hidden words; a tag of the vocabulary, so one piece."""
_RUN = 3.0  # mean number of words in a run


def masked(sentences: Sequence[str], share: float, seed: int = 1) -> list[str]:
    """The sentences with about `share` of their words hidden, the same for the same seed. At least one word stays."""
    rng = random.Random(seed)
    return [_masked(sentence.split(), share, rng) for sentence in sentences]


def _masked(words: list[str], share: float, rng: random.Random) -> str:
    hide, out = round(min(share * len(words), len(words) - 1)), list(words)
    while hide > 0:
        run = min(hide, 1 + int(rng.expovariate(1 / (_RUN - 1))), len(out) - 1)
        at = rng.randrange(len(out) - run + 1)
        out[at : at + run] = [MARK]
        hide -= run
    return " ".join(out)
