"""The server that a command talks to, as the common options name it."""

from dataclasses import dataclass

from mojaz_client import TLS, Client


@dataclass(frozen=True, slots=True)
class Server:
    """The server that the command talks to."""

    address: str | None
    timeout: float
    tls: TLS | None

    def connect(self) -> Client:
        return Client(self.address, timeout=self.timeout, tls=self.tls)
