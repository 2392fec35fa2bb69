"""The access log and the request id, of a real process: what is said of each kind of call, and that no text is."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from mojaz.v1 import article_pb2, digest_pb2, digest_pb2_grpc
from serving import Serving, serving

SECRET = "كلمةسرية"  # a word that no log may hold
BODY = f"قالت {SECRET} إن المحادثات ستستأنف. وأعلنت الوزارة بدء المشروع."
Lines = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def running(tiny: Path) -> Iterator[Serving]:
    with serving("--model", str(tiny), "--cache-mib", "0") as server:
        yield server


@pytest.fixture(scope="module")
def stub(running: Serving) -> Iterator[digest_pb2_grpc.DigestServiceStub]:
    with grpc.insecure_channel(running.address) as channel:
        yield digest_pb2_grpc.DigestServiceStub(channel)


@pytest.fixture
def lines(running: Serving) -> Lines:
    """The line of the access log that has a request id, once it is there."""

    def wait(request_id: str) -> list[dict[str, Any]]:
        for _ in range(2400):
            log = [json.loads(line) for line in running.log.read_text(encoding="utf-8").splitlines()]
            found = [line for line in log if line["logger"] == "mojaz.access" and line["request_id"] == request_id]
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"no line for {request_id}")

    return wait


def request(body: str, request_id: str = "") -> Any:
    article = article_pb2.Article(body=body)
    made = digest_pb2.DigestArticlesRequest if request_id else digest_pb2.DigestArticleRequest
    return made(article=article, **({"request_id": request_id} if request_id else {}))


def sent(request_id: str) -> tuple[tuple[str, str], ...]:
    return (("x-request-id", request_id),)


def test_a_call_says_sizes_counts_and_times(stub: digest_pb2_grpc.DigestServiceStub, lines: Lines, running: Serving) -> None:
    question = request(BODY)
    answer, call = stub.DigestArticle.with_call(question, metadata=sent("one"))
    assert dict(call.trailing_metadata())["x-request-id"] == "one"
    (line,) = lines("one")
    assert (line["method"], line["code"], line["reason"]) == ("/mojaz.v1.DigestService/DigestArticle", "OK", "")
    assert line["caller"]
    assert (line["received"], line["received_bytes"]) == (1, question.ByteSize())
    assert (line["sent"], line["sent_bytes"]) == (1, answer.ByteSize())
    assert line["sentences"] >= 2
    assert 0 <= line["queue_ms"] <= line["ms"]
    assert line["compute_ms"] > 0
    assert SECRET not in running.log.read_text(encoding="utf-8")


def test_an_error_says_its_reason_and_not_the_text(
    stub: digest_pb2_grpc.DigestServiceStub, lines: Lines, running: Serving
) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        stub.DigestArticle(request("Nothing but secrets."), metadata=sent("two"))
    assert dict(caught.value.trailing_metadata())["x-request-id"] == "two"  # type: ignore[attr-defined]
    (line,) = lines("two")
    assert (line["code"], line["reason"], line["sent"]) == ("INVALID_ARGUMENT", "NOT_ARABIC", 0)
    assert "secrets" not in running.log.read_text(encoding="utf-8")


def test_a_stream_is_one_line_with_all_its_messages(stub: digest_pb2_grpc.DigestServiceStub, lines: Lines) -> None:
    questions = [request(BODY, "a"), request("English.", "b"), request(BODY, "c")]
    call = stub.DigestArticles(iter(questions), metadata=sent("three"))
    answers = list(call)
    assert dict(call.trailing_metadata())["x-request-id"] == "three"
    (line,) = lines("three")
    assert (line["code"], line["received"], line["sent"]) == ("OK", 3, 3)
    assert line["received_bytes"] == sum(question.ByteSize() for question in questions)
    assert line["sent_bytes"] == sum(answer.ByteSize() for answer in answers)


def test_a_stream_of_parts_and_one_that_is_refused_have_their_ids(stub: digest_pb2_grpc.DigestServiceStub, lines: Lines) -> None:
    parts = stub.StreamDigest(digest_pb2.StreamDigestRequest(article=article_pb2.Article(body=BODY)), metadata=sent("four"))
    count = len(list(parts))
    assert dict(parts.trailing_metadata())["x-request-id"] == "four"
    assert lines("four")[0]["sent"] == count
    refused = stub.StreamDigest(digest_pb2.StreamDigestRequest(), metadata=sent("five"))
    with pytest.raises(grpc.RpcError):
        list(refused)
    assert dict(refused.trailing_metadata())["x-request-id"] == "five"
    assert lines("five")[0]["reason"] == "FIELD_MISSING"


@pytest.fixture
def whole() -> Any:
    """An article that takes long."""
    long = "\n".join(f"قال وزير الخارجية رقم {i} إن المحادثات ستستأنف يوم الاثنين." for i in range(2000))
    options = digest_pb2.DigestOptions(full_translation=True)
    return digest_pb2.StreamDigestRequest(article=article_pb2.Article(body=long), options=options)


def test_a_cancelled_call_is_told_as_one(stub: digest_pb2_grpc.DigestServiceStub, lines: Lines, whole: Any) -> None:
    call = stub.StreamDigest(whole, metadata=sent("six"))
    next(call)
    call.cancel()
    (line,) = lines("six")
    assert (line["code"], line["reason"]) == ("CANCELLED", "CANCELLED")


def test_a_call_whose_time_is_over_is_told_as_one(stub: digest_pb2_grpc.DigestServiceStub, lines: Lines, whole: Any) -> None:
    with pytest.raises(grpc.RpcError):
        list(stub.StreamDigest(whole, metadata=sent("seven"), timeout=2.0))
    (line,) = lines("seven")
    assert (line["code"], line["reason"]) == ("DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED")


@pytest.mark.parametrize("unusable", ["two words", "", "x" * 129, '"},{"'])
def test_an_id_that_cannot_stand_in_a_log_is_replaced(stub: digest_pb2_grpc.DigestServiceStub, unusable: str) -> None:
    _, call = stub.DigestArticle.with_call(request(BODY), metadata=sent(unusable))
    made = dict(call.trailing_metadata())["x-request-id"]
    assert made != unusable
    assert len(made) == 32
