"""A server whose model writes a line for each batch: how many sentences.

python counted.py LOG FLAGS ...   # serves as `mojaz-server FLAGS ...` does
"""

import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mojaz_server import cli, serve
from mojaz_server.engine.store import open_model


class Counted:
    """Stands before a model and hands everything on."""

    def __init__(self, model: Any, log: Path) -> None:
        self._model = model
        self._log = log.open("a", encoding="utf-8", buffering=1)
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._model, name)
        return self._counting(found) if name.endswith("_batch") else found

    def _counting(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def counting(texts: Sequence[str], *more: Any, **options: Any) -> Any:
            with self._lock:
                print(len(texts), file=self._log)
            return method(texts, *more, **options)

        return counting


def read_batches(log: Path, since: int = 0) -> tuple[list[int], int]:
    """(sentences of each batch, where the log ends) of what was written after `since` bytes."""
    data = log.read_bytes()[since:]
    return [int(line) for line in data.decode().splitlines()], since + len(data)


def main() -> None:
    log = Path(sys.argv[1])
    serve.open_model = lambda *names, **options: Counted(open_model(*names, **options), log)  # type: ignore[assignment]
    cli.main(sys.argv[2:])


if __name__ == "__main__":
    main()
