"""A real server in a process of its own, for tests, benchmarks and `make run`.

python tests/serving.py COMMAND ...   # runs COMMAND with MOJAZ_SERVER set to a server started for it
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent
STARTS_WITHIN = 60.0  # seconds; a shared machine can be slow


@dataclass(frozen=True)
class Serving:
    """A server that answers: its address, its process and the file its log goes to."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path


@contextlib.contextmanager
def serving(*flags: str, command: Sequence[str | Path] = (BIN / "mojaz-server",)) -> Iterator[Serving]:
    """Start `mojaz-server` (or a `command` that serves like it) on a free port, wait until it serves, stop it at the end."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "server.log")
        with log.open("wb") as file:
            process = subprocess.Popen([*command, "--address", "127.0.0.1:0", *flags], stderr=file)
        try:
            yield Serving(_address(process, log), process, log)
        finally:
            process.terminate()
            process.wait(timeout=60)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """The address in the log line that says the server is serving."""
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        for line in log.read_text(encoding="utf-8").splitlines():
            if '"message": "serving"' in line:
                return str(json.loads(line)["address"])
        time.sleep(0.02)
    raise RuntimeError(f"the server did not start:\n{log.read_text(encoding='utf-8')}")


def free_address() -> str:
    """An address where nobody listens, for servers that come and go there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


def main() -> int:
    with serving() as server:
        return subprocess.run(sys.argv[1:], env=os.environ | {"MOJAZ_SERVER": server.address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
