"""Certificates for tests: an authority of the test's own, and the PEM files of what it issued."""

from datetime import datetime
from pathlib import Path

import trustme


class Authority:
    """An authority; `ca` is the file of its certificate."""

    def __init__(self, folder: Path, name: str) -> None:
        self._authority, self._folder = trustme.CA(), folder
        self.ca = folder / f"{name}.pem"
        self._authority.cert_pem.write_to_path(self.ca)

    def issue(self, name: str, *names: str, common_name: str | None = None, until: datetime | None = None) -> tuple[Path, Path]:
        """A new certificate for `names` (this machine) in the files of `name`, replaced if they are there: chain and key."""
        issued = self._authority.issue_cert(*(names or ("127.0.0.1", "localhost")), common_name=common_name, not_after=until)
        chain, key = self._folder / f"{name}.pem", self._folder / f"{name}-key.pem"
        chain.write_bytes(b"".join(pem.bytes() for pem in issued.cert_chain_pems))
        key.write_bytes(issued.private_key_pem.bytes())
        return chain, key
