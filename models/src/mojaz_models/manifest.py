"""The manifest of a bundle: what a model is, which files it has (with SHA-256), how to decode with it, its data and its scores.

A bundle is a folder with

    model.bin, config.json, shared_vocabulary.json   (or source_/target_vocabulary.json)   as CTranslate2 saves them
    spm.model                                         one SentencePiece model for both languages
    manifest.json                                     this

A source is the tag, its pieces and </s>, which whoever decodes puts there (config.json says add_source_eos: false).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from mojaz_server.engine.bundle import FORMAT, Decoding, Score
from mojaz_server.pipeline.records import Calibration

from mojaz_models.errors import BundleError

NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class File:
    """Content of one file of the bundle."""

    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Data:
    """A corpus that the model was trained on."""

    id: str
    licence: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`manifest.json`, format 1. `suppress` is "arabic" if pieces with Arabic letters, byte pieces and tags must not be decoded,
    and "" if the vocabulary is decoded as it is."""

    name: str
    version: str
    licence: str
    description: str
    files: Mapping[str, File]
    source_language: str = "ar"
    target_language: str = "en"
    tags: Mapping[str, str] = field(default_factory=lambda: {"translate": ">>en<<"})
    decoding: Decoding = field(default_factory=Decoding)
    suppress: str = "arabic"
    data: Sequence[Data] = ()
    scores: Sequence[Score] = ()
    calibration: Calibration | None = None
    format: int = FORMAT

    @property
    def model(self) -> str:
        """name@version."""
        return f"{self.name}@{self.version}"


def sha256(path: Path) -> str:
    """SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def contents(folder: Path) -> dict[str, File]:
    """Every file of a bundle's folder but the manifest, by its name there."""
    found = (p for p in sorted(folder.rglob("*")) if p.is_file() and p.name != NAME)
    return {p.relative_to(folder).as_posix(): File(sha256(p), p.stat().st_size) for p in found}


def write_manifest(folder: Path, manifest: Manifest) -> Manifest:
    """Write `folder`/manifest.json with the checksums of the files that are there now; returns it as written."""
    manifest = replace(manifest, files=contents(folder))
    order = ("format", *(f.name for f in fields(Manifest) if f.name != "format"))
    values = asdict(manifest)
    text = json.dumps({k: values[k] for k in order}, ensure_ascii=False, indent=1) + "\n"
    temporary = folder / f".{NAME}.new"
    temporary.write_text(text, encoding="utf8")
    temporary.replace(folder / NAME)
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """Read and check the form of `folder`/manifest.json. Raises BundleError; does not read the other files (see `verify`)."""
    path = folder / NAME
    try:
        values = json.loads(path.read_text(encoding="utf8"))
    except FileNotFoundError:
        raise BundleError(f"{folder} is no bundle: it has no {NAME}") from None
    except (OSError, ValueError) as error:
        raise BundleError(f"{path}: {error}") from error
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise BundleError(f"{path}: not a manifest of format {FORMAT}")
    try:
        return _manifest(values)
    except (KeyError, TypeError) as error:
        raise BundleError(f"{path}: {error}") from error


def _manifest(values: Mapping[str, Any]) -> Manifest:
    parts = {
        "files": {name: File(**v) for name, v in values["files"].items()},
        "decoding": Decoding(**values.get("decoding", {})),
        "data": tuple(Data(**v) for v in values.get("data", ())),
        "scores": tuple(Score(**v) for v in values.get("scores", ())),
        "calibration": Calibration(**values["calibration"]) if values.get("calibration") else None,
    }
    return Manifest(**{**values, **parts})


def verify(folder: Path) -> Manifest:
    """The manifest of a bundle whose files all are what it states. Raises BundleError naming the first that is not."""
    manifest = read_manifest(folder)
    for name, stated in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise BundleError(f"{path} is missing")
        if path.stat().st_size != stated.bytes or sha256(path) != stated.sha256:
            raise BundleError(f"{path} is not the file that the manifest states (SHA-256 differs)")
    return manifest
