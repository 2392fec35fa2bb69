"""Who calls and until when: set by the gate, read by the engine, carried past the pipeline, which need not know."""

import contextvars
import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """`caller` is the same for all calls of one caller; `deadline` is a monotonic time in seconds."""

    caller: str = ""
    deadline: float = math.inf


current_call: contextvars.ContextVar[Call] = contextvars.ContextVar("current_call", default=Call())  # noqa: B039  # frozen
