"""Every reason and every status of gRPC becomes one exception of the tree, with all that the server said."""

import pickle

import grpc
import mojaz_client
import pytest
from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2, status_pb2
from mojaz.v1 import error_pb2
from mojaz_client import errors
from mojaz_client.errors import ERRORS, ErrorReason, error_from_item, error_from_status, reason_named

NAMES = [value.name for value in error_pb2.ErrorReason.DESCRIPTOR.values if value.number]


def details(*messages: error_details_pb2.ErrorInfo | error_details_pb2.BadRequest | error_details_pb2.RetryInfo) -> bytes:
    status = status_pb2.Status()
    for message in messages:
        packed = Any()
        packed.Pack(message)
        status.details.append(packed)
    data: bytes = status.SerializeToString()
    return data


def info(reason: str) -> error_details_pb2.ErrorInfo:
    return error_details_pb2.ErrorInfo(reason=reason, domain="mojaz")


def test_the_table_is_total() -> None:
    assert {reason_named(name) for name in NAMES} == set(ErrorReason) == set(ERRORS)
    assert len(set(ERRORS.values())) == len(ERRORS)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("prefix", ["", "ERROR_REASON_"])
def test_reason_decides_whatever_the_status_is(name: str, prefix: str) -> None:
    data = details(info(prefix + name.removeprefix("ERROR_REASON_")))
    error = error_from_status(grpc.StatusCode.UNKNOWN, "why", [("grpc-status-details-bin", data)], "here:1")
    reason = reason_named(name)
    assert reason
    assert type(error) is ERRORS[reason]
    assert (error.reason, error.message) == (reason, "why")


@pytest.mark.parametrize("name", NAMES)
def test_item_of_a_stream_fails_with_the_same_exceptions(name: str) -> None:
    number = error_pb2.ErrorReason.Value(name)
    error = error_from_item(error_pb2.Error(reason=number, message="why", field="article.body"))
    reason = reason_named(name)
    assert reason
    assert type(error) is ERRORS[reason]
    assert (error.reason, error.field) == (reason, "article.body")


def test_reason_of_a_newer_server_is_unexpected() -> None:
    assert type(error_from_item(error_pb2.Error(reason=999, message="why"))) is errors.UnexpectedAnswer  # type: ignore[arg-type]


def test_field_delay_and_request_id_are_read() -> None:
    violation = error_details_pb2.BadRequest.FieldViolation(field="options.max_lines", description="has 99")
    retry = error_details_pb2.RetryInfo(retry_delay=Duration(seconds=1, nanos=500_000_000))
    data = details(info("LIMIT_EXCEEDED"), error_details_pb2.BadRequest(field_violations=[violation]), retry)
    metadata: list[tuple[str, str | bytes]] = [("grpc-status-details-bin", data), ("x-request-id", "r-7")]
    error = error_from_status(grpc.StatusCode.INVALID_ARGUMENT, "has 99", metadata, "here:1")
    assert (error.field, error.retry_after, error.request_id) == ("options.max_lines", 1.5, "r-7")


@pytest.mark.parametrize("code", [code for code in grpc.StatusCode if code is not grpc.StatusCode.OK])
@pytest.mark.parametrize("metadata", [[], [("grpc-status-details-bin", b"\xff\xff no status")], [("other", "x")]])
def test_bare_status_becomes_an_error_of_the_tree(code: grpc.StatusCode, metadata: list[tuple[str, str | bytes]]) -> None:
    error = error_from_status(code, "details", metadata, "here:1")
    assert type(error) is not errors.MojazError
    assert "details" in error.message


@pytest.mark.parametrize(
    ("code", "message", "kind", "field"),
    [
        (grpc.StatusCode.UNAVAILABLE, "last error: refused", errors.ConnectionFailed, ""),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, "CLIENT: Sent message larger than max (2 vs. 1)", errors.LimitExceeded, "message"),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, "Received message larger than max (2 vs. 1)", errors.LimitExceeded, "message"),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, "Concurrent RPC limit exceeded!", errors.ServerFull, ""),
        (grpc.StatusCode.DEADLINE_EXCEEDED, "Deadline Exceeded", errors.DeadlineExceeded, ""),
        (grpc.StatusCode.CANCELLED, "Channel closed!", errors.Cancelled, ""),
        (grpc.StatusCode.UNIMPLEMENTED, "unknown service", errors.UnexpectedAnswer, ""),
    ],
)
def test_statuses_of_grpc_itself(code: grpc.StatusCode, message: str, kind: type[errors.MojazError], field: str) -> None:
    error = error_from_status(code, message, [], "here:1")
    assert type(error) is kind
    assert error.field == field


def test_reasons_of_another_domain_are_not_ours() -> None:
    foreign = error_details_pb2.ErrorInfo(reason="NOT_ARABIC", domain="proxy.example")
    metadata = [("grpc-status-details-bin", details(foreign))]
    assert type(error_from_status(grpc.StatusCode.UNAVAILABLE, "", metadata, "here:1")) is errors.ConnectionFailed


def test_errors_survive_a_process_boundary() -> None:
    error = errors.ServerFull("full", retry_after=2.0, request_id="r")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.message, again.retry_after, again.request_id) == (errors.ServerFull, "full", 2.0, "r")
    assert again.reason is ErrorReason.SERVER_FULL


def test_every_error_is_public() -> None:
    classes = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, errors.MojazError)}
    assert classes <= set(mojaz_client.__all__)
