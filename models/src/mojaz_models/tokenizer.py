"""A SentencePiece model as a `tokenizer.json` of the tokenizers library: the same pieces for the same text.

SentencePiece models of vocabulary.py only (unigram, byte fallback, no normalization of their own). Where two ways to divide a
word are equally likely, as with `zzz`, the libraries may choose another: two of 100,000 lines. What differs by intent:
text is normalized first, as the server does it; `>>en<< text` gives the tag and then the pieces of the text, as a source has
them; `</s>` is added, and padding follows as one more piece."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from mojaz_server.pipeline.normalize import normalize
from sentencepiece import SentencePieceProcessor

from mojaz_models.spec import LONGEST
from mojaz_models.vocabulary import END, TAGS, UNKNOWN, names

PAD = "<pad>"
SETTINGS: Mapping[str, Any] = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "eos_token": "</s>",
    "unk_token": "<unk>",
    "pad_token": PAD,
    "model_max_length": LONGEST,
    "model_input_names": ["input_ids", "attention_mask"],
    "clean_up_tokenization_spaces": False,
    "split_special_tokens": True,  # </s> in a text is four characters, not the end of it
}
"""Content of tokenizer_config.json."""


def tokenizer(pieces: SentencePieceProcessor) -> dict[str, Any]:
    """Content of tokenizer.json."""
    end = {"SpecialToken": {"id": "</s>", "type_id": 0}}
    first, second = ({"Sequence": {"id": name, "type_id": 0}} for name in "AB")
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [_special(END, "</s>"), _special(UNKNOWN, "<unk>"), _special(pieces.vocab_size(), PAD)],
        "normalizer": {"type": "Sequence", "normalizers": _normalizers()},
        # A piece that SentencePiece does not look for in a text would be found here where a text spells it: part it before.
        "pre_tokenizer": {
            "type": "Split",
            "pattern": {"Regex": r"<(?=/s>|unk>|0x[0-9A-F]{2}>)"},
            "behavior": "Isolated",
            "invert": False,
        },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [first, end],
            "pair": [first, second, end],
            "special_tokens": {"</s>": {"id": "</s>", "ids": [END], "tokens": ["</s>"]}},
        },
        "decoder": {
            "type": "Sequence",
            "decoders": [
                {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
                {"type": "ByteFallback"},
                {"type": "Fuse"},
                {"type": "Strip", "content": " ", "start": LONGEST, "stop": 0},
            ],
        },
        "model": {"type": "Unigram", "unk_id": UNKNOWN, "vocab": _scores(pieces), "byte_fallback": True},
    }


def _special(at: int, name: str) -> dict[str, Any]:
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {"id": at, "content": name, **flags}


def _scores(pieces: SentencePieceProcessor) -> list[tuple[str, float]]:
    """Pieces and their log-probabilities. An unknown letter costs 10 more than the least likely piece, so pieces without a
    probability get that one's; a tag costs what SentencePiece takes, which is less than any other way to write it."""
    found = names(pieces)
    apart = [pieces.is_byte(i) or pieces.is_unknown(i) or pieces.is_control(i) for i in range(len(found))]
    known = [pieces.get_score(i) for i, name in enumerate(found) if not apart[i] and name not in TAGS]
    tag, least = max(known), min(known)
    return [
        (name, len(name) * tag - 0.1 if name in TAGS else least if apart[i] else pieces.get_score(i))
        for i, name in enumerate(found)
    ]


def _normalizers() -> list[dict[str, Any]]:
    """The server's normalization, twice since it is repeated until nothing changes; then SentencePiece's own spaces."""
    once = [{"type": "NFKC"}, *(_replace(_class(letters), new) for new, letters in _changes().items())]
    tags = "|".join(map(re.escape, TAGS))
    return [
        *once,
        *once,
        _replace(r"\A +", ""),
        _replace(" +", " "),
        {"type": "Prepend", "prepend": "▁"},
        _replace(" ", "▁"),
        _replace(r"▁+\z", ""),
        _replace(rf"\A▁(?={tags})", ""),
    ]


def _changes() -> dict[str, list[str]]:
    """What `normalize` makes of single characters beside NFKC: the new text -> the characters (all below U+10000)."""
    found: dict[str, list[str]] = {}
    for letter in map(chr, (*range(0xD800), *range(0xE000, 0x10000))):
        if unicodedata.normalize("NFKC", letter) == letter:
            new = normalize(f"1{letter}1")[1:-1]  # between figures, with which no mark composes
            if new != letter:
                found.setdefault(new, []).append(letter)
    return found


def _class(letters: list[str]) -> str:
    return "[" + "".join(f"\\x{{{ord(letter):X}}}" for letter in letters) + "]"


def _replace(pattern: str, new: str) -> dict[str, Any]:
    return {"type": "Replace", "pattern": {"Regex": pattern}, "content": new}
