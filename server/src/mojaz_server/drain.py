"""The end of a server without a failed call, if its callers and the time allow."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Protocol

_LOOK = 0.05  # seconds between two looks at the calls under way
_LAST_WORDS = 2.0  # seconds in which what was answered gets to the callers, and those who watch the health are left

log = logging.getLogger(__name__)


class Door(Protocol):
    """What calls come through: rpc/gate.py."""

    closed: str

    @property
    def calls(self) -> int: ...


class Network(Protocol):
    """What calls come from: gRPC's server."""

    async def stop(self, grace: float | None) -> None: ...


async def drain(
    door: Door, network: Network, closing: asyncio.Event, refuse: Callable[[], None], seconds: float, hurry: asyncio.Event
) -> None:
    """Take no more calls and give those under way so many seconds; what waits for the model then is refused. `closing` tells
    streams to read no further. `hurry` ends the wait."""
    door.closed = "the server is shutting down; try another one"
    closing.set()
    log.info("draining", extra={"seconds": seconds, "calls": door.calls})
    stopping = asyncio.create_task(network.stop(seconds + 2 * _LAST_WORDS))  # callers are told to go elsewhere with what is new
    await _until_none(door, seconds, hurry)
    refuse()
    await _until_none(door, _LAST_WORDS, asyncio.Event())
    if door.calls:
        log.warning("calls are cut off", extra={"calls": door.calls})
    await network.stop(_LAST_WORDS)
    await stopping


async def wait(seconds: float, hurry: asyncio.Event) -> None:
    """Let so many seconds pass, unless there is a hurry."""
    try:
        await asyncio.wait_for(hurry.wait(), seconds)
    except TimeoutError:
        return


async def _until_none(door: Door, seconds: float, hurry: asyncio.Event) -> None:
    end = time.monotonic() + seconds
    while door.calls and time.monotonic() < end and not hurry.is_set():
        await wait(_LOOK, hurry)
