"""HTTP/2 by hand, so that it can be wrong: frames on a raw socket."""

import socket
import struct
from collections.abc import Sequence

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, WINDOW_UPDATE, CONTINUATION = 0, 1, 3, 4, 6, 8, 9
END_STREAM, END_HEADERS, ACK = 1, 4, 1

Headers = Sequence[tuple[str, str]]


def frame(kind: int, flags: int, stream: int, payload: bytes = b"", length: int | None = None) -> bytes:
    """One frame; `length` is what its header says, if that is to be a lie."""
    size = len(payload) if length is None else length
    return size.to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def header_block(headers: Headers) -> bytes:
    """HPACK without its tables: every header in full, in the clear."""
    return b"".join(b"\x00" + _text(name) + _text(value) for name, value in headers)


def _text(text: str) -> bytes:
    data = text.encode()
    if len(data) < 127:
        return bytes([len(data)]) + data
    left, size = len(data) - 127, bytearray([127])
    while left >= 128:
        size.append(left % 128 | 128)
        left //= 128
    return bytes(size) + bytes([left]) + data


def grpc_message(data: bytes, *, compressed: bool = False, length: int | None = None) -> bytes:
    """A message as gRPC sends it: a flag, its length, its bytes."""
    return struct.pack(">BI", compressed, len(data) if length is None else length) + data


def call_headers(method: str, *more: tuple[str, str], content_type: str = "application/grpc") -> Headers:
    """The headers of a call of `method`, a path."""
    usual = ((":method", "POST"), (":scheme", "http"), (":path", method), (":authority", "localhost"), ("te", "trailers"))
    return (*usual, ("content-type", content_type), *more)


def connect(address: str, *, greet: bool = True) -> socket.socket:
    """A connection, with the preface and settings of HTTP/2 sent."""
    host, _, port = address.rpartition(":")
    one = socket.create_connection((host, int(port)), timeout=60)
    if greet:
        one.sendall(PREFACE + frame(SETTINGS, 0, 0) + frame(SETTINGS, ACK, 0))
    return one


def call(method: str, body: bytes, headers: Headers | None = None, stream: int = 1) -> bytes:
    """The frames of one call with one body."""
    block = header_block(call_headers(method) if headers is None else headers)
    return frame(HEADERS, END_HEADERS, stream, block) + frame(DATA, END_STREAM, stream, body)


def closed(one: socket.socket) -> bool:
    """Read whatever the server says until it ends the connection; False if it is still open after a second of silence."""
    one.settimeout(1.0)
    try:
        while one.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True
