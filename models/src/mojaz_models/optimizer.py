"""Muon for the matrices inside the network, AdamW for embeddings and vectors; Muon's step in float32. Needs PyTorch."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.optim import _muon

from mojaz_models.network import Network
from mojaz_models.recipe import Optimizer


def orthogonal(gradient: Tensor, coefficients: Sequence[float], steps: int, eps: float) -> Tensor:
    """Muon's Newton-Schulz iteration in the gradient's own precision, in place of PyTorch's in bfloat16.

    Processors without bfloat16 instructions emulate it, several times slower than float32."""
    a, b, c = coefficients
    tall = gradient.size(0) > gradient.size(1)
    x = gradient.T if tall else gradient
    x = x / x.norm().clamp(min=eps)
    for _ in range(steps):
        gram = x @ x.T
        x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.T if tall else x


def optimizers(net: Network, options: Optimizer) -> list[Any]:
    """[Muon, AdamW] for all parameters of a network; `set_rate` before each step."""
    _muon._zeropower_via_newtonschulz = orthogonal  # the function has no public place to put another
    inside: list[Tensor] = []
    outside: list[Tensor] = []
    for name, parameter in net.named_parameters():
        (inside if parameter.dim() == 2 and name != "embed.weight" else outside).append(parameter)
    betas = (options.beta1, options.beta2)
    return [
        torch.optim.Muon(
            inside, lr=0.0, momentum=options.momentum, weight_decay=options.weight_decay, adjust_lr_fn="match_rms_adamw"
        ),
        torch.optim.AdamW(outside, lr=0.0, betas=betas, eps=1e-9, weight_decay=0.0),
    ]


def set_rate(found: Sequence[Any], rate: float) -> None:
    """Set the learning rate of all optimizers."""
    for optimizer in found:
        for group in optimizer.param_groups:
            group["lr"] = rate
