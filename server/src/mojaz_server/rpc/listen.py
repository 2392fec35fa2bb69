"""The server's port: what it takes at most from anybody, and TLS."""

import grpc

from mojaz_server.config import Config
from mojaz_server.errors import ConfigError

_METADATA_BYTES = 8 * 1024  # of one call: a key, a request id and trace headers are a tenth of it
_UNCOMPRESSED = 1  # a set of bits: of gRPC's ways to compress only the first, "identity", is taken


def options(config: Config) -> list[tuple[str, int]]:
    """Settings of the transport. gRPC applies its limit on messages after it decompressed them whole: one of 400 kB became 400 MB
    of memory before it was refused. So compressed messages are not taken (UNIMPLEMENTED, as the protocol wants)."""
    return [
        ("grpc.max_receive_message_length", config.max_message_bytes),
        ("grpc.max_send_message_length", config.max_message_bytes),
        ("grpc.compression_enabled_algorithms_bitset", _UNCOMPRESSED),
        ("grpc.max_metadata_size", _METADATA_BYTES),
        ("grpc.absolute_max_metadata_size", _METADATA_BYTES),
        ("grpc.max_concurrent_streams", 16 * config.max_concurrent_calls),  # ten times as many are told that there is no room
        ("grpc.so_reuseport", 0),  # a second server on the same port must fail, not share it
        ("grpc.keepalive_time_ms", 60_000),
        ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
        ("grpc.keepalive_permit_without_calls", 1),
    ]


def listen(server: grpc.aio.Server, config: Config) -> str:
    """Bind the address, with TLS if a certificate is given; returns it with the real port. Raises ConfigError."""
    host = config.address.rpartition(":")[0]
    credentials = _credentials(config) if config.tls_cert else None
    try:
        port = server.add_secure_port(config.address, credentials) if credentials else server.add_insecure_port(config.address)
    except RuntimeError as error:
        raise ConfigError(f"--address {config.address}: cannot listen there: {error}") from error
    if not port:
        raise ConfigError(f"--address {config.address}: cannot listen there")
    return f"{host}:{port}"


def _credentials(config: Config) -> grpc.ServerCredentials:
    from mojaz_server.rpc.certificates import server_credentials  # noqa: PLC0415  # a tenth of a second, which few starts need

    return server_credentials(config)
