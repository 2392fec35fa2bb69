"""Models from a hub: pulled into a cache folder outside the tree, compared with known checksums, made into bundles.

The hub is Hugging Face's, or another that speaks its API at HF_ENDPOINT. What can be pulled: a bundle of ours; a CTranslate2
folder with a SentencePiece model; a checkpoint of transformers (Marian, NLLB, M2M100), which is converted if torch and
transformers are installed."""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, RepositoryNotFoundError, RevisionNotFoundError

from mojaz_models import manifest
from mojaz_models.catalog import Entry
from mojaz_models.errors import BundleError, HubError
from mojaz_models.manifest import File, Manifest

HUB = "hub:"
PIECES = ("spm.model", "sentencepiece.model", "sentencepiece.bpe.model", "source.spm")
"""Names that a repository may give to the SentencePiece model of the source, in the order of preference."""
CONVERTED = (
    "config.json",
    "generation_config.json",
    "*.spm",
    "*.model",
    "*vocab*.json",
    "tokenizer*.json",
    "special_tokens_map.json",
)
TAKEN = (*CONVERTED, manifest.NAME, "model.bin", "*vocabulary.json", "*vocabulary.txt", "model.safetensors", "pytorch_model.bin")


def cache_folder() -> Path:
    """Where pulled models are kept: MOJAZ_CACHE, or mojaz in the user's cache folder."""
    if named := os.environ.get("MOJAZ_CACHE"):
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mojaz"


def pull(entry: Entry, cache: Path) -> Path:
    """The bundle of an entry of the catalogue, below `cache`; nothing is fetched if it is there and whole. Raises HubError."""
    bundle = cache / "bundles" / entry.model
    if bundle.is_dir():
        try:
            manifest.verify(bundle)
        except BundleError:
            shutil.rmtree(bundle)  # damaged in the cache: made again from the hub's files
        else:
            return bundle
    if not entry.source.startswith(HUB):
        raise HubError(f"{entry.model} is not on a hub: its source is {entry.source}")
    folder = _download(entry, cache / "hub")
    try:
        _compare(entry, folder, cache / "pins.json")
        _build(entry, folder, bundle)
    except HubError:
        shutil.rmtree(folder, ignore_errors=True)  # the next pull must not find a bad file in the cache
        raise
    return bundle


def _download(entry: Entry, folder: Path) -> Path:
    """The repository's files that matter, in a folder of their own (no links into a shared store)."""
    repository = entry.source.removeprefix(HUB)
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
        raise HubError(f"{entry.model}: {entry.source} names no repository (hub:OWNER/NAME)")
    out = folder / repository.replace("/", "--")
    patterns = list(entry.files) or list(TAKEN)
    try:
        endpoint = os.environ.get("HF_ENDPOINT")  # the library reads it only once, when it is imported
        snapshot_download(repository, revision=entry.revision, local_dir=out, allow_patterns=patterns, endpoint=endpoint)
    except (RepositoryNotFoundError, RevisionNotFoundError) as error:
        raise HubError(f"the hub has no {repository} at {entry.revision}") from error
    except LocalEntryNotFoundError as error:
        raise HubError(f"the hub cannot be reached for {repository}: {_line(error)}") from error
    except HfHubHTTPError as error:
        raise HubError(f"{repository}: {_line(error)}") from error
    except OSError as error:  # fewer bytes than announced, a broken connection, a full disk
        raise HubError(f"{repository}: {_line(error)}") from error
    return out


def _compare(entry: Entry, folder: Path, pins: Path) -> None:
    """Compare the files with the catalogue's checksums or, where it has none, with those of the first pull."""
    found = {name: file for name, file in manifest.contents(folder).items() if not name.startswith(".cache/")}
    if manifest.NAME in entry.files or (folder / manifest.NAME).is_file():
        path = folder / manifest.NAME
        found |= {manifest.NAME: File(manifest.sha256(path), path.stat().st_size)} if path.is_file() else {}
    known = _read_pins(pins)
    stated: Mapping[str, File] = entry.files or known.get(entry.model, {})
    for name, file in stated.items():
        if name not in found:
            raise HubError(f"{entry.model}: the hub has no {name}")
        if found[name] != file:
            raise HubError(f"{entry.model}: {name} is not the known file: its SHA-256 is {found[name].sha256}, not {file.sha256}")
    if not stated:
        pins.parent.mkdir(parents=True, exist_ok=True)
        pinned = known | {entry.model: found}
        values = {model: {n: {"sha256": f.sha256, "bytes": f.bytes} for n, f in files.items()} for model, files in pinned.items()}
        pins.write_text(json.dumps(values, indent=1) + "\n", encoding="utf8")


def _read_pins(path: Path) -> dict[str, dict[str, File]]:
    if not path.is_file():
        return {}
    values = json.loads(path.read_text(encoding="utf8"))
    return {model: {name: File(**file) for name, file in files.items()} for model, files in values.items()}


def _build(entry: Entry, folder: Path, bundle: Path) -> None:
    """Make a bundle of the downloaded files, whole or not at all."""
    bundle.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=bundle.parent) as temporary:
        new = Path(temporary) / "new"
        if (folder / manifest.NAME).is_file():
            shutil.copytree(folder, new, ignore=shutil.ignore_patterns(".cache"))
        elif (folder / "model.bin").is_file():
            _adopt(entry, folder, new)
        elif any((folder / name).is_file() for name in ("model.safetensors", "pytorch_model.bin")):
            _convert(folder, new)
            _finish(entry, folder, new)
        else:
            raise HubError(f"{entry.model}: neither a bundle, nor CTranslate2's model.bin, nor a checkpoint of transformers")
        try:
            manifest.verify(new)
        except BundleError as error:
            raise HubError(f"{entry.model}: {error}".replace(str(new), entry.source)) from error
        new.rename(bundle)


def _adopt(entry: Entry, folder: Path, new: Path) -> None:
    """Take a CTranslate2 folder as it is, but for the end of sentence: whoever decodes puts it there."""
    new.mkdir()
    vocabularies = [*folder.glob("*vocabulary.json"), *folder.glob("*vocabulary.txt")]
    if not vocabularies:
        raise HubError(f"{entry.model}: CTranslate2's vocabulary is missing")
    for path in (folder / "model.bin", *vocabularies):
        shutil.copyfile(path, new / path.name)
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text(encoding="utf8")) if path.is_file() else {}
    except ValueError as error:
        raise HubError(f"{entry.model}: config.json: {error}") from error
    (new / "config.json").write_text(json.dumps(config | {"add_source_eos": False}, indent=1) + "\n", encoding="utf8")
    _finish(entry, folder, new)


def _convert(folder: Path, new: Path) -> None:
    """Convert a checkpoint of transformers to int8."""
    try:
        import torch  # noqa: F401, PLC0415 - only this needs them, and they are large
        import transformers  # noqa: F401, PLC0415
        from ctranslate2.converters import TransformersConverter  # noqa: PLC0415
        from safetensors import SafetensorError  # noqa: PLC0415
    except ImportError as error:
        raise HubError(f"this model must be converted, which needs torch and transformers: {error}") from error
    try:
        TransformersConverter(str(folder), low_cpu_mem_usage=True).convert(str(new), quantization="int8")
    except (ValueError, KeyError, RuntimeError, OSError, SafetensorError) as error:
        raise HubError(f"{folder.name}: CTranslate2 cannot convert it: {_line(error)}") from error


def _finish(entry: Entry, folder: Path, new: Path) -> None:
    """Add the SentencePiece model and the manifest."""
    for name in PIECES:
        if (folder / name).is_file():
            shutil.copyfile(folder / name, new / "spm.model")
            break
    else:
        raise HubError(f"{entry.model}: it has no SentencePiece model ({', '.join(PIECES)})")
    tags = {"translate": entry.source_tag} | ({"target": entry.target_tag} if entry.target_tag else {})
    about = entry.about or f"From {entry.source.removeprefix(HUB)}."
    made = Manifest(entry.name, entry.version, entry.licence, about, {}, tags=tags, suppress="arabic", scores=entry.score)
    manifest.write_manifest(new, made)


def _line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
