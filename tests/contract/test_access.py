"""Who may call: keys, scopes and quotas of a real server, what it takes from strangers, and how clients keep their key."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import psutil
import pytest
from authorities import Authority
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from mojaz_client import (
    TLS,
    Article,
    AsyncClient,
    Client,
    FieldInvalid,
    FieldMissing,
    GlossaryEntry,
    PermissionDenied,
    Priority,
    QuotaExceeded,
    Unauthenticated,
)
from mojaz_server.keys import SCOPES, add_key, read_keys, revoke_key
from mojaz_server.rpc.access import SCOPE_OF
from mojaz_server.rpc.gate import ITEM_BY_ITEM
from mojaz_server.serve import NAMES
from serving import Serving, serving

BODY = "قال وزير الخارجية إن المحادثات ستستأنف يوم الاثنين. وأضاف أن الوفد غادر العاصمة."
MOJAZ = Path(sys.executable).parent / "mojaz"
ECHO = ("--model", "echo")

Calls = Callable[[Client], object]


def made(file: Path, caller: str = "desk", *scopes: str) -> str:
    """A new key that never expires."""
    return add_key(file, caller, scopes or ("digest",), None, datetime.now(UTC))[1]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("keys") / "keys"
    made(file)
    return file


@pytest.fixture(scope="module")
def guarded(file: Path) -> Iterator[Serving]:
    """A server that wants keys."""
    with serving(*ECHO, "--admin", "true", "--keys-file", str(file), "--keys-without-tls", "true") as running:
        yield running


def test_every_service_and_every_scope_has_its_place() -> None:
    assert {*NAMES} <= {*SCOPE_OF}
    assert {*SCOPE_OF.values()} == {*SCOPES, ""}


def test_only_a_good_key_gets_anything_but_health(guarded: Serving, file: Path) -> None:
    good, revoked = made(file), made(file)
    revoke_key(file, revoked.split("_")[1], datetime.now(UTC))
    expired = add_key(file, "desk", ["digest"], datetime.now(UTC) - timedelta(days=1), datetime.now(UTC) - timedelta(days=2))[1]
    for key, said in (
        ("", "wants an API key"),
        ("mojaz", "not one of"),
        (good[:-1] + ("a" if good[-1] != "a" else "b"), "not one of"),
        (revoked, "was revoked"),
        (expired, "expired on"),
    ):
        with Client(guarded.address, api_key=key) as client:
            for call in (client.info, client.models, lambda: client.digest(BODY), lambda: list(client.digest_many([BODY]))):
                with pytest.raises(Unauthenticated, match=said):
                    call()
            assert client.health()
    with Client(guarded.address, api_key=good) as client:
        assert client.info().version
        assert client.digest(BODY).lines
        assert [outcome.error for outcome in client.digest_many([BODY] * 3)] == [None] * 3


async def test_the_client_for_asyncio_sends_its_key_with_every_kind_of_call(guarded: Serving, file: Path) -> None:
    async with AsyncClient(guarded.address, api_key=made(file, "desk", *SCOPES)) as client:
        assert (await client.digest(BODY)).lines
        assert [part async for part in client.stream_digest(BODY)]
        assert [outcome.error async for outcome in client.digest_many([BODY] * 3)] == [None] * 3
        assert await client.create_glossary("desk", [GlossaryEntry("بيت", "house")])
        assert (await client.get_glossary("desk"))[1]


@pytest.mark.parametrize(
    ("scope", "call"),
    [
        ("digest", lambda client: client.digest(BODY)),
        ("digest", lambda client: list(client.stream_digest(BODY))),
        ("digest", lambda client: list(client.digest_many([BODY]))),
        ("translate", lambda client: client.translate([BODY])),
        ("translate", lambda client: list(client.translate_many([BODY]))),
        ("glossary", lambda client: client.list_glossaries()),
        ("glossary", lambda client: client.create_glossary("desk", [GlossaryEntry("بيت", "house")])),
        ("glossary", lambda client: client.suggest_entries([BODY])),
        ("admin", lambda client: client.switch_model()),
    ],
)
def test_a_key_is_good_for_its_scopes(scope: str, call: Calls, guarded: Serving, file: Path) -> None:
    with Client(guarded.address, api_key=made(file, "desk", scope)) as allowed:
        call(allowed)
        assert allowed.info().version
    others = [other for other in SCOPES if other != scope]
    with Client(guarded.address, api_key=made(file, "desk", *others)) as client, pytest.raises(PermissionDenied, match=scope):
        call(client)


def test_who_calls_is_asked_before_what_is_asked(guarded: Serving, file: Path) -> None:
    """An unread message is no work: what is sent is neither validated, nor parsed, nor even taken from the network."""
    with Client(guarded.address) as client, pytest.raises(Unauthenticated):
        client.digest("")
    with Client(guarded.address, api_key=made(file)) as client, pytest.raises(FieldMissing):
        client.digest("")
    garbage = b"\xff" * 8_000_000
    with grpc.insecure_channel(guarded.address) as channel:
        for method in ("DigestArticle", "StreamDigest", "DigestArticles"):
            with pytest.raises(grpc.RpcError) as caught:
                list(channel.stream_stream(f"/mojaz.v1.DigestService/{method}")(iter([garbage])))
            assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED  # type: ignore[attr-defined]


def test_a_call_without_its_message_is_refused(guarded: Serving, file: Path) -> None:
    metadata = (("authorization", f"Bearer {made(file)}"),)
    with grpc.insecure_channel(guarded.address) as channel, pytest.raises(grpc.RpcError) as caught:
        channel.stream_unary("/mojaz.v1.DigestService/DigestArticle")(iter([]), metadata=metadata, timeout=60)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT  # type: ignore[attr-defined]


@pytest.mark.parametrize("method", ["DigestArticle", "StreamDigest"])
def test_what_is_no_message_of_the_contract_is_the_callers_mistake(method: str, guarded: Serving, file: Path) -> None:
    metadata = (("authorization", f"Bearer {made(file)}"),)
    with grpc.insecure_channel(guarded.address) as channel, pytest.raises(grpc.RpcError) as caught:
        list(channel.stream_stream(f"/mojaz.v1.DigestService/{method}")(iter([b"\xff" * 9]), metadata=metadata, timeout=60))
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT  # type: ignore[attr-defined]


def test_a_revoked_key_ends_its_streams(guarded: Serving, file: Path) -> None:
    key = made(file)

    def articles() -> Iterator[Article]:
        while True:
            yield Article(body=BODY)

    with Client(guarded.address, api_key=key) as client, pytest.raises(Unauthenticated, match="was revoked"):
        for count, outcome in enumerate(client.digest_many(articles())):
            assert outcome.error is None
            if count == 5:
                revoke_key(file, key.split("_")[1], datetime.now(UTC))


async def test_the_keys_of_a_caller_share_its_places_and_no_one_elses(started, file: Path) -> None:  # type: ignore[no-untyped-def]
    import asyncio

    long = Article(body="\n".join(f"قال وزير الخارجية رقم {i} إن المحادثات ستستأنف يوم الاثنين." for i in range(2500)))
    settings = {"keys_file": str(file), "keys_without_tls": True, "max_calls_per_caller": 1, "workers": 1, "threads": 1}
    async with started(**settings) as (server, _):
        desk, also_desk, wire = (AsyncClient(server.address, api_key=made(file, name)) for name in ("a", "a", "b"))
        async with desk, also_desk, wire:
            assert (await desk.info()).limits.max_calls_per_caller == 1
            call = asyncio.create_task(desk.digest(long, full_translation=True, beam_size=8, priority=Priority.BULK))
            async with asyncio.timeout(120):
                while not server._engines.queued:  # noqa: ASYNC110
                    await asyncio.sleep(0.001)
            with pytest.raises(QuotaExceeded, match="limit for one caller") as caught:
                await also_desk.digest(BODY)
            assert caught.value.retry_after and caught.value.retry_after > 0
            assert (await also_desk.info()).version, "information is not counted"
            assert (await wire.digest(BODY)).lines
            call.cancel()


def test_a_minutes_calls_and_a_stream_that_needs_more_places_than_there_are(file: Path) -> None:
    limits = ("--max-calls-per-minute", "40", "--max-calls-per-caller", "2")
    with serving(*ECHO, "--keys-file", str(file), "--keys-without-tls", "true", *limits) as server:
        with Client(server.address, api_key=made(file, "a")) as client:
            assert [outcome.error for outcome in client.digest_many([BODY] * 39)] == [None] * 39
            client.digest(BODY)
            with pytest.raises(QuotaExceeded, match="40 calls in a minute") as caught:
                for _ in range(3):
                    client.digest(BODY)
            assert caught.value.retry_after and 0 < caught.value.retry_after <= 1.5
        with Client(server.address, api_key=made(file, "b")) as client:
            assert client.digest(BODY).lines


def test_methods_that_answer_item_by_item_are_those_whose_items_have_a_name() -> None:
    from mojaz.v1 import digest_pb2, glossary_pb2, info_pb2, translation_pb2

    found = []
    for module in (digest_pb2, glossary_pb2, info_pb2, translation_pb2):
        for service in module.DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                if method.client_streaming and method.server_streaming and "request_id" in method.input_type.fields_by_name:
                    found.append(f"/{service.full_name}/{method.name}")
    assert sorted(found) == sorted(ITEM_BY_ITEM)


def test_reflection_can_be_closed() -> None:
    with serving(*ECHO, "--reflection", "false") as server, grpc.insecure_channel(server.address) as channel:
        stub = reflection_pb2_grpc.ServerReflectionStub(channel)
        with pytest.raises(grpc.RpcError) as caught:
            list(stub.ServerReflectionInfo(iter([reflection_pb2.ServerReflectionRequest(list_services="")])))
        assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED  # type: ignore[attr-defined]
        assert health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest()).status


def test_a_compressed_message_is_refused_before_it_grows(guarded: Serving, file: Path) -> None:
    """300 MB in 300 kB: gRPC itself would have it all in memory before it looks at its limit."""
    metadata = (("authorization", f"Bearer {made(file)}"),)
    process, bomb = psutil.Process(guarded.process.pid), bytes(300 * 2**20)
    options = [("grpc.max_send_message_length", -1)]
    with Client(guarded.address, api_key=made(file)) as client:
        client.digest(BODY)
        before = process.memory_info().rss
        with grpc.insecure_channel(guarded.address, options=options) as channel:
            call = channel.unary_unary("/mojaz.v1.DigestService/DigestArticle").future(
                bomb, metadata=metadata, compression=grpc.Compression.Gzip
            )
            most = before
            while not call.done():
                most = max(most, process.memory_info().rss)
                time.sleep(0.001)
            assert call.code() is grpc.StatusCode.UNIMPLEMENTED
        assert most - before < 50 * 2**20
        assert client.digest(BODY).lines


def test_a_flood_of_metadata_is_refused(guarded: Serving, file: Path) -> None:
    with grpc.insecure_channel(guarded.address, options=[("grpc.max_metadata_size", 2**24)]) as channel:
        call = channel.unary_unary("/mojaz.v1.InfoService/GetServerInfo")
        authorized = ("authorization", f"Bearer {made(file)}")
        assert call(b"", metadata=(authorized, ("a", "b" * 4000)), timeout=60)
        for flood in ([("a", "b" * 2**20)], [(f"k{i}", "v") for i in range(20_000)]):
            with pytest.raises(grpc.RpcError):
                call(b"", metadata=(authorized, *flood), timeout=60)
    with Client(guarded.address, api_key=made(file)) as client:
        assert client.digest(BODY).lines


def test_a_key_never_leaves_the_machine_in_the_clear(tmp_path: Path) -> None:
    for address in ("news.example.org:50051", "192.0.2.7:50051", "127.example.org:50051", "[2001:db8::7]:50051"):
        for kind in (Client, AsyncClient):
            with pytest.raises(FieldInvalid, match="in the clear; use TLS") as caught:
                kind(address, api_key="mojaz_x")
            assert caught.value.field == "api_key"
            assert "mojaz_x" not in str(caught.value)
            kind(address)
    for address in ("127.0.0.1:1", "localhost:1", "[::1]:1", "127.9.9.9:1"):
        AsyncClient(address, api_key="mojaz_x")
    for key in ("two words", "سر", "a\nb"):
        with pytest.raises(FieldInvalid, match="api_key"):
            AsyncClient("127.0.0.1:1", api_key=key)


def test_the_command_takes_its_key_from_a_variable_or_a_file_over_mutual_tls(tmp_path: Path) -> None:
    authority, keys = Authority(tmp_path, "ca"), tmp_path / "keys"
    (chain, key), (desk, desk_key) = authority.issue("server"), authority.issue("desk", "desk@example.org")
    text = made(keys)
    stored = tmp_path / "desk.key"
    stored.write_text(text + "\n", encoding="utf-8")
    flags = ("--tls-cert", str(chain), "--tls-key", str(key), "--tls-client-ca", str(authority.ca), "--keys-file", str(keys))
    with serving(*ECHO, *flags) as server:
        common = [MOJAZ, "--server", server.address, "--tls-ca", authority.ca, "--tls-cert", desk, "--tls-key", desk_key]

        def run(*options: str, secret: str = "", command: tuple[str, ...] = ("info",)) -> subprocess.CompletedProcess[str]:
            variables = os.environ | {"MOJAZ_API_KEY": secret}
            return subprocess.run(
                [*common, *options, *command], env=variables, capture_output=True, text=True, timeout=60, check=False
            )

        assert run(secret=text).returncode == 0
        assert run("--api-key-file", str(stored)).returncode == 0
        without = run()
        assert without.returncode == 4
        assert "MOJAZ_API_KEY" in without.stderr
        assert run(command=("health",)).returncode == 0
        denied = run(secret=text, command=("glossary", "list"))
        assert denied.returncode == 4
        assert "no scope glossary" in denied.stderr
        with Client(server.address, tls=TLS(authority.ca, desk, desk_key), api_key=text) as client:
            assert client.digest(BODY).lines
        log = server.log.read_text(encoding="utf-8")
    calls = [json.loads(line) for line in log.splitlines() if '"mojaz.access"' in line]
    known = {(call["caller"], call["key"]) for call in calls if call["code"] in ("OK", "PERMISSION_DENIED")}
    assert known == {("desk", key.id) for key in read_keys(keys).values()}
    assert {call["key"] for call in calls if call["code"] == "UNAUTHENTICATED"} == {""}
    assert text not in log
    assert next(iter(read_keys(keys).values())).sha256 not in log


def test_keys_without_tls_are_refused_unless_told_otherwise(file: Path) -> None:
    server = Path(sys.executable).parent / "mojaz-server"
    ended = subprocess.run([server, *ECHO, "--keys-file", file], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, "--keys-without-tls" in ended.stderr) == (2, True)
    ended = subprocess.run(
        [server, *ECHO, "--keys-file", f"{file}.none", "--keys-without-tls", "true"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, f"--keys-file {file}.none: cannot be read" in ended.stderr) == (2, True)
