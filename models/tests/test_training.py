"""What needs PyTorch: the network, the start from word statistics, checkpoints, resuming, conversion. `make test-models`."""

import errno
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from mojaz_models import checkpoint, convert, dataset, lexical, packing, recipe, spec, synthetic, toy, training, vocabulary
from mojaz_models.cli import main
from mojaz_models.corpora import Corpora
from mojaz_models.dataset import Side, encode
from mojaz_models.errors import CheckpointError
from mojaz_models.manifest import verify
from mojaz_models.network import Network
from mojaz_models.optimizer import optimizers, orthogonal, set_rate
from mojaz_server.engine.bundle import Bundle
from mojaz_server.engine.translator import Translator

RECIPE = Path(__file__).parents[1] / "recipes/smoke.toml"
SHAPE = spec.Shape(width=32, inner=64, heads=4, encoder=2, decoder=1)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Packed toy corpora."""
    folder = tmp_path_factory.mktemp("work")
    toys = toy.generate(folder / "toy", pairs=600)
    packing.pack(recipe.load(RECIPE), Corpora(toys / "corpora.toml", toys, toys), folder / "data", lambda _: None)
    return folder


@pytest.fixture(scope="module")
def short() -> recipe.Recipe:
    """The smoke recipe in a few seconds, with a checkpoint at every step."""
    loaded = recipe.load(RECIPE)
    watch = replace(loaded.watch, checkpoint_s=0, report_s=2)
    return replace(loaded, pieces=60_000, watch=watch, averaging=recipe.Averaging(last=0.5, every=2))


@pytest.fixture(scope="module")
def trained(work: Path, short: recipe.Recipe) -> tuple[Path, list[str]]:
    """(weights, what the run said)."""
    said: list[str] = []
    return training.train(short, RECIPE, work / "data", work / "run", tell=said.append), said


def test_a_run_learns_and_averages(trained: tuple[Path, list[str]]) -> None:
    weights, said = trained
    assert weights.is_file()
    assert "mean of" in said[-1]
    assert float(said[-2].split("dev ")[1]) < 5.5  # log(466), what a network that knows nothing has, is 6.1


def test_a_run_can_be_resumed(trained: tuple[Path, list[str]], work: Path, short: recipe.Recipe) -> None:
    before = checkpoint.read(work / "run/last.pt")["progress"]
    said: list[str] = []
    training.train(replace(short, pieces=90_000), RECIPE, work / "data", work / "run", resume=True, tell=said.append)
    assert said[0].startswith(f"goes on after step {before['step']},")
    assert int(said[-2].split("step ")[1].split(",")[0]) > before["step"]


def test_a_run_measured_in_pieces_makes_the_same_steps_again(work: Path, short: recipe.Recipe, tmp_path: Path) -> None:
    counted = replace(short, pieces=9000)
    ends = []
    for name in ("a", "b"):
        said: list[str] = []
        weights = training.train(counted, RECIPE, work / "data", tmp_path / name, tell=said.append)
        ends.append((said[-2:], checkpoint.read(weights)["net"]["embed.weight"]))
    assert ends[0][0] == ends[1][0]
    assert torch.equal(ends[0][1], ends[1][1])


def test_a_checkpoint_of_another_shape(trained: tuple[Path, list[str]], work: Path, short: recipe.Recipe) -> None:
    other = replace(short, network=replace(short.network, inner=256))
    with pytest.raises(CheckpointError, match=r"last\.pt: of another shape than the recipe's network: .*fc1"):
        training.train(other, RECIPE, work / "data", work / "run", resume=True, tell=lambda _: None)


def test_a_bundle_translates_and_knows_its_corpora(trained: tuple[Path, list[str]], work: Path, short: recipe.Recipe) -> None:
    toys = Corpora(work / "toy/corpora.toml", work / "toy", work / "toy")
    bundle = convert.convert(short, trained[0], work / "run/spm.model", work / "bundle", toys, lambda _: None)
    convert.convert(short, trained[0], work / "run/spm.model", bundle, toys, lambda _: None)  # again, over the old one
    assert {d.id for d in verify(bundle).data} == {"news_references", "news_terms", "news_en"}
    (output,) = Translator(Bundle.load(bundle)).translate_batch(["أعلن الرئيس الاتفاق الجديد في بيروت يوم الاثنين."])
    assert output.ended
    assert not any("\u0600" <= c <= "\u06ff" for c in output.text)


def test_the_whole_path_from_corpora_to_a_measured_bundle(tmp_path: Path) -> None:
    """The recipe as it stands: what comes out translates the templates of the toy corpora, months and figures included."""
    assert main(["make", str(RECIPE), "--work", str(tmp_path)]) == 0
    scores = {score.metric: score.value for score in verify(tmp_path / "bundle").scores}
    assert scores["chrF"] > 60
    assert scores["figures kept, %"] > 60


def test_a_model_of_the_other_direction_back_translates(
    trained: tuple[Path, list[str]], work: Path, short: recipe.Recipe, tmp_path: Path
) -> None:
    """A reverse network begins with the weights of a forward one, and what it writes is the Arabic side of pairs."""
    data = {**short.data, "filled": recipe.Data("ar", masked=0.3, tags=(">>fill<<",))}
    phases = tuple(replace(phase, data=(*phase.data, "filled")) for phase in short.phase)
    other = replace(
        short,
        reverse=True,
        english_only=False,
        tag=">>ar<<",
        initial=str(trained[0]),
        start=None,
        data=data,
        phase=phases,
        pieces=60_000,
    )
    (tmp_path / "run").mkdir()
    (tmp_path / "run/spm.model").write_bytes((work / "run/spm.model").read_bytes())
    other = replace(other, vocabulary=replace(other.vocabulary, model=str(work / "run/spm.model")))
    weights = training.train(other, RECIPE, work / "data", tmp_path / "run", tell=lambda _: None)
    bundle = convert.convert(other, weights, tmp_path / "run/spm.model", tmp_path / "bundle", tell=lambda _: None)
    assert (verify(bundle).target_language, verify(bundle).tags) == ("ar", {"translate": ">>ar<<"})
    sentences, said = dataset.read_lines(work / "data/en.xz")[:40], list[str]()
    made = list(synthetic.pairs(sentences, bundle, beam=1, threads=1, tell=said.append))
    assert {english for _, english in made} <= set(sentences)
    assert all(any("\u0620" <= c <= "\u064a" for c in arabic) for arabic, _ in made)
    assert said[0].startswith("40 sentences; dropped: ")


def test_weights_of_another_shape_are_not_converted(
    trained: tuple[Path, list[str]], work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wide.toml"
    path.write_text(RECIPE.read_text(encoding="utf8").replace("inner = 128", "inner = 64"), encoding="utf8")
    options = ["--work", str(tmp_path), "--weights", str(trained[0]), "--vocabulary", str(work / "run/spm.model")]
    assert main(["convert", str(path), *options]) == 4
    assert "of another shape" in capsys.readouterr().err


@pytest.mark.parametrize(
    "failure", [OSError(errno.ENOSPC, "No space left on device"), RuntimeError("[enforce fail] write failed")]
)
def test_a_full_disk_leaves_the_last_checkpoint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, failure: Exception) -> None:
    net, path = Network(50, SHAPE), tmp_path / "last.pt"
    checkpoint.save(path, SHAPE, net.state_dict())
    before = path.read_bytes()

    def full(_: object, place: Path) -> None:
        place.write_bytes(b"the beginning of it")
        raise failure

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(CheckpointError, match="could not be written"):
        checkpoint.save(path, SHAPE, net.state_dict())
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_really_full_disk(tmp_path: Path) -> None:
    path = tmp_path / "last.pt"
    path.write_bytes(b"the last good one")
    (tmp_path / "last.pt.new").symlink_to("/dev/full")  # every write to it fails for want of space
    with pytest.raises(CheckpointError, match="could not be written"):
        checkpoint.save(path, SHAPE, Network(50, SHAPE).state_dict())
    assert path.read_bytes() == b"the last good one"


def test_files_that_are_no_checkpoints(tmp_path: Path) -> None:
    (tmp_path / "a.pt").write_bytes(b"no checkpoint")
    checkpoint.save(tmp_path / "b.pt", SHAPE, Network(50, SHAPE).state_dict())
    (tmp_path / "b.pt").write_bytes((tmp_path / "b.pt").read_bytes()[:5000])
    for name in ("a", "b", "c"):
        with pytest.raises(CheckpointError, match=rf"{name}\.pt"):
            checkpoint.read(tmp_path / f"{name}.pt")


def test_the_mean_of_checkpoints(tmp_path: Path) -> None:
    nets = [Network(50, SHAPE) for _ in range(3)]
    paths = [tmp_path / f"{at}.pt" for at in range(3)]
    for net, path in zip(nets, paths, strict=True):
        checkpoint.save(path, SHAPE, net.state_dict())
    assert main(["average", *map(str, paths), "--to", str(tmp_path / "mean.pt")]) == 0
    wanted = sum(net.embed.weight for net in nets) / 3
    assert torch.allclose(checkpoint.read(tmp_path / "mean.pt")["net"]["embed.weight"], wanted, atol=1e-6)
    checkpoint.save(paths[1], replace(SHAPE, inner=128), Network(50, replace(SHAPE, inner=128)).state_dict())
    with pytest.raises(CheckpointError, match=r"1\.pt: of another shape than"):
        checkpoint.mean(paths)


def test_orthogonal_makes_singular_values_alike() -> None:
    torch.manual_seed(1)
    for size in ((20, 60), (60, 20)):
        found = orthogonal(torch.randn(size), (3.4445, -4.775, 2.0315), 5, 1e-7)
        values = torch.linalg.svdvals(found)
        assert found.dtype == torch.float32
        assert 0.5 < values.min() <= values.max() < 1.5


def test_padding_changes_nothing_and_stays_zero() -> None:
    torch.manual_seed(1)
    net = Network(50, SHAPE)
    source, target = torch.randint(2, 50, (3, 9)), torch.randint(2, 50, (3, 7))
    padded = (torch.nn.functional.pad(x, (0, 4), value=net.pad) for x in (source, target))
    assert net.loss(*padded)[0].item() == pytest.approx(net.loss(source, target)[0].item(), abs=1e-5)
    found = optimizers(net, recipe.Optimizer())
    set_rate(found, 1e-3)
    net.loss(source, target)[0].backward()
    for one in found:
        one.step()
    assert (net.embed.weight[net.pad] == 0).all()


def test_greedy_steps_are_the_whole_network() -> None:
    """Decoding step by step with a cache gives what the whole network gives for its own output."""
    torch.manual_seed(1)
    net = Network(50, SHAPE).eval()
    source = torch.randint(2, 50, (2, 9))
    found = net.greedy(source, 12)
    for row, line in zip(source, found, strict=True):
        real = line[line != net.pad]
        memory, mask = net.encode(row[None])
        x = net._embedded(torch.nn.functional.pad(real[None, :-1], (1, 0), value=net.pad))
        for layer in net.decoder:
            x = layer(x, None, memory, mask)
        logits = net.decoder_layer_norm(x) @ net.embed.weight[: net.pad].T
        assert logits[0].argmax(-1).tolist() == real.tolist()


def test_model_1_finds_translations(work: Path, trained: tuple[Path, list[str]]) -> None:
    pieces = vocabulary.load(work / "run/spm.model")
    pairs = [("كلب كبير", "big dog"), ("كلب صغير", "small dog"), ("بيت كبير", "big house"), ("بيت صغير", "small house")]
    # words as single pieces of an own numbering, so that the test does not hang on a vocabulary
    words = sorted({w for pair in pairs for side in pair for w in side.split()})
    number = {word: at + 1 for at, word in enumerate(words)}
    sides = [
        Side(np.array([n for p in pairs for n in (*(number[w] for w in p[k].split()), 0)], np.uint16), np.full(4, 3, np.int32))
        for k in (0, 1)
    ]
    model, _ = lexical.translations(*sides, len(words) + 1, rounds=20)
    rows = list(zip(model.source, model.target, model.probability, strict=True))
    best = {a: max((p, b) for x, b, p in rows if x == a)[1] for a in set(model.source.tolist())}
    named = {words[a - 1]: words[int(b) - 1] for a, b in best.items()}
    assert named == {"كلب": "dog", "بيت": "house", "كبير": "big", "صغير": "small"}
    assert len(encode(pieces, ["كلب"])[1]) == 1


def test_rare_pieces_start_as_noise() -> None:
    rng = np.random.default_rng(1)
    side = Side(rng.integers(2, 60, 4000).astype(np.uint16), np.full(400, 10, np.int32))
    torch.manual_seed(1)
    net = Network(80, SHAPE)  # pieces 60-79 never occur
    lexical.begin(net, side, side, side, 0.75)
    assert torch.isfinite(net.embed.weight).all()
    assert net.embed.weight[:80].norm(dim=1).allclose(torch.ones(80), atol=1e-4)
    assert (net.embed.weight[net.pad] == 0).all()
