"""API keys: shown once, kept as hashes, found by their secret only, and as the file has them now."""

import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from mojaz_server.errors import ConfigError, Unauthenticated
from mojaz_server.keys import Keys, add_key, read_keys, revoke_key

SERVER = Path(sys.executable).parent / "mojaz-server"
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def added(file: Path, caller: str = "desk", expires: datetime | None = None) -> str:
    return add_key(file, caller, ["digest"], expires, NOW)[1]


def test_a_key_is_found_by_its_text_and_nothing_else(file: Path) -> None:
    texts = [added(file), added(file), added(file, "wire")]
    keys = Keys(file)
    assert len({*texts}) == len({text.rpartition("_")[2] for text in texts}) == 3
    assert [keys.find(text).caller for text in texts] == ["desk", "desk", "wire"]
    first, second = texts[0].split("_", 2), texts[1].split("_", 2)
    crossed = "_".join((*first[:2], second[2]))
    for wrong in (
        "",
        "mojaz",
        crossed,
        texts[0][:-1],
        texts[0] + "A",
        texts[0].upper(),
        texts[0].replace("mojaz", "m"),
        "é" * 58,
    ):
        with pytest.raises(Unauthenticated):
            keys.find(wrong)


def test_the_file_has_no_secret_and_is_its_owners_alone(file: Path) -> None:
    os.umask(0)
    text = added(file)
    added(file)
    assert text.rpartition("_")[2] not in file.read_text(encoding="utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_key_is_refused_from_its_last_moment_on(file: Path) -> None:
    text, now = added(file, expires=NOW + timedelta(days=1)), NOW
    keys = Keys(file, lambda: now)
    assert keys.find(text)
    now = NOW + timedelta(days=1)
    with pytest.raises(Unauthenticated, match="expired on 2026-05-02"):
        keys.find(text)


def test_what_is_revoked_or_added_counts_at_the_next_call(file: Path) -> None:
    text = added(file)
    keys = Keys(file)
    revoke_key(file, keys.find(text).id, NOW)
    with pytest.raises(Unauthenticated, match="was revoked on 2026-05-01"):
        keys.find(text)
    assert keys.find(added(file)).caller == "desk"


def test_a_file_that_cannot_be_read_any_more_leaves_the_keys_as_they_were(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    text = added(file)
    keys = Keys(file)
    good = file.read_text(encoding="utf-8")
    for bad in ("{", "[]", '{"id": 1}', good + good, good.replace("digest", "everything"), good.replace("+00:00", "")):
        file.write_text(bad, encoding="utf-8")
        assert keys.find(text)
        assert keys.find(text)
    file.unlink()
    assert keys.find(text)
    assert len(caplog.records) == 7
    file.write_text(good, encoding="utf-8")
    revoke_key(file, keys.find(text).id, NOW)
    with pytest.raises(Unauthenticated):
        keys.find(text)


@pytest.mark.parametrize(
    ("line", "said"),
    [("{", "line 2 is no key"), ("{}", "line 2 is no key"), (None, "line 2 has the id")],
    ids=["no JSON", "nothing in it", "the same again"],
)
def test_a_bad_line_is_named(file: Path, line: str | None, said: str) -> None:
    added(file)
    with file.open("a", encoding="utf-8") as out:
        out.write((file.read_text(encoding="utf-8") if line is None else line) + "\n")
    with pytest.raises(ConfigError, match=f"{file}: {said}"):
        Keys(file)
    with pytest.raises(ConfigError, match=said):
        added(file)


def test_many_who_add_keys_at_once_lose_none(file: Path) -> None:
    command = [SERVER, "keys", "add", "--file", str(file), "--caller", "desk", "--scopes", "digest"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) for _ in range(4)]
    texts = [process.communicate(timeout=120)[0].strip() for process in running]
    keys = Keys(file)
    assert {keys.find(text).id for text in texts} == {*read_keys(file)}
    assert len(texts) == 4


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([SERVER, "keys", *arguments], capture_output=True, text=True, timeout=60, check=False)


def test_the_command_makes_lists_and_revokes(file: Path) -> None:
    chosen = ("--caller", "desk", "--scopes", "translate,digest", "--expires", "2999-01-31", "--file", str(file))
    made = run("add", *chosen)
    assert made.returncode == 0
    text = made.stdout.strip()
    identity = text.split("_")[1]
    stored = json.loads(file.read_text(encoding="utf-8"))
    assert (stored["caller"], stored["scopes"], stored["expires"][:10]) == ("desk", ["digest", "translate"], "2999-01-31")
    listed = run("list", "--file", str(file)).stdout
    assert all(part in listed for part in (identity, "desk", "digest,translate", "good before 2999-01-31"))
    assert text not in listed
    assert run("revoke", identity, "--file", str(file)).returncode == 0
    assert "revoked" in run("list", "--file", str(file)).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "--caller", "a b", "--scopes", "digest"), "--caller"),
        (("add", "--caller", "desk", "--scopes", "digest,all"), "digest,translate,glossary,admin"),
        (("add", "--caller", "desk", "--scopes", ""), "--scopes"),
        (("add", "--caller", "desk", "--scopes", "digest", "--expires", "2020-01-01"), "is over"),
        (("add", "--caller", "desk", "--scopes", "digest", "--expires", "soon"), "2027-01-31"),
        (("revoke", "12345678"), "12345678"),
        (("list",), "cannot be read"),
        (("forget",), "add|list|revoke"),
    ],
)
def test_a_mistake_changes_nothing_and_is_told(file: Path, arguments: tuple[str, ...], said: str) -> None:
    ended = run(*arguments, "--file", str(file))
    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not file.exists()
