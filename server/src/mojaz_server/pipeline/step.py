"""Lets somebody watch the steps of the pipeline who is named nowhere in it: tracing.py, if the server traces."""

import contextvars
import functools
import inspect
from collections.abc import Callable, Sized
from contextlib import AbstractContextManager
from typing import Any, TypeVar, cast

Around = Callable[[str, int], AbstractContextManager[object]]
"""Gives what goes around a step: of this name, with so much to do; see `step`."""

around_steps: contextvars.ContextVar[Around | None] = contextvars.ContextVar("around_steps", default=None)
"""Set for a call by who watches it; tasks and threads of the call inherit it. None: nobody does, and a step costs what it did."""

Function = TypeVar("Function", bound=Callable[..., Any])


def step(function: Function) -> Function:
    """The function, as a step that can be watched under its name. How much it has to do is the length of its first argument, in
    characters or items, 0 if it has none."""
    name = function.__name__

    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def coroutine(*given: Any, **named: Any) -> Any:
            if (around := around_steps.get()) is None:
                return await function(*given, **named)
            with around(name, _size(given)):
                return await function(*given, **named)

        return cast(Function, coroutine)

    @functools.wraps(function)
    def plain(*given: Any, **named: Any) -> Any:
        if (around := around_steps.get()) is None:
            return function(*given, **named)
        with around(name, _size(given)):
            return function(*given, **named)

    return cast(Function, plain)


def _size(given: tuple[Any, ...]) -> int:
    return len(given[0]) if given and isinstance(given[0], Sized) else 0
