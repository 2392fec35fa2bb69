"""InfoService: what this server is and where its limits are. Nothing here waits for the model."""

from collections.abc import Callable, Sequence

import grpc
from mojaz.v1 import info_pb2, info_pb2_grpc

from mojaz_server import __version__
from mojaz_server.config import Config


class InfoService(info_pb2_grpc.InfoServiceServicer):
    """See proto/mojaz/v1/info.proto."""

    def __init__(
        self,
        config: Config,
        models: Callable[[], Sequence[info_pb2.Model]],
        compute: info_pb2.Compute,
        cache: Callable[[], info_pb2.Cache],
    ) -> None:
        self._limits = info_pb2.Limits(**{field.name: getattr(config, field.name) for field in info_pb2.Limits.DESCRIPTOR.fields})
        self._models, self._compute, self._cache = models, compute, cache

    async def GetServerInfo(
        self, request: info_pb2.GetServerInfoRequest, context: grpc.aio.ServicerContext[object, object]
    ) -> info_pb2.GetServerInfoResponse:
        return info_pb2.GetServerInfoResponse(
            version=__version__, models=self._models(), limits=self._limits, compute=self._compute, cache=self._cache()
        )

    async def ListModels(
        self, request: info_pb2.ListModelsRequest, context: grpc.aio.ServicerContext[object, object]
    ) -> info_pb2.ListModelsResponse:
        return info_pb2.ListModelsResponse(models=self._models())
