"""Corpora: damaged ones are refused with file and line, and what is packed is clean and never a test sentence."""

import hashlib
import lzma
from dataclasses import replace
from pathlib import Path

import pytest
from mojaz_models import packing, recipe, toy
from mojaz_models.corpora import Corpora, read_register
from mojaz_models.dataset import read_lines, read_pairs, write_lines
from mojaz_models.errors import CorpusError, RecipeError

REFERENCES = "news_references.tsv.xz"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy.generate(tmp_path_factory.mktemp("toy"), pairs=300)


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    for path in made.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


@pytest.fixture
def smoke(root: Path) -> recipe.Recipe:
    return recipe.load(root / "models/recipes/smoke.toml")


def corpora(folder: Path) -> Corpora:
    return Corpora(folder / "corpora.toml", folder, folder)


def rewrite(folder: Path, change: object, *, register: bool) -> None:
    """Put other lines into the references; with `register` the register knows the new checksum."""
    path = folder / REFERENCES
    lines = lzma.decompress(path.read_bytes()).decode().splitlines()
    change(lines)  # type: ignore[operator]
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_bytes(lzma.compress("".join(line + "\n" for line in lines).encode()))
    if register:
        text = (folder / "corpora.toml").read_text(encoding="utf8")
        (folder / "corpora.toml").write_text(text.replace(old, hashlib.sha256(path.read_bytes()).hexdigest()), encoding="utf8")


def test_toy_corpora_are_the_same_for_the_same_seed(made: Path, tmp_path: Path) -> None:
    again = toy.generate(tmp_path, pairs=300)
    assert {p.name: p.read_bytes() for p in again.iterdir()} == {p.name: p.read_bytes() for p in made.iterdir()}


def test_a_file_cut_in_the_middle(folder: Path) -> None:
    content = (folder / REFERENCES).read_bytes()
    (folder / REFERENCES).write_bytes(content[: len(content) // 2])
    with pytest.raises(CorpusError, match=rf"{REFERENCES}, line \d+: the file is cut off here"):
        list(corpora(folder).rows("news_references"))


def test_a_line_with_too_few_columns(folder: Path) -> None:
    rewrite(folder, lambda lines: lines.__setitem__(6, "toy\tسطر بلا ترجمة"), register=True)
    with pytest.raises(CorpusError, match=f"{REFERENCES}, line 7: 2 columns, not 3"):
        list(corpora(folder).rows("news_references"))


def test_swapped_sides(folder: Path) -> None:
    rewrite(folder, lambda lines: lines.__setitem__(3, "toy\tThe minister arrived\tوصل الوزير اليوم"), register=True)
    with pytest.raises(CorpusError, match=f"{REFERENCES}, line 4: the sides are swapped"):
        list(corpora(folder).rows("news_references"))


def test_another_file_than_the_registered_one(folder: Path) -> None:
    rewrite(folder, lambda lines: lines.pop(), register=False)
    with pytest.raises(CorpusError, match="SHA-256"):
        list(corpora(folder).rows("news_references"))


def test_bytes_that_are_no_text(folder: Path) -> None:
    (folder / "news_dev.tsv").write_bytes("سطر\tline\n".encode() + b"\xff\xfe\tx\n")
    with pytest.raises(CorpusError, match=r"news_dev\.tsv, line 2: not UTF-8"):
        list(corpora(folder).rows("news_dev"))


def test_a_missing_file_and_an_unknown_corpus(folder: Path) -> None:
    (folder / REFERENCES).unlink()
    with pytest.raises(CorpusError, match=f"{REFERENCES} is missing"):
        corpora(folder).check("news_references")
    with pytest.raises(CorpusError, match="no corpus 'other'"):
        corpora(folder).check("other")


def test_an_object_that_is_none(folder: Path) -> None:
    path = folder / "articles_ar.jsonl.xz"
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_bytes(lzma.compress(b'{"set": "toy"}\n{"set": \n'))
    register = folder / "corpora.toml"
    register.write_text(register.read_text().replace(old, hashlib.sha256(path.read_bytes()).hexdigest()))
    with pytest.raises(CorpusError, match="line 2"):
        list(corpora(folder).objects("articles_ar"))


def test_development_corpora_cannot_be_trained_on(folder: Path, smoke: recipe.Recipe, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="news_dev is dev"):
        packing.pack(replace(smoke, corpora=(*smoke.corpora, "news_dev")), corpora(folder), tmp_path / "out")


def test_packed_sets_hold_no_test_sentence(folder: Path, smoke: recipe.Recipe, tmp_path: Path) -> None:
    dev = [line.split("\t") for line in (folder / "news_dev.tsv").read_text(encoding="utf8").splitlines()]
    leaked = [f"toy\t{a}\t{e}" for a, e in dev[:5]] + [f"toy\t{dev[6][0]}\tSomething else entirely."]
    rewrite(folder, lambda lines: lines.extend(leaked), register=True)
    lines: list[str] = []
    packing.pack(smoke, corpora(folder), tmp_path / "out", lines.append)
    arabic, english = read_pairs(tmp_path / "out/news.xz")
    assert len(arabic) == len(set(zip(arabic, english, strict=True))) == 300
    assert not {a for a, _ in dev} & set(arabic)
    assert not {e for _, e in dev} & set(english)
    assert not {e for _, e in dev} & set(read_lines(tmp_path / "out/en.xz"))
    assert len(read_pairs(tmp_path / "out/news_dev.xz")[0]) == len(dev)
    assert lines[0].startswith("news ")


def test_packing_is_reproducible(folder: Path, smoke: recipe.Recipe, tmp_path: Path) -> None:
    first, second = (packing.pack(smoke, corpora(folder), tmp_path / name, lambda _: None) for name in ("a", "b"))
    assert first == second


def test_a_packed_set_of_another_form(tmp_path: Path) -> None:
    write_lines(tmp_path / "news.xz", ["واحد\tone", "اثنان"])
    with pytest.raises(CorpusError, match="line 2: 1 columns, not 2"):
        read_pairs(tmp_path / "news.xz")
    with pytest.raises(CorpusError, match="run `mojaz-models data` first"):
        read_pairs(tmp_path / "near.xz")


def test_a_packed_set_cut_off(tmp_path: Path) -> None:
    write_lines(tmp_path / "news.xz", [f"{n * n}\t{n}" for n in range(2000)])
    content = (tmp_path / "news.xz").read_bytes()
    (tmp_path / "news.xz").write_bytes(content[: len(content) // 2])
    with pytest.raises(CorpusError, match=r"news\.xz, line \d+: the file is cut off here"):
        read_pairs(tmp_path / "news.xz")


def test_the_register_of_the_repository(root: Path) -> None:
    register = read_register(root / "models/corpora.toml")
    assert len({corpus.id for corpus in register}) == len(register)
    assert all(len(corpus.sha256) == 64 and corpus.licence for corpus in register)
    named = recipe.load(root / "models/recipes/embedded.toml").corpora
    assert {corpus.id for corpus in register if corpus.use == "train"} == set(named)
