"""Who calls and until when: set by the gate, read by the engine, carried past the pipeline, which need not know."""

import contextvars
import math
from dataclasses import dataclass, field


@dataclass(slots=True)
class Spent:
    """What a call cost the engine so far: sentences asked of it, the longest wait for a worker and the call's share of the
    batches in milliseconds."""

    sentences: int = 0
    queue_ms: float = 0.0
    compute_ms: float = 0.0

    def add(self, queue_ms: float, compute_ms: float) -> None:
        """One more sentence."""
        self.sentences += 1
        self.queue_ms = max(self.queue_ms, queue_ms)
        self.compute_ms += compute_ms


@dataclass(frozen=True, slots=True)
class Call:
    """`caller` is the same for all calls of one caller; `deadline` is a monotonic time in seconds."""

    caller: str = ""
    deadline: float = math.inf
    spent: Spent = field(default_factory=Spent)


current_call: contextvars.ContextVar[Call] = contextvars.ContextVar("current_call", default=Call())  # noqa: B039  # frozen
