"""The error table of the server: total, and each row with its google.rpc details."""

import asyncio
from urllib.parse import quote

import grpc
import pytest
from google.rpc import error_details_pb2
from mojaz.v1 import error_pb2
from mojaz_server import errors
from mojaz_server.rpc.status import MOST, TABLE, failure_of


def tree(kind: type[BaseException]) -> list[type[BaseException]]:
    return [kind, *(below for child in kind.__subclasses__() for below in tree(child))]


SAMPLES: dict[type[BaseException], BaseException] = {
    **{kind: kind("full", 1.5) for kind in tree(errors.ServerFull)},  # type: ignore[call-arg]
    **{kind: kind("article.body", "is wrong") for kind in tree(errors.BadRequest)},  # type: ignore[call-arg]
}


def test_every_reason_of_the_contract_is_used_and_every_error_has_its_row() -> None:
    assert {reason for _, _, reason in TABLE} == set(error_pb2.ErrorReason.values()) - {error_pb2.ERROR_REASON_UNSPECIFIED}
    for kind in tree(errors.MojazError)[1:]:
        if kind is errors.ConfigError:
            continue  # ends the process before there is a caller
        assert failure_of(SAMPLES.get(kind) or kind("x")).reason != error_pb2.ERROR_REASON_INTERNAL, kind


def test_no_row_is_hidden_by_one_before_it() -> None:
    for i, (kind, _, _) in enumerate(TABLE):
        assert not any(issubclass(kind, earlier) for earlier, _, _ in TABLE[:i])


@pytest.mark.parametrize("kind", [kind for kind, _, _ in TABLE])
def test_every_status_says_its_reason(kind: type[BaseException]) -> None:
    failure = failure_of(SAMPLES.get(kind) or kind("secret"))
    status = failure.as_status()
    info = error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(info)
    assert (info.domain, info.reason) == ("mojaz", failure.name)
    assert status.code == failure.code.value[0]


def test_a_bad_field_and_a_delay_are_told() -> None:
    bad, full = error_details_pb2.BadRequest(), error_details_pb2.RetryInfo()
    assert failure_of(errors.LimitExceeded("article.body", "is too long")).as_status().details[1].Unpack(bad)
    assert [violation.field for violation in bad.field_violations] == ["article.body"]
    assert failure_of(errors.ServerFull("full", 1.5)).as_status().details[1].Unpack(full)
    assert full.retry_delay.ToMilliseconds() == 1500


def test_what_nobody_foresaw_keeps_its_text_to_the_log() -> None:
    failure = failure_of(ZeroDivisionError("the article said ..."))
    assert (failure.code, failure.message) == (grpc.StatusCode.INTERNAL, "a defect of the server")
    assert failure_of(asyncio.CancelledError()).code is grpc.StatusCode.CANCELLED


def test_what_a_long_message_quotes_is_cut_so_that_it_fits_its_header() -> None:
    error = errors.GlossaryNotFound("name", f'there is no glossary "{"محادثات" * 1000}"; list them')
    failure = failure_of(error)
    assert len(failure.message) <= MOST + 5
    assert failure.message.startswith("name: there is no glossary")
    assert failure.message.endswith("; list them")
    assert len(quote(failure.message)) + len(failure.as_status().SerializeToString()) < 6 * 1024
