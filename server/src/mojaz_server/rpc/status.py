"""How every error is told to the caller: one table, exception -> status code and reason, with google.rpc details."""

import asyncio
from dataclasses import dataclass

import grpc
from google.protobuf import any_pb2, duration_pb2
from google.rpc import error_details_pb2, status_pb2
from mojaz.v1 import error_pb2

from mojaz_server import errors

DOMAIN = "mojaz"
DETAILS_KEY = "grpc-status-details-bin"
MOST = 400
"""Characters of a message. It travels in headers, once with three bytes for one, and callers take 8 KiB of these."""

# The first row whose class matches wins: subclasses stand before their bases.
TABLE: tuple[tuple[type[BaseException], grpc.StatusCode, error_pb2.ErrorReason.ValueType], ...] = (
    (errors.FieldMissing, grpc.StatusCode.INVALID_ARGUMENT, error_pb2.ERROR_REASON_FIELD_MISSING),
    (errors.LimitExceeded, grpc.StatusCode.INVALID_ARGUMENT, error_pb2.ERROR_REASON_LIMIT_EXCEEDED),
    (errors.NotArabic, grpc.StatusCode.INVALID_ARGUMENT, error_pb2.ERROR_REASON_NOT_ARABIC),
    (errors.GlossaryNotFound, grpc.StatusCode.NOT_FOUND, error_pb2.ERROR_REASON_GLOSSARY_NOT_FOUND),
    (errors.BadRequest, grpc.StatusCode.INVALID_ARGUMENT, error_pb2.ERROR_REASON_FIELD_INVALID),
    (errors.Unauthenticated, grpc.StatusCode.UNAUTHENTICATED, error_pb2.ERROR_REASON_UNAUTHENTICATED),
    (errors.PermissionDenied, grpc.StatusCode.PERMISSION_DENIED, error_pb2.ERROR_REASON_PERMISSION_DENIED),
    (errors.QuotaExceeded, grpc.StatusCode.RESOURCE_EXHAUSTED, error_pb2.ERROR_REASON_QUOTA_EXCEEDED),
    (errors.ServerFull, grpc.StatusCode.RESOURCE_EXHAUSTED, error_pb2.ERROR_REASON_SERVER_FULL),
    (errors.DeadlineExceeded, grpc.StatusCode.DEADLINE_EXCEEDED, error_pb2.ERROR_REASON_DEADLINE_EXCEEDED),
    (asyncio.CancelledError, grpc.StatusCode.CANCELLED, error_pb2.ERROR_REASON_CANCELLED),
    (errors.Unavailable, grpc.StatusCode.UNAVAILABLE, error_pb2.ERROR_REASON_UNAVAILABLE),
    (errors.GlossaryStoreFailed, grpc.StatusCode.INTERNAL, error_pb2.ERROR_REASON_GLOSSARY_STORE_FAILED),
    (errors.ModelNotSwitched, grpc.StatusCode.FAILED_PRECONDITION, error_pb2.ERROR_REASON_MODEL_NOT_SWITCHED),
    (errors.EngineFailed, grpc.StatusCode.INTERNAL, error_pb2.ERROR_REASON_ENGINE_FAILED),
    (BaseException, grpc.StatusCode.INTERNAL, error_pb2.ERROR_REASON_INTERNAL),
)


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as the caller gets to know it."""

    code: grpc.StatusCode
    reason: error_pb2.ErrorReason.ValueType
    message: str
    field: str = ""
    retry_after: float | None = None

    def as_item(self) -> error_pb2.Error:
        """The error of one item of a stream."""
        return error_pb2.Error(reason=self.reason, message=self.message, field=self.field)

    def as_status(self) -> status_pb2.Status:
        """The status of a failed call."""
        details: list[any_pb2.Any] = [_packed(error_details_pb2.ErrorInfo(reason=self.name, domain=DOMAIN))]
        if self.field:
            violation = error_details_pb2.BadRequest.FieldViolation(field=self.field, description=self.message, reason=self.name)
            details.append(_packed(error_details_pb2.BadRequest(field_violations=[violation])))
        if self.retry_after is not None:
            delay = duration_pb2.Duration(nanos=0)
            delay.FromMilliseconds(int(1000 * self.retry_after))
            details.append(_packed(error_details_pb2.RetryInfo(retry_delay=delay)))
        number: int = self.code.value[0]
        return status_pb2.Status(code=number, message=self.message, details=details)

    @property
    def name(self) -> str:
        """The reason's name without its prefix, for instance LIMIT_EXCEEDED."""
        return error_pb2.ErrorReason.Name(self.reason).removeprefix("ERROR_REASON_")


def failure_of(error: BaseException) -> Failure:
    """The row of the table for an error. What nobody foresaw keeps its text to the log: it may hold what is not the caller's."""
    code, reason = next((code, reason) for kind, code, reason in TABLE if isinstance(error, kind))
    foreseen = isinstance(error, errors.MojazError)
    message = (
        str(error) if foreseen else "the call was cancelled" if code is grpc.StatusCode.CANCELLED else "a defect of the server"
    )
    if len(message) > MOST:  # it quotes what the caller sent
        message = f"{message[: MOST // 2]} ... {message[-MOST // 2 :]}"
    return Failure(code, reason, message, getattr(error, "field", ""), getattr(error, "retry_after", None))


def _packed(message: error_details_pb2.ErrorInfo | error_details_pb2.BadRequest | error_details_pb2.RetryInfo) -> any_pb2.Any:
    packed = any_pb2.Any()
    packed.Pack(message)
    return packed
