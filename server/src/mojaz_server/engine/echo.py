"""A model without weights that spells the source in Latin letters, for demos and other teams' integration tests."""

from collections.abc import Sequence
from pathlib import Path

from mojaz_server.engine.bundle import Bundle, Decoding
from mojaz_server.engine.translator import Output

LATIN = {
    "ابتحدذرزسصضطظعفقكلمنهويأإآىةؤئء،؛؟": "abthdzrzssdtzafqklmnhwyaiaaawy',;?",
    "ثخشغج": ("th", "kh", "sh", "gh", "j"),
}
LETTERS = str.maketrans({arabic: latin for row in LATIN.items() for arabic, latin in zip(*row, strict=True)})


class Echo:
    """Takes the place of a `Translator`: `mojaz-server --model echo`."""

    bundle = Bundle(
        folder=Path(),
        name="echo",
        version="1",
        source_language="ar",
        target_language="ar-Latn",
        licence="Apache-2.0",
        description="Spells the source in Latin letters; no weights, no translation.",
        tag="",
        prefix="",
        suppress="",
        decoding=Decoding(),
        scores=(),
        size_bytes=0,
    )
    compute_type = "none"
    fingerprint = bundle.id

    def count(self, text: str) -> int:
        """Number of words."""
        return len(text.split())

    def translate_batch(self, texts: Sequence[str], beam: int = 0) -> list[Output]:
        """Every text in Latin letters, with certainty."""
        return [Output(text.translate(LETTERS), 0.0, True, 0, self.count(text) + 1) for text in texts]

    def alternatives_batch(self, texts: Sequence[str]) -> list[list[Output]]:
        """The one way there is to spell every text."""
        return [[output] for output in self.translate_batch(texts)]

    def unload(self) -> None:
        """Nothing to give back."""
