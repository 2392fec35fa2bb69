"""The server that a command talks to, as the common options name it."""

from dataclasses import dataclass
from pathlib import Path

from mojaz_client import TLS, Client


@dataclass(frozen=True, slots=True)
class Server:
    """The server that the command talks to."""

    address: str | None
    timeout: float
    tls: TLS | None
    key_file: Path | None

    def connect(self) -> Client:
        key = self.key_file.read_text(encoding="utf-8") if self.key_file else None
        return Client(self.address, timeout=self.timeout, tls=self.tls, api_key=key)
