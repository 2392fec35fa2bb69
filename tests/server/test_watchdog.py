"""The watchdog counts looks, not seconds."""

import asyncio
from collections.abc import Set

from mojaz_server.engine.watchdog import LOOKS, stuck


async def test_a_batch_that_does_not_end_is_noticed() -> None:
    batch = object()
    await asyncio.wait_for(stuck(lambda: {batch, object()}, 0.05), 60)


async def test_batches_that_end_are_not_however_many_there_are() -> None:
    looks = 0
    enough = asyncio.Event()

    def running() -> Set[object]:
        nonlocal looks
        looks += 1
        if looks > 5 * LOOKS:
            enough.set()
        return {object(), f"batch {looks // LOOKS}"}

    watching = asyncio.create_task(stuck(running, 0.02))
    await asyncio.wait_for(enough.wait(), 60)
    assert not watching.done()
    watching.cancel()


async def test_nought_waits_for_ever() -> None:
    batch = object()
    watching = asyncio.create_task(stuck(lambda: {batch}, 0))
    await asyncio.sleep(0.05)
    assert not watching.done()
    watching.cancel()
