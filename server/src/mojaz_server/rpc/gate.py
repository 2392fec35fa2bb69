"""The gate of every call: a request id, the limit on calls at once, the time limit, errors into statuses, the access log."""

import asyncio
import contextlib
import logging
import math
import re
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, TypeAlias

import grpc

from mojaz_server.call import Call, current_call
from mojaz_server.config import Config
from mojaz_server.errors import DeadlineExceeded, ServerFull, Unavailable
from mojaz_server.logs import request_id
from mojaz_server.rpc.status import DETAILS_KEY, Failure, failure_of

OURS = "/mojaz.v1."
FREE = "/mojaz.v1.InfoService/"  # answers whatever the load
REQUEST_ID_KEY = "x-request-id"
REQUEST_ID = re.compile(r"[\w.:-]{1,128}", re.ASCII)

access = logging.getLogger("mojaz.access")
log = logging.getLogger(__name__)

# Strings, since grpc's classes take no type parameters at run time
Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"


class Gate(grpc.aio.ServerInterceptor):
    """Wraps every method of package mojaz.v1; health and reflection pass by."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._calls = 0
        self.closed = "the server is starting; try again in a moment"  # why no call may pass, empty once they may

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable["Handler | None"]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> "Handler | None":
        handler = await continuation(handler_call_details)
        method = handler_call_details.method
        if handler is None or not method.startswith(OURS):
            return handler
        if handler.response_streaming:
            wrap = grpc.stream_stream_rpc_method_handler if handler.request_streaming else grpc.unary_stream_rpc_method_handler
            behavior = handler.stream_stream if handler.request_streaming else handler.unary_stream
            return wrap(self._streaming(method, behavior), handler.request_deserializer, handler.response_serializer)
        once = grpc.stream_unary_rpc_method_handler if handler.request_streaming else grpc.unary_unary_rpc_method_handler
        behavior = handler.stream_unary if handler.request_streaming else handler.unary_unary
        return once(self._unary(method, behavior), handler.request_deserializer, handler.response_serializer)

    def _unary(self, method: str, behavior: Any) -> Callable[[Any, Context], Awaitable[Any]]:
        async def call(request: Any, context: Context) -> Any:
            async with self._passing(method, context, self._config.max_call_seconds):
                async with asyncio.timeout(self._config.max_call_seconds):
                    return await behavior(request, context)

        return call

    def _streaming(self, method: str, behavior: Any) -> Callable[[Any, Context], AsyncIterator[Any]]:
        async def call(request: Any, context: Context) -> AsyncIterator[Any]:
            async with self._passing(method, context), contextlib.aclosing(behavior(request, context)) as answers:
                async for answer in answers:
                    yield answer

        return call

    @contextlib.asynccontextmanager
    async def _passing(self, method: str, context: Context, seconds: float = math.inf) -> AsyncIterator[None]:
        """The life of one call, which has `seconds` at most, and less if the caller says so."""
        began = time.monotonic()
        identity = _identity(context)
        peer = context.peer()  # asked now: gRPC's core crashes if asked after a caller has gone
        request_id.set(identity)
        left = context.time_remaining()
        current_call.set(Call(peer, began + min(seconds, math.inf if left is None else left)))
        context.set_trailing_metadata(((REQUEST_ID_KEY, identity),))
        code = grpc.StatusCode.OK
        try:
            with self._room(method):
                yield
        except (asyncio.CancelledError, GeneratorExit):
            code = grpc.StatusCode.CANCELLED
            raise
        except Exception as error:
            failure = self._failure(error)
            code = failure.code
            details = ((DETAILS_KEY, failure.as_status().SerializeToString()), (REQUEST_ID_KEY, identity))
            await context.abort(code, failure.message, details)
        finally:
            milliseconds = round(1000 * (time.monotonic() - began), 1)
            access.info("call", extra={"method": method, "peer": peer, "code": code.name, "ms": milliseconds})

    @contextlib.contextmanager
    def _room(self, method: str) -> Iterator[None]:
        if self.closed:
            raise Unavailable(self.closed)
        if method.startswith(FREE):
            yield
            return
        if self._calls >= self._config.max_concurrent_calls:
            raise ServerFull(f"{self._calls} calls are being served, the limit is {self._config.max_concurrent_calls}", 1.0)
        self._calls += 1
        try:
            yield
        finally:
            self._calls -= 1

    def _failure(self, error: Exception) -> Failure:
        if isinstance(error, TimeoutError):
            error = DeadlineExceeded(f"not ready within {self._config.max_call_seconds:g} s, the limit of this server")
        failure = failure_of(error)
        if failure.code is grpc.StatusCode.INTERNAL:
            log.error("call failed", exc_info=error)
        return failure


def _identity(context: Context) -> str:
    """The caller's request id, if it is a plain one, else a new one."""
    for key, value in context.invocation_metadata() or ():
        if key == REQUEST_ID_KEY and isinstance(value, str) and REQUEST_ID.fullmatch(value):
            return value
    return uuid.uuid4().hex
