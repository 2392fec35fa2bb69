"""Releases a bundle, unless it is too large or worse than the released one: into its place and into the catalogue."""

import math
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mojaz_models import catalog, manifest
from mojaz_models.catalog import Entry
from mojaz_models.errors import ReleaseError
from mojaz_models.evaluate.outputs import keep
from mojaz_models.evaluate.reliability import calibrate, samples
from mojaz_models.evaluate.table import table
from mojaz_models.evaluate.terms import Terms, gazetteer
from mojaz_models.evaluate.testsets import TestSet
from mojaz_models.evaluate.translation import Result, evaluate, write_scores
from mojaz_models.manifest import File, write_manifest

LARGEST = 60 * 2**20
"""Bytes that a released bundle may have: it is part of the repository."""


def publish(
    candidate: Path, into: Path, sets: Sequence[TestSet], catalog_path: Path, *, threads: int = 1, terms: Terms = gazetteer
) -> str:
    """Release `candidate` as the bundle `into` and return the table of scores that decided. Raises ReleaseError.

    The manifest there holds the scores and the calibration measured now; the catalogue's entry of this name is replaced, and
    outputs/NAME/SET.txt beside the catalogue gets the translations of each test set."""
    stated = manifest.verify(candidate)
    size = sum(file.bytes for file in stated.files.values())
    if size > LARGEST:
        raise ReleaseError(f"{stated.model} has {size / 2**20:.1f} MiB; a released bundle has at most {LARGEST / 2**20:.0f}")
    released = into if (into / manifest.NAME).is_file() else None
    results = evaluate([*([released] if released else []), candidate], sets, threads=threads, terms=terms)
    if released:
        refuse_regression(results)
    into.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into.parent) as folder:
        new, old = Path(folder) / "new", Path(folder) / "old"
        new.mkdir()
        for name in stated.files:
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(candidate / name, new / name)
        shutil.copyfile(candidate / manifest.NAME, new / manifest.NAME)
        own = results[1::2] if released else results
        final = write_manifest(new, replace(write_scores(new, own), calibration=calibrate(samples(own, sets))))
        if into.exists():
            into.rename(old)
        new.rename(into)
    _register(final, into, catalog_path)
    keep(catalog_path.parent / "outputs" / final.name, own)
    return table(results)


def refuse_regression(results: Sequence[Result]) -> None:
    """Raise ReleaseError if a candidate (the second of each two results) is worse than the released model: if BLEU or chrF is
    lower, or if it loses more (figures, months, ...) or breaks more sentences (empty, looping, ...) than chance explains."""
    for old, new in zip(results[::2], results[1::2], strict=True):
        for metric, before, after in (("BLEU", old.bleu, new.bleu), ("chrF", old.chrf, new.chrf)):
            if before and after and after.value < before.value:
                raise ReleaseError(
                    f"{metric} on {new.test_set} falls from {before.value:.2f} to {after.value:.2f}: {new.model} is not released"
                )
        counts, earlier = _failures(new), _failures(old)
        for measure, count in counts.items():
            limit = most_by_chance(earlier[measure])
            if count > limit:
                raise ReleaseError(
                    f"{measure} on {new.test_set} rises from {earlier[measure]} to {count}: {new.model} is not released "
                    f"(up to {limit} may be chance: two standard deviations of a count)"
                )


def most_by_chance(count: int) -> int:
    """How many failures a model as good as one with `count` may have: two standard deviations of such a count more."""
    return count + int(2 * math.sqrt(max(count, 1)))


def _failures(result: Result) -> dict[str, int]:
    return {f"{name} lost": share.lost for name, share in result.faults.kept.items()} | result.faults.broken


def _register(final: manifest.Manifest, into: Path, path: Path) -> None:
    entries = [entry for entry in (catalog.read(path) if path.is_file() else ()) if entry.name != final.name]
    stated = into / manifest.NAME
    files = {**final.files, manifest.NAME: File(manifest.sha256(stated), stated.stat().st_size)}
    home = path.parent.resolve()
    place = into.resolve()
    source = place.relative_to(home).as_posix() if place.is_relative_to(home) else place.name
    entry = Entry(
        name=final.name,
        version=final.version,
        source=f"bundle:{source}",
        licence=final.licence,
        about=final.description,
        revision="",
        source_tag=final.tags["translate"],
        bytes=sum(file.bytes for file in files.values()),
        files=files,
        score=tuple(final.scores),
    )
    catalog.write(path, [entry, *entries])
