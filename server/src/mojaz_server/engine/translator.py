"""One loaded model: texts in, translations out, a batch at a time. Blocking; batcher.py puts it behind an asynchronous queue."""

import contextlib
import ctypes
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import ctranslate2
import sentencepiece

from mojaz_server.engine.bundle import Bundle
from mojaz_server.errors import BundleError, EngineFailed

END = "</s>"
_ARABIC = re.compile("[\u0600-\u06ff]")
_BYTE_OR_TAG = re.compile(r"<0x[0-9A-F]{2}>|>>.*<<")
ENCODED = 1024  # sentences whose pieces are remembered
PIECES = 1 << 15  # pieces of which it is remembered whether the model knows them; those it does not know are without number
ALTERNATIVES = 8
"""Translations that are looked for when the first one failed a check."""


@dataclass(frozen=True, slots=True)
class Output:
    """A translation: `score` is the mean log-probability (nats) of its pieces, `pieces` their number with the end of sentence."""

    text: str
    score: float
    ended: bool
    unknown: int
    pieces: int


class Translator:
    """A bundle in memory. `workers` batches are translated side by side, each with `threads` threads; the weights are shared.

    Two translators with the same `fingerprint` give the same translations."""

    def __init__(self, bundle: Bundle, *, workers: int = 1, threads: int = 1, compute_type: str = "int8") -> None:
        self.bundle = bundle
        # A model that cannot write Arabic gains, too: the output layer shrinks to the pieces that English can hold
        self._restricted = bundle.suppress == "arabic" or bundle.target_language == "en"
        try:
            self._pieces = sentencepiece.SentencePieceProcessor(model_file=str(bundle.folder / "spm.model"))
            with _restricted(bundle.folder) if self._restricted else contextlib.nullcontext(bundle.folder) as folder:
                self._model = ctranslate2.Translator(
                    str(folder), device="cpu", compute_type=compute_type, inter_threads=workers, intra_threads=threads
                )
        except (OSError, RuntimeError, ValueError) as error:
            raise BundleError(f"{bundle.folder}: the model cannot be loaded: {error}") from error
        # A sentence is counted by the pipeline and by the batcher before it is translated
        self._encode = lru_cache(maxsize=ENCODED)(partial(self._pieces.encode, out_type=str))
        self._is_unknown = lru_cache(maxsize=PIECES)(partial(_is_unknown, self._pieces))
        self._tag, self._prefix = ([piece] if piece else [] for piece in (bundle.tag, bundle.prefix))
        self.compute_type: str = self._model.compute_type
        self.fingerprint = f"{bundle.fingerprint} {self.compute_type} {ctranslate2.__version__} {ALTERNATIVES}"

    def count(self, text: str) -> int:
        """Number of pieces of a normalized text, the tag and the end of sentence left out."""
        return len(self._encode(text))

    def translate_batch(self, texts: Sequence[str], beam: int = 0) -> list[Output]:
        """Translate normalized texts, one output for each, with the bundle's decoding options; `beam` 0 is the bundle's own.

        Raises EngineFailed if CTranslate2 does.
        """
        decoding = self.bundle.decoding
        return [found[0] for found in self._search(texts, beam or decoding.beam_size, 1, decoding.repetition_penalty)]

    def alternatives_batch(self, texts: Sequence[str]) -> list[list[Output]]:
        """Several translations of each text, the most likely first: of a wider beam, and without the guard against repetition,
        which can cost a figure a digit that it has twice. Raises EngineFailed."""
        return self._search(texts, ALTERNATIVES, ALTERNATIVES, 1.0)

    def unload(self) -> None:
        """Give its memory back to the system; nothing may be asked of it after. Once more does no harm."""
        vars(self).pop("_model", None)  # CTranslate2's own unload_model() keeps the weights
        if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):  # glibc keeps what was freed for the process
            trim(0)

    def _search(self, texts: Sequence[str], beam: int, hypotheses: int, repetition_penalty: float) -> list[list[Output]]:
        decoding = self.bundle.decoding
        sources = [self._encode(text) for text in texts]
        limit = int(max(map(len, sources), default=0) * decoding.max_target_ratio) + 16
        try:
            results = self._model.translate_batch(
                [[*self._tag, *source, END] for source in sources],
                target_prefix=[self._prefix] * len(sources) if self._prefix else None,
                beam_size=beam,
                num_hypotheses=hypotheses,
                length_penalty=decoding.length_penalty,
                repetition_penalty=repetition_penalty,
                no_repeat_ngram_size=decoding.no_repeat_ngram_size,
                use_vmap=self._restricted,
                max_input_length=0,  # a limit here would cut silently; the pipeline divides long sentences instead
                max_decoding_length=limit,
                return_scores=True,
                return_end_token=True,
            )
        except RuntimeError as error:
            raise EngineFailed(f"CTranslate2: {error}") from error
        return [
            [self._output(unknown, tokens, score) for tokens, score in zip(result.hypotheses, result.scores, strict=True)]
            for unknown, result in zip((sum(map(self._is_unknown, source)) for source in sources), results, strict=True)
        ]

    def _output(self, unknown: int, tokens: list[str], score: float) -> Output:
        tokens = tokens[len(self._prefix) :]
        ended = bool(tokens) and tokens[-1] == END
        pieces = max(1, len(tokens))
        # CTranslate2 divides the sum of log-probabilities by length ** length_penalty
        score *= pieces ** (self.bundle.decoding.length_penalty - 1)
        text = self._pieces.decode(tokens[:-1] if ended else tokens)
        text = text.replace("▁", " ").strip()  # still there in pieces that only a target's SentencePiece model has, as OPUS-MT's
        return Output(text, score, ended, unknown, pieces)


def _is_unknown(pieces: sentencepiece.SentencePieceProcessor, piece: str) -> bool:
    number = pieces.piece_to_id(piece)
    return pieces.is_unknown(number) or pieces.is_byte(number)


@contextlib.contextmanager
def _restricted(folder: Path) -> Iterator[Path]:
    """The model's files beside CTranslate2's list of the pieces that may be written, whatever the source: those of English."""
    with tempfile.TemporaryDirectory() as name:
        for path in folder.iterdir():
            Path(name, path.name).symlink_to(path.resolve())
        Path(name, "vmap.txt").write_text("\t" + " ".join(speakable(_written(folder))) + "\n", encoding="utf-8")
        yield Path(name)


def _written(folder: Path) -> list[str]:
    """The pieces of the model's output layer. Raises OSError, ValueError."""
    for name in ("target_vocabulary.json", "shared_vocabulary.json"):
        if (folder / name).is_file():
            return [str(piece) for piece in json.loads((folder / name).read_text(encoding="utf-8"))]
    raise ValueError("target_vocabulary.json or shared_vocabulary.json is missing")


def speakable(pieces: Sequence[str]) -> list[str]:
    """Pieces that can stand in English: none with Arabic letters, no single bytes, no tags."""
    return [piece for piece in pieces if not (_ARABIC.search(piece) or _BYTE_OR_TAG.fullmatch(piece))]
