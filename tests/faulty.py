"""mojaz-server whose model breaks, runs out of memory or hangs when it meets a word; for tests of what the server does then.

python tests/faulty.py FLAGS   # as mojaz-server
"""

import threading
from collections.abc import Sequence

from mojaz_server.engine import store
from mojaz_server.engine.bundle import Bundle
from mojaz_server.engine.translator import Output, Translator
from mojaz_server.errors import EngineFailed

BREAKS = "انكسر"
"""From then on the model fails on everything."""
FILLS = "امتلأ"
HANGS = "توقف"


class Faulty(Translator):
    """A real model but for three words."""

    def __init__(self, bundle: Bundle, *, workers: int = 1, threads: int = 1, compute_type: str = "int8") -> None:
        super().__init__(bundle, workers=workers, threads=threads, compute_type=compute_type)
        self.broken = False
        self.hanging = threading.Event()

    def translate_batch(self, texts: Sequence[str], beam: int = 0) -> list[Output]:
        together = " ".join(texts)
        self.broken |= BREAKS in together
        if HANGS in together:
            self.hanging.wait()
        if FILLS in together:
            raise MemoryError
        if self.broken:
            raise EngineFailed("broken")
        return super().translate_batch(texts, beam)


def main() -> None:
    from mojaz_server.cli import main as serve

    store.Translator = Faulty  # type: ignore[misc]
    serve()


if __name__ == "__main__":
    main()
