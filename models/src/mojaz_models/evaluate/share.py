"""So many of so many."""

from typing import NamedTuple


class Share(NamedTuple):
    """`kept` of `total`."""

    kept: int
    total: int

    @property
    def lost(self) -> int:
        """Those not kept."""
        return self.total - self.kept

    @property
    def percent(self) -> float:
        """0 to 100; of nothing, all is kept."""
        return 100 * self.kept / self.total if self.total else 100.0

    def __add__(self, other: object) -> "Share":
        """The share of both together, so that shares of sentences can be summed."""
        if not isinstance(other, Share):
            return NotImplemented
        return Share(self.kept + other.kept, self.total + other.total)
