"""SentencePiece models: one unigram vocabulary for Arabic and English, with tags, byte fallback and split digits."""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path

import sentencepiece

from mojaz_models.errors import CheckpointError

TO_ENGLISH = ">>en<<"
TAGS = (TO_ENGLISH, ">>ar<<", ">>head<<", ">>sum<<", ">>bt<<", ">>fill<<")
END, UNKNOWN = 0, 1
"""Ids of `</s>`, which ends every sentence, and of `<unk>`."""
FIRST_PIECE = 2 + len(TAGS) + 256
"""Id of the first piece learned from text: the tags and the bytes come before it."""

_TRAINER_SPEC, _INPUT, _MODEL_PREFIX = 2, 1, 2  # field numbers in sentencepiece_model.proto


def train(sentences: Iterable[str], size: int, threads: int = 1) -> bytes:
    """A SentencePiece model of at most `size` pieces (fewer where the text has not so many), the same for the same sentences.

    Text is taken as it is: normalize it before training, and before encoding."""
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences),
        model_writer=out,
        vocab_size=size,
        hard_vocab_limit=False,
        model_type="unigram",
        normalization_rule_name="identity",
        character_coverage=0.9995,
        byte_fallback=True,
        split_digits=True,
        user_defined_symbols=",".join(TAGS),
        eos_id=END,
        unk_id=UNKNOWN,
        bos_id=-1,
        pad_id=-1,
        input_sentence_size=500_000,
        shuffle_input_sentence=True,
        num_threads=threads,
        minloglevel=2,
    )
    return anonymous(out.getvalue())


def load(path: Path) -> sentencepiece.SentencePieceProcessor:
    """The model at `path`. Raises CheckpointError."""
    try:
        return sentencepiece.SentencePieceProcessor(model_file=str(path))
    except (OSError, RuntimeError) as error:
        raise CheckpointError(f"{path} is {'no SentencePiece model' if path.is_file() else 'missing'}") from error


def names(pieces: sentencepiece.SentencePieceProcessor) -> list[str]:
    """All pieces, by id."""
    return [pieces.id_to_piece(i) for i in range(pieces.vocab_size())]


def holds_arabic(piece: str) -> bool:
    """Whether a piece has a letter of the Arabic block."""
    return any("\u0600" <= letter <= "\u06ff" for letter in piece)


def english(pieces: sentencepiece.SentencePieceProcessor) -> list[int]:
    """Ids of the pieces that English can hold: those without Arabic letters."""
    return [i for i, piece in enumerate(names(pieces)) if not holds_arabic(piece)]


def speakable(pieces: sentencepiece.SentencePieceProcessor) -> list[int]:
    """Ids of the pieces that a released model may write: English ones without single bytes (half a character), tags and <unk>."""
    tags = {pieces.piece_to_id(tag) for tag in TAGS}
    return [i for i in english(pieces) if not (pieces.is_byte(i) or pieces.is_unknown(i) or i in tags)]


def anonymous(model: bytes) -> bytes:
    """A SentencePiece model without `trainer_spec.input` and `model_prefix`: paths on the machine that trained it.

    Works on protobuf's wire format, because the classes that sentencepiece ships refuse older protobuf runtimes."""
    out = bytearray()
    for number, whole, body in _fields(model):
        if number == _TRAINER_SPEC:
            kept = b"".join(part for inner, part, _ in _fields(body) if inner not in (_INPUT, _MODEL_PREFIX))
            out += bytes([number << 3 | 2]) + _varint(len(kept)) + kept
        else:
            out += whole
    return bytes(out)


def _fields(message: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """(field number, its bytes with the key, its content alone) of every field of a message."""
    at = 0
    while at < len(message):
        begin = at
        key, at = _read_varint(message, at)
        match key & 7:
            case 0:
                body_begin, at = at, _read_varint(message, at)[1]
            case 1:
                body_begin, at = at, at + 8
            case 2:
                length, body_begin = _read_varint(message, at)
                at = body_begin + length
            case 5:
                body_begin, at = at, at + 4
            case kind:
                raise ValueError(f"no SentencePiece model: wire type {kind}")
        yield key >> 3, message[begin:at], message[body_begin:at]


def _read_varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value, shift, at = value | (byte & 127) << shift, shift + 7, at + 1
        if byte < 128:
            return value, at


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)
