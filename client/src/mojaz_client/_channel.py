"""How the server is reached: one set of gRPC settings for both clients, certificates and the API key."""

import ipaddress
import json
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

import grpc

from mojaz_client.errors import FieldInvalid

DEFAULT_ADDRESS = "127.0.0.1:50051"
ADDRESS_VARIABLE = "MOJAZ_SERVER"
KEY_VARIABLE = "MOJAZ_API_KEY"

C = TypeVar("C", grpc.Channel, grpc.aio.Channel)

MAX_MESSAGE_BYTES = 16 * 2**20
INFO_TIMEOUT = 10.0  # seconds; the server answers these at once, whatever its load

_RETRY = {
    "maxAttempts": 4,
    "initialBackoff": "0.2s",
    "maxBackoff": "2s",
    "backoffMultiplier": 2,
    # CANCELLED without a caller who cancels: gRPC's server, when it stops, drops what it received and has not begun.
    "retryableStatusCodes": ["UNAVAILABLE", "CANCELLED"],
}
# Articles and texts have no time limit here: a call lives as long as its own deadline says (the shorter of both would win), and a
# stream of a whole archive as long as answers come.
_SERVICE_CONFIG = {
    # A name with several addresses is several servers, which take turns; gRPC itself would stay with the first
    "loadBalancingConfig": [{"round_robin": {}}],
    "methodConfig": [
        {
            "name": [{"service": "mojaz.v1.InfoService"}, {"service": "grpc.health.v1.Health"}],
            "timeout": f"{INFO_TIMEOUT:g}s",
            "retryPolicy": _RETRY,
        },
        {"name": [{}], "retryPolicy": _RETRY},
    ],
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


def usable_key(api_key: str | None, address: str, tls: TLS | None) -> str:
    """The API key given, else the variable MOJAZ_API_KEY, else none (empty). Raises FieldInvalid if it cannot be sent, or
    could be read on its way."""
    key = (os.environ.get(KEY_VARIABLE, "") if api_key is None else api_key).strip()
    if not re.fullmatch(r"[!-~]*", key):
        raise FieldInvalid("api_key: has blanks or letters that no key has", field="api_key")
    if key and tls is None and not _is_local(address):
        raise FieldInvalid(f"api_key: would cross the network to {address} in the clear; use TLS", field="api_key")
    return key


def open_channel(address: str, tls: TLS | None, key: str) -> grpc.Channel:
    """A channel for threads; it connects with its first call. Raises OSError if a file of `tls` cannot be read."""
    if tls is None:
        return _keyed(grpc.insecure_channel(address, options=_options(address)), key)
    return _keyed(grpc.secure_channel(address, _credentials(tls), options=_options(address)), key)


def open_async_channel(address: str, tls: TLS | None, key: str) -> grpc.aio.Channel:
    """The same for asyncio; to be called where a loop is running."""
    if tls is None:
        return _keyed(grpc.aio.insecure_channel(address, options=_options(address)), key)
    return _keyed(grpc.aio.secure_channel(address, _credentials(tls), options=_options(address)), key)


def _keyed(channel: C, key: str) -> C:
    """The channel, every call of which carries the key."""
    return cast(C, _Keyed(channel, (("authorization", f"Bearer {key}"),))) if key else channel


class _Keyed:
    """Adds metadata to every call, in both halves of gRPC, whose interceptors would take eight classes; its own credentials for
    calls refuse to be sent in the clear, on loopback too."""

    def __init__(self, channel: Any, metadata: Sequence[tuple[str, str]]) -> None:
        self._channel, self._metadata = channel, metadata
        self.close = channel.close

    def _with_metadata(self, kind: str, *args: Any, **kwargs: Any) -> Callable[..., Any]:
        return partial(getattr(self._channel, kind)(*args, **kwargs), metadata=self._metadata)

    def __getattr__(self, kind: str) -> Any:
        """What stubs ask a channel for: unary_unary, unary_stream, stream_unary, stream_stream."""
        return partial(self._with_metadata, kind)


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
    if _is_local(address):
        options.append(("grpc.enable_http_proxy", 0))  # a company's proxy does not know this machine by that name
    return options


def _is_local(address: str) -> bool:
    """Whether an address is of this machine, whatever a name server says."""
    host = address.rpartition(":")[0].strip("[]")
    if host == "localhost" or address.startswith("unix:"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _credentials(tls: TLS) -> grpc.ChannelCredentials:
    return grpc.ssl_channel_credentials(
        root_certificates=_read(tls.ca), private_key=_read(tls.key), certificate_chain=_read(tls.cert)
    )


def _read(path: str | os.PathLike[str] | None) -> bytes | None:
    return None if path is None else Path(path).read_bytes()
