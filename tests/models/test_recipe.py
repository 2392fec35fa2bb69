"""Recipes are strict: every mistake is named with its file and key."""

from pathlib import Path

import pytest
from mojaz_models import recipe
from mojaz_models.cli import main
from mojaz_models.errors import RecipeError


@pytest.fixture
def smoke(root: Path) -> str:
    return (root / "models/recipes/smoke.toml").read_text(encoding="utf8")


@pytest.mark.parametrize("name", ["embedded", "continued", "reverse", "smoke"])
def test_the_recipes_of_the_repository_load(root: Path, name: str) -> None:
    loaded = recipe.load(root / f"models/recipes/{name}.toml")
    assert sum(phase.share for phase in loaded.phase) == pytest.approx(1)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("width = 64", "width = 64\ndepth = 3", "network.depth: unknown key"),
        ("width = 64", 'width = "64"', "network.width: '64' is not an integer"),
        ("width = 64", "width = 64.0", "network.width: 64.0 is not an integer"),
        ("width = 64\n", "", "network.width: missing"),
        ("heads = 4", "heads = 3", "network.width"),
        ('licence = "Apache-2.0"\n', "", "licence: missing"),
        ("share = 0.3", "share = 0.4", "phase.share: the shares make 1.1"),
        ('data = ["short", "terms"]', 'data = ["short", "names"]', r"phase\[0\].data: there is no data.names"),
        ("rate = 4e-3", "rate = true", r"phase\[0\].rate: True is not a number"),
        ("toy = 5000", 'toy = "all"', "pack.arabic_caps.toy"),
        ("[network]", "[network", "smoke"),
        ("pieces = 500_000", "pieces = 500_000\nminutes = 1.3", "give either minutes or pieces"),
        ("pieces = 500_000\n", "", "give either minutes or pieces"),
        ("toy = true", 'toy = true\ntag = ">>fr<<"', "tag: '>>fr<<' is no tag of the vocabulary; those are >>en<<"),
        ("noise = 0.2", 'noise = 0.2\ntags = ["bt"]', "data.news.tags: 'bt' is no tag"),
        ("noise = 0.2", "masked = 0.2", "data.news.masked: above 0 and below 1 for sentences"),
        ("toy = true", "toy = true\nreverse = true", "english_only: a network that writes Arabic"),
        ("[vocabulary]", "[vocabulary]\nsiez = 3", "vocabulary.siez: unknown key; known are data, model, size"),
    ],
)
def test_a_mistake_is_named(smoke: str, tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in smoke
    path = tmp_path / "smoke.toml"
    path.write_text(smoke.replace(old, new, 1), encoding="utf8")
    with pytest.raises(RecipeError, match=message) as error:
        recipe.load(path)
    assert str(path) in str(error.value)


def test_a_recipe_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", str(tmp_path / "none.toml")]) == 2
    assert capsys.readouterr().err == f"mojaz-models: {tmp_path}/none.toml: No such file or directory\n"


def test_a_recipe_for_real_corpora_says_that_it_needs_them(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["data", str(root / "models/recipes/embedded.toml"), "--work", str(tmp_path)]) == 2
    assert "needs corpora" in capsys.readouterr().err
