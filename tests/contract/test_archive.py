"""`mojaz digest` over an archive: every article once in the output, whatever happens to command, server, input and disk."""

import json
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from serving import Serving, free_address, serving

BODY = "قال وزير الخارجية إن المحادثات رقم {} ستستأنف يوم الاثنين. وأضاف أن الوفد غادر العاصمة."
# What is started in the background of a shell is deaf to Ctrl-C and so are its children: this one listens.
LISTENING = "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
MOJAZ = (sys.executable, "-c", f"{LISTENING}; runpy.run_module('mojaz_client.cli', run_name='__main__')")
WITHIN = 300.0  # seconds; a shared machine can be slow
ARTICLES = 400
"""So many that none of these runs ends before it is ended, however fast the machine."""


def write_archive(path: Path, count: int, **more: str) -> Path:
    rows = ({"id": f"a{i}", "body": BODY.format(i), **more} for i in range(count))
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def command(address: str, source: Path, output: Path, *more: str) -> list[str]:
    return [*MOJAZ, "--server", address, "digest", str(source), "--format", "jsonl", "--output", str(output), "--resume", *more]


def run(address: str, source: Path, output: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(address, source, output, *more), capture_output=True, text=True, timeout=WITHIN, check=False)


@contextmanager
def running(address: str, source: Path, output: Path, *more: str) -> Iterator[subprocess.Popen[str]]:
    """The command in the middle of its work: some digests are written."""
    process = subprocess.Popen(command(address, source, output, *more), stderr=subprocess.PIPE, text=True)
    try:
        until(lambda: output.exists() and output.read_bytes().count(b"\n") >= 3)
        yield process
    finally:
        process.kill()
        process.communicate(timeout=WITHIN)


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def article_ids(output: Path) -> list[str]:
    return [json.loads(line)["article_id"] for line in output.read_text(encoding="utf-8").splitlines()]


def assert_each_once(output: Path, count: int) -> None:
    assert Counter(article_ids(output)) == Counter(f"a{i}" for i in range(count))


@pytest.mark.parametrize(("number", "code"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, -signal.SIGINT)])
def test_a_run_that_was_ended_goes_on_where_it_was(number: signal.Signals, code: int, server: Serving, tmp_path: Path) -> None:
    source, output = write_archive(tmp_path / "in.jsonl", ARTICLES), tmp_path / "out.jsonl"
    with running(server.address, source, output) as process:
        process.send_signal(number)
        told = process.communicate(timeout=WITHIN)[1]
    assert process.returncode == code
    if number is signal.SIGINT:
        assert "not reached" in told and "Traceback" not in told
    with output.open("a", encoding="utf-8") as file:
        file.write('{"article_id": "a99", "headl')  # as a crash in the middle of a line leaves it
    before = output.read_bytes().decode().split("\n")[:-1]
    assert 3 <= len(before) < ARTICLES
    done = run(server.address, source, output)
    assert done.returncode == 0
    assert f"{ARTICLES - len(before)} digested, {len(before)} resumed, 0 failed" in done.stderr
    assert output.read_bytes().decode().split("\n")[: len(before)] == before
    assert_each_once(output, ARTICLES)


def test_a_server_that_is_restarted_costs_nothing(tiny: Path, tmp_path: Path) -> None:
    source, output = write_archive(tmp_path / "in.jsonl", ARTICLES), tmp_path / "out.jsonl"
    address = free_address()
    flags = ("--address", address, "--model", str(tiny))
    with serving(*flags) as first, running(address, source, output) as process:
        first.process.kill()
        assert process.stderr and "trying again" in process.stderr.readline()
        with serving(*flags):
            told = process.communicate(timeout=WITHIN)[1]
    assert process.returncode == 0, told
    assert f"{ARTICLES} digested, 0 failed" in told
    assert_each_once(output, ARTICLES)


def test_a_server_that_stays_away_ends_the_run(tiny: Path, tmp_path: Path) -> None:
    source, output = write_archive(tmp_path / "in.jsonl", 300), tmp_path / "out.jsonl"
    with (
        serving("--model", str(tiny)) as server,
        running(server.address, source, output, "--patience", "0.5") as process,
    ):
        server.process.kill()
        told = process.communicate(timeout=WITHIN)[1]
    assert process.returncode == 3
    assert "not reached" in told and "no answer" in told
    assert not set(Counter(article_ids(output)).values()) - {1}


def test_a_full_server_is_asked_again(tiny: Path, tmp_path: Path) -> None:
    source, output = write_archive(tmp_path / "in.jsonl", 40), tmp_path / "out.jsonl"
    with serving("--model", str(tiny), "--max-concurrent-calls", "4") as server:
        done = run(server.address, source, output)
    assert (done.returncode, "40 digested, 0 failed" in done.stderr) == (0, True), done.stderr
    assert_each_once(output, 40)


def test_what_cannot_be_read_is_named_and_the_rest_is_done(server: Serving, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    (folder / "2024").mkdir(parents=True)
    output = folder / "out.jsonl"
    (folder / "2024" / "one.txt").write_text(BODY.format(1), encoding="utf-8")
    (folder / "2024" / "gone.txt").symlink_to(folder / "nowhere.txt")
    (folder / "2024" / "latin.txt").write_bytes(b"caf\xe9")
    (folder / "2024" / "photo.jpg").write_bytes(b"\xff\xd8")
    (folder / "list.json").write_text(json.dumps([{"body": BODY.format(2)}, {"body": BODY.format(3)}, {}]), encoding="utf-8")
    lines = [json.dumps({"id": "x", "body": BODY.format(4)}), '{"body": "half', json.dumps({"id": "x", "body": BODY.format(5)})]
    (folder / "wire.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = run(server.address, folder, output)
    assert done.returncode == 1
    names = ["2024/one.txt", "list.json[0]", "list.json[1]", "wire.jsonl:3"]
    assert Counter(article_ids(output)) == Counter(["x", *(str(folder / name) for name in names)])
    assert "5 digested, 4 failed" in done.stderr
    account = done.stderr[done.stderr.index("5 digested") :]
    for place in ("2024/gone.txt", "2024/latin.txt", "list.json[2]", "wire.jsonl:2"):
        assert f"{folder}/{place}" in account
    assert "left out" in done.stderr and "1 .jpg" in done.stderr
    again = run(server.address, folder, output)
    assert "0 digested, 5 resumed, 4 failed" in again.stderr
    assert len(article_ids(output)) == 5


def test_a_full_disk_ends_the_run_and_loses_nothing(server: Serving, tmp_path: Path) -> None:
    source, output = write_archive(tmp_path / "in.jsonl", 60), tmp_path / "out.jsonl"
    limit = 20_000
    filled = subprocess.run(
        command(server.address, source, output),
        capture_output=True,
        text=True,
        timeout=WITHIN,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert filled.returncode == 1
    assert f"{output}: File too large" in filled.stderr and "not reached" in filled.stderr and "Traceback" not in filled.stderr
    assert output.stat().st_size == limit
    done = run(server.address, source, output)
    assert done.returncode == 0
    assert_each_once(output, 60)


def test_no_room_at_all_is_told_with_the_file(server: Serving, tmp_path: Path) -> None:
    source = write_archive(tmp_path / "in.jsonl", 3)
    words = [*MOJAZ, "--server", server.address, "digest", str(source), "--output", "/dev/full"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=WITHIN, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "/dev/full: No space left on device" in done.stderr


def test_a_file_of_something_else_is_left_alone(server: Serving, tmp_path: Path) -> None:
    source, output = write_archive(tmp_path / "in.jsonl", 1), tmp_path / "notes.jsonl"
    output.write_text("my notes\nand more", encoding="utf-8")
    done = run(server.address, source, output)
    assert (done.returncode, f"{output}:1" in done.stderr) == (4, True)
    assert output.read_text(encoding="utf-8") == "my notes\nand more"


@pytest.mark.parametrize("words", [["--resume"], ["--resume", "--output", "x.jsonl"]])
def test_resume_says_what_it_needs(words: list[str], tmp_path: Path) -> None:
    source = write_archive(tmp_path / "in.jsonl", 1)
    done = subprocess.run([*MOJAZ, "digest", str(source), *words], capture_output=True, text=True, timeout=WITHIN, check=False)
    assert (done.returncode, "--format jsonl" in done.stderr) == (2, True)


def peak_memory(process: int) -> int:
    """Bytes that were resident at most, 0 if it has ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)


def test_memory_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    """Each article weighs 100 kB, so that 240 more would show if any part of them were kept."""
    byline = "مراسل " * 10_000
    peaks = []
    with serving("--model", "echo", "--max-title-chars", "100000") as server:
        for count in (40, 280):
            source = write_archive(tmp_path / f"{count}.jsonl", count, byline=byline)
            words = command(server.address, source, tmp_path / f"{count}.out.jsonl")
            process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
            client = 0
            while process.poll() is None:
                client = peak_memory(process.pid) or client
                time.sleep(0.05)
            assert process.returncode == 0
            peaks.append((client, peak_memory(server.process.pid)))
    (client_few, server_few), (client_many, server_many) = peaks
    assert client_many < client_few + 20e6, peaks
    assert server_many < server_few + 20e6, peaks
