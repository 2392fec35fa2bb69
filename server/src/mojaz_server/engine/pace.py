"""How fast the model works, as measured: for the delay told to callers that are refused and for deadlines that cannot be met."""

SLOWING = 0.05  # how much one slow batch counts


class Pace:
    """Pieces of source a second, apart by beam: of all workers together, at the best rate of late, so that nothing is refused
    that could be done."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._rates: dict[int, float] = {}

    def note(self, beam: int, pieces: int, seconds: float) -> None:
        """A batch of so many pieces took so long on one worker."""
        rate = self._workers * pieces / max(seconds, 1e-6)
        best = self._rates.get(beam, rate)
        self._rates[beam] = rate if rate > best else best + SLOWING * (rate - best)

    def seconds(self, beam: int, pieces: int) -> float:
        """How long so many pieces take at least; 0 as long as nothing was measured."""
        rate = self._rates.get(beam)
        return pieces / rate if rate else 0.0
