"""A start from word statistics, so that training need not find out first that words have translations. Needs PyTorch.

English pieces get vectors from their neighbours (PPMI, truncated SVD), Arabic pieces the mean of the English pieces that they
translate to (IBM model 1), and cross-attention begins as a look at the piece of the same meaning."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from mojaz_models.dataset import Side
from mojaz_models.network import Network

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def begin(net: Network, source: Side, target: Side, english: Side, mix: float) -> None:
    """Set embeddings and cross-attention of a new network; `mix` is the share of the statistics, the rest is noise."""
    size, width = net.pad, net.width
    vectors, seen = neighbours(english, size, width)
    common = seen > 5
    vectors[common] -= vectors[common].mean(0)
    vectors = _unit(vectors) * common[:, None]
    sources, targets, probability, count = translations(source, target, size)
    kept = probability > 0.02
    sums = np.zeros((size, width))
    np.add.at(sums, sources[kept], vectors[targets[kept]] * probability[kept][:, None])
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
) -> tuple[Ints, Ints, Floats, Floats]:
    """IBM model 1 on the first `most` pairs: (source ids, target ids, probability of the target given the source) of all pairs
    of pieces that stand in one sentence pair, and the expected count of each source piece [size]."""
    good = np.flatnonzero((source.length <= longest) & (target.length <= longest))[:most]
    rows_f, rows_e, sizes = _links([np.unique(source.sentence(r)) for r in good], [target.sentence(r) for r in good])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    keys, link = np.unique(rows_f * size + rows_e, return_inverse=True)
    f, e = keys // size, keys % size
    t, count = np.ones(len(keys)), np.zeros(len(keys))
    null = np.full(size, 0.02)  # probability that a target comes from nowhere
    for _ in range(rounds):
        p = np.asarray(t[link], np.float64)
        whole = np.add.reduceat(p, starts) + null[rows_e[starts]] * sizes
        p /= np.repeat(whole, sizes)
        count = np.asarray(np.bincount(link, p, len(keys)), np.float64)
        lost = 1 - np.add.reduceat(p, starts)
        null = np.asarray(np.bincount(rows_e[starts], lost, size), np.float64)
        null = null / null.sum()
        t = count / np.bincount(f, count, size)[f]
    return f, e, t, np.asarray(np.bincount(f, count, size), np.float64)


def _links(sources: Sequence[NDArray[np.uint16]], targets: Sequence[NDArray[np.uint16]]) -> tuple[Ints, Ints, Ints]:
    """All links: a block for every target piece of every sentence, with each source piece of the sentence once.
    (source ids, target ids, block sizes)."""
    pairs = list(zip(sources, targets, strict=True))
    rows_f = np.concatenate([np.tile(f, len(e)) for f, e in pairs]).astype(np.int64)
    rows_e = np.concatenate([np.repeat(e, len(f)) for f, e in pairs]).astype(np.int64)
    sizes = np.concatenate([np.full(len(e), len(f), np.int64) for f, e in pairs if len(f)])
    return rows_f, rows_e, sizes


def _unit(x: Floats) -> Floats:
    return np.asarray(x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9))
