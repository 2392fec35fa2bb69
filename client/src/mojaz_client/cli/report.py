"""What became of the articles of one command: progress while it runs, and the account at its end."""

import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from mojaz_client.cli.exits import complain, explain
from mojaz_client.errors import MojazError

PLACES = 10  # of each reason in the last account; every failure was told when it happened
LINE_EVERY = 30.0  # seconds between lines of progress where there is no terminal for a bar


class Report:
    """Counts digests written, articles that an earlier run has written (`resumed`), and failures by their reason.

    `total` is the number of articles to come, None if nobody knows. All methods may be called from several threads.
    """

    def __init__(self, total: int | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = total
        self.done = 0
        self.resumed = 0
        self.failures: defaultdict[str, list[str]] = defaultdict(list)
        self._clock = clock
        self._began = clock()
        self._lock = threading.Lock()

    def add_done(self) -> None:
        with self._lock:
            self.done += 1

    def add_resumed(self) -> None:
        with self._lock:
            self.resumed += 1

    def add_failure(self, place: str, error: MojazError) -> None:
        """Counts a failure and tells of it at once."""
        with self._lock:
            self.failures[error.reason or type(error).__name__].append(place)
        complain(explain(error), place)

    def expect(self, more: int) -> None:
        """A file turned out to have more articles than the one it was counted for."""
        with self._lock:
            self.total = None if self.total is None else self.total + more

    def finish(self) -> None:
        """All inputs are read: there were as many articles as were seen."""
        with self._lock:
            self.total = self.seen

    @property
    def failed(self) -> int:
        return sum(map(len, self.failures.values()))

    @property
    def seen(self) -> int:
        """Articles that are dealt with, in whatever way."""
        return self.done + self.resumed + self.failed

    @property
    def rate(self) -> float:
        """Articles per second of this run."""
        return (self.done + self.failed) / max(1e-9, self._clock() - self._began)

    def pace(self) -> str:
        """How fast it goes and how long it will still take."""
        if not self.total or not self.rate:
            return f"{self.rate:.1f} a second"
        return f"{self.rate:.1f} a second, {_duration((self.total - self.seen) / self.rate)} to go"

    def progress(self) -> str:
        """One line while the work goes on."""
        of = f" of {self.total}" if self.total is not None else ""
        return f"{self.seen}{of} articles, {self.failed} failed, {self.pace()}"

    def account(self) -> list[str]:
        """What became of all, then a line for each reason of failures with the places."""
        seconds = self._clock() - self._began
        resumed = f"{self.resumed} resumed, " if self.resumed else ""
        missing = max(0, (self.total or 0) - self.seen)
        rest = f", {missing} not reached" if missing else ""
        lines = [
            f"{self.done} digested, {resumed}{self.failed} failed{rest}; {_duration(seconds)}, {self.rate:.1f} articles a second"
        ]
        for reason, places in sorted(self.failures.items()):
            more = f" and {len(places) - PLACES} more" if len(places) > PLACES else ""
            lines.append(f"{len(places)} failed, {reason}: {', '.join(places[:PLACES])}{more}")
        return lines


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < 100:
        return f"{seconds:.1f} s" if seconds < 10 else f"{whole} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min" if whole >= 3600 else f"{whole // 60} min {whole % 60} s"


@contextmanager
def shown(report: Report, stream: TextIO, account: bool) -> Iterator[Callable[[], None]]:
    """Shows how far the work is each time that the yielded function is called: a bar on stderr if that is a terminal and the
    digests go elsewhere (on one screen they would write over each other), else a line now and then if an account is wanted."""
    try:
        if sys.stderr.isatty() and not stream.isatty():
            with _bar(report) as advance:
                yield advance
        else:
            yield _lines(report) if account else lambda: None
    finally:
        if account:
            for line in report.account():
                complain(line)


@contextmanager
def _bar(report: Report) -> Iterator[Callable[[], None]]:
    columns = (
        TextColumn("articles"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[pace]}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("articles", total=report.total, pace="")
        yield lambda: bar.update(task, completed=report.seen, total=report.total, pace=report.pace())


def _lines(report: Report) -> Callable[[], None]:
    last = time.monotonic()

    def advance() -> None:
        nonlocal last
        if time.monotonic() - last >= LINE_EVERY:
            last = time.monotonic()
            complain(report.progress())

    return advance
