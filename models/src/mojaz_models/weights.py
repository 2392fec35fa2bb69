"""The weights of a bundle, read back from CTranslate2's model.bin: what spec.py wrote, by the names of the network's state.

Weights come back as they were rounded: an int8 is divided by the scale of its row. CTranslate2 would round them to the same
again. Needs no PyTorch."""

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mojaz_models.errors import BundleError
from mojaz_models.spec import LONGEST, Shape, sinusoids

Variables = Mapping[str, NDArray[Any]]
"""Arrays by CTranslate2's names: `encoder/layer_0/ffn/linear_0/weight`, ..."""

VERSION = 6
"""Version of the file format that `variables` reads."""
_KINDS = (np.float32, np.int8, np.int16, np.int32, np.float16)  # bfloat16, the next, is not NumPy's
_SELF = (("q_proj", "k_proj", "v_proj"), ("out_proj",))
_CROSS = (("q_proj",), ("k_proj", "v_proj"), ("out_proj",))
"""What stands together in one matrix of CTranslate2's attention."""


@dataclass(frozen=True, slots=True)
class Read:
    """Weights, the shape that they have, and whether the output layer leaves pieces out."""

    weights: dict[str, NDArray[np.float32]]
    shape: Shape
    restricted: bool


def read(bundle: Path) -> Read:
    """The weights of a bundle of our own. Raises BundleError for any other network."""
    path = bundle / "model.bin"
    try:
        found = variables(path.read_bytes())
        shape = _shape(found)
        weights = dict(_named(found, shape))
    except OSError as error:
        raise BundleError(f"{path}: {error.strerror}") from error
    except (KeyError, ValueError, IndexError, struct.error) as error:
        raise BundleError(f"{path} is not the network of network.py: {error}") from error
    bias = found.get("decoder/projection/bias")
    return Read(weights, shape, bias is not None and bool(bias.any()))


def variables(content: bytes) -> dict[str, NDArray[Any]]:
    """All variables of a model.bin; one that has other names is there under each. Raises ValueError and struct.error."""
    stream = _Stream(content)
    if stream.number("I") != VERSION:
        raise ValueError(f"its format is not CTranslate2's version {VERSION}")
    stream.text(), stream.number("I")  # kind of model and its revision
    found: dict[str, NDArray[Any]] = {}
    for _ in range(stream.number("I")):
        name = stream.text()
        size = [stream.number("I") for _ in range(stream.number("B"))]
        kind = _KINDS[stream.number("B")]
        found[name] = np.frombuffer(stream.take(stream.number("I")), kind).reshape(size)
    for _ in range(stream.number("I")):
        name, first = stream.text(), stream.text()
        found[name] = found[first]
        if f"{first}_scale" in found:
            found[f"{name}_scale"] = found[f"{first}_scale"]
    return found


class _Stream:
    """Values of a model.bin, one after the other."""

    def __init__(self, content: bytes) -> None:
        self.content, self.at = content, 0

    def take(self, length: int) -> bytes:
        self.at += length
        if self.at > len(self.content):
            raise ValueError("it ends too soon")
        return self.content[self.at - length : self.at]

    def number(self, kind: str) -> int:
        value: int = struct.unpack(f"<{kind}", self.take(struct.calcsize(kind)))[0]
        return value

    def text(self) -> str:
        return self.take(self.number("H"))[:-1].decode()  # a NUL ends it


def _shape(found: Variables) -> Shape:
    """The shape. Raises KeyError and ValueError where the network is another than ours."""
    flags = ("encoder/pre_norm", "decoder/pre_norm", "decoder/start_from_zero_embedding", "decoder/scale_embeddings")
    if not all(found[name] == 1 for name in flags) or any(found[f"{side}/activation"] for side in ("encoder", "decoder")):
        raise ValueError("it is not pre-norm with ReLU and scaled embeddings, decoding from a zero vector")
    inner, width = found["encoder/layer_0/ffn/linear_0/weight"].shape
    if not np.array_equal(found["encoder/position_encodings/encodings"], sinusoids(LONGEST, width)):
        raise ValueError("its positions are not the sinusoids")
    layers = {side: {m[1] for name in found if (m := re.match(rf"{side}/layer_(\d+)/", name))} for side in ("encoder", "decoder")}
    return Shape(width, inner, int(found["encoder/num_heads"]), len(layers["encoder"]), len(layers["decoder"]))


def _named(found: Variables, shape: Shape) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Names of the network's state and their arrays; the row of padding, all zero, is added."""
    yield "embed.weight", np.concatenate([_exact(found, "decoder/embeddings/weight"), np.zeros((1, shape.width), np.float32)])
    for side, layers in (("encoder", shape.encoder), ("decoder", shape.decoder)):
        yield from _norm(found, f"{side}/layer_norm", f"{side}_layer_norm")
        for at in range(layers):
            old, new = f"{side}/layer_{at}", f"{side}.{at}"
            yield from _attention(found, f"{old}/self_attention", f"{new}.self_attn", _SELF)
            if side == "decoder":
                yield from _attention(found, f"{old}/attention", f"{new}.encoder_attn", _CROSS)
            yield from _linear(found, f"{old}/ffn/linear_0", [f"{new}.fc1"])
            yield from _linear(found, f"{old}/ffn/linear_1", [f"{new}.fc2"])
            yield from _norm(found, f"{old}/ffn/layer_norm", f"{new}.final_layer_norm")


def _attention(
    found: Variables, old: str, new: str, groups: tuple[tuple[str, ...], ...]
) -> Iterator[tuple[str, NDArray[np.float32]]]:
    for at, group in enumerate(groups):
        yield from _linear(found, f"{old}/linear_{at}", [f"{new}.{part}" for part in group])
    yield from _norm(found, f"{old}/layer_norm", f"{new}_layer_norm")


def _linear(found: Variables, old: str, new: list[str]) -> Iterator[tuple[str, NDArray[np.float32]]]:
    for kind in ("weight", "bias"):
        for name, part in zip(new, np.split(_exact(found, f"{old}/{kind}"), len(new)), strict=True):
            yield f"{name}.{kind}", part


def _norm(found: Variables, old: str, new: str) -> Iterator[tuple[str, NDArray[np.float32]]]:
    yield f"{new}.weight", _exact(found, f"{old}/gamma")
    yield f"{new}.bias", _exact(found, f"{old}/beta")


def _exact(found: Variables, name: str) -> NDArray[np.float32]:
    """A variable as float32, divided by its scale if it has one."""
    value: NDArray[np.float32] = found[name].astype(np.float32)
    if f"{name}_scale" in found:
        value /= found[f"{name}_scale"][:, None]
    return value
