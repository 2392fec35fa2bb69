"""Wiring and life of the server: start (model warm, then SERVING), run until a signal, drain, stop.

The only module that sees both the network and the model.
"""

import asyncio
import dataclasses
import logging
from pathlib import Path

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from mojaz.v1 import (
    admin_pb2,
    admin_pb2_grpc,
    digest_pb2,
    digest_pb2_grpc,
    glossary_pb2,
    glossary_pb2_grpc,
    info_pb2,
    info_pb2_grpc,
    translation_pb2,
    translation_pb2_grpc,
)

from mojaz_server.admission import Admission
from mojaz_server.config import Config
from mojaz_server.drain import drain, wait
from mojaz_server.engine.batcher import Batcher, Model
from mojaz_server.engine.cache import Cache
from mojaz_server.engine.cores import physical_cores, share_cores
from mojaz_server.engine.engines import Engines
from mojaz_server.engine.store import open_model
from mojaz_server.errors import FieldInvalid, ModelNotSwitched
from mojaz_server.glossaries import Glossaries
from mojaz_server.metrics import Reading
from mojaz_server.pipeline.glossary import Glossary
from mojaz_server.pipeline.loaded import loaded_terms
from mojaz_server.pipeline.starter import starter
from mojaz_server.pipeline.warm import warm
from mojaz_server.rpc.admin import AdminService
from mojaz_server.rpc.digest import DigestService
from mojaz_server.rpc.gate import Gate
from mojaz_server.rpc.glossary import GlossaryService
from mojaz_server.rpc.info import InfoService
from mojaz_server.rpc.listen import listen, options
from mojaz_server.rpc.service import Service
from mojaz_server.rpc.translation import TranslationService
from mojaz_server.signals import Signals
from mojaz_server.watch import Watch

NAMES = (
    digest_pb2.DESCRIPTOR.services_by_name["DigestService"].full_name,
    translation_pb2.DESCRIPTOR.services_by_name["TranslationService"].full_name,
    glossary_pb2.DESCRIPTOR.services_by_name["GlossaryService"].full_name,
    info_pb2.DESCRIPTOR.services_by_name["InfoService"].full_name,
    admin_pb2.DESCRIPTOR.services_by_name["AdminService"].full_name,
)

log = logging.getLogger(__name__)


async def serve(config: Config) -> None:
    """Serve until SIGTERM or SIGINT, then drain; the second of them ends the wait. SIGHUP loads the model again. Raises
    BundleError, ConfigError, and EngineLost if no model works any more."""
    signals = Signals()
    async with Server(config, signals.hurry) as server:
        signals.on_hangup(server.load_again)
        await server.run(signals.stop)


class Server:
    """One server: `async with Server(config) as server` has it serving at `server.address`. Made in the loop that runs it; once
    `hurry` is set its end waits for nobody."""

    def __init__(self, config: Config, hurry: asyncio.Event | None = None) -> None:
        self.config = config
        self.address = ""
        self._hurry = hurry or asyncio.Event()
        self._closing = asyncio.Event()
        self._workers, self._threads = share_cores(config.workers, config.threads, physical_cores())
        self.metrics_address = ""
        self._watch = Watch(config, self._reading, NAMES)
        self._serving = False
        self._gate = Gate(config, self._watch)
        self._health = health.aio.HealthServicer()
        self._grpc = grpc.aio.server(interceptors=[self._gate], options=options(config))
        self._cache = Cache(config.cache_mib, config.cache_file)
        self._engines = Engines(self._load, self._batcher, self._cache, config.stuck_seconds, self._tell)
        self._admission = Admission(config.max_queued_tokens, lambda: self._engines.seconds)
        self._glossaries = Glossaries(config.glossary_folder)

    async def __aenter__(self) -> "Server":
        try:
            await self.start()
        except BaseException:
            await self._grpc.stop(None)
            await self._glossaries.close()
            await self._watch.close()
            raise
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen at once as NOT_SERVING, load and warm the model, then SERVING. Raises BundleError, ConfigError."""
        await self._tell(False)
        config = self.config
        loaded_terms(config.loaded_terms)  # a list that cannot be read stops the server here, not a call later
        self._register()
        self.address = listen(self._grpc, config)
        self.metrics_address = self._watch.open()
        await self._grpc.start()
        model = await self._engines.start(config.model)
        await warm(await asyncio.to_thread(starter) if config.starter_glossary else Glossary.EMPTY)
        self._gate.closed = ""
        await self._tell(True)
        log.info("serving", extra={"address": self.address, "metrics_address": self.metrics_address, "model": model.bundle.id})

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set. Raises EngineLost."""
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait((stopped, self._engines.lost), return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if self._engines.lost.done():
            raise self._engines.lost.result()

    def load_again(self) -> None:
        """Have the configured model loaded again; what goes wrong is in the log."""
        self._reloading = asyncio.create_task(self._engines.switch(self.config.model))
        self._reloading.add_done_callback(lambda task: task.cancelled() or task.exception())

    async def switch(self, name: str) -> str:
        """Have a bundle of the model folder serve, or the configured model for "". Returns its id. Raises FieldInvalid,
        ModelNotSwitched."""
        if not self.config.admin:
            raise ModelNotSwitched("this server is not administered over the network; start it with --admin true")
        if name and not self.config.model_folder:
            raise FieldInvalid("name", "is given, but this server has no --model-folder")
        path = str(Path(self.config.model_folder, name)) if name else self.config.model
        return (await self._engines.switch(path)).bundle.id

    async def stop(self) -> None:
        """NOT_SERVING, a wait for balancers, new calls refused, calls in flight finish within the grace, then the engine ends."""
        config, lost = self.config, self._engines.lost.done()
        await self._health.enter_graceful_shutdown()
        self._serving = False
        if not lost:
            await wait(config.drain_wait_seconds, self._hurry)
        seconds = 0 if lost else config.drain_seconds
        await drain(self._gate, self._grpc, self._closing, self._engines.refuse, seconds, self._hurry)
        await self._engines.close()
        await self._glossaries.close()
        await self._watch.close()
        log.info("stopped")

    def _register(self) -> None:
        service = Service(self._engines, self.config, self._glossaries, self._watch, self._admission, self._closing)
        digest_pb2_grpc.add_DigestServiceServicer_to_server(DigestService(service), self._grpc)
        translation_pb2_grpc.add_TranslationServiceServicer_to_server(TranslationService(service), self._grpc)
        glossary_pb2_grpc.add_GlossaryServiceServicer_to_server(GlossaryService(service), self._grpc)
        info_pb2_grpc.add_InfoServiceServicer_to_server(self._info(), self._grpc)
        admin_pb2_grpc.add_AdminServiceServicer_to_server(AdminService(self.switch), self._grpc)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._grpc)
        if self.config.reflection:
            reflection.enable_server_reflection((*NAMES, health.SERVICE_NAME, reflection.SERVICE_NAME), self._grpc)

    def _info(self) -> InfoService:
        compute = info_pb2.Compute(
            workers=self._workers,
            threads=self._threads,
            batch_tokens=self.config.batch_tokens,
            cores=physical_cores(),
            bulk_percent=self.config.bulk_percent,
        )
        return InfoService(self.config, lambda: [_model(model) for model in self._engines.models], compute, self._counts)

    def _counts(self) -> info_pb2.Cache:
        return info_pb2.Cache(**dataclasses.asdict(self._cache.counts()), shared=self._engines.shared)

    def _reading(self) -> Reading:
        """For the metrics, in another thread: reads, changes nothing."""
        cache, engines = self._cache.counts(), self._engines
        return Reading(
            serving=self._serving,
            workers=self._workers,
            queued_sentences=engines.queued,
            queued_tokens=engines.queued_pieces,
            cache_bytes=cache.bytes,
            cache_hits=cache.hits,
            cache_misses=cache.misses,
            cache_failures=cache.failures,
            shared=engines.shared,
            models=[{"model": model.bundle.id, "compute_type": model.compute_type} for model in engines.models[:1]],
        )

    def _load(self, name: str) -> Model:
        return open_model(name, workers=self._workers, threads=self._threads, compute_type=self.config.compute_type)

    def _batcher(self) -> Batcher:
        return Batcher(
            workers=self._workers,
            batch_tokens=self.config.batch_tokens,
            bulk_percent=self.config.bulk_percent,
            watch=self._watch.metrics,
        )

    async def _tell(self, serving: bool) -> None:
        """What health says."""
        self._serving = serving
        status = health_pb2.HealthCheckResponse.SERVING if serving else health_pb2.HealthCheckResponse.NOT_SERVING
        for name in ("", *NAMES):
            await self._health.set(name, status)


def _model(model: Model) -> info_pb2.Model:
    bundle = model.bundle
    scores = [info_pb2.Score(test_set=s.test_set, metric=s.metric, value=s.value, signature=s.signature) for s in bundle.scores]
    return info_pb2.Model(
        id=bundle.id,
        source_language=bundle.source_language,
        target_language=bundle.target_language,
        licence=bundle.licence,
        description=bundle.description,
        size_bytes=bundle.size_bytes,
        scores=scores,
        compute_type=model.compute_type,
        beam_size=bundle.decoding.beam_size,
    )
