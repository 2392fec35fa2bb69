"""Digests for people together with the duplicates of each, which may come long after it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from mojaz_client.cli.results import Format, Results
from mojaz_client.records import Digest, Duplicate, Outcome


@dataclass(frozen=True, slots=True)
class Story:
    """A digest and the articles that nearly repeat the digested one, in their order."""

    digest: Digest
    duplicates: Sequence[Duplicate] = ()


class Stories:
    """Writes the outcomes of many articles. For people each digest waits for its duplicates, until all articles are read; for
    programs every duplicate is a record of its own in its place."""

    def __init__(self, results: Results, form: Format, deduplicate: bool) -> None:
        self._results = results
        self._for_people = form in (Format.TEXT, Format.MARKDOWN)
        self._waits = deduplicate and self._for_people
        self._digests: dict[str, Digest] = {}
        self._duplicates: defaultdict[str, list[Duplicate]] = defaultdict(list)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """What waits is also written if the rest failed."""
        if not isinstance(error, BrokenPipeError):
            for index, digest in self._digests.items():
                self._results.add(Story(digest, self._duplicates[index]))

    def add(self, outcome: Outcome) -> None:
        """Takes a digest or a duplicate."""
        if outcome.digest and self._waits:
            self._digests[str(outcome.index)] = outcome.digest
        elif outcome.digest:
            self._results.add(Story(outcome.digest) if self._for_people else outcome.digest)
        elif outcome.duplicate and self._waits:
            self._duplicates[outcome.duplicate.duplicate_of].append(outcome.duplicate)
        elif outcome.duplicate:
            self._results.add(outcome.duplicate)
