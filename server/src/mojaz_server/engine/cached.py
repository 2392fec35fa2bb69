"""The cache in front of a batcher, with its face."""

from mojaz_server.engine.batcher import SEVERAL, Batcher
from mojaz_server.engine.cache import Cache
from mojaz_server.pipeline.records import Calibration, Priority
from mojaz_server.pipeline.translate import Hypothesis


class Cached:
    """The pipeline's `Translator`: a `Batcher` that is asked only for what its model has not translated before. `model` is what
    the cache calls it (`Cache.load`)."""

    def __init__(self, batcher: Batcher, cache: Cache, model: bytes) -> None:
        self._batcher, self._cache, self._model = batcher, cache, model

    @property
    def model(self) -> str:
        return self._batcher.model

    @property
    def max_pieces(self) -> int:
        return self._batcher.max_pieces

    @property
    def calibration(self) -> Calibration | None:
        return self._batcher.calibration

    def count(self, text: str) -> int:
        return self._batcher.count(text)

    async def translate(self, text: str, beam: int, priority: Priority) -> Hypothesis:
        """The translation of one normalized segment. Raises as `Batcher.translate` does."""
        beam = self._batcher.beam(beam)
        if found := self._cache.find(self._model, beam, text):
            return found[0]
        made = await self._batcher.translate(text, beam, priority)
        self._cache.keep(self._model, beam, text, [made])
        return made

    async def alternatives(self, text: str, priority: Priority) -> list[Hypothesis]:
        """Several translations of one normalized segment, the most likely first. Raises as `Batcher.alternatives` does."""
        if found := self._cache.find(self._model, SEVERAL, text):
            return list(found)
        made = await self._batcher.alternatives(text, priority)
        self._cache.keep(self._model, SEVERAL, text, made)
        return made
