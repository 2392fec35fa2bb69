"""Which of two English sentences a model finds likelier, the reference or the reference with one error planted: by kind of error.

What a translation gets wrong hangs on a whole sentence; this asks of each kind alone whether the model knows the difference.
A model of the language alone would be right where the error is bad English, and half the time elsewhere. Left out are changed
digits, days, years and names, and names that change places: release 1 already tells every one of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import ctranslate2
import sentencepiece
from mojaz_server.engine.bundle import Bundle
from mojaz_server.pipeline.normalize import readable

from mojaz_models.evaluate import plants
from mojaz_models.evaluate.fidelity import SEED
from mojaz_models.evaluate.plants import Plant
from mojaz_models.evaluate.share import Share

Pairs = Sequence[tuple[str, str]]
BATCH = 32
MOST = 150
"""Sentences with an error of one sort at most."""


SORTS: dict[str, tuple[str, Plant]] = {
    "month moved": ("date", plants.move_month),
    "weekday moved": ("date", plants.move_weekday),
    "not dropped": ("negation", plants.drop_negation("لم لن لا ليس ليست ليسوا")),
    "not added": ("negation", plants.add_negation),
    "last 40 % cut": ("dropped clause", plants.cut_end),
    "clause cut": ("dropped clause", plants.cut_clause),
    "eight words cut": ("dropped clause", plants.cut_words),
    "one quote unmarked": ("quotation", plants.remove_one_quote),
}
"""Sorts of errors: the kind in the census, and what plants them."""


@dataclass(frozen=True, slots=True)
class Planted:
    """Sentences with an error of one sort: (Arabic, reference, reference with the error)."""

    sort: str
    kind: str
    sentences: Sequence[tuple[str, str, str]]


def planted(pairs: Pairs, most: int = MOST) -> Iterator[Planted]:
    """Errors of every sort, at most `most` of each, the same for the same pairs."""
    for sort, (kind, plant) in SORTS.items():
        rng = Random(SEED)
        found = [
            (source, target, spoiled) for source, target in pairs if (spoiled := plant(source, target, rng)) not in (None, target)
        ]
        yield Planted(sort, kind, [(s, t, spoiled) for s, t, spoiled in found if spoiled is not None][:most])


class Scorer:
    """A bundle that says how likely a translation is."""

    def __init__(self, bundle: Path, threads: int = 1) -> None:
        self._bundle = Bundle.load(bundle)
        self._pieces = sentencepiece.SentencePieceProcessor(model_file=str(bundle / "spm.model"))
        self._model = ctranslate2.Translator(str(bundle), device="cpu", compute_type="int8", intra_threads=threads)

    def __call__(self, pairs: Pairs) -> list[float]:
        """The mean log-probability (nats) of the pieces of each English sentence, given its Arabic."""
        tag = [self._bundle.tag] if self._bundle.tag else []
        sources = [[*tag, *self._pieces.encode(readable(source), out_type=str), "</s>"] for source, _ in pairs]
        targets = [self._pieces.encode(target, out_type=str) for _, target in pairs]
        results = self._model.score_batch(sources, targets, max_batch_size=BATCH)
        return [sum(result.log_probs) / max(1, len(result.log_probs)) for result in results]


def preferred(score: Scorer, errors: Planted) -> Share:
    """In how many of the sentences the reference is likelier than what has the error."""
    right = score([(source, target) for source, target, _ in errors.sentences])
    wrong = score([(source, spoiled) for source, _, spoiled in errors.sentences])
    return Share(sum(a > b for a, b in zip(right, wrong, strict=True)), len(right))
