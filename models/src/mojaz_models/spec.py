"""Named weights -> a CTranslate2 model folder. Knows the network's layout, but not PyTorch: convert.py and tiny.py use it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
from ctranslate2.specs import common_spec, transformer_spec
from numpy.typing import NDArray

Weights = Mapping[str, NDArray[np.float32]]
"""Arrays by the names of `network.Network`'s state: `encoder.0.self_attn.q_proj.weight` [width, width], ..."""

LONGEST = 512
"""Positions that the model knows, in pieces."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Size of the network: `width` of a vector, `inner` of the feed-forward layers, attention heads, layers on both sides."""

    width: int
    inner: int
    heads: int
    encoder: int
    decoder: int


def sinusoids(length: int, width: int) -> NDArray[np.float32]:
    """Position encodings [length, width]: all sines, then all cosines."""
    angles = np.arange(length, dtype=np.float32)[:, None] / np.power(
        np.float32(10000), 2 * np.arange(width // 2, dtype=np.float32) / width
    )
    return np.concatenate([np.sin(angles), np.cos(angles)], 1).astype(np.float32)


def random_weights(pieces: int, shape: Shape, rng: np.random.Generator, embedding: float = 1.0) -> dict[str, NDArray[np.float32]]:
    """Random weights that keep vectors at their lengths; token vectors have the length `embedding`, on average."""
    found: dict[str, NDArray[np.float32]] = {}

    def linear(name: str, rows: int, columns: int) -> None:
        found[f"{name}.weight"] = rng.normal(0, columns**-0.5, (rows, columns)).astype(np.float32)
        found[f"{name}.bias"] = np.zeros(rows, np.float32)

    def norm(name: str) -> None:
        found[f"{name}.weight"], found[f"{name}.bias"] = np.ones(shape.width, np.float32), np.zeros(shape.width, np.float32)

    table = rng.normal(0, embedding * shape.width**-0.5, (pieces + 1, shape.width)).astype(np.float32)
    table[pieces] = 0  # padding
    found["embed.weight"] = table
    for side, layers in (("encoder", shape.encoder), ("decoder", shape.decoder)):
        norm(f"{side}_layer_norm")
        for at in range(layers):
            for attention in ("self_attn", "encoder_attn")[: 1 + (side == "decoder")]:
                for part in "qkv":
                    linear(f"{side}.{at}.{attention}.{part}_proj", shape.width, shape.width)
                linear(f"{side}.{at}.{attention}.out_proj", shape.width, shape.width)
                norm(f"{side}.{at}.{attention}_layer_norm")
            linear(f"{side}.{at}.fc1", shape.inner, shape.width)
            linear(f"{side}.{at}.fc2", shape.width, shape.inner)
            norm(f"{side}.{at}.final_layer_norm")
    return found


def save(
    weights: Weights,
    shape: Shape,
    pieces: Sequence[str],
    folder: Path,
    *,
    quantization: str | None = "int8",
    outputs: Sequence[int] | None = None,
) -> None:
    """Write model.bin, config.json and the vocabulary into `folder`. The last row of the embedding (padding) is left out:
    the decoder starts from a zero vector instead. `outputs` are the pieces that can be decoded, if not all."""
    spec = transformer_spec.TransformerSpec.from_config(
        (shape.encoder, shape.decoder), shape.heads, pre_norm=True, activation=common_spec.Activation.RELU
    )
    table = weights["embed.weight"][: len(pieces)].copy()  # CTranslate2 rounds in place
    spec.encoder.embeddings[0].weight = spec.decoder.embeddings.weight = spec.decoder.projection.weight = table
    spec.encoder.scale_embeddings = spec.decoder.scale_embeddings = spec.decoder.start_from_zero_embedding = True
    if outputs is not None:  # rows that training never saw as outputs must not win, and must not take probability
        spec.decoder.projection.bias = np.full(len(pieces), -1e4, np.float32)
        spec.decoder.projection.bias[list(outputs)] = 0
    for side, name, layers in ((spec.encoder, "encoder", shape.encoder), (spec.decoder, "decoder", shape.decoder)):
        side.position_encodings.encodings = sinusoids(LONGEST, shape.width)
        _norm(side.layer_norm, weights, f"{name}_layer_norm")
        for at in range(layers):
            _layer(side.layer[at], weights, f"{name}.{at}", decoder=name == "decoder")
    spec.register_source_vocabulary(list(pieces))
    spec.register_target_vocabulary(list(pieces))
    spec.config.eos_token, spec.config.unk_token, spec.config.bos_token = "</s>", "<unk>", "<s>"
    # whoever decodes ends the source with </s>; were CTranslate2 to add it as well, there would be two
    spec.config.decoder_start_token, spec.config.add_source_eos = "</s>", False
    spec.validate()
    spec.optimize(quantization=quantization)
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))


def greedy(folder: Path, sources: Sequence[Sequence[str]], longest: int) -> list[list[str]]:
    """Most likely pieces of each source (tag first, `</s>` left out), without search and without suppression."""
    translator = ctranslate2.Translator(str(folder), device="cpu", compute_type="default", intra_threads=1)
    results = translator.translate_batch([[*s, "</s>"] for s in sources], beam_size=1, max_decoding_length=longest)
    return [result.hypotheses[0] for result in results]


def _layer(spec: Any, weights: Weights, name: str, *, decoder: bool) -> None:
    _attention(spec.self_attention, weights, f"{name}.self_attn", ["qkv"])
    _norm(spec.self_attention.layer_norm, weights, f"{name}.self_attn_layer_norm")
    if decoder:
        _attention(spec.attention, weights, f"{name}.encoder_attn", ["q", "kv"])
        _norm(spec.attention.layer_norm, weights, f"{name}.encoder_attn_layer_norm")
    _linear(spec.ffn.linear_0, weights, [f"{name}.fc1"])
    _linear(spec.ffn.linear_1, weights, [f"{name}.fc2"])
    _norm(spec.ffn.layer_norm, weights, f"{name}.final_layer_norm")


def _attention(spec: Any, weights: Weights, name: str, groups: Sequence[str]) -> None:
    for target, group in zip(spec.linear, [*groups, ["out"]], strict=True):
        _linear(target, weights, [f"{name}.{part}_proj" for part in group])


def _linear(spec: Any, weights: Weights, names: Sequence[str]) -> None:
    spec.weight = np.concatenate([weights[f"{name}.weight"] for name in names])
    spec.bias = np.concatenate([weights[f"{name}.bias"] for name in names])


def _norm(spec: Any, weights: Weights, name: str) -> None:
    spec.gamma, spec.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]
