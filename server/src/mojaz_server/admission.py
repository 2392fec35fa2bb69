"""How much text is in work: what a request brings is counted when it comes, before anybody looks at it, until it is answered."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator

from mojaz_server.call import current_call
from mojaz_server.errors import ServerFull

CHARS_PER_TOKEN = 3
"""Arabic news has 3.5 characters a token; counting each text exactly would be work for requests that are refused."""
BULKY = 4
"""Calls at once that may bring a whole archive or glossary, which is in memory until the last of it came."""


class Admission:
    """`limit` tokens are in work, and one request more. `seconds` says how long what waits takes.

    A full server still has room, as much again, for a caller who has less in work than the others on average."""

    def __init__(self, limit: int, seconds: Callable[[], float]) -> None:
        self._limit, self._seconds = limit, seconds
        self._of = Counter[str]()
        self._bulky = 0
        self.tokens = 0
        self.refused = 0

    @contextlib.contextmanager
    def admitted(self, chars: int, texts: int = 1) -> Iterator[None]:
        """The life of one request with so many texts of so many characters together. Raises ServerFull."""
        caller, tokens = current_call.get().caller, chars // CHARS_PER_TOKEN + texts
        if self.tokens >= self._limit and not self._has_less(caller):
            self._refuse(f"about {self.tokens:,} tokens are in work, the limit is {self._limit:,}")
        self.tokens += tokens
        self._of[caller] += tokens
        try:
            yield
        finally:
            self.tokens -= tokens
            self._of[caller] -= tokens
            if not self._of[caller]:
                del self._of[caller]

    @contextlib.contextmanager
    def bulky(self) -> Iterator[None]:
        """The life of a call that may bring more than one request can. Raises ServerFull."""
        if self._bulky >= BULKY:
            self._refuse(f"{self._bulky} archives or glossaries are coming in, the limit is {BULKY}")
        self._bulky += 1
        try:
            yield
        finally:
            self._bulky -= 1

    def _has_less(self, caller: str) -> bool:
        return self.tokens < 2 * self._limit and self._of[caller] * len(self._of) < self.tokens

    def _refuse(self, message: str) -> None:
        self.refused += 1
        raise ServerFull(message, max(0.1, self._seconds()))
