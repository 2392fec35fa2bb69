"""A bundle that a test may change, and pairs of sentences to measure it on."""

import shutil
from pathlib import Path

import pytest
from mojaz_models.tiny import SENTENCES


@pytest.fixture
def copy(tiny: Path, tmp_path: Path) -> Path:
    """The tiny bundle in a folder of its own."""
    return Path(shutil.copytree(tiny, tmp_path / "copy"))


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    """A file of Arabic, tab, English."""
    path = tmp_path / "pairs.tsv"
    path.write_text("".join(f"{a}\t{e}\n" for a, e in zip(SENTENCES[::2], SENTENCES[1::2], strict=True)), encoding="utf8")
    return path
