"""A model that fails, breaks or hangs, in a process of its own: every call is answered, and the server works on or ends."""

import shutil
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from faulty import BREAKS, FILLS, HANGS
from grpc_health.v1 import health_pb2, health_pb2_grpc
from mojaz_client import Client, EngineFailed, MojazError, Unavailable
from serving import Serving, serving

FAULTY = (sys.executable, Path(__file__).parent.parent / "faulty.py")
GOOD = "قال الوزير إن المحادثات ستستأنف."


@pytest.fixture
def bundle(tiny: Path, tmp_path: Path) -> Path:
    """A bundle that may be damaged."""
    return Path(shutil.copytree(tiny, tmp_path / "bundle"))


@pytest.fixture
def faulty(bundle: Path) -> Iterator[tuple[Serving, Client]]:
    flags = ("--model", str(bundle), "--workers", "1", "--stuck-seconds", "3", "--cache-mib", "0")
    with serving(*flags, command=FAULTY) as running, Client(running.address, timeout=60.0) as client:
        yield running, client


def messages(running: Serving) -> str:
    return running.log.read_text(encoding="utf-8")


def break_it(client: Client) -> None:
    for number in range(3):
        with pytest.raises((EngineFailed, Unavailable)):
            client.translate([f"{BREAKS} {number}"])


def test_out_of_memory_fails_one_text_and_nothing_else(faulty: tuple[Serving, Client]) -> None:
    running, client = faulty
    for number in range(5):
        with pytest.raises(EngineFailed, match="MemoryError"):
            client.translate([f"{FILLS} {number}"])
    assert client.translate([GOOD])[0].pairs
    assert client.health()
    assert messages(running).count("model loaded") == 1


def test_a_broken_model_is_loaded_again_and_serves(faulty: tuple[Serving, Client]) -> None:
    running, client = faulty
    break_it(client)
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            assert client.translate([GOOD])[0].pairs
            break
        except (EngineFailed, Unavailable):
            time.sleep(0.1)
    assert client.health()
    assert messages(running).count("model loaded") == 2
    assert running.process.poll() is None


def test_a_broken_model_that_cannot_be_loaded_again_ends_the_server_with_3(faulty: tuple[Serving, Client], bundle: Path) -> None:
    running, client = faulty
    (bundle / "model.bin").write_bytes(b"damaged")
    break_it(client)
    assert running.process.wait(timeout=60) == 3
    assert "model.bin" in messages(running)


def test_a_model_that_hangs_ends_the_server_with_3_and_everybody_is_answered(faulty: tuple[Serving, Client]) -> None:
    running, client = faulty
    answers: list[MojazError] = []

    def call(text: str) -> None:
        with pytest.raises(MojazError) as caught:
            client.translate([text])
        answers.append(caught.value)

    threads = [threading.Thread(target=call, args=(f"{HANGS} {k}",)) for k in range(4)]
    with grpc.insecure_channel(running.address) as channel:
        watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
        seen = [next(watch).status]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        seen.append(next(watch).status)
    assert [type(answer) for answer in answers] == [EngineFailed] * 4
    assert all("did not end a batch within 3 s" in str(answer) for answer in answers)
    assert seen == [health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING]
    assert running.process.wait(timeout=60) == 3
    assert "did not end within 3 s" in messages(running)
