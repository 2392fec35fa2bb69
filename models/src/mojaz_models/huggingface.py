"""The network as a Pegasus model of transformers: the folder that `from_pretrained` loads, and the way back. Needs PyTorch.

Pegasus is the network of network.py: pre-norm with a last norm on both sides, the same sinusoids, one embedding scaled by the
square root of its width, ReLU, padding as the first piece of a target. CTranslate2's own converter reads the folder as well.

Pieces that are never written have a `final_logits_bias` of FORBIDDEN: whoever fine-tunes must not smooth labels over them."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors import torch as safetensors
from sentencepiece import SentencePieceProcessor
from torch import Tensor

from mojaz_models import vocabulary
from mojaz_models.errors import CheckpointError
from mojaz_models.manifest import Manifest
from mojaz_models.network import Network
from mojaz_models.spec import LONGEST, Shape, sinusoids
from mojaz_models.tokenizer import SETTINGS, tokenizer

FORBIDDEN = -1e4
WEIGHTS = "model.safetensors"
MODEL = "spm.model"
"""The SentencePiece model, for those who use it without transformers."""
EMBEDDING, BIAS = "model.shared.weight", "final_logits_bias"
TIED = ("lm_head.weight", "model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight")
"""Other names of the embedding; a file may hold them as well."""
POSITIONS = ("model.encoder.embed_positions.weight", "model.decoder.embed_positions.weight")
CARD = """---
language: [ar, en]
license: {licence}
pipeline_tag: translation
---
# {name} {version}

{description}

```python
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

model, tokenizer = AutoModelForSeq2SeqLM.from_pretrained(FOLDER), AutoTokenizer.from_pretrained(FOLDER)
found = model.generate(**tokenizer([">>en<< وصل الرئيس إلى بيروت"], return_tensors="pt"))
print(tokenizer.batch_decode(found, skip_special_tokens=True))
```

A source is one sentence that begins with `>>en<<`; a target (`text_target=`) has no tag. Fine-tune without label smoothing, and
on targets without Arabic letters where `final_logits_bias` forbids them.
"""


def save(net: Network, model: bytes, about: Manifest, folder: Path) -> None:
    """Write config, weights, tokenizer and a card of a network into `folder`; `model` is its SentencePiece model."""
    pieces = SentencePieceProcessor(model_proto=model)
    outputs = None if net.outputs is None else net.outputs.tolist()
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "config.json", _config(_shape(net), net.pad, net.drop.p))
    _write(folder / "generation_config.json", _generation(pieces, about, outputs))
    _write(folder / "tokenizer.json", tokenizer(pieces))
    _write(folder / "tokenizer_config.json", SETTINGS)
    (folder / MODEL).write_bytes(vocabulary.anonymous(model))
    values = {_pegasus(name): value.contiguous() for name, value in net.state_dict().items()}
    values |= {name: net.positions.clone() for name in POSITIONS} | {BIAS: _bias(net.pad, outputs)}
    (folder / WEIGHTS).write_bytes(safetensors.save(values, {"format": "pt"}))
    card = CARD.format(licence=about.licence.lower(), name=about.name, version=about.version, description=about.description)
    (folder / "README.md").write_text(card, encoding="utf8")


def read(folder: Path, shape: Shape, pieces: Sequence[str], outputs: Sequence[int] | None) -> dict[str, Tensor]:
    """The state of `Network` from such a folder, also as transformers saved it after training.

    Raises CheckpointError if it is no such folder, or not for this shape, these pieces and these outputs (None: all)."""
    _check_config(folder, _config(shape, len(pieces), 0))
    _check_tokenizer(folder, pieces)
    path = folder / WEIGHTS
    try:
        found = {name: value.float() for name, value in safetensors.load_file(path).items()}
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"{path} cannot be read: {error}") from error
    table = found.setdefault(EMBEDDING, found.get(TIED[0], torch.zeros(0)))
    for name in TIED:
        if not torch.equal(found.pop(name, table), table):
            raise CheckpointError(f"{path}: {name} is no longer that of the embedding")
    _check_fixed(path, found, shape, _bias(len(pieces), outputs))
    return {_own(name): value for name, value in found.items()}


def _shape(net: Network) -> Shape:
    inner = net.encoder[0].fc1.out_features
    return Shape(net.width, inner, net.heads, len(net.encoder), len(net.decoder))


def _config(shape: Shape, pad: int, drop: float) -> dict[str, Any]:
    return {
        "architectures": ["PegasusForConditionalGeneration"],
        "model_type": "pegasus",
        "dtype": "float32",
        "d_model": shape.width,
        "encoder_layers": shape.encoder,
        "decoder_layers": shape.decoder,
        "encoder_attention_heads": shape.heads,
        "decoder_attention_heads": shape.heads,
        "encoder_ffn_dim": shape.inner,
        "decoder_ffn_dim": shape.inner,
        "activation_function": "relu",
        "scale_embedding": True,
        "normalize_before": True,  # this and the next only for CTranslate2: Pegasus knows nothing else
        "normalize_embedding": False,
        "tie_word_embeddings": True,
        "is_encoder_decoder": True,
        "max_position_embeddings": LONGEST,
        "vocab_size": pad + 1,
        "pad_token_id": pad,
        "decoder_start_token_id": pad,
        "eos_token_id": vocabulary.END,
        "bos_token_id": None,
        "forced_eos_token_id": None,
        "dropout": drop,
        "attention_dropout": 0.0,
        "activation_dropout": 0.0,
    }


def _generation(pieces: SentencePieceProcessor, about: Manifest, outputs: Sequence[int] | None) -> dict[str, Any]:
    """How `generate` decodes if nothing is said. Without the repetition penalty: CTranslate2's is another than that of
    transformers. What an English-only model may learn, but a released one not write, is suppressed here."""
    silent = sorted(set(outputs).difference(vocabulary.speakable(pieces))) if outputs is not None else []
    return {
        "pad_token_id": pieces.vocab_size(),
        "decoder_start_token_id": pieces.vocab_size(),
        "eos_token_id": vocabulary.END,
        "max_length": LONGEST,
        "num_beams": about.decoding.beam_size,
        "length_penalty": about.decoding.length_penalty,
    } | ({"suppress_tokens": silent} if silent else {})


def _bias(pad: int, outputs: Sequence[int] | None) -> Tensor:
    """[1, pieces + 1]: 0 for what can be written, FORBIDDEN for the rest and for padding."""
    bias = torch.full((1, pad + 1), FORBIDDEN)
    bias[0, list(range(pad)) if outputs is None else list(outputs)] = 0
    return bias


def _pegasus(name: str) -> str:
    """`encoder.0.fc1.bias` -> `model.encoder.layers.0.fc1.bias`."""
    if name == "embed.weight":
        return EMBEDDING
    side, rest = re.split(r"[._]", name, maxsplit=1)
    return f"model.{side}.{rest}" if rest.startswith("layer_norm") else f"model.{side}.layers.{rest}"


def _own(name: str) -> str:
    """`model.encoder.layers.0.fc1.bias` -> `encoder.0.fc1.bias`; a name of neither stays what it is."""
    if name == EMBEDDING:
        return "embed.weight"
    name = re.sub(r"^model\.(encoder|decoder)\.layers\.", r"\1.", name)
    return re.sub(r"^model\.(encoder|decoder)\.layer_norm\.", r"\1_layer_norm.", name)


def _check_config(folder: Path, wanted: Mapping[str, Any]) -> None:
    found = _json(folder / "config.json")
    if found.get("model_type") != "pegasus":
        raise CheckpointError(f"{folder} is no exported model: its model_type is {found.get('model_type')}, not pegasus")
    for name, value in wanted.items():
        # other versions of transformers leave out what is a default of theirs, and dropout is for training
        if name in found and name != "dtype" and not name.endswith("dropout") and found[name] != value:
            raise CheckpointError(f"{folder}: another model than the recipe's: {name} is {found[name]}, the recipe's {value}")


def _check_tokenizer(folder: Path, pieces: Sequence[str]) -> None:
    path = folder / "tokenizer.json"
    if path.is_file() and [piece for piece, _ in _json(path)["model"]["vocab"]] != list(pieces):
        raise CheckpointError(f"{path} has other pieces than the SentencePiece model")


def _check_fixed(path: Path, found: dict[str, Tensor], shape: Shape, bias: Tensor) -> None:
    """What training must have left alone: positions, the bias of the output, the vector of padding. Takes out the first two."""
    positions = torch.from_numpy(sinusoids(LONGEST, shape.width))
    for name, value in ((BIAS, bias), *((name, positions) for name in POSITIONS)):
        other = found.pop(name, value if name != BIAS else torch.zeros(1))
        if other.shape != value.shape or not torch.allclose(other, value, rtol=0.01, atol=0.01):  # bfloat16 rounds them
            raise CheckpointError(f"{path}: {name} is not that of the recipe's network")
    if found[EMBEDDING][-1:].any():
        raise CheckpointError(f"{path}: the vector of padding is no longer zero: train without label smoothing")


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf8"))
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{path.parent} is no exported model: {path.name}: {error}") from error
    if not isinstance(found, dict):
        raise CheckpointError(f"{path.parent} is no exported model: {path.name} is no object")
    return found


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf8")
