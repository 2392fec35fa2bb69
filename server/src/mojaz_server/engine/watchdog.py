"""Notices a batch that does not end: a thread that hangs in the model can be neither stopped nor waited for."""

import asyncio
from collections.abc import Callable, Set

LOOKS = 20  # in the time that a batch may take


async def stuck(running: Callable[[], Set[object]], seconds: float) -> None:
    """Return when one of the `running` has been there for so many seconds; never for 0.

    Looks are counted, not seconds: a process that was stopped for a while, on a machine that slept, took one look, not many."""
    seen: dict[object, int] = {}
    while not seconds or max(seen.values(), default=0) <= LOOKS:
        await asyncio.sleep(seconds / LOOKS or 3600)
        seen = {batch: seen.get(batch, 0) + 1 for batch in running()}
