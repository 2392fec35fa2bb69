"""Any request at all: the answer is right by the contract, or a status that the contract names for a request that is wrong."""

import math
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import grpc
import pytest
from faults.requests import messages
from faults.table import Table
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mojaz.v1 import (
    digest_pb2,
    digest_pb2_grpc,
    error_pb2,
    glossary_pb2,
    glossary_pb2_grpc,
    info_pb2,
    info_pb2_grpc,
    translation_pb2,
    translation_pb2_grpc,
)
from serving import Serving, serving

# What a caller's own doing may bring about; anything else is a defect of the server
REASONS = {
    "FIELD_MISSING": grpc.StatusCode.INVALID_ARGUMENT,
    "FIELD_INVALID": grpc.StatusCode.INVALID_ARGUMENT,
    "LIMIT_EXCEEDED": grpc.StatusCode.INVALID_ARGUMENT,
    "NOT_ARABIC": grpc.StatusCode.INVALID_ARGUMENT,
    "GLOSSARY_NOT_FOUND": grpc.StatusCode.NOT_FOUND,
}
WITHIN = 300.0  # seconds; a shared machine can be slow
ALL = 100_000  # calls of the long form

Method = Callable[[grpc.Channel], Callable[..., Any]]


def judge(call: Callable[[], Iterable[Message]], requests: list[Any], counts: dict[str, int]) -> None:
    """One call, and whether its answer keeps the contract."""
    try:
        answers = list(call())
    except grpc.RpcError as error:
        counts[_reason(error)] = counts.get(_reason(error), 0) + 1
        return
    counts["OK"] = counts.get("OK", 0) + 1
    for answer in answers:
        for source, pair in _pairs(answer, requests):
            assert source[pair.span.start : pair.span.end] == pair.source
            assert 0 <= pair.span.start <= pair.span.end
            assert math.isfinite(pair.score)
        if isinstance(answer, translation_pb2.CheckTranslationResponse):
            _judge_checked(requests[0], answer)
        if answer.DESCRIPTOR.fields_by_name.get("error") and answer.HasField("error"):
            assert error_pb2.ErrorReason.Name(answer.error.reason).removeprefix("ERROR_REASON_") in REASONS, answer
            assert answer.error.message


def _judge_checked(request: Any, answer: translation_pb2.CheckTranslationResponse) -> None:
    """Every span lies within its text."""
    for segment, checked in zip(request.segments, answer.segments, strict=True):
        for found in (*checked.checks, *checked.links):
            assert 0 <= found.source_span.start <= found.source_span.end <= len(segment.source)
            assert 0 <= found.target_span.start <= found.target_span.end <= len(segment.target)


def _reason(error: Any) -> str:
    """The reason that a status gives, which must be one that a caller can do something about."""
    details = dict(error.trailing_metadata() or ())
    status = status_pb2.Status.FromString(details.get("grpc-status-details-bin", b""))
    info = error_details_pb2.ErrorInfo()
    assert status.details and status.details[0].Unpack(info), f"{error.code()}: {error.details()}"
    assert REASONS.get(info.reason) is error.code(), f"{error.code()} {info.reason}: {error.details()}"
    return str(info.reason)


def _pairs(answer: Any, requests: list[Any]) -> Iterator[tuple[str, Any]]:
    """The sentence pairs of an answer, each with the text that its span counts in."""
    if isinstance(answer, translation_pb2.TranslateTextResponse):
        for text, translation in zip(requests[0].texts, answer.translations, strict=True):
            yield from ((text, pair) for pair in translation.pairs)
    elif isinstance(answer, digest_pb2.DigestArticleResponse | digest_pb2.StreamDigestResponse) and answer.HasField("digest"):
        body = requests[0].article.body
        yield from ((body, line.pair) for line in answer.digest.lines)
        yield from ((body, pair) for paragraph in answer.digest.paragraphs for pair in paragraph.pairs)


def _one(stub: Any, name: str) -> Method:
    return lambda channel: lambda requests: [getattr(stub(channel), name)(requests[0], timeout=WITHIN)]


def _parts(stub: Any, name: str) -> Method:
    return lambda channel: lambda requests: getattr(stub(channel), name)(requests[0], timeout=WITHIN)


def _sum(stub: Any, name: str) -> Method:
    return lambda channel: lambda requests: [getattr(stub(channel), name)(iter(requests), timeout=WITHIN)]


def _many(stub: Any, name: str) -> Method:
    return lambda channel: lambda requests: getattr(stub(channel), name)(iter(requests), timeout=WITHIN)


DIGESTS, TRANSLATIONS = digest_pb2_grpc.DigestServiceStub, translation_pb2_grpc.TranslationServiceStub
GLOSSARIES, INFOS = glossary_pb2_grpc.GlossaryServiceStub, info_pb2_grpc.InfoServiceStub
# Every method: how it is called, its request, most requests of one call, its share of the inputs
METHODS: dict[str, tuple[Method, type[Message], int, float]] = {
    "DigestArticle": (_one(DIGESTS, "DigestArticle"), digest_pb2.DigestArticleRequest, 1, 0.15),
    "StreamDigest": (_parts(DIGESTS, "StreamDigest"), digest_pb2.StreamDigestRequest, 1, 0.1),
    "DigestArticles": (_many(DIGESTS, "DigestArticles"), digest_pb2.DigestArticlesRequest, 5, 0.15),
    "TranslateText": (_one(TRANSLATIONS, "TranslateText"), translation_pb2.TranslateTextRequest, 1, 0.15),
    "TranslateStream": (_many(TRANSLATIONS, "TranslateStream"), translation_pb2.TranslateStreamRequest, 5, 0.1),
    "CheckTranslation": (_one(TRANSLATIONS, "CheckTranslation"), translation_pb2.CheckTranslationRequest, 1, 0.15),
    "CreateGlossary": (_sum(GLOSSARIES, "CreateGlossary"), glossary_pb2.CreateGlossaryRequest, 3, 0.08),
    "ListGlossaries": (_one(GLOSSARIES, "ListGlossaries"), glossary_pb2.ListGlossariesRequest, 1, 0.02),
    "GetGlossary": (_parts(GLOSSARIES, "GetGlossary"), glossary_pb2.GetGlossaryRequest, 1, 0.02),
    "DeleteGlossary": (_one(GLOSSARIES, "DeleteGlossary"), glossary_pb2.DeleteGlossaryRequest, 1, 0.02),
    "SuggestEntries": (_many(GLOSSARIES, "SuggestEntries"), glossary_pb2.SuggestEntriesRequest, 3, 0.05),
    "GetServerInfo": (_one(INFOS, "GetServerInfo"), info_pb2.GetServerInfoRequest, 1, 0.005),
    "ListModels": (_one(INFOS, "ListModels"), info_pb2.ListModelsRequest, 1, 0.005),
}


def test_every_method_is_among_them() -> None:
    services = (digest_pb2, translation_pb2, glossary_pb2, info_pb2)
    named = {m.name for file in services for s in file.DESCRIPTOR.services_by_name.values() for m in s.methods}
    assert named == set(METHODS)


@pytest.fixture(scope="module")
def target(server: Serving, pytestconfig: pytest.Config) -> Iterator[Serving]:
    """The tiny model in the short form; in the long one a server without a model, which answers many more requests."""
    if not pytestconfig.getoption("--long", default=False):
        yield server
        return
    with serving("--model", "echo") as running:
        yield running


@pytest.mark.parametrize("method", METHODS)
def test_any_request_is_answered_or_refused_by_the_contract(
    method: str, target: Serving, table: Table, rounds: Callable[[int, int], int]
) -> None:
    call, kind, most, share = METHODS[method]
    counts, inputs = dict[str, int](), 0
    wanted = rounds(max(5, int(150 * share)), int(ALL * share))
    with grpc.insecure_channel(target.address) as channel:
        send = call(channel)

        @settings(max_examples=wanted, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(st.lists(messages(kind), min_size=1, max_size=most))
        def fuzz(requests: list[Any]) -> None:
            nonlocal inputs
            inputs += len(requests)
            judge(partial(send, requests), requests, counts)

        fuzz()
    table.add(
        "fuzz",
        f"{method}: any value in any field",
        f"{inputs:,} inputs in {sum(counts.values()):,} calls",
        "0 answers beside the contract",
        ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items())),
    )
    assert target.process.poll() is None
