"""Several awaitables at once."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import TypeVar

Result = TypeVar("Result")


async def together(coroutines: Iterable[Coroutine[object, object, Result]]) -> list[Result]:
    """Their results in order. The first failure cancels the rest and is raised itself, not wrapped in a group."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(coroutine) for coroutine in coroutines]
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [task.result() for task in tasks]
