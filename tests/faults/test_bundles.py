"""Bundles that were cut, changed or half copied: one line that names the file, exit 2, never a hang."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

from faults.table import Table
from mojaz_server.engine.bundle import Bundle
from mojaz_server.errors import BundleError

SERVER = Path(sys.executable).parent / "mojaz-server"


def cut(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2 if path.name != "manifest.json" else 0] ^= 1  # see test_a_manifest_with_any_byte_changed
    path.write_bytes(data)


def exchange(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGE: tuple[Callable[[Path], None], ...] = (cut, Path.unlink, flip, exchange, empty)


def test_a_damaged_bundle_is_refused_in_one_line(
    tiny: Path, tmp_path: Path, table: Table, rounds: Callable[[int, int], int]
) -> None:
    """Every file with every damage; in the short form each file and each damage once."""
    files = sorted(path.name for path in tiny.iterdir())
    every = list(product(range(len(files)), range(len(DAMAGE))))
    chosen = [(i, k) for i, k in every if rounds(0, 1) or k == i % len(DAMAGE)]

    def refused(number: int) -> str:
        """What is wrong with the refusal, "" if nothing is."""
        name, damage = files[chosen[number][0]], DAMAGE[chosen[number][1]]
        folder = Path(shutil.copytree(tiny, tmp_path / str(number)))
        damage(folder / name)
        command = [SERVER, "--model", folder, "--address", "127.0.0.1:0"]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        said = [line for line in ended.stderr.splitlines() if not line.startswith("{")]
        right = ended.returncode == 2 and len(said) == 1 and name in said[0]
        return "" if right else f"{damage.__name__} {name}: {ended.returncode} {ended.stderr}"

    with ThreadPoolExecutor(4) as pool:
        wrong = list(filter(None, pool.map(refused, range(len(chosen)))))
    table.add(
        "damaged bundle",
        f"each of {len(files)} files cut, missing, with a bit changed, a folder in its place, empty",
        f"{len(chosen)} starts",
        f"{len(wrong)} not refused in one line with exit 2",
    )
    assert not wrong, wrong


def test_a_manifest_with_any_byte_changed(tiny: Path, tmp_path: Path, table: Table, rounds: Callable[[int, int], int]) -> None:
    """Nothing vouches for the manifest itself: with a letter of its description changed it is one. It never fails otherwise."""
    folder = Path(shutil.copytree(tiny, tmp_path / "changed"))
    written = (folder / "manifest.json").read_bytes()
    refused = tried = 0
    for position in range(0, len(written), 7 // rounds(1, 7)):
        for bit in (1, 16, 128):
            tried += 1
            changed = bytearray(written)
            changed[position] ^= bit
            (folder / "manifest.json").write_bytes(changed)
            try:
                Bundle.load(folder)
            except BundleError as error:
                refused += 1
                assert "\n" not in str(error)
    table.add(
        "damaged manifest",
        "a bit changed anywhere in manifest.json",
        f"{tried:,} times",
        "nothing",
        f"{refused:,} refused by name, the rest still a manifest that fits its files",
    )
    assert refused
