"""The register of corpora (corpora.toml) and how they are read: whole, in their stated form, or an error naming file and line."""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mojaz_models import lines
from mojaz_models.errors import CorpusError, RecipeError
from mojaz_models.manifest import sha256
from mojaz_models.recipe import strict
from mojaz_models.text import swapped

REGISTER = "corpora.toml"


@dataclass(frozen=True, slots=True)
class Corpus:
    """One file. `use` is train, dev (never trained on; its sentences are taken out of the training sets) or off.

    Forms: "tsv" with `columns` columns, of which `arabic` and `english` hold the languages (from 1; 0 is none), and "jsonl"."""

    id: str
    file: str
    licence: str
    sha256: str
    use: str
    form: str = "tsv"
    columns: int = 0
    arabic: int = 0
    english: int = 0
    about: str = ""
    licences: dict[str, str] = field(default_factory=dict)
    """Licences of the sets inside, where they differ."""


@dataclass(frozen=True, slots=True)
class _Register:
    corpus: tuple[Corpus, ...]


class Corpora:
    """The corpora of a register, read from `train_folder` or, those with `use` dev, from `dev_folder`."""

    def __init__(self, register: Path, train_folder: Path, dev_folder: Path) -> None:
        self.register, self._folders = register, {"train": train_folder, "dev": dev_folder}
        self.known = {corpus.id: corpus for corpus in read_register(register)}

    def __getitem__(self, name: str) -> Corpus:
        try:
            return self.known[name]
        except KeyError:
            raise CorpusError(f"{self.register}: there is no corpus {name!r}") from None

    def path(self, name: str) -> Path:
        """Where the file of a corpus is. Raises CorpusError for a corpus that is switched off."""
        corpus = self[name]
        if corpus.use not in self._folders:
            raise CorpusError(f"{self.register}: {name} is off: {corpus.about or 'not for use'}")
        return self._folders[corpus.use] / corpus.file

    def check(self, name: str) -> None:
        """Raise CorpusError if the file is not the one that the register states: if possible, naming what is wrong with it."""
        path = self.path(name)
        if not path.is_file():
            raise CorpusError(f"{path} is missing")
        if sha256(path) != self[name].sha256:
            for _ in self._read(name):  # a cut file or a swapped column is a better message than a checksum
                pass
            raise CorpusError(f"{path} is not the file that {self.register.name} states: its SHA-256 is {sha256(path)}")

    def rows(self, name: str) -> Iterator[list[str]]:
        """Columns of each line of a checked "tsv" corpus."""
        self.check(name)
        return self._read(name)

    def objects(self, name: str) -> Iterator[dict[str, Any]]:
        """Object of each line of a checked "jsonl" corpus."""
        self.check(name)
        path = self.path(name)
        for at, (line,) in enumerate(self._read(name), 1):
            yield _object(line, path, at)

    def _read(self, name: str) -> Iterator[list[str]]:
        corpus, path = self[name], self.path(name)
        for at, line in enumerate(lines.read(path), 1):
            row = [line] if corpus.form == "jsonl" else line.split("\t")
            if corpus.form == "tsv":
                _check_row(corpus, row, f"{path}, line {at}")
            yield row


def read_register(path: Path) -> tuple[Corpus, ...]:
    """All corpora of a register. Raises CorpusError."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf8"))
        found: _Register = strict(_Register, values, str(path))
    except FileNotFoundError:
        raise CorpusError(f"{path} is missing") from None
    except (tomllib.TOMLDecodeError, RecipeError) as error:
        raise CorpusError(str(error) if str(path) in str(error) else f"{path}: {error}") from error
    for corpus in found.corpus:
        if corpus.use not in ("train", "dev", "off"):
            raise CorpusError(f"{path}: {corpus.id}: use is {corpus.use!r}, not train, dev or off")
    return found.corpus


def _check_row(corpus: Corpus, row: list[str], place: str) -> None:
    if len(row) != corpus.columns:
        raise CorpusError(f"{place}: {len(row)} columns, not {corpus.columns}")
    if not (corpus.arabic and corpus.english):
        return
    if swapped(row[corpus.arabic - 1], row[corpus.english - 1]):
        raise CorpusError(f"{place}: the sides are swapped: column {corpus.arabic} should be Arabic, {corpus.english} English")


def _object(line: str, path: Path, at: int) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError as error:
        raise CorpusError(f"{path}, line {at}: {error}") from error
    if not isinstance(value, dict):
        raise CorpusError(f"{path}, line {at}: not an object")
    return value
