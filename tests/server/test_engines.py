"""Models that take each other's place: by wish, after a failure, or not at all."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from faulty import BREAKS, FILLS, HANGS, Faulty
from mojaz_models.tiny import build_tiny
from mojaz_server.engine.batcher import Batcher, Model
from mojaz_server.engine.bundle import Bundle
from mojaz_server.engine.cache import Cache
from mojaz_server.engine.engines import Engines
from mojaz_server.errors import BundleError, EngineFailed, ModelNotSwitched, Unavailable
from mojaz_server.pipeline.records import Priority
from mojaz_server.pipeline.translate import Translator

NOW = Priority.INTERACTIVE


class Shelves:
    """Where models are loaded from: the names are folders, or have been made unusable."""

    def __init__(self) -> None:
        self.loaded: list[Faulty] = []
        self.unusable = False
        self.born_broken = False
        self.gate = threading.Event()
        self.gate.set()

    def load(self, name: str) -> Model:
        self.gate.wait()
        if self.unusable:
            raise BundleError(f"{name}: missing")
        model = Faulty(Bundle.load(Path(name)))
        model.broken = self.born_broken
        self.loaded.append(model)
        return model


@asynccontextmanager
async def engines(name: Path, stuck_seconds: float = 0.0) -> AsyncIterator[tuple[Engines, Shelves, list[bool]]]:
    shelves, told = Shelves(), list[bool]()

    async def tell(serving: bool) -> None:
        told.append(serving)

    found = Engines(shelves.load, lambda: Batcher(workers=1, batch_tokens=64), Cache(1), stuck_seconds, tell)
    await found.start(str(name))
    yield found, shelves, told
    for model in shelves.loaded:
        model.hanging.set()
    await found.close()


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny(tmp_path_factory.mktemp("other"), seed=2)


async def ask(translator: Translator, text: str) -> str:
    return (await translator.translate(text, 1, NOW)).text


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def break_it(found: Engines) -> None:
    """Fail as often as makes the model doubtful."""
    with found.used() as translator:
        for number in range(3):
            with pytest.raises(EngineFailed):
                await ask(translator, f"{BREAKS} {number}")


async def test_who_begins_with_a_model_ends_with_it_and_the_next_gets_the_new_one(tiny: Path, other: Path) -> None:
    async with engines(tiny) as (found, shelves, _):
        with found.used() as before:
            first = await ask(before, "خبر أول")
            assert (await found.switch(str(other))).bundle.id == "tiny@2"
            with found.used() as after:
                assert (before.model, after.model) == ("tiny@1", "tiny@2")
                assert await ask(after, "خبر أول") != first, "nor does the cache mix them"
                assert await ask(before, "خبر ثان")
            assert [model.bundle.id for model in found.models] == ["tiny@2", "tiny@1"]
        await until(lambda: len(found.models) == 1)
        assert [hasattr(model, "_model") for model in shelves.loaded] == [False, True]


async def test_a_model_that_cannot_be_loaded_changes_nothing(tiny: Path) -> None:
    async with engines(tiny) as (found, shelves, _):
        shelves.unusable = True
        with pytest.raises(ModelNotSwitched, match="missing"):
            await found.switch("nowhere")
        with found.used() as translator:
            assert await ask(translator, "خبر")


async def test_one_switch_at_a_time_which_ends_even_if_its_caller_has_gone(tiny: Path, other: Path) -> None:
    async with engines(tiny) as (found, shelves, _):
        shelves.gate.clear()
        first = asyncio.create_task(found.switch(str(other)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        with pytest.raises(ModelNotSwitched, match="another"):
            await found.switch(str(other))
        first.cancel()
        with found.used() as translator:
            assert await ask(translator, "خبر"), "the old one serves meanwhile"
        shelves.gate.set()
        await until(lambda: found.models[0].bundle.id == "tiny@2")


async def test_a_model_that_fails_on_everything_is_loaded_again(tiny: Path) -> None:
    async with engines(tiny) as (found, shelves, told):
        await break_it(found)
        await until(lambda: told == [False, True])
        with found.used() as translator:
            assert await ask(translator, "خبر")
        assert len(shelves.loaded) == 2
        assert found.failures == 3
        assert not found.lost.done()


async def test_while_it_is_loaded_again_callers_are_told_to_come_back(tiny: Path) -> None:
    async with engines(tiny) as (found, shelves, told):
        shelves.gate.clear()
        await break_it(found)
        await until(lambda: told == [False])
        with pytest.raises(Unavailable), found.used():
            pass
        shelves.gate.set()
        await until(lambda: told == [False, True])


async def test_sentences_that_fail_do_not_condemn_a_model_that_works(tiny: Path) -> None:
    async with engines(tiny) as (found, shelves, told):
        with found.used() as translator:
            for number in range(7):
                with pytest.raises(EngineFailed, match="MemoryError"):
                    await ask(translator, f"{FILLS} {number}")
            assert await ask(translator, "خبر")
        assert (len(shelves.loaded), told, found.failures) == (1, [], 7)


async def test_a_model_that_cannot_be_loaded_again_is_lost(tiny: Path) -> None:
    async with engines(tiny) as (found, shelves, told):
        shelves.unusable = True
        await break_it(found)
        assert "missing" in str(await asyncio.wait_for(asyncio.shield(found.lost), 60))
        assert told == [False]


async def test_a_model_that_fails_again_at_once_is_lost(tiny: Path) -> None:
    async with engines(tiny) as (found, shelves, told):
        shelves.born_broken = True
        await break_it(found)
        await until(lambda: told == [False, True])
        await break_it(found)
        assert "again" in str(await asyncio.wait_for(asyncio.shield(found.lost), 60))


async def test_a_batch_that_hangs_fails_all_who_wait(tiny: Path) -> None:
    async with engines(tiny, stuck_seconds=0.2) as (found, _, _):
        with found.used() as translator:
            asked = await asyncio.wait_for(
                asyncio.gather(*(ask(translator, f"{HANGS} {k}") for k in range(5)), return_exceptions=True), 60
            )
        assert [type(error) for error in asked] == [EngineFailed] * 5
        assert "0.2 s" in str(asked[0])
        assert found.lost.done()
