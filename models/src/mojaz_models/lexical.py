"""A start from word statistics, so that training need not find out first that words have translations. Needs PyTorch.

English pieces get vectors from their neighbours (PPMI, truncated SVD), Arabic pieces the mean of the English pieces that they
translate to (IBM model 1), and cross-attention begins as a look at the piece of the same meaning."""

import numpy as np
import torch

from mojaz_models.dataset import Side
from mojaz_models.model1 import Floats, Model, fit, links
from mojaz_models.network import Network


def begin(net: Network, source: Side, target: Side, english: Side, mix: float) -> None:
    """Set embeddings and cross-attention of a new network; `mix` is the share of the statistics, the rest is noise."""
    size, width = net.pad, net.width
    vectors, seen = neighbours(english, size, width)
    common = seen > 5
    vectors[common] -= vectors[common].mean(0)
    vectors = _unit(vectors) * common[:, None]
    model, count = translations(source, target, size)
    kept = model.probability > 0.02
    sums = np.zeros((size, width))
    np.add.at(sums, model.source[kept], vectors[model.target[kept]] * model.probability[kept][:, None])
    arabic = (count > 1) & ~common
    start = np.where(arabic[:, None], _unit(sums), vectors)
    noise = _unit(np.random.default_rng(1).normal(size=(size, width)))
    rows = _unit(mix * start + (1 - mix) * noise).astype(np.float32)
    with torch.no_grad():
        net.embed.weight[:size] = torch.from_numpy(rows)
        for layer in net.decoder:
            attention = layer.encoder_attn
            for module in (attention.q_proj, attention.k_proj, attention.v_proj, attention.out_proj):
                module.weight.copy_(0.8 * torch.eye(width) + 0.2 * module.weight)


def neighbours(side: Side, size: int, width: int, window: int = 3) -> tuple[Floats, Floats]:
    """Vectors [size, width] out of the positive pointwise mutual information of pieces within `window`, and counts [size]."""
    counts = np.zeros(size * size, np.float32)
    tokens = side.tokens.astype(np.int64)
    row = np.repeat(np.arange(len(side)), side.length)
    for k in range(1, window + 1):
        same = row[k:] == row[:-k]
        a, b = tokens[:-k][same], tokens[k:][same]
        for x, y in ((a, b), (b, a)):
            keys, n = np.unique(x * size + y, return_counts=True)
            counts[keys] += n / k
    table = counts.reshape(size, size)
    left = table.sum(1)
    smooth = left**0.75
    smooth /= smooth.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        pmi = np.log(table / (left[:, None] * smooth[None, :]))
    pmi[~np.isfinite(pmi)] = 0
    np.maximum(pmi, 0, out=pmi)
    rank = min(width, size)
    u, s, _ = torch.svd_lowrank(torch.from_numpy(pmi), q=min(rank + 16, size), niter=3)
    vectors = np.zeros((size, width))
    vectors[:, :rank] = (u[:, :rank] * s[:rank].sqrt()).numpy()
    return vectors, left


def translations(
    source: Side, target: Side, size: int, rounds: int = 5, most: int = 60_000, longest: int = 45
) -> tuple[Model, Floats]:
    """IBM model 1 of pieces on the first `most` pairs, and the expected count of each source piece [size]."""
    good = np.flatnonzero((source.length <= longest) & (target.length <= longest))[:most]
    pairs = ((np.unique(source.sentence(r)).astype(np.int64), target.sentence(r).astype(np.int64)) for r in good)
    model = fit(links(pairs), rounds)
    return model, np.asarray(np.bincount(model.source, model.count, size), np.float64)


def _unit(x: Floats) -> Floats:
    return np.asarray(x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9))
