"""A model without weights that answers with the source itself, for demos and other teams' integration tests."""

from collections.abc import Sequence
from pathlib import Path

from mojaz_server.engine.bundle import Bundle, Decoding
from mojaz_server.engine.translator import Output


class Echo:
    """Takes the place of a `Translator`: `mojaz-server --model echo`."""

    bundle = Bundle(
        folder=Path(),
        name="echo",
        version="1",
        source_language="ar",
        target_language="ar",
        licence="Apache-2.0",
        description="Answers with the source text; no weights.",
        tag="",
        suppress="",
        decoding=Decoding(),
        scores=(),
        size_bytes=0,
    )
    compute_type = "none"

    def count(self, text: str) -> int:
        """Number of words."""
        return len(text.split())

    def translate_batch(self, texts: Sequence[str], beam: int = 0) -> list[Output]:
        """Every text itself, with certainty."""
        return [Output(text, 0.0, True, 0, self.count(text) + 1) for text in texts]
