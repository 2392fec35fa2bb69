"""Trained weights, or a bundle, -> a folder for transformers, after checking that it translates as PyTorch does.

Needs PyTorch and transformers."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import torch
from mojaz_server.pipeline.normalize import normalize
from sentencepiece import SentencePieceProcessor
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer
from transformers.utils import logging

from mojaz_models import checkpoint, convert, huggingface, tiny, vocabulary, weights
from mojaz_models.errors import CheckpointError
from mojaz_models.manifest import Manifest, verify
from mojaz_models.network import Network
from mojaz_models.recipe import Recipe

LENGTH = 40
"""Pieces of a translation that are compared."""


def trained(recipe: Recipe, place: Path, model: Path, folder: Path, tell: Callable[[str], None] = print) -> Path:
    """Export the weights of a recipe, exactly. `place` is a checkpoint. Raises CheckpointError."""
    pieces = vocabulary.load(model)
    net = Network(pieces.vocab_size(), recipe.network, recipe.dropout).eval()
    checkpoint.restore(net, checkpoint.read(place)["net"], place)
    if recipe.english_only:
        net.outputs = torch.tensor(vocabulary.english(pieces))
    return _export(net, model.read_bytes(), convert.manifest(recipe, None), folder, tell)


def bundled(bundle: Path, folder: Path, tell: Callable[[str], None] = print) -> Path:
    """Export a bundle of our own network: its weights as they were rounded to int8, which `convert` rounds to the same again.

    Raises BundleError and CheckpointError."""
    about, read = verify(bundle), weights.read(bundle)
    model = (bundle / "spm.model").read_bytes()
    pieces = SentencePieceProcessor(model_proto=model)
    net = Network(pieces.vocab_size(), read.shape).eval()
    checkpoint.restore(net, {name: torch.from_numpy(value) for name, value in read.weights.items()}, bundle)
    if read.restricted:
        net.outputs = torch.tensor(vocabulary.english(pieces))
    return _export(net, model, about, folder, tell)


def _export(net: Network, model: bytes, about: Manifest, folder: Path, tell: Callable[[str], None]) -> Path:
    """Write the folder, whole or not at all."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CheckpointError(f"{folder} is there already; name a new folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        new = Path(temporary) / "new"
        huggingface.save(net, model, about, new)
        tell(f"{agreement(net, SentencePieceProcessor(model_proto=model), new):.0%} of the greedy translations are the network's")
        new.rename(folder)
    tell(f"{folder}: {sum(p.stat().st_size for p in folder.iterdir()) / 2**20:.1f} MiB")
    return folder


def agreement(net: Network, pieces: SentencePieceProcessor, folder: Path) -> float:
    """Share of some sentences that transformers reads as the same pieces and translates greedily to the same pieces.

    Raises CheckpointError if a source is read otherwise, or below `convert.AGREEMENT`."""
    logging.disable_progress_bar()
    model, tokenizer = AutoModelForSeq2SeqLM.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)
    model.generation_config.suppress_tokens = None  # the network has no such list
    tag, same = pieces.piece_to_id(vocabulary.TO_ENGLISH), 0
    sentences = tiny.SENTENCES[::2]
    for sentence in sentences:
        source = torch.tensor([[tag, *pieces.encode(normalize(sentence)), vocabulary.END]])
        read = tokenizer(f"{vocabulary.TO_ENGLISH} {sentence}", return_tensors="pt")
        if read.input_ids.tolist() != source.tolist():
            raise CheckpointError(f"transformers reads other pieces than SentencePiece in: {sentence}")
        found = model.generate(**read, num_beams=1, max_length=LENGTH + 1)
        same += torch.equal(found[:, 1:], net.greedy(source, LENGTH))
    if same < convert.AGREEMENT * len(sentences):
        raise CheckpointError(f"only {same} of {len(sentences)} greedy translations are the same in transformers")
    return same / len(sentences)
