"""Files that others replace while the server runs: a change is noticed by looking, which costs a few microseconds."""

from collections.abc import Iterable
from pathlib import Path


class Watched:
    """Some files as they were when last looked at. One that is not there counts as a state of it."""

    def __init__(self, paths: Iterable[str | Path]) -> None:
        self._paths = [Path(path) for path in paths]
        self._seen = self._look()

    def changed(self) -> bool:
        """Whether one of them was written, replaced or removed since the last look. To be asked before they are read: what
        changes while they are is then seen by the next look."""
        before, self._seen = self._seen, self._look()
        return before != self._seen

    def _look(self) -> list[tuple[int, int, int] | None]:
        return [_state(path) for path in self._paths]


def _state(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
