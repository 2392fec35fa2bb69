"""A model bundle: a folder with CTranslate2 weights, a SentencePiece model and a manifest that vouches for both."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mojaz_server.errors import BundleError
from mojaz_server.pipeline.records import Calibration

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Decoding:
    """How the model decodes best, found on its development sets. Lengths are in pieces: a source longer than `max_source_pieces`
    is divided before it comes here; a translation is cut at `max_target_ratio` times its source, and 16 more."""

    beam_size: int = 4
    length_penalty: float = 1.0
    repetition_penalty: float = 1.0
    no_repeat_ngram_size: int = 0
    max_source_pieces: int = 160
    max_target_ratio: float = 2.0


@dataclass(frozen=True, slots=True)
class Score:
    """One measured figure, with what is needed to measure it again: the metric's own signature."""

    test_set: str
    metric: str
    value: float
    signature: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """A verified bundle.

    `tag` is the piece put before every source and `prefix` the piece that every target begins with, "" for none; `suppress` is
    "arabic" if pieces that cannot stand in English must not be decoded, else ""; `fingerprint` is the SHA-256 of the manifest,
    which has those of all files.
    """

    folder: Path
    name: str
    version: str
    source_language: str
    target_language: str
    licence: str
    description: str
    tag: str
    prefix: str
    suppress: str
    decoding: Decoding
    scores: tuple[Score, ...]
    size_bytes: int
    calibration: Calibration | None = None
    fingerprint: str = ""

    @property
    def id(self) -> str:
        return f"{self.name}@{self.version}"

    @staticmethod
    def load(folder: Path) -> "Bundle":
        """Read the manifest and compare every file with its size and SHA-256. Raises BundleError that names the file."""
        manifest = _manifest(folder)
        try:
            written = (folder / "manifest.json").read_bytes()
            for name, expected in manifest["files"].items():
                _verify(folder / name, expected["bytes"], expected["sha256"])
            return Bundle(
                folder=folder,
                name=manifest["name"],
                version=manifest["version"],
                source_language=manifest["source_language"],
                target_language=manifest["target_language"],
                licence=manifest["licence"],
                description=manifest["description"],
                tag=manifest["tags"]["translate"],
                prefix=manifest["tags"].get("target", ""),
                suppress=manifest.get("suppress", ""),
                decoding=Decoding(**manifest["decoding"]),
                scores=tuple(Score(**score) for score in manifest["scores"]),
                size_bytes=sum(expected["bytes"] for expected in manifest["files"].values()),
                calibration=Calibration(**manifest["calibration"]) if manifest.get("calibration") else None,
                fingerprint=hashlib.sha256(written).hexdigest(),
            )
        except (KeyError, TypeError) as error:
            raise BundleError(f"{folder / 'manifest.json'}: {error} is missing or wrong") from error


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BundleError(f"{path}: {error.strerror}; --model must name a folder with a manifest.json") from error
    except ValueError as error:
        raise BundleError(f"{path}: not JSON ({error})") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BundleError(f"{path}: format {FORMAT} is wanted")
    return manifest


def _verify(path: Path, size: int, sha256: str) -> None:
    if not path.is_file():
        raise BundleError(f"{path}: missing")
    if path.stat().st_size != size:
        raise BundleError(f"{path}: {path.stat().st_size} bytes, the manifest says {size}; fetch the bundle again")
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise BundleError(f"{path}: its SHA-256 is not the manifest's; fetch the bundle again")
