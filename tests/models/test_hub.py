"""Pulling models: from a hub over real HTTP into a bundle, with known, pinned, wrong and missing files."""

import importlib.util
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from mojaz_models import catalog, hub, manifest
from mojaz_models.catalog import Entry
from mojaz_models.cli import main
from mojaz_models.errors import HubError
from mojaz_models.manifest import File
from mojaz_server.engine.bundle import Bundle
from mojaz_server.engine.translator import Translator


def _stand_in() -> ModuleType:
    found = importlib.util.spec_from_file_location("hub_stand_in", Path(__file__).with_name("hub_stand_in.py"))
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


stand_in = _stand_in()
NAME = "newsroom/tiny-ar-en"


@pytest.fixture
def repository(tiny: Path, tmp_path: Path) -> Path:
    """A repository as others publish them: CTranslate2's files and a SentencePiece model, no manifest of ours."""
    folder = tmp_path / "repository"
    shutil.copytree(tiny, folder)
    (folder / "manifest.json").unlink()
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"add_source_eos": True}))
    (folder / "README.md").write_text("not wanted")
    return folder


@pytest.fixture
def served(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    with stand_in.serve({NAME: repository}) as running:
        monkeypatch.setenv("HF_ENDPOINT", running.endpoint)
        yield running


def entry(**values: object) -> Entry:
    return Entry(name="tiny-ar-en", version="1", source=f"hub:{NAME}", licence="Apache-2.0", source_tag=">>en<<", **values)  # type: ignore[arg-type]


def files(folder: Path) -> dict[str, File]:
    return {name: file for name, file in manifest.contents(folder).items() if name != "README.md"}


def test_a_pulled_model_translates(served: object, repository: Path, tmp_path: Path) -> None:
    bundle = hub.pull(entry(files=files(repository)), tmp_path / "cache")
    loaded = Bundle.load(bundle)
    assert loaded.id == "tiny-ar-en@1"
    assert [output.pieces > 0 for output in Translator(loaded).translate_batch(["قال الرئيس"])] == [True]
    assert json.loads((bundle / "config.json").read_text())["add_source_eos"] is False  # the engine puts it there
    assert not (bundle / "README.md").exists()


def test_a_bundle_of_ours_is_taken_as_it_is(served: object, repository: Path, tiny: Path, tmp_path: Path) -> None:
    shutil.copy(tiny / "manifest.json", repository)
    shutil.copy(tiny / "config.json", repository)
    bundle = hub.pull(entry(), tmp_path / "cache")
    assert (bundle / "manifest.json").read_bytes() == (tiny / "manifest.json").read_bytes()


def test_a_second_pull_asks_nobody(served: object, tmp_path: Path) -> None:
    first = hub.pull(entry(), tmp_path / "cache")
    served.requests.clear()  # type: ignore[attr-defined]
    assert hub.pull(entry(), tmp_path / "cache") == first
    assert served.requests == []  # type: ignore[attr-defined]


def test_a_damaged_bundle_is_made_again(served: object, tmp_path: Path) -> None:
    bundle = hub.pull(entry(), tmp_path / "cache")
    (bundle / "model.bin").write_bytes(b"damaged")
    manifest.verify(hub.pull(entry(), tmp_path / "cache"))


def test_a_file_of_another_checksum_is_refused(served: object, repository: Path, tmp_path: Path) -> None:
    known = files(repository)
    content = bytearray((repository / "model.bin").read_bytes())
    content[-1] ^= 1
    (repository / "model.bin").write_bytes(content)
    with pytest.raises(HubError, match=r"model\.bin is not the known file"):
        hub.pull(entry(files=known), tmp_path / "cache")
    assert not (tmp_path / "cache/bundles/tiny-ar-en@1").exists()


def test_without_checksums_the_first_pull_is_trusted_and_pinned(served: object, repository: Path, tmp_path: Path) -> None:
    shutil.rmtree(hub.pull(entry(), tmp_path / "cache"))
    shutil.rmtree(tmp_path / "cache/hub")
    (repository / "spm.model").write_bytes((repository / "spm.model").read_bytes() + b"\0")
    with pytest.raises(HubError, match=r"spm\.model is not the known file"):
        hub.pull(entry(), tmp_path / "cache")


def test_a_file_that_the_hub_lists_and_has_not(served: object, tmp_path: Path) -> None:
    served.missing.add("model.bin")  # type: ignore[attr-defined]
    with pytest.raises(HubError, match="tiny-ar-en"):
        hub.pull(entry(), tmp_path / "cache")


def test_a_file_that_the_catalogue_knows_and_the_hub_does_not(served: object, repository: Path, tmp_path: Path) -> None:
    known = files(repository)
    (repository / "spm.model").unlink()
    with pytest.raises(HubError, match=r"the hub has no spm\.model"):
        hub.pull(entry(files=known), tmp_path / "cache")


def test_an_unknown_repository(served: object, tmp_path: Path) -> None:
    other = Entry(name="other", version="1", source="hub:nobody/nothing", licence="MIT")
    with pytest.raises(HubError, match="nobody/nothing"):
        hub.pull(other, tmp_path / "cache")


def test_a_hub_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(HubError, match="cannot be reached"):
        hub.pull(entry(), tmp_path / "cache")


def test_a_repository_without_a_model(served: object, repository: Path, tmp_path: Path) -> None:
    (repository / "model.bin").unlink()
    with pytest.raises(HubError, match="neither"):
        hub.pull(entry(), tmp_path / "cache")


def test_the_command(served: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("MOJAZ_CACHE", str(tmp_path / "cache"))
    catalog.write(tmp_path / "catalog.toml", [entry()])
    assert main(["pull", "tiny-ar-en", "--catalog", str(tmp_path / "catalog.toml")]) == 0
    assert Bundle.load(Path(capsys.readouterr().out.strip())).name == "tiny-ar-en"
    assert main(["pull", "none", "--catalog", str(tmp_path / "catalog.toml")]) == 6
    assert "the catalogue has no none; it has tiny-ar-en@1" in capsys.readouterr().err


def test_the_catalogue_of_the_repository(root: Path) -> None:
    names = [e.model for e in catalog.read(root / "models/catalog.toml")]
    assert "opus-mt-ar-en@1" in names
    assert len(set(names)) == len(names)
