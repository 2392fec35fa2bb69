"""The gate of every call: who calls, whether it may, its quota, room among the calls at once, the time limit, errors into
statuses, who watches."""

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
from google.protobuf.message import DecodeError

from mojaz_server.call import Call, current_call
from mojaz_server.config import Config
from mojaz_server.errors import DeadlineExceeded, FieldInvalid, FieldMissing, ServerFull, Unavailable
from mojaz_server.keys import Keys
from mojaz_server.logs import request_id
from mojaz_server.record import Record, record_of
from mojaz_server.rpc.access import Access
from mojaz_server.rpc.quota import Quota, item_by_item
from mojaz_server.rpc.status import DETAILS_KEY, Failure, failure_of
from mojaz_server.watch import Watch

OURS = "/mojaz.v1."
FREE = ("/mojaz.v1.InfoService/", "/mojaz.v1.AdminService/")  # answer whatever the load
ITEM_BY_ITEM = ("/mojaz.v1.DigestService/DigestArticles", "/mojaz.v1.TranslationService/TranslateStream")
REQUEST_ID_KEY = "x-request-id"
REQUEST_ID = re.compile(r"[\w.:-]{1,128}", re.ASCII)

log = logging.getLogger(__name__)

_CLOCKS_APART = 0.1
"""Seconds before a call's deadline from which an end by the caller's side counts as the deadline's: their clocks are two."""

# Strings, since grpc's classes take no type parameters at run time
Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"
Requests: TypeAlias = AsyncIterator[Any]


class Gate(grpc.aio.ServerInterceptor):
    """Wraps every method of package mojaz.v1; health and reflection pass by. Raises ConfigError if the keys cannot be read."""

    def __init__(self, config: Config, watch: Watch) -> None:
        self._config = config
        self._watch = watch
        self._access = Access(Keys(config.keys_file) if config.keys_file else None)
        self._quota = Quota(config.max_calls_per_caller, config.max_calls_per_minute)
        self._calls = 0
        self.closed = "the server is starting; try again in a moment"  # why no call may pass, empty once they may

    @property
    def calls(self) -> int:
        """Calls that are served now."""
        return self._calls

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable["Handler | None"]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> "Handler | None":
        handler = await continuation(handler_call_details)
        if handler is None or not handler_call_details.method.startswith(OURS):
            return handler
        # Requests come to the gate as streams, all of them: of a single one, too, nothing is read before its caller may send it
        record = record_of(handler_call_details.method, handler.request_streaming, handler.response_streaming)
        if handler.response_streaming:
            streaming = self._streaming(record, handler)
            return grpc.stream_stream_rpc_method_handler(streaming, handler.request_deserializer, handler.response_serializer)
        single = self._single(record, handler)
        return grpc.stream_unary_rpc_method_handler(single, handler.request_deserializer, handler.response_serializer)

    def _single(self, record: Record, handler: "Handler") -> Callable[[Requests, Context], Awaitable[Any]]:
        """A method with one answer."""
        behavior: Any = handler.stream_unary if handler.request_streaming else handler.unary_unary

        async def call(requests: Requests, context: Context) -> Any:
            seconds = self._config.max_call_seconds
            async with self._passing(record, context, seconds), asyncio.timeout(seconds):
                asked = self._watch.received(record, requests if handler.request_streaming else await _only(context))
                with self._room(record.path):
                    return self._watch.sent(record, await behavior(asked, context))

        return call

    def _streaming(self, record: Record, handler: "Handler") -> Callable[[Requests, Context], AsyncIterator[Any]]:
        """A method with a stream of answers."""
        behavior: Any = handler.stream_stream if handler.request_streaming else handler.unary_stream
        if record.path in ITEM_BY_ITEM:
            behavior = item_by_item(behavior, self._quota, time.monotonic)

        async def call(requests: Requests, context: Context) -> AsyncIterator[Any]:
            async with self._passing(record, context):
                asked = self._watch.received(record, requests if handler.request_streaming else await _only(context))
                with self._room(record.path):
                    async with contextlib.aclosing(behavior(asked, context)) as answers:
                        async for answer in answers:
                            self._access.confirm(context)
                            yield self._watch.sent(record, answer)

        return call

    @contextlib.asynccontextmanager
    async def _passing(self, record: Record, context: Context, seconds: float = math.inf) -> AsyncIterator[None]:
        """The life of one call, which has `seconds` at most, and less if the caller says so."""
        identity = record.request_id = _identity(context)
        record.peer = record.caller = context.peer()  # asked now: gRPC's core crashes if asked after a caller has gone
        request_id.set(identity)
        left = context.time_remaining()
        context.set_trailing_metadata(((REQUEST_ID_KEY, identity),))
        deadline = record.began + min(seconds, math.inf if left is None else left)
        with self._watch.call(record, context.invocation_metadata() or ()):
            try:
                caller = self._access.caller(context)
                record.caller, record.key = caller.name, caller.key.id if caller.key else ""
                self._access.permit(caller, record.path)
                current_call.set(Call(caller.name, deadline, record.spent))
                with contextlib.nullcontext() if record.path.startswith(FREE) else self._quota.call(caller.name, record.began):
                    yield
            except (asyncio.CancelledError, GeneratorExit):
                record.code = record.reason = "DEADLINE_EXCEEDED" if time.monotonic() > deadline - _CLOCKS_APART else "CANCELLED"
                raise
            except Exception as error:
                failure = self._failure(error)
                record.code, record.reason = failure.code.name, failure.name
                details = ((DETAILS_KEY, failure.as_status().SerializeToString()), (REQUEST_ID_KEY, identity))
                await context.abort(failure.code, failure.message, details)

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
        if isinstance(error, DecodeError):
            error = FieldInvalid("message", "is not what this method takes; was it written for another contract?")
        failure = failure_of(error)
        if failure.code is grpc.StatusCode.INTERNAL:
            log.error("call failed", exc_info=error)
        return failure


async def _only(context: Context) -> Any:
    """The request of a method that takes one. Raises FieldMissing, DecodeError."""
    request = await context.read()
    if request is grpc.aio.EOF:
        raise FieldMissing("message", "is missing; this method takes one")
    return request


def _identity(context: Context) -> str:
    """The caller's request id, if it is a plain one, else a new one."""
    for key, value in context.invocation_metadata() or ():
        if key == REQUEST_ID_KEY and isinstance(value, str) and REQUEST_ID.fullmatch(value):
            return value
    return uuid.uuid4().hex
