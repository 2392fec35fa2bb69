"""How the server is reached: one set of gRPC settings for both clients."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc

DEFAULT_ADDRESS = "127.0.0.1:50051"
ADDRESS_VARIABLE = "MOJAZ_SERVER"

MAX_MESSAGE_BYTES = 16 * 2**20
INFO_TIMEOUT = 10.0  # seconds; the server answers these at once, whatever its load

_RETRY = {
    "maxAttempts": 4,
    "initialBackoff": "0.2s",
    "maxBackoff": "2s",
    "backoffMultiplier": 2,
    "retryableStatusCodes": ["UNAVAILABLE"],
}
# Articles and texts have no time limit here: a call lives as long as its own deadline says (the shorter of both would win), and a
# stream of a whole archive as long as answers come.
_SERVICE_CONFIG = {
    "methodConfig": [
        {
            "name": [{"service": "mojaz.v1.InfoService"}, {"service": "grpc.health.v1.Health"}],
            "timeout": f"{INFO_TIMEOUT:g}s",
            "retryPolicy": _RETRY,
        },
        {"name": [{}], "retryPolicy": _RETRY},
    ]
}


@dataclass(frozen=True, slots=True)
class TLS:
    """PEM files: `ca` signs the server's certificate (None: the system's authorities), `cert` and `key` are the client's own."""

    ca: str | os.PathLike[str] | None = None
    cert: str | os.PathLike[str] | None = None
    key: str | os.PathLike[str] | None = None


def address_or_default(address: str | None) -> str:
    """The address given, else the variable MOJAZ_SERVER, else DEFAULT_ADDRESS."""
    return address or os.environ.get(ADDRESS_VARIABLE) or DEFAULT_ADDRESS


def open_channel(address: str, tls: TLS | None) -> grpc.Channel:
    """A channel for threads; it connects with its first call. Raises OSError if a file of `tls` cannot be read."""
    if tls is None:
        return grpc.insecure_channel(address, options=_options(address))
    return grpc.secure_channel(address, _credentials(tls), options=_options(address))


def open_async_channel(address: str, tls: TLS | None) -> grpc.aio.Channel:
    """The same for asyncio; to be called where a loop is running."""
    if tls is None:
        return grpc.aio.insecure_channel(address, options=_options(address))
    return grpc.aio.secure_channel(address, _credentials(tls), options=_options(address))


def _options(address: str) -> Sequence[tuple[str, Any]]:
    options = [
        ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
        ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
        ("grpc.keepalive_time_ms", 30_000),
        ("grpc.keepalive_timeout_ms", 10_000),
        ("grpc.keepalive_permit_without_calls", 0),  # an idle client leaves the server in peace
        ("grpc.http2.max_pings_without_data", 0),  # a long digest sends nothing for minutes and must still notice a dead server
        ("grpc.max_reconnect_backoff_ms", 5_000),  # a server that comes back is found again within seconds, not minutes
        ("grpc.service_config", json.dumps(_SERVICE_CONFIG)),
    ]
    if address.startswith(("127.", "localhost:", "[::1]:")):
        options.append(("grpc.enable_http_proxy", 0))  # a company's proxy does not know this machine by that name
    return options


def _credentials(tls: TLS) -> grpc.ChannelCredentials:
    return grpc.ssl_channel_credentials(
        root_certificates=_read(tls.ca), private_key=_read(tls.key), certificate_chain=_read(tls.cert)
    )


def _read(path: str | os.PathLike[str] | None) -> bytes | None:
    return None if path is None else Path(path).read_bytes()
