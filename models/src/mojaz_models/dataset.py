"""Sentences as flat arrays of pieces: encoding them on all processors, joining them, cutting them back."""

import lzma
import random
from collections.abc import Iterable, Sequence
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path

import numpy as np
import sentencepiece
from numpy.typing import NDArray

from mojaz_models import lines, noise, vocabulary
from mojaz_models.errors import CorpusError

Job = tuple[Sequence[str], float, int]
Encoded = tuple[NDArray[np.uint16], NDArray[np.int32]]

CHUNK = 4000
"""Sentences that one worker encodes at a time; the noise is drawn anew, from a seed, for each."""

_pieces: sentencepiece.SentencePieceProcessor | None = None  # of a worker process


class Side:
    """Sentences of one language: `tokens` [all pieces, uint16], `start` [n], `length` [n]; every sentence ends with END."""

    def __init__(self, tokens: NDArray[np.uint16], length: NDArray[np.int32]) -> None:
        self.tokens, self.length = tokens, length
        self.start: NDArray[np.int64] = np.concatenate([[0], np.cumsum(length)[:-1]]).astype(np.int64)

    def __len__(self) -> int:
        return len(self.length)

    def sentence(self, row: int) -> NDArray[np.uint16]:
        """Pieces of one sentence, END left out."""
        return self.tokens[self.start[row] : self.start[row] + self.length[row] - 1]

    @staticmethod
    def joined(sides: Sequence["Side"]) -> "Side":
        """All sentences of several sides, in order."""
        return Side(np.concatenate([s.tokens for s in sides]), np.concatenate([s.length for s in sides]))


class Encoder:
    """Turns sentences into a `Side` with `workers` processes. Use it as a context manager."""

    def __init__(self, model: Path, workers: int = 1) -> None:
        # spawned, not forked: a fork of a process in which a numerical library has started its threads can hang
        self._pool: Pool = get_context("spawn").Pool(workers, initializer=_start, initargs=(str(model),))

    def __enter__(self) -> "Encoder":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.terminate()
        self._pool.join()

    def __call__(self, sentences: Sequence[str], noise_share: float = 0.0, seed: int = 1) -> Side:
        """Encode normalized sentences; `noise_share` of them get orthographic noise, the same for the same seed."""
        jobs: list[Job] = [(sentences[i : i + CHUNK], noise_share, seed * 1_000_003 + i) for i in range(0, len(sentences), CHUNK)]
        parts = self._pool.map(_encode, jobs, chunksize=1) if jobs else [_empty()]
        return Side(np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts]))


def encode(pieces: sentencepiece.SentencePieceProcessor, sentences: Sequence[str]) -> Encoded:
    """Flat pieces and lengths of sentences, each ended by END."""
    if not sentences:
        return _empty()
    rows = pieces.encode(list(sentences))
    flat = [piece for row in rows for piece in (*row, vocabulary.END)]
    return np.array(flat, np.uint16), np.array([len(row) + 1 for row in rows], np.int32)


def _empty() -> Encoded:
    return np.empty(0, np.uint16), np.empty(0, np.int32)


def _start(model: str) -> None:
    global _pieces  # noqa: PLW0603 - a worker process has one model, and a job must not carry it
    _pieces = vocabulary.load(Path(model))


def _encode(job: Job) -> Encoded:
    sentences, share, seed = job
    if share:
        rng = random.Random(seed)
        sentences = [noise.noisy(s, rng) if rng.random() < share else s for s in sentences]
    assert _pieces is not None
    return encode(_pieces, sentences)


def read_lines(path: Path) -> list[str]:
    """Sentences of a packed set, one a line. Raises CorpusError."""
    if not path.is_file():
        raise CorpusError(f"{path} is missing: run `mojaz-models data` first")
    return list(lines.read(path))


def read_pairs(path: Path) -> tuple[list[str], list[str]]:
    """Arabic and English sentences of a packed set of pairs. Raises CorpusError."""
    rows = [line.split("\t") for line in read_lines(path)]
    for at, row in enumerate(rows, 1):
        if len(row) != 2:
            raise CorpusError(f"{path}, line {at}: {len(row)} columns, not 2")
    return [r[0] for r in rows], [r[1] for r in rows]


def write_lines(path: Path, sentences: Iterable[str]) -> None:
    """Write a packed set whole or not at all."""
    temporary = path.with_name(path.name + ".new")
    with lzma.open(temporary, "wt", preset=6, encoding="utf8", newline="\n") as file:
        file.writelines(sentence + "\n" for sentence in sentences)
    temporary.replace(path)
