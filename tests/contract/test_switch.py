"""Another model takes the place of the one that serves, and no call notices but by its name."""

import asyncio
import shutil
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from mojaz_client import Article, AsyncClient, Client, FieldInvalid, ModelNotSwitched
from mojaz_models.tiny import build_tiny
from mojaz_server.serve import Server
from serving import Serving, serving
from typer.testing import CliRunner

STORY = "\n".join(f"قال وزير الخارجية رقم {i} إن المحادثات ستستأنف يوم الاثنين في العاصمة." for i in range(20))


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three bundles: two that work and one that is damaged."""
    folder = tmp_path_factory.mktemp("bundles")
    for seed, name in ((1, "one"), (2, "two"), (3, "damaged")):
        build_tiny(folder / name, seed)
    (folder / "damaged" / "model.bin").write_bytes(b"")
    return folder


@pytest.fixture
async def administered(started, bundles: Path) -> AsyncIterator[tuple[Server, AsyncClient]]:  # type: ignore[no-untyped-def]
    async with started(model=str(bundles / "one"), model_folder=str(bundles), admin=True, cache_mib=0) as (server, client):
        yield server, client


async def test_calls_go_on_while_the_model_is_switched(administered: tuple[Server, AsyncClient]) -> None:
    _, client = administered
    models: list[str] = []
    done = asyncio.Event()

    async def read() -> None:
        while not done.is_set():
            models.append((await client.digest(Article(body=STORY), full_translation=True)).model)

    readers = [asyncio.create_task(read()) for _ in range(3)]
    for name, serves in (("two", "tiny@2"), ("one", "tiny@1"), ("two", "tiny@2")):
        assert await client.switch_model(name) == serves
        assert (await client.models())[0].id == serves
        assert (await client.digest(STORY)).model == serves
    done.set()
    await asyncio.gather(*readers)
    assert set(models) <= {"tiny@1", "tiny@2"}
    async with asyncio.timeout(60):
        while len(await client.models()) > 1:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_digest_is_the_work_of_one_model(administered: tuple[Server, AsyncClient]) -> None:
    server, client = administered
    alone = {}
    for name in ("one", "two"):
        alone[f"tiny@{'12'[name == 'two']}"] = await _lines(client, name)
    await client.switch_model("one")
    running = [asyncio.create_task(client.digest(Article(body=STORY), full_translation=True)) for _ in range(6)]
    while not server._engines.queued and not all(call.done() for call in running):  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    await client.switch_model("two")
    for digest in await asyncio.gather(*running):
        targets = [pair.target for paragraph in digest.paragraphs for pair in paragraph.pairs]
        same = [a == b for a, b in zip(targets, alone[digest.model], strict=True)]
        assert sum(same) >= 18, "the batch may change a sentence, another model changes them all"


async def _lines(client: AsyncClient, name: str) -> list[str]:
    await client.switch_model(name)
    digest = await client.digest(Article(body=STORY), full_translation=True)
    return [pair.target for paragraph in digest.paragraphs for pair in paragraph.pairs]


async def test_a_damaged_bundle_is_refused_and_the_old_one_serves(administered: tuple[Server, AsyncClient]) -> None:
    _, client = administered
    for name, problem in (("damaged", r"model\.bin"), ("nowhere", r"manifest\.json")):
        with pytest.raises(ModelNotSwitched, match=problem):
            await client.switch_model(name)
    assert (await client.digest(STORY)).model == "tiny@1"


@pytest.mark.parametrize("name", ["../one", "/etc", "..", ".", "one/../two", "one\n"])
async def test_no_path_can_be_named(administered: tuple[Server, AsyncClient], name: str) -> None:
    _, client = administered
    with pytest.raises(FieldInvalid) as caught:
        await client.switch_model(name)
    assert caught.value.field == "name"


async def test_nobody_switches_unless_the_server_was_told_so(started, bundles: Path) -> None:  # type: ignore[no-untyped-def]
    async with started(model_folder=str(bundles)) as (_, client):
        with pytest.raises(ModelNotSwitched, match="--admin"):
            await client.switch_model("two")
    async with started(admin=True) as (_, client):
        with pytest.raises(FieldInvalid, match="--model-folder"):
            await client.switch_model("two")
        assert await client.switch_model() == "tiny@1"


@pytest.fixture
def replaceable(bundles: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(bundles / "one", tmp_path / "model"))


def loaded(running: Serving, times: int) -> str:
    """The log, when so many models were loaded."""
    end = time.monotonic() + 60
    while (log := running.log.read_text(encoding="utf-8")).count("model loaded") < times and time.monotonic() < end:
        time.sleep(0.02)
    return log


def test_sighup_loads_the_configured_model_again(replaceable: Path, bundles: Path) -> None:
    with serving("--model", str(replaceable)) as running, Client(running.address) as client:
        assert client.digest(STORY).model == "tiny@1"
        shutil.copytree(bundles / "two", replaceable, dirs_exist_ok=True)
        running.process.send_signal(signal.SIGHUP)
        assert loaded(running, 2).count("model loaded") == 2
        assert client.digest(STORY).model == "tiny@2"
        (replaceable / "spm.model").write_bytes(b"")
        running.process.send_signal(signal.SIGHUP)
        end = time.monotonic() + 60
        while "was not switched" not in running.log.read_text(encoding="utf-8") and time.monotonic() < end:
            time.sleep(0.02)
        assert "spm.model" in running.log.read_text(encoding="utf-8")
        assert client.digest(STORY).model == "tiny@2"


def test_the_command_says_what_serves(bundles: Path) -> None:
    from mojaz_client.cli.app import command_line

    flags = ("--model", str(bundles / "one"), "--model-folder", str(bundles), "--admin", "true")
    with serving(*flags) as running:
        run = CliRunner()
        done = run.invoke(command_line(), ["--server", running.address, "admin", "switch-model", "two"])
        assert (done.exit_code, done.output) == (0, "tiny@2 serves\n")
        refused = run.invoke(command_line(), ["--server", running.address, "admin", "switch-model", "damaged"])
        assert refused.exit_code == 1
