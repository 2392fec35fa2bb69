"""Certificates that ran out and keys that are none: nobody comes in by them, and who has the right ones is served as before."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from authorities import Authority
from faults.load import BODY, WITHIN
from faults.table import Table
from mojaz_client import TLS, Client, ConnectionFailed, Unauthenticated
from mojaz_server.keys import add_key, revoke_key
from serving import serving

SERVER = Path(sys.executable).parent / "mojaz-server"
PAST = datetime(2020, 1, 1, tzinfo=UTC)


def outcome(address: str, tls: TLS, api_key: str) -> str:
    """What a new connection gets: "served", or the name of the error."""
    with Client(address, tls=tls, api_key=api_key, timeout=WITHIN) as client:
        try:
            return "served" if client.digest(BODY.format(1)).lines else "nothing"
        except (ConnectionFailed, Unauthenticated) as error:
            return type(error).__name__


def test_expired_certificates_and_wrong_keys(tmp_path: Path, table: Table, rounds: Callable[[int, int], int]) -> None:
    """By turns with callers who have the right ones, so that a refusal costs nobody else anything."""
    authority, keys, now = Authority(tmp_path, "ca"), tmp_path / "keys", datetime.now(UTC)
    (kept, good), (gone, revoked) = (add_key(keys, name, ("digest",), None, now) for name in ("desk", "gone"))
    old = add_key(keys, "old", ("digest",), now + timedelta(seconds=1), now - timedelta(days=1))[1]
    revoke_key(keys, gone.id, now)
    right, expired = (authority.issue(name, until=until) for name, until in (("desk", None), ("expired", PAST)))
    stranger = Authority(tmp_path, "other").issue("stranger")
    chain, key = authority.issue("server")
    flags = ("--model", "echo", "--tls-cert", str(chain), "--tls-key", str(key), "--keys-file", str(keys))
    attempts = [
        (expired, good, "ConnectionFailed"),
        (stranger, good, "ConnectionFailed"),
        (right, good[:-1] + ("A" if good[-1] != "A" else "B"), "Unauthenticated"),
        (right, revoked, "Unauthenticated"),
        (right, old, "Unauthenticated"),
        (right, "nonsense", "Unauthenticated"),
    ]
    wrong, times = list[str](), rounds(1, 20)
    with serving(*flags, "--tls-client-ca", str(authority.ca)) as server:
        for pair, secret, wanted in attempts * times:
            for one, text, due in ((pair, secret, wanted), (right, good, "served")):
                if (got := outcome(server.address, TLS(authority.ca, *one), text)) != due:
                    wrong.append(f"{one[0].name}: {got}, not {due}")
    chain, key = authority.issue("server-expired", until=PAST)
    command = [SERVER, *flags[:2], "--address", "127.0.0.1:0", "--tls-cert", chain, "--tls-key", key]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=WITHIN, check=False)
    if (ended.returncode, len(ended.stderr.splitlines())) != (2, 1) or "expired" not in ended.stderr:
        wrong.append(f"the server's own expired certificate: {ended}")
    table.add(
        "expired certificate, wrong key",
        "a client's certificate expired or a stranger's; a key changed, revoked, expired, nonsense; the server's own expired",
        f"{2 * len(attempts) * times} connections, half of them in order; 1 start, refused in one line",
        f"{len(wrong)} served or refused that should not have been",
    )
    assert kept.caller and not wrong, wrong
