"""Start, health, information, reflection, signals and unusable settings of the real process."""

import asyncio
import json
import signal
import subprocess
import sys
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from mojaz_client import AsyncClient, Client, Unavailable
from mojaz_server.config import Config
from mojaz_server.serve import NAMES, Server
from serving import Serving, serving

SERVER = Path(sys.executable).parent / "mojaz-server"


def test_every_limit_in_force_is_shown(client: Client) -> None:
    info = client.info()
    for name in ("max_article_chars", "max_lines", "default_lines", "max_message_bytes", "max_beam_size", "max_stream_items"):
        assert getattr(info.limits, name) == getattr(Config(), name)
    assert [model.id for model in info.models] == ["tiny@1"]
    assert info.compute.workers * info.compute.threads >= 1
    assert client.models() == info.models


def test_health_and_reflection_speak_the_standard_services(server: Serving) -> None:
    with grpc.insecure_channel(server.address) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        for name in ("", *NAMES):
            assert health.Check(health_pb2.HealthCheckRequest(service=name)).status == health_pb2.HealthCheckResponse.SERVING
        stub = reflection_pb2_grpc.ServerReflectionStub(channel)
        (answer,) = stub.ServerReflectionInfo(iter([reflection_pb2.ServerReflectionRequest(list_services="")]))
        assert {*NAMES} <= {service.name for service in answer.list_services_response.service}


async def test_not_serving_until_the_model_is_warm(tiny: Path) -> None:
    server = Server(Config(address="127.0.0.1:0", model=str(tiny)))
    starting = asyncio.create_task(server.start())
    while not server.address:  # noqa: ASYNC110  # the server has no event for this, and needs none
        await asyncio.sleep(0)
    async with grpc.aio.insecure_channel(server.address) as channel:
        watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
        seen = [(await watch.read()).status]
        await starting
        while seen[-1] != health_pb2.HealthCheckResponse.SERVING:
            seen.append((await watch.read()).status)
        stopping = asyncio.create_task(server.stop())
        seen.append((await watch.read()).status)
        watch.cancel()
        await stopping
    not_serving, is_serving = health_pb2.HealthCheckResponse.NOT_SERVING, health_pb2.HealthCheckResponse.SERVING
    assert seen == [not_serving, is_serving, not_serving]


async def test_calls_before_the_model_is_warm_are_told_to_wait(tiny: Path) -> None:
    server = Server(Config(address="127.0.0.1:0", model=str(tiny)))
    starting = asyncio.create_task(server.start())
    await starting
    server._gate.closed = "the server is starting; try again in a moment"
    async with AsyncClient(server.address, timeout=1.0) as client:
        with pytest.raises(Unavailable, match="starting"):
            await client.info()
    await server.stop()


def test_sigterm_ends_the_process_with_0(tiny: Path) -> None:
    with serving("--model", str(tiny)) as running:
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(timeout=60) == 0
        messages = [json.loads(line)["message"] for line in running.log.read_text(encoding="utf-8").splitlines()]
    assert messages[-2:] == ["draining", "stopped"]


def test_the_access_log_has_no_text_and_the_callers_request_id(tiny: Path) -> None:
    with serving("--model", str(tiny)) as running:
        with Client(running.address) as client:
            client.digest("كلمةسرية في خبر قصير.")
        running.process.terminate()
        running.process.wait(timeout=60)
        log = running.log.read_text(encoding="utf-8")
    calls = [json.loads(line) for line in log.splitlines() if '"mojaz.access"' in line]
    assert [(call["method"], call["code"]) for call in calls] == [("/mojaz.v1.DigestService/DigestArticle", "OK")]
    assert calls[0]["request_id"]
    assert "كلمةسرية" not in log


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--model", "no/such/folder"], "no/such/folder"),
        (["--max-lines", "0"], "--max-lines"),
        (["--tls-cert", "x.pem"], "--tls-key"),
        (["--log-level", "LOUD"], "LOUD"),
        (["--address", "127.0.0.1:99999"], "127.0.0.1:99999"),
    ],
)
def test_an_unusable_setting_is_one_line_and_exit_2(flags: list[str], said: str, tiny: Path) -> None:
    flags = flags if "--model" in flags else ["--model", str(tiny), *flags]
    ended = subprocess.run([SERVER, *flags], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_unknown_variable_is_an_error(tiny: Path) -> None:
    environment = {"MOJAZ_MAX_LINE": "3", "PATH": "/usr/bin"}
    ended = subprocess.run([SERVER], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, "MOJAZ_MAX_LINE" in ended.stderr) == (2, True)


def test_a_damaged_bundle_is_refused_by_name(tiny: Path, tmp_path: Path) -> None:
    import shutil

    broken = Path(shutil.copytree(tiny, tmp_path / "broken"))
    weights = bytearray((broken / "model.bin").read_bytes())
    weights[len(weights) // 2] ^= 1
    (broken / "model.bin").write_bytes(weights)
    ended = subprocess.run([SERVER, "--model", broken], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, "model.bin" in ended.stderr) == (2, True)


def test_two_servers_cannot_share_a_port(server: Serving, tiny: Path) -> None:
    command = [SERVER, "--model", str(tiny), "--address", server.address]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, server.address in ended.stderr) == (2, True)


def test_echo_needs_no_weights() -> None:
    with serving("--model", "echo") as running, Client(running.address) as client:
        digest = client.digest("أعلنت الوزارة بدء المشروع.")
        assert digest.model == "echo@1"
        assert digest.lines[0].pair.target == "aalnt alwzara bd' almshrwa."
