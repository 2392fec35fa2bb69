# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The network: a pre-norm transformer (sinusoidal positions, one tied embedding). Needs PyTorch.

Padding is the last row of the embedding and all zero; it also starts the decoder. Tokens are [sentences, pieces], int64.
"""

import math

import torch
import torch.nn.functional as F  # noqa: N812 - the name that every reader of PyTorch code expects
from torch import Tensor, nn

from mojaz_models import spec
from mojaz_models.vocabulary import END

Cache = tuple[Tensor, Tensor]


class Attention(nn.Module):
    """Attention with `heads` heads over `width` numbers."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (nn.Linear(width, width) for _ in range(4))

    def split(self, x: Tensor) -> Tensor:
        """[batch, length, width] -> [batch, heads, length, width / heads]."""
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def forward(self, x: Tensor, memory: Tensor, mask: Tensor | None = None, *, causal: bool = False) -> Tensor:
        """Look from `x` at `memory`; `mask` is true where there is something to see."""
        return self.attend(x, self.keys(memory), mask, causal=causal)

    def keys(self, memory: Tensor) -> Cache:
        """Keys and values of `memory`."""
        return self.split(self.k_proj(memory)), self.split(self.v_proj(memory))

    def attend(self, x: Tensor, keys: Cache, mask: Tensor | None = None, *, causal: bool = False) -> Tensor:
        """Look from `x` at keys and values that are there already."""
        out = F.scaled_dot_product_attention(self.split(self.q_proj(x)), *keys, attn_mask=mask, is_causal=causal)
        return self.out_proj(out.transpose(1, 2).flatten(2))


class Layer(nn.Module):
    """A layer of the encoder, or with `cross` of the decoder."""

    def __init__(self, width: int, inner: int, heads: int, drop: float, *, cross: bool) -> None:
        super().__init__()
        self.self_attn, self.self_attn_layer_norm = Attention(width, heads), nn.LayerNorm(width)
        if cross:
            self.encoder_attn, self.encoder_attn_layer_norm = Attention(width, heads), nn.LayerNorm(width)
        self.fc1, self.fc2, self.final_layer_norm = nn.Linear(width, inner), nn.Linear(inner, width), nn.LayerNorm(width)
        self.cross, self.drop = cross, nn.Dropout(drop)

    def forward(self, x: Tensor, mask: Tensor | None, memory: Tensor | None = None, memory_mask: Tensor | None = None) -> Tensor:
        """[batch, length, width] -> the same."""
        y = self.self_attn_layer_norm(x)
        x = x + self.drop(self.self_attn(y, y, mask, causal=self.cross))
        if self.cross:
            x = x + self.drop(self.encoder_attn(self.encoder_attn_layer_norm(x), memory, memory_mask))
        return self._feed(x)

    def step(self, x: Tensor, past: Cache, at: int, memory: Cache, memory_mask: Tensor) -> Tensor:
        """One decoding step: x [batch, 1, width]; `past` has room for all steps and is written at `at`."""
        attention, y = self.self_attn, self.self_attn_layer_norm(x)
        for kept, new in zip(past, attention.keys(y), strict=True):
            kept[:, :, at : at + 1] = new
        x = x + attention.attend(y, (past[0][:, :, : at + 1], past[1][:, :, : at + 1]))
        x = x + self.encoder_attn.attend(self.encoder_attn_layer_norm(x), memory, memory_mask)
        return self._feed(x)

    def _feed(self, x: Tensor) -> Tensor:
        return x + self.drop(self.fc2(F.relu(self.fc1(self.final_layer_norm(x)))))


class Network(nn.Module):
    """The whole network for a vocabulary of `pieces`. `outputs` are the pieces that targets can hold, if fewer than all."""

    outputs: Tensor | None
    positions: Tensor

    def __init__(self, pieces: int, shape: spec.Shape, drop: float = 0.0) -> None:
        super().__init__()
        self.width, self.pad, self.heads = shape.width, pieces, shape.heads
        self.embed = nn.Embedding(pieces + 1, shape.width, padding_idx=pieces)
        sizes = (shape.width, shape.inner, shape.heads, drop)
        self.encoder = nn.ModuleList(Layer(*sizes, cross=False) for _ in range(shape.encoder))
        self.decoder = nn.ModuleList(Layer(*sizes, cross=True) for _ in range(shape.decoder))
        self.encoder_layer_norm, self.decoder_layer_norm = nn.LayerNorm(shape.width), nn.LayerNorm(shape.width)
        self.drop = nn.Dropout(drop)
        self.outputs = None
        self.register_buffer("positions", torch.from_numpy(spec.sinusoids(spec.LONGEST, shape.width)), persistent=False)
        self._begin()

    def _begin(self) -> None:
        nn.init.normal_(self.embed.weight, std=self.width**-0.5)
        nn.init.zeros_(self.embed.weight.data[self.pad])
        for name, weight in self.named_parameters():
            if weight.dim() == 2 and name != "embed.weight":
                nn.init.xavier_uniform_(weight)
            elif name.endswith(".bias"):
                nn.init.zeros_(weight)

    def encode(self, source: Tensor) -> tuple[Tensor, Tensor]:
        """What the encoder makes of a source [batch, length, width], and where there is something [batch, 1, 1, length]."""
        mask = (source != self.pad)[:, None, None, :]
        x = self._embedded(source)
        for layer in self.encoder:
            x = layer(x, mask)
        return self.encoder_layer_norm(x), mask

    def loss(self, source: Tensor, target: Tensor, smoothing: float = 0.1) -> tuple[Tensor, Tensor]:
        """Mean smoothed cross-entropy over the target's pieces, and the plain one, in nats; padding is not counted."""
        memory, mask = self.encode(source)
        x = self._embedded(F.pad(target[:, :-1], (1, 0), value=self.pad))
        for layer in self.decoder:
            x = layer(x, None, memory, mask)
        real = target != self.pad
        wanted = target[real]
        if self.outputs is not None:
            wanted = torch.searchsorted(self.outputs, wanted).clamp(max=len(self.outputs) - 1)
        logits = F.linear(self.decoder_layer_norm(x)[real], self._table()).float()
        smooth = F.cross_entropy(logits, wanted, label_smoothing=smoothing)
        with torch.no_grad():
            plain = F.cross_entropy(logits.detach(), wanted) if smoothing else smooth.detach()
        return smooth, plain

    @torch.no_grad()
    def greedy(self, source: Tensor, longest: int) -> Tensor:
        """Most likely next piece until END or `longest` steps: [batch, <= longest], padded after END."""
        memory, mask = self.encode(source)
        cross = [layer.encoder_attn.keys(memory) for layer in self.decoder]
        size = (len(source), self.heads, longest, self.width // self.heads)
        past = [(memory.new_empty(size), memory.new_empty(size)) for _ in self.decoder]
        last, done, out = source.new_full((len(source), 1), self.pad), source.new_zeros(len(source), dtype=torch.bool), []
        for at in range(longest):
            x = self._embedded(last, at)
            for layer, cache, keys in zip(self.decoder, past, cross, strict=True):
                x = layer.step(x, cache, at, keys, mask)
            best = F.linear(self.decoder_layer_norm(x)[:, 0], self._table()).argmax(-1)
            best = best if self.outputs is None else self.outputs[best]
            out.append(best.masked_fill(done, self.pad))
            done |= best == END
            last = best[:, None]
            if bool(done.all()):
                break
        return torch.stack(out, 1)

    def _embedded(self, tokens: Tensor, at: int = 0) -> Tensor:
        return self.drop(self.embed(tokens) * math.sqrt(self.width) + self.positions[at : at + tokens.shape[1]])

    def _table(self) -> Tensor:
        return self.embed.weight[: self.pad] if self.outputs is None else self.embed.weight[self.outputs]
