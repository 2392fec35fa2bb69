"""AdminService: the model that serves is exchanged."""

import re
from collections.abc import Awaitable, Callable

import grpc
from mojaz.v1 import admin_pb2, admin_pb2_grpc

from mojaz_server.errors import FieldInvalid

_NAME = re.compile(r"\w[\w.@-]{0,99}")  # of a folder, never a path to one


class AdminService(admin_pb2_grpc.AdminServiceServicer):
    """See proto/mojaz/v1/admin.proto. `switch` takes the name of a bundle, "" for the configured model, and gives the id of the
    model that serves then."""

    def __init__(self, switch: Callable[[str], Awaitable[str]]) -> None:
        self._switch = switch

    async def SwitchModel(
        self, request: admin_pb2.SwitchModelRequest, context: grpc.aio.ServicerContext[object, object]
    ) -> admin_pb2.SwitchModelResponse:
        if request.name and not _NAME.fullmatch(request.name):
            raise FieldInvalid(
                "name", f"is {request.name!r}; give the name of a bundle in the server's --model-folder, not a path"
            )
        return admin_pb2.SwitchModelResponse(model=await self._switch(request.name))
