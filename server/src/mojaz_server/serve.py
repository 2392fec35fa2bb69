"""Wiring and life of the server: start (model warm, then SERVING), run until a signal, drain, stop.

The only module that sees both the network and the model.
"""

import asyncio
import dataclasses
import logging
import signal

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from mojaz.v1 import (
    digest_pb2,
    digest_pb2_grpc,
    glossary_pb2,
    glossary_pb2_grpc,
    info_pb2,
    info_pb2_grpc,
    translation_pb2,
    translation_pb2_grpc,
)

from mojaz_server.config import Config
from mojaz_server.engine.batcher import Batcher, Model
from mojaz_server.engine.cache import Cache
from mojaz_server.engine.cores import physical_cores, share_cores
from mojaz_server.engine.store import open_model
from mojaz_server.glossaries import Glossaries
from mojaz_server.metrics import Reading
from mojaz_server.pipeline.glossary import Glossary
from mojaz_server.pipeline.loaded import loaded_terms
from mojaz_server.pipeline.starter import starter
from mojaz_server.pipeline.warm import warm
from mojaz_server.rpc.digest import DigestService
from mojaz_server.rpc.gate import Gate
from mojaz_server.rpc.glossary import GlossaryService
from mojaz_server.rpc.info import InfoService
from mojaz_server.rpc.listen import listen, options
from mojaz_server.rpc.service import Service
from mojaz_server.rpc.translation import TranslationService
from mojaz_server.watch import Watch

NAMES = (
    digest_pb2.DESCRIPTOR.services_by_name["DigestService"].full_name,
    translation_pb2.DESCRIPTOR.services_by_name["TranslationService"].full_name,
    glossary_pb2.DESCRIPTOR.services_by_name["GlossaryService"].full_name,
    info_pb2.DESCRIPTOR.services_by_name["InfoService"].full_name,
)

log = logging.getLogger(__name__)


async def serve(config: Config) -> None:
    """Serve until SIGTERM or SIGINT, then drain. Raises BundleError, ConfigError."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with Server(config):
        await stopped.wait()
        log.info("draining", extra={"seconds": config.drain_seconds})


class Server:
    """One server: `async with Server(config) as server` has it serving at `server.address`. Made in the loop that runs it."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.address = ""
        self._workers, self._threads = share_cores(config.workers, config.threads, physical_cores())
        self.metrics_address = ""
        self._watch = Watch(config, self._reading, NAMES)
        self._serving = False
        self._gate = Gate(config, self._watch)
        self._health = health.aio.HealthServicer()
        self._grpc = grpc.aio.server(interceptors=[self._gate], options=options(config))
        self._batcher = Batcher(
            workers=self._workers,
            batch_tokens=config.batch_tokens,
            max_queued=config.max_queued_sentences,
            bulk_percent=config.bulk_percent,
            watch=self._watch.metrics,
        )
        self._cache = Cache(self._batcher, config.cache_mib, config.cache_file)
        self._glossaries = Glossaries(config.glossary_folder)
        self._models: list[info_pb2.Model] = []

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
        await self._set_health(health_pb2.HealthCheckResponse.NOT_SERVING)
        config = self.config
        loaded_terms(config.loaded_terms)  # a list that cannot be read stops the server here, not a call later
        self._register()
        self.address = listen(self._grpc, config)
        self.metrics_address = self._watch.open()
        await self._grpc.start()
        model = await asyncio.to_thread(
            open_model, config.model, workers=self._workers, threads=self._threads, compute_type=config.compute_type
        )
        glossary = await asyncio.to_thread(starter) if config.starter_glossary else Glossary.EMPTY
        self._models.append(_model(model))
        await self._cache.start(model)
        await warm(glossary)
        self._gate.closed = ""
        await self._set_health(health_pb2.HealthCheckResponse.SERVING)
        log.info("serving", extra={"address": self.address, "metrics_address": self.metrics_address, "model": model.bundle.id})

    def _register(self) -> None:
        service = Service(self._cache, self.config, self._glossaries, self._watch)
        compute = info_pb2.Compute(
            workers=self._workers,
            threads=self._threads,
            batch_tokens=self.config.batch_tokens,
            cores=physical_cores(),
            bulk_percent=self.config.bulk_percent,
        )
        digest_pb2_grpc.add_DigestServiceServicer_to_server(DigestService(service), self._grpc)
        translation_pb2_grpc.add_TranslationServiceServicer_to_server(TranslationService(service), self._grpc)
        glossary_pb2_grpc.add_GlossaryServiceServicer_to_server(GlossaryService(service), self._grpc)
        info_pb2_grpc.add_InfoServiceServicer_to_server(InfoService(self.config, self._models, compute, self._counts), self._grpc)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._grpc)
        if self.config.reflection:
            reflection.enable_server_reflection((*NAMES, health.SERVICE_NAME, reflection.SERVICE_NAME), self._grpc)

    async def stop(self) -> None:
        """NOT_SERVING, new calls refused with UNAVAILABLE, calls in flight finish within the grace, then the engine ends."""
        self._gate.closed = "the server is shutting down; try another one"
        await self._health.enter_graceful_shutdown()
        self._serving = False
        await self._grpc.stop(self.config.drain_seconds)
        await self._cache.close()
        await self._glossaries.close()
        await self._watch.close()
        log.info("stopped")

    def _counts(self) -> info_pb2.Cache:
        return info_pb2.Cache(**dataclasses.asdict(self._cache.counts()))

    def _reading(self) -> Reading:
        """For the metrics, in another thread: reads, changes nothing."""
        cache = self._cache.counts()
        return Reading(
            serving=self._serving,
            workers=self._workers,
            queued_sentences=self._batcher.queued,
            queued_tokens=self._batcher.queued_pieces,
            cache_bytes=cache.bytes,
            cache_hits=cache.hits,
            cache_misses=cache.misses,
            cache_failures=cache.failures,
            shared=cache.shared,
            models=[{"model": model.id, "compute_type": model.compute_type} for model in self._models],
        )

    async def _set_health(self, status: health_pb2.HealthCheckResponse.ServingStatus) -> None:
        self._serving = status == health_pb2.HealthCheckResponse.SERVING
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
