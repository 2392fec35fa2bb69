"""TLS between a real client and a real server, with certificates made for the test."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from authorities import Authority
from mojaz_client import TLS, Client, ConnectionFailed
from serving import serving

SERVER = Path(sys.executable).parent / "mojaz-server"
ECHO = ("--model", "echo")


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "ca")


def flags(chain: Path, key: Path, *more: str | Path) -> tuple[str, ...]:
    return (*ECHO, "--tls-cert", str(chain), "--tls-key", str(key), *map(str, more))


def answers(address: str, tls: TLS) -> bool:
    """Whether a new connection is served."""
    with Client(address, tls=tls, timeout=5.0) as client:
        try:
            return bool(client.info(timeout=5.0).version)
        except ConnectionFailed:
            return False


def test_a_client_that_trusts_the_authority_is_served_and_no_other(authority: Authority, tmp_path: Path) -> None:
    with serving(*flags(*authority.issue("server"))) as server:
        with Client(server.address, tls=TLS(ca=authority.ca)) as trusting:
            assert trusting.digest("أعلنت الوزارة بدء المشروع.").lines
        with Client(server.address, timeout=5.0) as plain, pytest.raises(ConnectionFailed):
            plain.info()
        assert not answers(server.address, TLS(ca=Authority(tmp_path, "another").ca))


def test_with_mutual_tls_only_the_authoritys_clients_are_served_and_known_by_name(authority: Authority, tmp_path: Path) -> None:
    clients, strangers = Authority(tmp_path, "clients"), Authority(tmp_path, "strangers")
    desk, desk_key = clients.issue("desk", "desk@example.org", common_name="News desk")
    stranger, stranger_key = strangers.issue("stranger", "desk@example.org", common_name="News desk")
    expired, expired_key = clients.issue("expired", "desk@example.org", until=datetime(2020, 1, 1, tzinfo=UTC))
    with serving(*flags(*authority.issue("server"), "--tls-client-ca", clients.ca)) as server:
        assert answers(server.address, TLS(authority.ca, desk, desk_key))
        assert not answers(server.address, TLS(authority.ca))
        assert not answers(server.address, TLS(authority.ca, stranger, stranger_key))
        assert not answers(server.address, TLS(authority.ca, expired, expired_key))
        log = [json.loads(line) for line in server.log.read_text(encoding="utf-8").splitlines()]
        calls = [line for line in log if line["logger"] == "mojaz.access"]
        assert len(calls) == 1
        assert "CN=News desk" in calls[0]["caller"]


def test_a_new_certificate_is_served_to_new_connections_without_a_restart(authority: Authority, tmp_path: Path) -> None:
    later = Authority(tmp_path, "later")
    with serving(*flags(*authority.issue("server"))) as server, Client(server.address, tls=TLS(ca=authority.ca)) as before:
        assert before.info().version
        later.issue("server")
        assert answers(server.address, TLS(ca=later.ca))
        assert not answers(server.address, TLS(ca=authority.ca))
        assert before.info().version, "a connection that is there stays"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda chain, key, ca: chain.write_text("no certificate"), "has no certificate"),
        (lambda chain, key, ca: key.unlink(), "cannot be read"),
        (lambda chain, key, ca: key.write_bytes(ca.issue("other")[1].read_bytes()), "is not the key"),
        (lambda chain, key, ca: ca.issue("server", until=datetime(2020, 1, 1, tzinfo=UTC)), "expired on 2020-01-01"),
    ],
    ids=["garbage", "missing", "another key", "expired"],
)
def test_new_files_that_cannot_be_used_leave_the_old_ones_in_force(
    spoil: Callable[[Path, Path, Authority], object], said: str, authority: Authority
) -> None:
    chain, key = authority.issue("server")
    with serving(*flags(chain, key)) as server:
        spoil(chain, key, authority)
        assert answers(server.address, TLS(ca=authority.ca))
        assert answers(server.address, TLS(ca=authority.ca))
        log = [json.loads(line) for line in server.log.read_text(encoding="utf-8").splitlines()]
        told = [line["error"] for line in log if "old ones stay" in line["message"]]
        assert len(told) == 1
        assert said in told[0]
        authority.issue("server")
        assert answers(server.address, TLS(ca=authority.ca))


def test_what_cannot_be_served_is_told_at_the_start_with_flag_and_file(authority: Authority, tmp_path: Path) -> None:
    chain, key = authority.issue("server")
    garbage = tmp_path / "garbage.pem"
    garbage.write_text("no certificate")
    expired = authority.issue("expired", until=datetime(2020, 1, 1, tzinfo=UTC))
    other = authority.issue("other")[1]
    for chosen, said in (
        (flags(tmp_path / "none.pem", key), f"--tls-cert {tmp_path}/none.pem: cannot be read: No such file"),
        (flags(garbage, key), f"--tls-cert {garbage}: has no certificate"),
        (flags(chain, garbage), f"--tls-key {garbage}: has no private key"),
        (flags(*expired), f"--tls-cert {expired[0]}: the certificate expired on 2020-01-01"),
        (flags(chain, other), f"--tls-key {other}: is not the key"),
        (flags(chain, key, "--tls-client-ca", garbage), f"--tls-client-ca {garbage}: has no certificate"),
        (flags(chain, key, "--tls-client-ca", expired[0]), f"--tls-client-ca {expired[0]}: no certificate in it is valid"),
        ((*ECHO, "--tls-client-ca", str(chain)), "--tls-client-ca needs --tls-cert"),
    ):
        ended = subprocess.run(
            [SERVER, "--address", "127.0.0.1:0", *chosen], capture_output=True, text=True, timeout=60, check=False
        )
        assert ended.returncode == 2
        (line,) = [line for line in ended.stderr.splitlines() if not line.startswith("{")]
        assert said in line
