"""A model without weights that spells the source in Latin letters, for demos and other teams' integration tests."""

from collections.abc import Sequence
from pathlib import Path

from mojaz_server.engine.bundle import Bundle, Decoding
from mojaz_server.engine.translator import Output

LETTERS = str.maketrans(
    {
        **dict(
            zip(
                "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
                "a b t th j h kh d dh r z s sh s d t z a gh f q k l m n h w y".split(),
                strict=True,
            )
        ),
        **dict(zip("أإآىةؤئء،؛؟", "a i a a a w y ' , ; ?".split(), strict=True)),
    }
)


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
        """Every text in Latin letters, with certainty."""
        return [Output(text.translate(LETTERS), 0.0, True, 0, self.count(text) + 1) for text in texts]
