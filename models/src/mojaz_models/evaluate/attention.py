"""Word links out of a model's cross-attention, to compare with the server's: the English is forced, so any pair can be linked.

CTranslate2 returns the attention of one decoder layer, averaged over so many of its first heads as the model's file says:
converters write the last layer and one head. A copy of the file with another number of heads shows what the others know.
"""

import shutil
import struct
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from pathlib import Path

import ctranslate2
import numpy as np
import numpy.typing as npt
import sentencepiece
from mojaz_server.engine.bundle import Bundle
from mojaz_server.pipeline.normalize import readable

AS_SHIPPED, AVERAGED = 0, 4
"""Heads that are averaged: those of the file; four, which is all of the embedded model."""
_HEADS = b"decoder/alignment_heads\x00\x00\x02\x02\x00\x00\x00"  # name, rank 0, 16-bit integers, two bytes

Matrix = npt.NDArray[np.float64]
Links = Iterable[tuple[int, int]]


class Attention:
    """A bundle whose attention is looked at."""

    def __init__(self, bundle: Path, heads: int) -> None:
        self._bundle = Bundle.load(bundle)
        self._pieces = sentencepiece.SentencePieceProcessor(model_file=str(bundle / "spm.model"))
        with tempfile.TemporaryDirectory() as copy:
            folder = _with_heads(bundle, Path(copy), heads) if heads else bundle
            self._model = ctranslate2.Translator(str(folder), device="cpu", compute_type="int8")

    def matrix(self, source: str, target: str) -> Matrix:
        """Attention [English words, Arabic words] of words between blanks: summed over Arabic, averaged over English pieces."""
        here, there = (self._pieces.encode(readable(text), out_type=str) for text in (source, target))
        tag = [self._bundle.tag] if self._bundle.tag else []
        (result,) = self._model.translate_batch(
            [[*tag, *here, "</s>"]],
            target_prefix=[there],
            beam_size=1,
            max_input_length=0,
            max_decoding_length=len(there) + 1,
            return_attention=True,
        )
        pieces = np.array(result.attention[0])[: len(there), len(tag) : len(tag) + len(here)]
        left, right = _members(there), _members(here)
        return np.asarray(left @ pieces @ right.T / left.sum(1, keepdims=True))

    def links(self, choose: Callable[[Matrix], Links]) -> Callable[[str, str], Links]:
        """A method that gives the links that `choose` takes from the matrix."""
        return lambda source, target: choose(self.matrix(source, target))


def likeliest(matrix: Matrix) -> Iterator[tuple[int, int]]:
    """For each English word the Arabic word that is looked at most."""
    return ((int(row.argmax()), j) for j, row in enumerate(matrix))


def mutual(matrix: Matrix) -> Iterator[tuple[int, int]]:
    """Words that are each other's likeliest, where an Arabic word shares itself out among the English that looks at it."""
    shares = matrix / np.maximum(matrix.sum(0, keepdims=True), 1e-9)
    best = shares.argmax(0)
    return ((i, j) for i, j in likeliest(matrix) if best[i] == j)


def _members(pieces: list[str]) -> Matrix:
    """Which pieces each word has [words, pieces]."""
    word = [max(0, number - 1) for number in accumulate(piece.startswith("▁") for piece in pieces)]
    found = np.zeros((word[-1] + 1, len(pieces)))
    found[word, range(len(pieces))] = 1.0
    return found


def _with_heads(bundle: Path, copy: Path, heads: int) -> Path:
    """A copy of a bundle whose attention is the mean of so many heads."""
    for path in bundle.iterdir():
        shutil.copyfile(path, copy / path.name)
    data = (copy / "model.bin").read_bytes()
    at = data.index(_HEADS) + len(_HEADS)
    (copy / "model.bin").write_bytes(data[:at] + struct.pack("<h", heads) + data[at + 2 :])
    return copy
