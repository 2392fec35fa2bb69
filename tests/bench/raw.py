"""The limit: CTranslate2 by itself, all sentences known beforehand, sorted by length and cut into the best batches."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from mojaz_server.engine.store import open_model
from mojaz_server.pipeline.normalize import normalize
from record import Record

BATCHES = (4, 16, 32)
NAME = "CTranslate2, offline"


class Raw:
    """The bundle behind no server: a batch for each core at a time, as the server has it."""

    def __init__(self, bundle: str, cores: int) -> None:
        self.cores = cores
        self._model = open_model(bundle, workers=cores, threads=1, compute_type="int8")
        self._pool = ThreadPoolExecutor(cores)

    def seconds(self, sentences: Sequence[str], batch: int) -> float:
        """By the clock, for all sentences."""
        texts = sorted(map(normalize, sentences), key=self._model.count)
        began = time.perf_counter()
        list(self._pool.map(self._model.translate_batch, [texts[at : at + batch] for at in range(0, len(texts), batch)]))
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
