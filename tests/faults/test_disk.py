"""No room, no right to write: translations are served all the same, and a glossary is stored whole or not at all."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from faults.load import until
from faults.table import Table
from mojaz_client import Client, ConnectionFailed, GlossaryEntry, GlossaryStoreFailed
from serving import free_address, serving

SERVER = Path(sys.executable).parent / "mojaz-server"
ROOM = 300_000  # bytes of any one file
MANY_WORDS = " و".join(f"كلمة{letter}" for letter in "ابتثجحخدذرزسشصضطظعغفقكلمنهوي")  # so that a few sentences fill a file
# Runs the rest of the command line with files of at most ROOM bytes
IN_LITTLE_ROOM = (
    f"import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({ROOM}, {ROOM})); os.execv(sys.argv[1], sys.argv[1:])"
)
# ... without root's power to write where nobody may (PR_CAPBSET_DROP of CAP_DAC_OVERRIDE); others never had it
WITHOUT_POWER = "import ctypes, os, sys; ctypes.CDLL(None).prctl(24, 1, 0, 0, 0); os.execv(sys.argv[1], sys.argv[1:])"


def limited(how: str) -> tuple[str | Path, ...]:
    return (sys.executable, "-c", how, SERVER)


def entries(k: int) -> list[GlossaryEntry]:
    return [GlossaryEntry(f"مصطلح{k} رقم{i}", f"Term {k} number {i}") for i in range(400)]


def test_a_full_disk_costs_no_translation_and_no_glossary_that_was_stored(
    tmp_path: Path, table: Table, rounds: Callable[[int, int], int]
) -> None:
    flags = ("--model", "echo", "--glossary-folder", str(tmp_path / "kept"), "--cache-file", str(tmp_path / "cache.sqlite"))
    tries, stored, failures, answered = rounds(12, 200), list[int](), 0, 0
    with serving(*flags, command=limited(IN_LITTLE_ROOM)) as server, Client(server.address) as client:
        for k in range(tries):
            try:
                client.create_glossary(f"g{k}", entries(k))
                stored.append(k)
            except GlossaryStoreFailed:
                failures += 1
            answered += len(client.translate([f"قال الوزير رقم {k} {i} إن {MANY_WORDS}." for i in range(100)]))
        until(lambda: client.info().cache.failures > 0)
        assert {glossary.name for glossary in client.list_glossaries()} == {f"g{k}" for k in stored}
    with serving(*flags) as server, Client(server.address) as client:
        lost = sum(client.get_glossary(f"g{k}")[1] != tuple(entries(k)) for k in stored)
        assert {glossary.name for glossary in client.list_glossaries()} == {f"g{k}" for k in stored}
        client.create_glossary("again", entries(1))
    table.add(
        "full disk",
        f"files of at most {ROOM // 1000} kB for cache and glossaries; then room again",
        f"{answered:,} translations, {tries} glossaries ({failures} refused)",
        f"{lost} of {len(stored)} glossaries that were confirmed, {100 * tries - answered} translations",
    )
    assert failures and stored and not lost
    assert answered == 100 * tries


@pytest.fixture
def closed_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "closed"
    folder.mkdir()
    folder.chmod(0o555)
    return folder


def test_a_folder_that_is_read_only_and_a_log_without_room(closed_folder: Path, table: Table) -> None:
    """Glossaries that cannot be kept stop the server at its start; a cache or a log that cannot be written stops nothing."""
    command = [*limited(WITHOUT_POWER), "--model", "echo"]
    ended = subprocess.run(
        [*command, "--address", "127.0.0.1:0", "--glossary-folder", closed_folder],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (ended.returncode, len(ended.stderr.splitlines()), "--glossary-folder" in ended.stderr) == (2, 1, True), ended.stderr
    address = free_address()
    with Path("/dev/full").open("wb") as full:
        process = subprocess.Popen([*command, "--address", address, "--cache-file", closed_folder / "c.sqlite"], stderr=full)
    try:
        with Client(address) as client:
            until(lambda: _serves(client))
            assert client.digest("أعلنت الوزارة بدء المشروع.").lines
            assert client.info().cache.failures
    finally:
        process.terminate()
        code = process.wait(timeout=60)
    table.add(
        "read-only folder, no room for the log", "glossaries, cache and log where nothing can be written", "2 starts", "nothing"
    )
    assert code == 0
    assert not [*closed_folder.iterdir()]


def _serves(client: Client) -> bool:
    try:
        return bool(client.health())
    except ConnectionFailed:
        return False
