"""The model that serves, and how another takes its place: because somebody wants another one, or because it has failed.

Every model has a queue and workers of its own. Who begins with a model ends with it, so that an article is translated by one; the
old one is unloaded when the last of these is done.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import Any, TypeVar

from mojaz_server.engine.batcher import Batcher, Model
from mojaz_server.engine.cache import Cache
from mojaz_server.engine.cached import Cached
from mojaz_server.engine.store import WARM_UP
from mojaz_server.engine.watchdog import stuck
from mojaz_server.errors import EngineFailed, EngineLost, ModelNotSwitched, Unavailable

LAST_BATCH = 10.0  # seconds that the end of a server waits for a batch that runs

Done = TypeVar("Done")

log = logging.getLogger(__name__)


class Engine:
    """One model that is loaded, its queue, and those who work with it."""

    def __init__(self, name: str, model: Model, batcher: Batcher, translator: Cached, *, again: bool) -> None:
        self.name, self.model, self.batcher, self.translator = name, model, batcher, translator
        self.again = again  # loaded because it had failed
        self.unused = asyncio.Event()
        self.unused.set()
        self._users = 0
        self.guards: list[asyncio.Task[None]] = []

    @contextlib.contextmanager
    def used(self) -> Iterator[Cached]:
        self._users += 1
        self.unused.clear()
        try:
            yield self.translator
        finally:
            self._users -= 1
            if not self._users:
                self.unused.set()

    async def close(self) -> None:
        """Let its running batches end, and forget the model."""
        for guard in self.guards:
            guard.cancel()
        await self.batcher.close()
        await asyncio.to_thread(self.model.unload)


class Engines:
    """`load` opens a model by name and blocks; `batcher` makes the queue of one; `stuck_seconds` is the longest that a batch may
    take, 0 for ever; `tell` is told whether there is a model that serves."""

    def __init__(
        self,
        load: Callable[[str], Model],
        batcher: Callable[[], Batcher],
        cache: Cache,
        stuck_seconds: float,
        tell: Callable[[bool], Awaitable[None]],
    ) -> None:
        self._load, self._batcher, self._cache, self._stuck_seconds, self._tell = load, batcher, cache, stuck_seconds, tell
        self._turn = asyncio.Lock()  # one model is loaded at a time
        self._current: Engine | None = None
        self._leaving: dict[Engine, asyncio.Task[None]] = {}
        self._under_way: set[asyncio.Task[Any]] = set()
        self._left = {"shared": 0, "failures": 0}  # what was counted by those that have gone
        self.lost: asyncio.Future[EngineLost] = asyncio.get_running_loop().create_future()
        """Why nothing will be translated any more: the process must end."""

    @property
    def models(self) -> list[Model]:
        """The models in memory, the one that serves first."""
        return [engine.model for engine in self._all()]

    @property
    def queued(self) -> int:
        """Sentences that wait for a worker."""
        return sum(engine.batcher.queued for engine in self._all())

    @property
    def queued_pieces(self) -> int:
        """Their pieces."""
        return sum(engine.batcher.queued_pieces for engine in self._all())

    @property
    def seconds(self) -> float:
        """How long what waits takes at least."""
        return max((engine.batcher.seconds for engine in self._all()), default=0.0)

    @property
    def shared(self) -> int:
        """Sentences that were not translated anew because an equal one was on its way."""
        return self._left["shared"] + sum(engine.batcher.shared for engine in self._all())

    @property
    def failures(self) -> int:
        """Batches of which nothing came out."""
        return self._left["failures"] + sum(engine.batcher.failures for engine in self._all())

    @contextlib.contextmanager
    def used(self) -> Iterator[Cached]:
        """The model that serves now, which stays until its user is done. Raises Unavailable."""
        if self._current is None:
            raise Unavailable("the model has failed and is being loaded again; try again in a moment")
        with self._current.used() as translator:
            yield translator

    async def start(self, name: str) -> Model:
        """Load the first model. Raises BundleError."""
        async with self._turn:
            return await self._replace(name)

    async def switch(self, name: str) -> Model:
        """Load a model beside the one that serves and have it take its place. Raises ModelNotSwitched, and the old one serves on.

        A switch that has begun is finished even if who wanted it goes away."""
        if self._turn.locked():
            raise ModelNotSwitched("another model is being loaded; try again when that is done")
        return await asyncio.shield(self._begin(self._switch(name)))

    def _begin(self, work: Coroutine[None, None, Done]) -> asyncio.Task[Done]:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def _switch(self, name: str) -> Model:
        async with self._turn:
            try:
                return await self._replace(name)
            except Exception as error:
                log.exception("the model was not switched")
                problem = ModelNotSwitched(f"the model cannot be used, the one before serves on: {error}")
        raise problem

    async def close(self) -> None:
        """End all engines, and write what the cache has not written yet. After `lost` no thread is waited for."""
        for task in (*self._under_way, *self._leaving.values()):
            task.cancel()
        engines = self._all()
        self._current, self._leaving = None, {}
        for engine in engines:
            if self.lost.done():
                engine.batcher.fail(lambda: EngineFailed("the model has failed; the server ends"))
                continue
            try:
                async with asyncio.timeout(LAST_BATCH):
                    await engine.close()
            except TimeoutError:
                log.error("a batch does not end and is not waited for", extra={"model": engine.model.bundle.id})
        await self._cache.close()

    def refuse(self) -> None:
        """Answer everybody who waits or comes that the server ends."""
        for engine in self._all():
            engine.batcher.fail(lambda: Unavailable("the server is shutting down; try another one"))

    def _all(self) -> list[Engine]:
        return [*([self._current] if self._current else []), *self._leaving]

    async def _replace(self, name: str, *, again: bool = False) -> Model:
        """Load a model and have it serve what comes. Raises what `load` raises."""
        model = await asyncio.to_thread(self._load, name)
        batcher = self._batcher()
        translator = Cached(batcher, self._cache, await self._cache.load(model.fingerprint))
        batcher.start(model)
        old, self._current = self._current, Engine(name, model, batcher, translator, again=again)
        self._current.guards = [
            asyncio.create_task(self._mind(self._current)),
            asyncio.create_task(self._watch(self._current)),
        ]
        log.info("model loaded", extra={"model": model.bundle.id, "fingerprint": model.fingerprint})
        if old:
            self._leave(old)
        return model

    def _leave(self, engine: Engine) -> None:
        self._leaving[engine] = asyncio.create_task(self._unload(engine))

    async def _unload(self, engine: Engine) -> None:
        await engine.unused.wait()
        await engine.close()
        del self._leaving[engine]
        self._left["shared"] += engine.batcher.shared
        self._left["failures"] += engine.batcher.failures
        log.info("model unloaded", extra={"model": engine.model.bundle.id})

    async def _mind(self, engine: Engine) -> None:
        """Wait until the model is in doubt and does not translate what every model can, then load it again, once."""
        await engine.batcher.doubt.wait()
        while await engine.batcher.works(WARM_UP):
            engine.batcher.doubt.clear()
            await engine.batcher.doubt.wait()
        engine.batcher.fail(lambda: EngineFailed("the model has failed; it is being loaded again"))
        if engine is self._current:  # and not leaving anyway
            self._current = None
            self._leave(engine)
            self._begin(self._recover(engine))

    async def _recover(self, engine: Engine) -> None:
        log.error("the model has failed", extra={"model": engine.model.bundle.id})
        await self._tell(False)
        if engine.again and not engine.batcher.batches:
            self._lose("the model fails although it was loaded again")
            return
        async with self._turn:
            try:
                if not self._current:  # else a switch was under way
                    await self._replace(engine.name, again=True)
            except Exception as error:
                self._lose(f"the model has failed and cannot be loaded again: {error}")
            else:
                await self._tell(True)

    async def _watch(self, engine: Engine) -> None:
        await stuck(lambda: engine.batcher.running, self._stuck_seconds)
        engine.batcher.fail(lambda: EngineFailed(f"the model did not end a batch within {self._stuck_seconds:g} s"))
        self._lose(f"a batch of the model did not end within {self._stuck_seconds:g} s")

    def _lose(self, why: str) -> None:
        if not self.lost.done():
            log.critical("no model serves", extra={"why": why})
            self.lost.set_result(EngineLost(why))
