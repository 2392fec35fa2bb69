"""Weights -> an int8 bundle, after checking that CTranslate2 decodes as PyTorch does. Needs PyTorch."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from mojaz_server.pipeline.normalize import normalize
from sentencepiece import SentencePieceProcessor

from mojaz_models import checkpoint, spec, tiny, vocabulary
from mojaz_models.corpora import Corpora
from mojaz_models.errors import BundleError, RecipeError
from mojaz_models.made.sets import MAKERS
from mojaz_models.manifest import Data, Manifest, write_manifest
from mojaz_models.network import Network
from mojaz_models.recipe import Recipe

SOURCES = {
    "news": ("news_references", "digest_train"),
    "near": ("parallel",),
    "far": ("parallel",),
    "terms": ("news_terms",),
    "heads": ("articles_ar",),
    "ar": ("articles_ar",),
    "en": ("news_en",),
    "back": ("news_en",),
    "self": ("articles_ar",),
    **dict.fromkeys(MAKERS, ("news_references", "digest_train")),
}
"""Corpora of each packed set; those of `names`, and the names in `renamed`, are those that the recipe lists under pack.
`back` and `self` are what a model made of English and of Arabic sentences (synthetic.py)."""
AGREEMENT = 0.95
"""Least share of sentences with the very same greedy pieces: two libraries may break a tie in different ways."""


def convert(
    recipe: Recipe, weights: Path, model: Path, bundle: Path, corpora: Corpora | None = None, tell: Callable[[str], None] = print
) -> Path:
    """Write the bundle of a recipe's weights, whole or not at all: of a checkpoint, or of a folder that `export` made and
    transformers may have changed. Raises CheckpointError and BundleError."""
    pieces = vocabulary.load(model)
    net = Network(pieces.vocab_size(), recipe.network).eval()
    names = vocabulary.names(pieces)
    outputs = vocabulary.english(pieces) if recipe.english_only else None
    net.outputs = None if outputs is None else torch.tensor(outputs)
    checkpoint.restore(net, _state(weights, recipe, names, outputs), weights)
    arrays = {name: value.numpy().astype(np.float32) for name, value in net.state_dict().items()}
    bundle.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=bundle.parent) as folder:
        exact, new = Path(folder) / "exact", Path(folder) / "new"
        spec.save(arrays, recipe.network, names, exact, quantization=None, outputs=outputs)
        tell(f"{agreement(net, pieces, exact, recipe.tag):.0%} of the greedy translations are those of PyTorch")
        spec.save(arrays, recipe.network, names, new, outputs=vocabulary.speakable(pieces) if recipe.english_only else None)
        (new / "spm.model").write_bytes(vocabulary.anonymous(model.read_bytes()))
        write_manifest(new, manifest(recipe, corpora))
        if bundle.exists():
            shutil.rmtree(bundle)
        new.rename(bundle)
    tell(f"{bundle}: {sum(p.stat().st_size for p in bundle.iterdir()) / 2**20:.1f} MiB")
    return bundle


def _state(weights: Path, recipe: Recipe, names: Sequence[str], outputs: Sequence[int] | None) -> checkpoint.State:
    if not weights.is_dir():
        state: checkpoint.State = checkpoint.read(weights)["net"]
        return state
    from mojaz_models import huggingface  # noqa: PLC0415 - needs safetensors, which training does not

    return huggingface.read(weights, recipe.network, names, outputs)


def agreement(net: Network, pieces: SentencePieceProcessor, folder: Path, tag: str) -> float:
    """Share of some sentences whose greedy pieces are the same in both libraries. Raises BundleError below AGREEMENT."""
    sources = [[tag, *pieces.encode(normalize(s), out_type=str)] for s in tiny.SENTENCES[::2]]
    found = spec.greedy(folder, sources, 40)
    same = sum(_greedy(net, pieces, source) == other for source, other in zip(sources, found, strict=True))
    if same < AGREEMENT * len(sources):
        raise BundleError(f"only {same} of {len(sources)} greedy translations are the same in PyTorch and CTranslate2")
    return same / len(sources)


def _greedy(net: Network, pieces: SentencePieceProcessor, source: Sequence[str]) -> list[str]:
    ids = [*(pieces.piece_to_id(piece) for piece in source), vocabulary.END]
    row = net.greedy(torch.tensor([ids]), 40)[0].tolist()
    end = row.index(vocabulary.END) if vocabulary.END in row else len(row)
    return [pieces.id_to_piece(piece) for piece in row[:end]]


def manifest(recipe: Recipe, corpora: Corpora | None) -> Manifest:
    """The manifest of a recipe's model, with the corpora that the training sets came from."""
    packs = [recipe.data[name].pack for phase in recipe.phase for name in phase.data]
    packs += [*recipe.start.pairs, *recipe.start.english] if recipe.start else []
    listed = {"names": tuple(recipe.pack.names), "renamed": (*SOURCES["renamed"], *recipe.pack.persons, *recipe.pack.places)}
    sources = SOURCES | listed
    for pack in packs:
        if pack not in sources:
            raise RecipeError(
                f"data.{pack}.pack: of no known corpus, so the bundle could not name its data; known are {', '.join(sources)}"
            )
    used = dict.fromkeys(corpus for pack in packs for corpus in sources[pack])
    licences = {} if corpora is None else {name: corpus.licence for name, corpus in corpora.known.items()}
    return Manifest(
        name=recipe.name,
        version=recipe.version,
        licence=recipe.licence,
        description=recipe.description,
        files={},
        decoding=recipe.decoding,
        source_language="en" if recipe.reverse else "ar",
        target_language="ar" if recipe.reverse else "en",
        tags={"translate": recipe.tag},
        suppress="" if recipe.english_only or recipe.reverse else "arabic",  # an English-only output layer has it built in
        data=[Data(name, licences.get(name, "see corpora.toml")) for name in used if name in recipe.corpora],
    )
