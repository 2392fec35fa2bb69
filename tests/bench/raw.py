"""The limit: CTranslate2 by itself, all sentences known beforehand, sorted by length and cut into the best batches."""

import time
from collections.abc import Sequence

from mojaz_server.engine.store import open_model
from mojaz_server.pipeline.normalize import normalize
from record import Record

BATCHES = (16, 32, 64)
NAME = "CTranslate2, offline"


class Raw:
    """The bundle behind no server, with all cores for one batch at a time, as the server has it."""

    def __init__(self, bundle: str, cores: int) -> None:
        self._model = open_model(bundle, workers=1, threads=cores, compute_type="int8")

    def seconds(self, sentences: Sequence[str], batch: int) -> float:
        """By the clock, for all sentences."""
        texts = sorted(map(normalize, sentences), key=self._model.count)
        began = time.perf_counter()
        for at in range(0, len(texts), batch):
            self._model.translate_batch(texts[at : at + batch])
        return time.perf_counter() - began


def measure(raw: Raw, sentences: Sequence[str], rounds: int) -> list[Record]:
    """The best batch size, best of some rounds."""
    seconds, batch = min((raw.seconds(sentences, batch), batch) for _ in range(rounds) for batch in BATCHES)
    before = time.process_time()
    raw.seconds(sentences, batch)
    work = 1000 * (time.process_time() - before) / len(sentences)
    how = f"{len(sentences)} sentences, sorted, batches of {batch} (the best of {BATCHES}), best of {rounds} rounds"
    return [
        Record("raw", NAME, "sentences", len(sentences) / seconds, "per s", how),
        Record("raw", NAME, "processor time", work, "ms per sentence", f"of this process, batches of {batch}"),
    ]
