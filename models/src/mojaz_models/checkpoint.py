"""Checkpoints: the state of a training run in one file, written whole or not at all. Needs PyTorch."""

import pickle
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from mojaz_models.errors import CheckpointError
from mojaz_models.network import Network
from mojaz_models.spec import Shape

State = Mapping[str, Tensor]


@dataclass(slots=True)
class Progress:
    """Where a run stands: steps, pieces seen, seconds of training, and the running mean of `averaged` weights."""

    step: int = 0
    seen: int = 0
    elapsed: float = 0.0
    mean: dict[str, Tensor] | None = None
    averaged: int = 0

    def average(self, net: Network) -> None:
        """Take the present weights into the mean."""
        self.averaged += 1
        now = net.state_dict()
        if self.mean is None:
            self.mean = {name: value.detach().clone() for name, value in now.items()}
        else:
            for name, value in now.items():
                self.mean[name] += (value - self.mean[name]) / self.averaged

    def forget(self) -> None:
        """Begin the mean anew."""
        self.mean, self.averaged = None, 0


def save(path: Path, shape: Shape, weights: State, progress: Progress | None = None, optimizers: list[Any] | None = None) -> None:
    """Write a checkpoint beside `path`, then put it there. If that fails, say for want of space, `path` is as it was."""
    content: dict[str, Any] = {"shape": asdict(shape), "net": dict(weights)}
    if progress is not None:
        content["progress"] = {name: getattr(progress, name) for name in Progress.__slots__}
    if optimizers is not None:
        content["optimizers"] = [o.state_dict() for o in optimizers]
    temporary = path.with_name(path.name + ".new")
    try:
        torch.save(content, temporary)
        temporary.replace(path)
    except (OSError, RuntimeError) as error:  # PyTorch's own writer raises RuntimeError when the disk is full
        with suppress(OSError):
            temporary.unlink()
        raise CheckpointError(f"{path}: could not be written ({error}); what was there is still there") from error


def read(path: Path) -> dict[str, Any]:
    """Content of a checkpoint: `net`, and of a run that can be resumed `progress` and `optimizers`.

    A bare state of a network is a checkpoint too. Raises CheckpointError."""
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise CheckpointError(f"{path} is missing") from None
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise CheckpointError(f"{path} is no checkpoint, or a damaged one: {str(error).splitlines()[0]}") from error
    if not isinstance(content, dict):
        raise CheckpointError(f"{path} is no checkpoint")
    return content if "net" in content else {"net": content}


def mean(paths: Sequence[Path]) -> tuple[Shape, State]:
    """The shape and the mean weights of several checkpoints of one network: of runs that went on from one another the mean is
    better than each of them. Raises CheckpointError."""
    contents = [read(path) for path in paths]
    weights: dict[str, Tensor] = {}
    for number, (path, content) in enumerate(zip(paths, contents, strict=True), 1):
        if content.get("shape") is None or content["shape"] != contents[0]["shape"]:
            raise CheckpointError(
                f"{path}: of another shape than {paths[0]}, or of none; only weights of one network have a mean"
            )
        for name, value in content["net"].items():
            weights[name] = value if number == 1 else weights[name] + (value - weights[name]) / number
    return Shape(**contents[0]["shape"]), weights


def restore(net: Network, weights: State, place: Path) -> None:
    """Put weights into a network. Raises CheckpointError if they are those of a network of another shape."""
    own = net.state_dict()
    for name in sorted(own.keys() | weights.keys()):
        have = tuple(weights[name].shape) if name in weights else "missing"
        want = tuple(own[name].shape) if name in own else "not part of it"
        if have != want:
            raise CheckpointError(f"{place}: of another shape than the recipe's network: {name} is {have}, the network's {want}")
    net.load_state_dict(dict(weights))
