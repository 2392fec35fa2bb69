"""What is no gRPC, or nearly: after each the server serves others as before."""

import gzip
import os
import socket
import struct
from collections.abc import Callable

import pytest
from faults import frames
from faults.frames import CONTINUATION, DATA, END_HEADERS, END_STREAM, HEADERS, PING, RST_STREAM, SETTINGS, WINDOW_UPDATE
from faults.load import resident
from faults.table import Table
from mojaz.v1 import article_pb2, digest_pb2
from mojaz_client import Client
from serving import Serving

DIGEST = "/mojaz.v1.DigestService/DigestArticle"
MANY = "/mojaz.v1.DigestService/DigestArticles"
MOST_GROWTH = 64 * 2**20  # bytes; the largest message is 16 MiB


def request(body: str) -> bytes:
    return digest_pb2.DigestArticleRequest(article=article_pb2.Article(body=body)).SerializeToString()


GOOD = frames.grpc_message(request("أعلنت الوزارة بدء المشروع."))
BOMB = gzip.compress(request("كلمة " * 8_000_000))  # 72 MB in 70 kB
EMPTY_BOMB = gzip.compress(bytes(500_000_000), 9)  # not even a message


def zipped(method: str, data: bytes) -> bytes:
    headers = frames.call_headers(method, ("grpc-encoding", "gzip"))
    block = frames.frame(HEADERS, END_HEADERS, 1, frames.header_block(headers))
    body = frames.grpc_message(data, compressed=True)
    parts = [body[i : i + 16_000] for i in range(0, len(body), 16_000)]
    return block + b"".join(frames.frame(DATA, END_STREAM if part is parts[-1] else 0, 1, part) for part in parts)


def headed(*more: tuple[str, str], content_type: str = "application/grpc") -> bytes:
    return frames.call(DIGEST, GOOD, frames.call_headers(DIGEST, *more, content_type=content_type))


def flooded(size: int) -> bytes:
    """Headers of `size` bytes in frames of 16 kB."""
    block = frames.header_block(frames.call_headers(DIGEST, *((f"x-{i}", "v" * 1000) for i in range(size // 1000))))
    parts = [block[i : i + 16_000] for i in range(0, len(block), 16_000)]
    first = frames.frame(HEADERS, END_HEADERS if len(parts) == 1 else 0, 1, parts[0])
    return first + b"".join(frames.frame(CONTINUATION, END_HEADERS if part is parts[-1] else 0, 1, part) for part in parts[1:])


RAW: dict[str, Callable[[], bytes]] = {  # sent in place of HTTP/2
    "nothing": lambda: b"",
    "one byte": lambda: b"P",
    "half of the preface": lambda: frames.PREFACE[:10],
    "garbage": lambda: os.urandom(4096),
    "zeros": lambda: bytes(100_000),
    "a request of HTTP/1.1": lambda: b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "an upload of HTTP/1.1": lambda: b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n" + bytes(100_000),
    "a greeting of TLS": lambda: bytes.fromhex("16030100c8010000c40303") + os.urandom(189),
    "the preface and garbage": lambda: frames.PREFACE + os.urandom(4096),
    "the preface and no settings": lambda: frames.PREFACE + frames.call(DIGEST, GOOD),
}
FLOOD = "a call begun and reset, 500 times"
FRAMES: dict[str, Callable[[], bytes]] = {  # sent after a greeting as it should be
    "an oversized frame": lambda: frames.frame(DATA, 0, 1, bytes(2**20)),
    "a frame longer than it says": lambda: frames.frame(
        HEADERS, END_HEADERS, 1, frames.header_block(frames.call_headers(DIGEST)), 5
    ),
    "a frame shorter than it says": lambda: frames.frame(HEADERS, END_HEADERS, 1, b"\x00", 10_000),
    "a frame of no kind": lambda: frames.frame(200, 255, 77, os.urandom(100)),
    "settings on a stream": lambda: frames.frame(SETTINGS, 0, 1, bytes(6)),
    "settings of five bytes": lambda: frames.frame(SETTINGS, 0, 0, bytes(5)),
    "a window of nothing": lambda: frames.frame(WINDOW_UPDATE, 0, 0, bytes(4)),
    "a window beyond bounds": lambda: frames.frame(WINDOW_UPDATE, 0, 0, b"\x7f\xff\xff\xff") * 3,
    "a thousand pings": lambda: frames.frame(PING, 0, 0, bytes(8)) * 1000,
    "data of a stream that is none": lambda: frames.frame(DATA, END_STREAM, 5, GOOD),
    "a stream of an even number": lambda: frames.call(DIGEST, GOOD, stream=2),
    "a header block that is garbage": lambda: frames.frame(HEADERS, END_HEADERS | END_STREAM, 1, os.urandom(500)),
    "a header block without an end": lambda: frames.frame(HEADERS, 0, 1, frames.header_block(frames.call_headers(DIGEST))),
    "headers of 100 kB": lambda: flooded(100_000),
    "headers of 4 MB": lambda: flooded(4_000_000),
    "no path": lambda: frames.call(DIGEST, GOOD, frames.call_headers(DIGEST)[:2]),
    "a path of nowhere": lambda: frames.call("/mojaz.v1.Nothing/At", GOOD),
    "a path of 60 kB": lambda: (
        frames.frame(HEADERS, END_HEADERS, 1, frames.header_block(frames.call_headers("/x"))) + flooded(60_000)
    ),
    "a content type that is not gRPC's": lambda: headed(content_type="text/html"),
    "an encoding of no name": lambda: headed(("grpc-encoding", "rot13")),
    "a timeout that is no number": lambda: headed(("grpc-timeout", "soonS")),
    "a timeout of nothing": lambda: headed(("grpc-timeout", "0n")),
    "a timeout beyond bounds": lambda: headed(("grpc-timeout", "99999999H")),
    "a binary header that is not base64": lambda: headed(("x-bin", "!!!")),
    "a request id of the caller's malice": lambda: headed(("x-request-id", '"}\\u0000 {"level": "ERROR"')),
    "bytes that are no message": lambda: frames.call(DIGEST, frames.grpc_message(os.urandom(1000))),
    "letters that are not UTF-8": lambda: frames.call(DIGEST, frames.grpc_message(b"\x0a\x04\x1a\x02\xff\xfe")),
    "a message cut short": lambda: frames.call(DIGEST, GOOD[:-5]),
    "a message longer than it says": lambda: frames.call(DIGEST, GOOD + b"more"),
    "a message of 4 GB, it says": lambda: frames.call(DIGEST, frames.grpc_message(b"", length=2**32 - 1)),
    "two messages in place of one": lambda: frames.call(DIGEST, GOOD + GOOD),
    "no message": lambda: frames.call(DIGEST, b""),
    "a flag of no meaning": lambda: frames.call(DIGEST, b"\x07" + GOOD[1:]),
    "compressed, it says": lambda: frames.call(DIGEST, b"\x01" + GOOD[1:]),
    "compressed garbage": lambda: zipped(DIGEST, os.urandom(1000)),
    "a bomb of gzip": lambda: zipped(DIGEST, BOMB),
    "a bomb of zeros": lambda: zipped(DIGEST, EMPTY_BOMB),
    "a bomb in a stream": lambda: zipped(MANY, BOMB),
    FLOOD: lambda: b"".join(
        frames.frame(HEADERS, END_HEADERS, i, frames.header_block(frames.call_headers(DIGEST)))
        + frames.frame(RST_STREAM, 0, i, struct.pack(">I", 8))
        for i in range(1, 1001, 2)
    ),
}
CASES = [*((name, RAW[name], False) for name in RAW), *((name, FRAMES[name], True) for name in FRAMES)]


def send(address: str, data: bytes, *, greet: bool, rude: bool) -> None:
    """Send it and listen, or go away at once: rudely, with a reset."""
    with frames.connect(address, greet=greet) as one:
        try:
            one.sendall(data)
            if not rude:
                one.shutdown(socket.SHUT_WR)
                frames.closed(one)
        except OSError:
            return  # the server had heard enough
        if rude:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_a_server_outlives_whatever_is_sent_to_it(
    server: Serving, client: Client, table: Table, rounds: Callable[[int, int], int]
) -> None:
    lost = 0
    client.info()
    before = resident(server.process.pid)
    times = rounds(1, 20)
    for name, data, greet in CASES * times:
        for rude in (False, True):
            send(server.address, data(), greet=greet, rude=rude)
        if not client.digest("أعلنت الوزارة بدء المشروع.", timeout=120).lines or server.process.poll() is not None:
            lost += 1
            print("lost after", name)
    growth = resident(server.process.pid) - before
    table.add(
        "malformed frames",
        f"{len(CASES)} kinds: noise, HTTP/1.1, TLS, wrong frames, headers of 4 MB, broken protobuf, gzip bombs; ended or reset",
        f"{2 * len(CASES) * times:,} connections",
        f"{lost} normal calls after them",
        f"memory grew by {growth / 2**20:.0f} MiB",
    )
    assert lost == 0
    assert growth < MOST_GROWTH


@pytest.mark.parametrize(
    "method", ["DigestService/DigestArticle", "DigestService/StreamDigest", "TranslationService/TranslateText"]
)
def test_half_open_calls_end_with_their_connection(server: Serving, client: Client, method: str) -> None:
    """Calls whose message never comes hold no place among the calls at once once their connection is gone."""
    block = frames.header_block(frames.call_headers(f"/mojaz.v1.{method}"))
    for _ in range(3):
        with frames.connect(server.address) as one:
            one.sendall(b"".join(frames.frame(HEADERS, END_HEADERS, i, block) for i in range(1, 100, 2)))
    assert client.digest("أعلنت الوزارة بدء المشروع.", timeout=120).lines
