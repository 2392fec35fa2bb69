"""The catalogue of models that can be served (catalog.toml): where each comes from, what its files are, how good it is."""

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mojaz_server.engine.bundle import Score

from mojaz_models.errors import HubError, RecipeError
from mojaz_models.manifest import File
from mojaz_models.recipe import strict

HEAD = """# Every model that can be served. `mojaz-models publish` writes the entries of our own, with checksums and scores.
# A model without files is trusted when it is pulled first; its checksums are then pinned in the cache and compared ever after.

"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A model. `source` is "bundle:FOLDER", relative to the catalogue, or "hub:OWNER/NAME" with `revision` a commit or branch.

    `source_tag` is put before a source, `target_tag` begins a translation; either may be empty."""

    name: str
    version: str
    source: str
    licence: str
    about: str = ""
    revision: str = "main"
    source_tag: str = ""
    target_tag: str = ""
    bytes: int = 0
    files: dict[str, File] = field(default_factory=dict)
    score: tuple[Score, ...] = ()

    @property
    def model(self) -> str:
        """name@version."""
        return f"{self.name}@{self.version}"


@dataclass(frozen=True, slots=True)
class _Catalog:
    model: tuple[Entry, ...] = ()


def read(path: Path) -> tuple[Entry, ...]:
    """All entries. Raises HubError."""
    try:
        found: _Catalog = strict(_Catalog, tomllib.loads(path.read_text(encoding="utf8")), str(path))
    except FileNotFoundError:
        raise HubError(f"{path} is missing: name the catalogue with --catalog") from None
    except tomllib.TOMLDecodeError as error:
        raise HubError(f"{path}: {error}") from error
    except RecipeError as error:
        raise HubError(str(error)) from error
    return found.model


def find(entries: Sequence[Entry], name: str) -> Entry:
    """The entry called `name` (the last of its versions) or name@version. Raises HubError that lists what there is."""
    for entry in reversed(entries):
        if name in (entry.name, entry.model):
            return entry
    raise HubError(f"the catalogue has no {name}; it has {', '.join(e.model for e in entries) or 'nothing'}")


def write(path: Path, entries: Sequence[Entry]) -> None:
    """Write a catalogue, whole or not at all."""
    temporary = path.with_name(path.name + ".new")
    temporary.write_text(HEAD + "\n".join(map(_text, entries)), encoding="utf8")
    temporary.replace(path)


def _text(entry: Entry) -> str:
    lines = ["[[model]]"]
    for name in ("name", "version", "source", "revision", "licence", "about", "source_tag", "target_tag", "bytes"):
        value = getattr(entry, name)
        if value or name in ("name", "version", "source", "licence"):
            lines.append(f"{name} = {_value(value)}")
    if entry.files:
        lines.append("[model.files]")
        lines += [f"{_value(n)} = {{ sha256 = {_value(f.sha256)}, bytes = {f.bytes} }}" for n, f in sorted(entry.files.items())]
    for score in entry.score:
        lines.append("[[model.score]]")
        lines += [f"{name} = {_value(getattr(score, name))}" for name in ("test_set", "metric", "value", "signature")]
    return "\n".join(lines) + "\n"


def _value(value: str | int | float) -> str:
    return json.dumps(value, ensure_ascii=False)  # JSON's strings and numbers are TOML's
