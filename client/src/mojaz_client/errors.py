"""Everything that can go wrong, as one tree, and the one table from the contract's reasons to it.

No class of gRPC ever reaches the caller: every status becomes one of these, raised outside of the handler that caught it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import grpc
from google.rpc import error_details_pb2, status_pb2
from mojaz.v1 import error_pb2

_DETAILS_KEY = "grpc-status-details-bin"
_REQUEST_ID_KEY = "x-request-id"
_DOMAIN = "mojaz"


class ErrorReason(StrEnum):
    """Why a call or an item of a stream failed: enum ErrorReason of proto/mojaz/v1/error.proto."""

    FIELD_MISSING = "field_missing"
    FIELD_INVALID = "field_invalid"
    LIMIT_EXCEEDED = "limit_exceeded"
    NOT_ARABIC = "not_arabic"
    SERVER_FULL = "server_full"
    DEADLINE_EXCEEDED = "deadline_exceeded"
    CANCELLED = "cancelled"
    UNAVAILABLE = "unavailable"
    ENGINE_FAILED = "engine_failed"
    INTERNAL = "internal"
    GLOSSARY_NOT_FOUND = "glossary_not_found"
    GLOSSARY_STORE_FAILED = "glossary_store_failed"
    UNAUTHENTICATED = "unauthenticated"
    PERMISSION_DENIED = "permission_denied"
    QUOTA_EXCEEDED = "quota_exceeded"
    MODEL_NOT_SWITCHED = "model_not_switched"


class MojazError(Exception):
    """Base of all errors of this client.

    `message` says what is wrong and what to do; `reason` is the contract's, None if it has none for this; `field` is the
    path of the field that is wrong, for instance "article.body", or empty; `retry_after` is in seconds, if the server gave it;
    `request_id` is what the server's log calls this call, if it said so.
    """

    def __init__(
        self,
        message: str,
        *,
        reason: ErrorReason | None = None,
        field: str = "",
        retry_after: float | None = None,
        request_id: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason or next((known for known, kind in ERRORS.items() if kind is type(self)), None)
        self.field = field
        self.retry_after = retry_after
        self.request_id = request_id


class InvalidArgument(MojazError):
    """The request cannot be served as it is; sending it again changes nothing."""


class FieldMissing(InvalidArgument):
    """A required field is empty."""


class FieldInvalid(InvalidArgument):
    """A field has a value that is not allowed."""


class LimitExceeded(InvalidArgument):
    """A field, or the whole message (field "message"), is over a limit."""


class NotArabic(InvalidArgument):
    """The text is in another language."""


class GlossaryNotFound(InvalidArgument):
    """The server has no glossary, or no version of it, of that name."""


class GlossaryStoreFailed(MojazError):
    """The server could not read or write its store of glossaries."""


class ServerFull(MojazError):
    """The server has no room for more work now; try again after `retry_after` seconds."""


class QuotaExceeded(ServerFull):
    """The caller has used up what the server gives to one caller; try again after `retry_after` seconds."""


class Unauthenticated(MojazError):
    """The server wants an API key, or does not know the one that it got, or it has expired or was revoked."""


class PermissionDenied(MojazError):
    """The API key is good but not for this call: it lacks the scope."""


class DeadlineExceeded(MojazError):
    """The answer did not come in time."""


class Cancelled(MojazError):
    """The call was given up, for instance because the client was closed."""


class Unavailable(MojazError):
    """The server is shutting down or not ready yet."""


class EngineFailed(MojazError):
    """The server's model failed."""


class ModelNotSwitched(MojazError):
    """No other model took the place of the one that serves."""


class InternalError(MojazError):
    """A defect of the server."""


class ConnectionFailed(MojazError):
    """No server answers at the address, or the connection to it was lost."""


class UnexpectedAnswer(MojazError):
    """What answers is no Mojaz server of this version."""


ERRORS: dict[ErrorReason, type[MojazError]] = {
    ErrorReason.FIELD_MISSING: FieldMissing,
    ErrorReason.FIELD_INVALID: FieldInvalid,
    ErrorReason.LIMIT_EXCEEDED: LimitExceeded,
    ErrorReason.NOT_ARABIC: NotArabic,
    ErrorReason.SERVER_FULL: ServerFull,
    ErrorReason.DEADLINE_EXCEEDED: DeadlineExceeded,
    ErrorReason.CANCELLED: Cancelled,
    ErrorReason.UNAVAILABLE: Unavailable,
    ErrorReason.ENGINE_FAILED: EngineFailed,
    ErrorReason.INTERNAL: InternalError,
    ErrorReason.GLOSSARY_NOT_FOUND: GlossaryNotFound,
    ErrorReason.GLOSSARY_STORE_FAILED: GlossaryStoreFailed,
    ErrorReason.UNAUTHENTICATED: Unauthenticated,
    ErrorReason.PERMISSION_DENIED: PermissionDenied,
    ErrorReason.QUOTA_EXCEEDED: QuotaExceeded,
    ErrorReason.MODEL_NOT_SWITCHED: ModelNotSwitched,
}

_REASONS = {reason.value: reason for reason in ErrorReason}

# What a status means that carries no reason of Mojaz: it comes from gRPC itself or from something between us and the server.
_PLAIN: dict[grpc.StatusCode, type[MojazError]] = {
    grpc.StatusCode.INVALID_ARGUMENT: InvalidArgument,
    grpc.StatusCode.UNAUTHENTICATED: Unauthenticated,
    grpc.StatusCode.PERMISSION_DENIED: PermissionDenied,
    grpc.StatusCode.RESOURCE_EXHAUSTED: ServerFull,
    grpc.StatusCode.DEADLINE_EXCEEDED: DeadlineExceeded,
    grpc.StatusCode.CANCELLED: Cancelled,
    grpc.StatusCode.UNAVAILABLE: ConnectionFailed,
    grpc.StatusCode.INTERNAL: InternalError,
    grpc.StatusCode.UNKNOWN: InternalError,
}


@dataclass(slots=True)
class _Details:
    """What the rich status of a failed call says."""

    reason: ErrorReason | None = None
    field: str = ""
    retry_after: float | None = None
    request_id: str = ""


def reason_named(name: str) -> ErrorReason | None:
    """The reason of that name in the contract, with or without its prefix; None if this client does not know it."""
    return _REASONS.get(name.removeprefix("ERROR_REASON_").lower())


def error_from_item(error: error_pb2.Error) -> MojazError:
    """The exception for the error of one item of a stream."""
    names = error_pb2.ErrorReason.DESCRIPTOR.values_by_number
    reason = reason_named(names[error.reason].name) if error.reason in names else None
    kind = ERRORS[reason] if reason else UnexpectedAnswer
    return kind(error.message, reason=reason, field=error.field)


def error_from_call(error: grpc.RpcError, address: str) -> MojazError:
    """The exception for a failed call to the server at `address`. Works for both gRPC and its asyncio half."""
    call: Any = error  # RpcError declares nothing; every one that a call raises has these three
    metadata = tuple(call.trailing_metadata() or ())
    return error_from_status(call.code(), call.details() or "", metadata, address)


def error_from_status(
    code: grpc.StatusCode, message: str, metadata: Iterable[tuple[str, str | bytes]], address: str
) -> MojazError:
    """The exception for a status: its own reason if it has one, else what the bare code means."""
    details = _read_details(metadata)
    if details.reason:
        kind = ERRORS[details.reason]
    elif code is grpc.StatusCode.RESOURCE_EXHAUSTED and "larger than max" in message:
        kind, details.field = LimitExceeded, "message"
    else:
        kind = _PLAIN.get(code, UnexpectedAnswer)
    if kind is ConnectionFailed:
        message = f"no answer from a Mojaz server at {address}: {message.rpartition('last error: ')[2].removeprefix('UNKNOWN: ')}"
    elif kind is DeadlineExceeded and not details.reason:
        message = f"no answer from {address} in time: {message}"
    elif kind is UnexpectedAnswer:
        message = f"{address} answered {code.name}, which a Mojaz server of this version does not: {message}"
    return kind(
        message,
        reason=details.reason,
        field=details.field,
        retry_after=details.retry_after,
        request_id=details.request_id,
    )


def _read_details(metadata: Iterable[tuple[str, str | bytes]]) -> _Details:
    found = _Details()
    for key, value in metadata:
        if key == _REQUEST_ID_KEY:
            found.request_id = value if isinstance(value, str) else value.decode("utf-8", "replace")
        elif key == _DETAILS_KEY and isinstance(value, bytes):
            _read_status(value, found)
    return found


def _read_status(data: bytes, found: _Details) -> None:
    try:
        status = status_pb2.Status.FromString(data)
    except Exception:  # whatever else is in that header, the call's code and message still count
        return
    info, request, retry = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest(), error_details_pb2.RetryInfo()
    for detail in status.details:
        if detail.Unpack(info) and info.domain == _DOMAIN:
            found.reason = reason_named(info.reason)
            found.request_id = info.metadata.get("request_id", found.request_id)
        elif detail.Unpack(request) and request.field_violations:
            found.field = request.field_violations[0].field
        elif detail.Unpack(retry):
            found.retry_after = retry.retry_delay.ToTimedelta().total_seconds()
