"""The network as a Pegasus model of transformers: the same pieces, logits and translations, there and back."""

import importlib.util
import json
import shlex
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import ctranslate2
import numpy as np
import pytest
import torch
import transformers
from ctranslate2.converters import TransformersConverter
from mojaz_models import checkpoint, convert, hub, huggingface, recipe, spec, vocabulary, weights
from mojaz_models.catalog import Entry
from mojaz_models.cli import main
from mojaz_models.errors import BundleError, CheckpointError, HubError
from mojaz_models.manifest import Manifest, verify
from mojaz_models.network import Network
from mojaz_models.tiny import SENTENCES, build_tiny
from mojaz_server.engine.bundle import Bundle, Decoding
from mojaz_server.engine.translator import Translator
from mojaz_server.pipeline.normalize import normalize

MODELS = Path(__file__).parents[1]
BUNDLE, RECIPE = MODELS / "bundles/mojaz-ar-en", MODELS / "recipes/smoke.toml"
SHAPE = spec.Shape(width=32, inner=64, heads=4, encoder=2, decoder=2)
PIECES = vocabulary.load(BUNDLE / "spm.model")
TAG = PIECES.piece_to_id(vocabulary.TO_ENGLISH)
LENGTH = 16


def random_network() -> Network:
    """A network in which no weight has a value that another might have as well, and whose output depends on the source."""
    torch.manual_seed(1)
    net = Network(PIECES.vocab_size(), SHAPE).eval()
    with torch.no_grad():
        for name, weight in net.named_parameters():
            if name != "embed.weight":
                weight.mul_(3 if weight.dim() == 2 else 1).add_(torch.randn_like(weight) * 0.1)
    net.outputs = torch.tensor(vocabulary.english(PIECES))
    return net


@pytest.fixture(scope="module")
def net() -> Network:
    return random_network()


@pytest.fixture(scope="module")
def folder(net: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The network as transformers loads it."""
    path = tmp_path_factory.mktemp("exported")
    about = Manifest("small", "1", "Apache-2.0", "A small one.", {}, decoding=Decoding(beam_size=3))
    huggingface.save(net, (BUNDLE / "spm.model").read_bytes(), about, path)
    return path


@pytest.fixture(scope="module")
def model(folder: Path) -> Any:
    return transformers.AutoModelForSeq2SeqLM.from_pretrained(folder)


@pytest.fixture(scope="module")
def tokenizer(folder: Path) -> Any:
    return transformers.AutoTokenizer.from_pretrained(folder)


@pytest.fixture(scope="module")
def small() -> recipe.Recipe:
    """A recipe of that network."""
    return replace(recipe.load(RECIPE), network=SHAPE)


def sources() -> list[list[int]]:
    return [[TAG, *PIECES.encode(normalize(s)), vocabulary.END] for s in SENTENCES]


def greedy(net: Network) -> list[list[int]]:
    """The network's translations, up to their end or LENGTH pieces, one sentence at a time."""
    return [cut(net.greedy(torch.tensor([source]), LENGTH)[0].tolist()) for source in sources()]


def cut(row: list[int]) -> list[int]:
    return row[: row.index(vocabulary.END)] if vocabulary.END in row else row


def test_the_network_says_something(net: Network) -> None:
    found = greedy(net)
    assert len(found) >= 20
    assert len({tuple(row) for row in found}) > 10
    assert len({piece for row in found for piece in row}) > 20


def test_transformers_translates_alike(net: Network, model: Any, tokenizer: Any) -> None:
    """In one padded batch, so that what is padding counts as that."""
    read = tokenizer([f">>en<< {s}" for s in SENTENCES], return_tensors="pt", padding=True)
    model.generation_config.suppress_tokens = None
    found = model.generate(**read, num_beams=1, max_length=LENGTH + 1)
    assert [cut([piece for piece in row[1:].tolist() if piece != net.pad]) for row in found] == greedy(net)


def test_logits_and_loss_are_alike(net: Network, model: Any, tokenizer: Any) -> None:
    read = tokenizer([f">>en<< {s}" for s in SENTENCES[::2]], return_tensors="pt", padding=True)
    labels = tokenizer(text_target=SENTENCES[1::2], return_tensors="pt", padding=True).input_ids
    with torch.no_grad():
        found = model(**read, labels=labels.masked_fill(labels == net.pad, -100))
        memory, mask = net.encode(read.input_ids)
        x = net._embedded(torch.nn.functional.pad(labels[:, :-1], (1, 0), value=net.pad))
        for layer in net.decoder:
            x = layer(x, None, memory, mask)
        logits = net.decoder_layer_norm(x) @ net.embed.weight.T
        assert (found.logits[..., net.outputs] - logits[..., net.outputs]).abs().max() < 1e-4
        assert found.logits[..., net.pad].max() < -9000
        assert found.loss.item() == pytest.approx(net.loss(read.input_ids, labels)[1].item(), abs=1e-4)


def test_converter_of_ctranslate2_reads_it(net: Network, folder: Path, tmp_path: Path) -> None:
    TransformersConverter(str(folder)).convert(str(tmp_path / "ct2"), quantization="float32")
    translator = ctranslate2.Translator(str(tmp_path / "ct2"), compute_type="float32", intra_threads=1)
    results = translator.translate_batch([PIECES.id_to_piece(s) for s in sources()], beam_size=1, max_decoding_length=LENGTH)
    assert [PIECES.piece_to_id(r.hypotheses[0]) for r in results] == greedy(net)


def test_back_bit_by_bit(net: Network, folder: Path, model: Any, tmp_path: Path) -> None:
    model.save_pretrained(tmp_path)  # as transformers writes it
    for place in (folder, tmp_path):
        state = huggingface.read(place, SHAPE, vocabulary.names(PIECES), vocabulary.english(PIECES))
        assert state.keys() == net.state_dict().keys()
        assert all(torch.equal(state[name], value) for name, value in net.state_dict().items())


def test_a_fine_tuned_model_comes_back(folder: Path, tokenizer: Any, small: recipe.Recipe, tmp_path: Path) -> None:
    model = transformers.AutoModelForSeq2SeqLM.from_pretrained(folder).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    batch = tokenizer([f">>en<< {s}" for s in SENTENCES[::2]], text_target=SENTENCES[1::2], return_tensors="pt", padding=True)
    batch["labels"][batch["labels"] == tokenizer.pad_token_id] = -100
    losses = []
    for _ in range(4):
        loss = model(**batch).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    assert losses[-1] < losses[0]
    model.eval().save_pretrained(tmp_path / "tuned")
    tokenizer.save_pretrained(tmp_path / "tuned")
    shutil.copy(folder / "spm.model", tmp_path / "tuned")
    bundle = convert.convert(small, tmp_path / "tuned", tmp_path / "tuned/spm.model", tmp_path / "bundle", tell=lambda _: None)
    assert Translator(Bundle.load(bundle)).translate_batch(["قال الرئيس"])[0].pieces > 0
    state = huggingface.read(tmp_path / "tuned", SHAPE, vocabulary.names(PIECES), vocabulary.english(PIECES))
    assert not torch.equal(state["encoder.0.fc1.weight"], random_network().state_dict()["encoder.0.fc1.weight"])
    again = transformers.AutoTokenizer.from_pretrained(tmp_path / "tuned")
    assert again(">>en<< قال </s> الرئيس").input_ids == tokenizer(">>en<< قال </s> الرئيس").input_ids


TEXTS = (
    *SENTENCES,
    "",
    "   ",
    "two  spaces  ",
    "▁ a▁b ▁",
    "😀😀 and 👩‍👩‍👧 and 🇱🇧",
    "字 and \u3000 and \0 and \ufffd",
    "1,234.5 % of 2024-01-31",
    "</s> and <unk> and <pad> and <0x41> and <0x4",
    "<<<0x41>>> </s",
    "a>>en<<b >>>ar<<<",
    "مُحَمَّدٌ قال «نعم» ٪٣٫٥ ـــ ﷺ ﻻ",
    "x\u0301 e\u0301 \u0338 \ufeff \u200f \t\n x",
)


@pytest.mark.parametrize("text", TEXTS)
def test_tokenizer_reads_as_sentencepiece(tokenizer: Any, text: str) -> None:
    ids = PIECES.encode(normalize(text))
    assert tokenizer(text).input_ids == [*ids, vocabulary.END]
    assert tokenizer.decode([*ids, vocabulary.END, tokenizer.pad_token_id], skip_special_tokens=True) == PIECES.decode(ids)
    if ids:
        assert tokenizer(f">>en<< {text}").input_ids == [TAG, *ids, vocabulary.END]


def test_what_generate_does_if_nothing_is_said(folder: Path) -> None:
    config = json.loads((folder / "generation_config.json").read_text())
    assert config["num_beams"] == 3
    allowed = set(vocabulary.english(PIECES)) - set(config["suppress_tokens"])
    assert allowed == set(vocabulary.speakable(PIECES))
    assert "license: apache-2.0" in (folder / "README.md").read_text()


@pytest.mark.parametrize("kind", ["embedded", "tiny"])
def test_a_bundle_is_rounded_to_the_same_again(kind: str, tmp_path: Path) -> None:
    bundle = BUNDLE if kind == "embedded" else build_tiny(tmp_path / "tiny")
    pieces = vocabulary.load(bundle / "spm.model")
    read = weights.read(bundle)
    assert read.restricted is (kind == "embedded")
    outputs = vocabulary.speakable(pieces) if read.restricted else None
    spec.save(read.weights, read.shape, vocabulary.names(pieces), tmp_path / "again", outputs=outputs)
    assert (tmp_path / "again/model.bin").read_bytes() == (bundle / "model.bin").read_bytes()


def test_the_command_exports_a_bundle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle = build_tiny(tmp_path / "tiny")
    assert main(["export", str(bundle), "--to", str(tmp_path / "out")]) == 0
    assert "100% of the greedy translations" in capsys.readouterr().out
    read = weights.read(bundle)
    names = vocabulary.names(vocabulary.load(tmp_path / "out/spm.model"))
    state = huggingface.read(tmp_path / "out", read.shape, names, None)
    assert all(np.array_equal(state[name].numpy(), value) for name, value in read.weights.items())
    assert main(["export", str(bundle), "--to", str(tmp_path / "out")]) == 4
    assert "is there already" in capsys.readouterr().err


def test_the_command_exports_a_recipe(tmp_path: Path) -> None:
    """From a checkpoint to a folder, and from the folder to a bundle."""
    found = recipe.load(RECIPE)
    torch.manual_seed(1)
    checkpoint.save(tmp_path / "weights.pt", found.network, Network(PIECES.vocab_size(), found.network).state_dict())
    given = ["--weights", str(tmp_path / "weights.pt"), "--vocabulary", str(BUNDLE / "spm.model")]
    assert main(["export", str(RECIPE), *given, "--to", str(tmp_path / "out")]) == 0
    assert main(["convert", str(RECIPE), *given, "--work", str(tmp_path), "--bundle", str(tmp_path / "a")]) == 0
    options = ["--weights", str(tmp_path / "out"), "--work", str(tmp_path), "--bundle", str(tmp_path / "b")]
    assert main(["convert", str(RECIPE), *options]) == 0
    assert (tmp_path / "a/model.bin").read_bytes() == (tmp_path / "b/model.bin").read_bytes()


def test_the_way_that_the_card_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded bundle, exported and converted back, is the embedded bundle."""
    monkeypatch.chdir(tmp_path)
    card = (MODELS / "cards/mojaz-ar-en.md").read_text(encoding="utf8").split("```sh\n")[1].split("```")[0]
    card = card.replace(" models/", f" {MODELS}/").replace("--weights tuned", "--weights pegasus")
    for line in card.splitlines():
        assert main(shlex.split(line, comments=True)[1:]) == 0
    assert Path("new/model.bin").read_bytes() == (BUNDLE / "model.bin").read_bytes()
    assert verify(Path("new")).data == verify(BUNDLE).data


def test_a_checkpoint_of_another_shape_or_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checkpoint.save(tmp_path / "weights.pt", SHAPE, Network(PIECES.vocab_size(), SHAPE).state_dict())
    options = ["--weights", str(tmp_path / "weights.pt"), "--to", str(tmp_path / "out")]
    assert main(["export", str(RECIPE), *options, "--vocabulary", str(BUNDLE / "spm.model")]) == 4
    assert "of another shape" in capsys.readouterr().err
    assert main(["export", str(RECIPE), *options, "--work", str(tmp_path)]) == 4
    assert "run/spm.model is missing" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("module", ["transformers", "safetensors"])
def test_without_transformers(
    module: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import mojaz_models.export  # noqa: F401, PLC0415 - so that there is something to take away

    for name in ("export", "huggingface"):
        monkeypatch.delitem(sys.modules, f"mojaz_models.{name}")
        monkeypatch.delattr(f"mojaz_models.{name}")
    monkeypatch.setitem(sys.modules, module, None)
    assert main(["export", str(BUNDLE), "--to", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err == "mojaz-models: this needs transformers: pip install 'mojaz-models[convert]'\n"


def read_changed(folder: Path, to: Path, **config: object) -> None:
    """Read a copy of the folder with other values in config.json, or in its weights where `weights` is a function."""
    shutil.copytree(folder, to)
    change = config.pop("weights", None)
    values = json.loads((to / "config.json").read_text())
    (to / "config.json").write_text(json.dumps(values | config))
    if callable(change):
        state = huggingface.safetensors.load_file(to / huggingface.WEIGHTS)
        change(state)
        (to / huggingface.WEIGHTS).write_bytes(huggingface.safetensors.save(state))
    huggingface.read(to, SHAPE, vocabulary.names(PIECES), vocabulary.english(PIECES))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"model_type": "marian"}, "is no exported model: its model_type is marian"),
        ({"decoder_attention_heads": 2}, "decoder_attention_heads is 2, the recipe's 4"),
        ({"weights": lambda state: state["model.shared.weight"][-1].add_(1)}, "padding is no longer zero"),
        ({"weights": lambda state: state["final_logits_bias"].zero_()}, "final_logits_bias is not that of"),
        ({"weights": lambda state: state.pop("final_logits_bias")}, "final_logits_bias is not that of"),
        ({"weights": lambda state: state["model.encoder.embed_positions.weight"].mul_(2)}, r"embed_positions\.weight is not"),
        ({"weights": lambda state: state.update({"lm_head.weight": torch.ones(3)})}, "is no longer that of the embedding"),
    ],
)
def test_folders_that_do_not_come_back(folder: Path, tmp_path: Path, changed: dict[str, Any], message: str) -> None:
    with pytest.raises(CheckpointError, match=message):
        read_changed(folder, tmp_path / "copy", **changed)


def test_folders_that_are_no_models(folder: Path, small: recipe.Recipe, tmp_path: Path) -> None:
    names = vocabulary.names(PIECES)
    with pytest.raises(CheckpointError, match=r"is no exported model: config\.json"):
        convert.convert(small, tmp_path, BUNDLE / "spm.model", tmp_path / "bundle", tell=lambda _: None)
    shutil.copy(folder / "config.json", tmp_path)
    with pytest.raises(CheckpointError, match=r"model\.safetensors cannot be read"):
        huggingface.read(tmp_path, SHAPE, names, vocabulary.english(PIECES))
    with pytest.raises(CheckpointError, match="has other pieces"):
        huggingface.read(folder, SHAPE, [*names[:-2], names[-1], names[-2]], vocabulary.english(PIECES))


def test_bundles_of_other_networks(tmp_path: Path) -> None:
    bundle = build_tiny(tmp_path / "tiny")
    content = (bundle / "model.bin").read_bytes()
    for changed in (content[:5000], b"\5" + content[1:]):
        (bundle / "model.bin").write_bytes(changed)
        with pytest.raises(BundleError, match=r"model\.bin is not the network"):
            weights.read(bundle)


def stand_in() -> ModuleType:
    path = MODELS.parent / "tests/models/hub_stand_in.py"
    found = importlib.util.spec_from_file_location("hub_stand_in", path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def marian(folder: Path) -> None:
    """A small Marian model with random weights in the files of OPUS-MT: two SentencePiece models and one vocabulary."""
    folder.mkdir()
    names = dict[str, None]()
    for name, sentences in (("source.spm", SENTENCES[::2]), ("target.spm", SENTENCES[1::2])):
        (folder / name).write_bytes(vocabulary.train(sentences, 400))
        names |= dict.fromkeys(vocabulary.names(vocabulary.load(folder / name)))
    pad = len(names)
    vocab = {name: at for at, name in enumerate([*names, "<pad>"])}
    (folder / "vocab.json").write_text(json.dumps(vocab), encoding="utf8")
    (folder / "tokenizer_config.json").write_text('{"source_lang": "ar", "target_lang": "en"}', encoding="utf8")
    sides = {"layers": 1, "attention_heads": 2, "ffn_dim": 32}
    config = transformers.MarianConfig(
        d_model=16,
        scale_embedding=True,
        activation_function="swish",
        max_position_embeddings=512,
        init_std=0.3,
        vocab_size=pad + 1,
        pad_token_id=pad,
        decoder_start_token_id=pad,
        eos_token_id=0,
        forced_eos_token_id=0,
        **{f"{side}_{name}": size for side in ("encoder", "decoder") for name, size in sides.items()},
    )
    torch.manual_seed(1)
    transformers.MarianMTModel(config).save_pretrained(folder)


def pulled(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, cache: Path) -> Bundle:
    with stand_in().serve({f"someone/{name}": folder}) as running:
        monkeypatch.setenv("HF_ENDPOINT", running.endpoint)
        return Bundle.load(hub.pull(Entry(name, "1", f"hub:someone/{name}", "Apache-2.0", source_tag=">>en<<"), cache))


def test_a_marian_model_is_pulled_and_converted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    marian(tmp_path / "repository")
    bundle = pulled("opus-mt-ar-en", tmp_path / "repository", monkeypatch, tmp_path / "cache")
    text = "".join(output.text for output in Translator(bundle).translate_batch(list(SENTENCES[::2])))
    assert text
    assert "▁" not in text  # though pieces of the target are not those of spm.model


def test_an_exported_model_is_pulled_and_converted(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bundle = pulled("small", folder, monkeypatch, tmp_path / "cache")
    assert Translator(bundle).translate_batch(["قال الرئيس"])[0].pieces > 0


def test_a_broken_checkpoint_is_not_converted(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "broken")
    (tmp_path / "broken/model.safetensors").write_bytes(b"broken")
    with pytest.raises(HubError, match="cannot convert it"):
        pulled("broken", tmp_path / "broken", monkeypatch, tmp_path / "cache")
