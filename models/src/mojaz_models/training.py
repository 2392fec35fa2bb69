# mypy: disallow-untyped-decorators=False
"""A training run: packed sets in, weights out, in the time that the recipe gives. Needs PyTorch.

A run's length is in minutes or in pieces (see recipe.py). Two processors read some 3 M pieces an hour with 11 M parameters."""

import os
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from mojaz_models import checkpoint, infilling, lexical, vocabulary
from mojaz_models.batches import Batch, Mixture, Pairs
from mojaz_models.dataset import Encoder, Side, read_lines, read_pairs
from mojaz_models.errors import CheckpointError, RecipeError
from mojaz_models.network import Network
from mojaz_models.optimizer import optimizers, set_rate
from mojaz_models.recipe import SENTENCES, Data, Phase, Recipe
from mojaz_models.text import words

VOCABULARY, LAST, WEIGHTS = "spm.model", "last.pt", "weights.pt"
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Sets:
    """What a run reads: training sets by their names in the recipe, the development set, and what the start needs."""

    training: dict[str, Pairs]
    dev: Pairs
    start: tuple[Side, Side, Side] | None


def train(recipe: Recipe, recipe_path: Path, packed: Path, out: Path, *, resume: bool = False, tell: Tell = print) -> Path:
    """Train and write `out`/weights.pt (averaged) and `out`/spm.model; returns the former. `out`/last.pt is the last checkpoint.

    Raises RecipeError, CorpusError, CheckpointError."""
    begun = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    model = prepare_vocabulary(recipe, recipe_path, packed, out, resume=resume)
    pieces = vocabulary.load(model)
    with Encoder(model, os.cpu_count() or 1) as encoder:
        sets = read_sets(recipe, packed, encoder, pieces.piece_to_id, resume=resume)
    torch.set_num_threads(recipe.threads or os.cpu_count() or 1)
    torch.manual_seed(recipe.seed)
    random.seed(recipe.seed)
    net = Network(pieces.vocab_size(), recipe.network, recipe.dropout)
    if recipe.initial and not resume:
        path = recipe_path.parent / recipe.initial
        checkpoint.restore(net, checkpoint.read(path)["net"], path)
    elif sets.start and recipe.start:
        lexical.begin(net, *sets.start, mix=recipe.start.mix)
    if recipe.english_only:
        net.outputs = torch.tensor(vocabulary.english(pieces))
    run = Run(recipe, net, sets, out, tell)
    if resume:
        run.resume()
    size = sum(p.numel() for p in net.parameters()) / 1e6
    tell(f"{size:.1f} M parameters, {pieces.vocab_size()} pieces, ready after {time.monotonic() - begun:.0f} s")
    return run(recipe.minutes * 60 - (time.monotonic() - begun))


def prepare_vocabulary(recipe: Recipe, recipe_path: Path, packed: Path, out: Path, *, resume: bool) -> Path:
    """The SentencePiece model of the run, in `out`: the one that a resumed run has, the recipe's, or a new one."""
    path = out / VOCABULARY
    if resume and path.is_file():
        return path
    if recipe.vocabulary.model:
        source = recipe_path.parent / recipe.vocabulary.model
        if not source.is_file():
            raise RecipeError(f"{recipe_path}: vocabulary.model: there is no {source}")
        shutil.copyfile(source, path)
        return path
    sentences: list[str] = []
    for name in recipe.vocabulary.data:
        if name in SENTENCES:
            sentences += read_lines(packed / f"{name}.xz")
        else:
            sentences += [s for side in read_pairs(packed / f"{name}.xz") for s in side]
    path.write_bytes(vocabulary.train(sentences, recipe.vocabulary.size, os.cpu_count() or 1))
    return path


def read_sets(recipe: Recipe, packed: Path, encode: Encoder, number: Callable[[str], int], *, resume: bool = False) -> Sets:
    """Encode all that the recipe names; `number` is the id of a piece. No start where there are weights already."""
    training = {name: _pairs(name, data, recipe, packed, encode, number) for name, data in recipe.data.items()}
    dev = _pairs("dev", Data(recipe.watch.dev), recipe, packed, encode, number)
    dev.good = np.intersect1d(dev.good, np.arange(0, len(dev.source), recipe.watch.dev_every))
    if recipe.start is None or recipe.initial or resume:
        return Sets(training, dev, None)
    clean = {name: [encode(side) for side in read_pairs(packed / f"{name}.xz")] for name in recipe.start.pairs}
    english = [encode(read_lines(packed / f"{n}.xz")) if n in SENTENCES else clean[n][1] for n in recipe.start.english]
    source, target = (Side.joined([clean[name][at] for name in recipe.start.pairs]) for at in (0, 1))
    return Sets(training, dev, (source, target, Side.joined(english)))


def _pairs(name: str, data: Data, recipe: Recipe, packed: Path, encode: Encoder, number: Callable[[str], int]) -> Pairs:
    """One training set, encoded: source and target as the network sees them, with its tags."""
    tags = [number(tag) for tag in (recipe.tag, *data.tags)]
    path = packed / f"{data.pack}.xz"
    if data.masked:
        sentences = read_lines(path)
        return Pairs(name, encode(infilling.masked(sentences, data.masked, recipe.seed)), encode(sentences), tags, data.weight)
    rows = [(a, e) for a, e in zip(*read_pairs(path), strict=True) if not data.most_words or words(a) <= data.most_words]
    arabic, english = encode([a for a, _ in rows], data.noise, recipe.seed), encode([e for _, e in rows])
    source, target = (english, arabic) if recipe.reverse else (arabic, english)
    return Pairs(name, source, target, tags, data.weight)


class Run:
    """A network in training: call it with the seconds that all phases have together, those before a checkpoint included."""

    def __init__(self, recipe: Recipe, net: Network, sets: Sets, out: Path, tell: Tell) -> None:
        self.recipe, self.net, self.sets, self.out, self.tell = recipe, net, sets, out, tell
        self.optimizers = optimizers(net, recipe.optimizer)
        self.progress = checkpoint.Progress()
        self._start = self._kept = self._told = 0.0

    def resume(self) -> None:
        """Go on from `out`/last.pt. Raises CheckpointError if it is missing, damaged or of another shape."""
        path = self.out / LAST
        content = checkpoint.read(path)
        checkpoint.restore(self.net, content["net"], path)
        if "progress" not in content or "optimizers" not in content:
            raise CheckpointError(f"{path} has weights only: no run can go on from it")
        self.progress = checkpoint.Progress(**content["progress"])
        for optimizer, state in zip(self.optimizers, content["optimizers"], strict=True):
            optimizer.load_state_dict(state)
        self._kept = self._told = self.progress.elapsed
        self.tell(f"goes on after step {self.progress.step}, {self.progress.elapsed:.0f} s")

    def __call__(self, seconds: float) -> Path:
        """Run all phases; returns the file with the averaged weights."""
        self._start, end = time.monotonic() - self.progress.elapsed, 0.0
        for at, phase in enumerate(self.recipe.phase):
            begin, end = end, end + phase.share * (self.recipe.pieces or seconds)
            if self._place() < end:
                self._phase(at, phase, begin, end)
        self.tell(f"end: step {self.progress.step}, {self.progress.seen:,} pieces, dev {self.dev_loss():.4f}")
        if self.progress.mean is not None:
            checkpoint.restore(self.net, self.progress.mean, self.out / LAST)
            self.tell(f"mean of {self.progress.averaged}: dev {self.dev_loss():.4f}")
        path = self.out / WEIGHTS
        checkpoint.save(path, self.recipe.network, self.net.state_dict())
        return path

    @torch.no_grad()
    def dev_loss(self) -> float:
        """Mean cross-entropy of the development set, in nats a piece."""
        self.net.eval()
        mixture, total, count = Mixture([self.sets.dev], self.net.pad, 3000), 0.0, 0
        for at, rows in mixture.epoch():
            source, target = _tensors(mixture.gather(at, rows))
            number = int((target != self.net.pad).sum())
            total, count = total + self.net.loss(source, target, smoothing=0.0)[0].item() * number, count + number
        self.net.train()
        return total / max(1, count)

    def _place(self) -> float:
        """Where the run is, in the unit of its length: seconds or pieces."""
        self.progress.elapsed = time.monotonic() - self._start
        return float(self.progress.seen) if self.recipe.pieces else self.progress.elapsed

    def _phase(self, at: int, phase: Phase, begin: float, end: float) -> None:
        """Train from place `begin` to place `end`. A resumed phase draws other batches than the broken-off one."""
        sets = [self.sets.training[name] for name in phase.data]
        seed = int(phase.share * 100) + 1000 * at + self.progress.step
        mixture = Mixture(sets, self.net.pad, phase.tokens, seed)
        progress, averaging = self.progress, self.recipe.averaging
        self.net.train()
        for batch in mixture.batches():
            done = (self._place() - begin) / (end - begin)
            if done >= 1:
                return
            warm = min(1.0, (progress.step + 1) / self.recipe.optimizer.warm)
            loss = self._step(batch, phase.rate * warm * (max(0.01, 1 - done) if phase.cool else 1))
            if not phase.cool or done <= 1 - averaging.last:
                progress.forget()  # what an earlier phase ended with
            elif progress.step % averaging.every == 0:
                progress.average(self.net)
            self._watch(phase, loss)

    def _step(self, batch: Batch, rate: float) -> float:
        """One step; returns the batch's loss in nats a piece."""
        source, target = _tensors(batch)
        set_rate(self.optimizers, rate)
        loss, plain = self.net.loss(source, target, self.recipe.optimizer.smoothing)
        loss.backward()  # type: ignore[no-untyped-call, unused-ignore]
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), self.recipe.optimizer.clip)
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        with torch.no_grad():
            self.net.embed.weight[self.net.pad] = 0
        self.progress.step += 1
        self.progress.seen += (source.numel() + target.numel()) // 2
        return float(plain.item())

    def _watch(self, phase: Phase, loss: float) -> None:
        now, watch, progress = self.progress.elapsed, self.recipe.watch, self.progress
        if now - self._told > watch.report_s:
            self._told = now
            where = f"{phase.name:6} {now:6.0f} s  step {progress.step:6}"
            self.tell(f"{where}  loss {loss:.3f}  dev {self.dev_loss():.4f}  {progress.seen / max(now, 1e-9):,.0f} pieces/s")
        if now - self._kept > watch.checkpoint_s:
            self._kept = now
            try:
                checkpoint.save(self.out / LAST, self.recipe.network, self.net.state_dict(), progress, self.optimizers)
            except CheckpointError as error:  # a full disk must not end a run of hours: the next one may fit
                self.tell(f"warning: {error}")


def _tensors(batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.from_numpy(batch[0]), torch.from_numpy(batch[1])
