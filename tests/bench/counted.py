"""A server whose model writes a line for each batch: how many sentences, and the seconds it took.

python counted.py LOG FLAGS ...   # serves as `mojaz-server FLAGS ...` does
"""

import sys
import threading
import time
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
        return self._timed(found) if name.endswith("_batch") else found

    def _timed(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def timed(texts: Sequence[str], *more: Any, **options: Any) -> Any:
            began = time.perf_counter()
            try:
                return method(texts, *more, **options)
            finally:
                with self._lock:
                    print(len(texts), time.perf_counter() - began, file=self._log)

        return timed


def read_batches(log: Path, since: int = 0) -> tuple[list[int], float, int]:
    """(sentences of each batch, seconds in the model, where the log ends) of what was written after `since` bytes."""
    data = log.read_bytes()[since:]
    rows = [line.split() for line in data.decode().splitlines()]
    return [int(count) for count, _ in rows], sum(float(seconds) for _, seconds in rows), since + len(data)


def main() -> None:
    log = Path(sys.argv[1])
    serve.open_model = lambda *names, **options: Counted(open_model(*names, **options), log)  # type: ignore[assignment]
    cli.main(sys.argv[2:])


if __name__ == "__main__":
    main()
