"""What is known of one call: for the access log, the metrics and the traces. Sizes, counts and times; never a text."""

import time
from dataclasses import dataclass, field

from mojaz_server.call import Spent


@dataclass(slots=True)
class Record:
    """A call; its `kind` is unary, client_stream, server_stream or bidi_stream. `key` is the id of the key it came with, `code`
    the name of its gRPC status, `reason` that of its ErrorReason, empty if it went well. Sizes are in bytes of the messages as
    they are on the wire."""

    service: str
    method: str
    kind: str
    peer: str = ""
    caller: str = ""
    key: str = ""
    request_id: str = ""
    code: str = "OK"
    reason: str = ""
    received: int = 0
    received_bytes: int = 0
    sent: int = 0
    sent_bytes: int = 0
    spent: Spent = field(default_factory=Spent)
    began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Since the call came."""
        return time.monotonic() - self.began

    @property
    def path(self) -> str:
        """The method as gRPC writes it."""
        return f"/{self.service}/{self.method}"


def record_of(path: str, request_streaming: bool, response_streaming: bool) -> Record:
    """The record of a call that begins now."""
    _, service, method = path.split("/")
    kinds = {(False, False): "unary", (True, False): "client_stream", (False, True): "server_stream", (True, True): "bidi_stream"}
    return Record(service, method, kinds[request_streaming, response_streaming])
