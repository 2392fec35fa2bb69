"""A server that accounts for its processor time, by step of the pipeline and by kind of thread: a line of JSON for each SIGUSR1.

python profiled.py LOG FLAGS ...   # serves as `mojaz-server FLAGS ...` does
"""

import json
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

from mojaz_server import cli
from mojaz_server.engine.translator import Translator
from mojaz_server.pipeline import assemble, check, enforce, facts, headline, links, normalize, respell, split, summarize
from mojaz_server.pipeline import glossary as glossaries
from mojaz_server.rpc import wire

TASKS = Path("/proc/self/task")
STEPS: dict[str, Sequence[Callable[..., Any]]] = {
    "split": (split.split,),
    "summarize": (summarize.summarize,),
    "headline": (headline.headline,),
    "normalize": (normalize.readable,),
    "enforce": (enforce.enforce,),
    "check": (check.check,),
    "links": (links.links,),
    "respell": (respell.corrections,),
    "facts": (facts.facts,),
    "assemble": (assemble.assemble,),
    "messages": (wire.article, wire.digest_message, wire.translation_message),
}
"""Functions whose time is taken, each without what another one of them takes inside it."""
MODEL = "model"
"""Threads of CTranslate2."""


class Account:
    """Seconds of processor time by step, and of all threads by kind."""

    def __init__(self) -> None:
        self._steps: dict[str, float] = defaultdict(float)
        self._calls: dict[str, float] = defaultdict(float)
        self._inner = threading.local()

    def timed(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function with its time on the account of a step, less that of steps inside it."""

        @wraps(function)
        def timing(*args: Any, **named: Any) -> Any:
            outer, self._inner.seconds = getattr(self._inner, "seconds", 0.0), 0.0
            began = time.thread_time()
            try:
                return function(*args, **named)
            finally:
                spent = time.thread_time() - began
                self._steps[step] += spent - self._inner.seconds
                self._inner.seconds = outer + spent

        return timing

    def called(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        """A method of the model with the time by the clock that it takes, which says how the work of its threads is shared."""

        @wraps(method)
        def calling(*args: Any, **named: Any) -> Any:
            began = time.perf_counter()
            try:
                return method(*args, **named)
            finally:
                self._calls[name] += time.perf_counter() - began

        return calling

    def write(self, log: Path) -> None:
        """Add a line to a file: all that was used since the start."""
        state = {"steps": dict(self._steps), "calls": dict(self._calls), "threads": _threads()}
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(state) + "\n")


def _threads() -> dict[str, float]:
    """Seconds of the threads of Python, of gRPC's own, and of those that compute, which have no name of their own."""
    python, found = {thread.native_id for thread in threading.enumerate()}, dict[str, float]()
    own = Path("/proc/self/comm").read_text()
    for task in TASKS.iterdir():
        try:
            seconds, name = int((task / "schedstat").read_text().split()[0]) / 1e9, (task / "comm").read_text()
        except OSError:  # a thread that ended just now
            continue
        kind = "Python" if int(task.name) in python else "gRPC" if name != own else MODEL
        found[kind] = found.get(kind, 0.0) + seconds
    return found


def _replace(function: Callable[..., Any], other: Callable[..., Any]) -> None:
    """Put `other` wherever a module of the server has `function`."""
    for name, module in list(sys.modules.items()):
        if name.startswith("mojaz_server"):
            for key, value in list(vars(module).items()):
                if value is function:
                    setattr(module, key, other)


def main() -> None:
    account, log = Account(), Path(sys.argv[1])
    log.touch()
    for step, functions in STEPS.items():
        for function in functions:
            _replace(function, account.timed(step, function))
    for name in ("translate_batch", "alternatives_batch"):
        setattr(Translator, name, account.called(name, getattr(Translator, name)))
    Translator.count = account.timed("count pieces", Translator.count)  # type: ignore[method-assign]
    glossaries.Glossary.match = account.timed("find terms", glossaries.Glossary.match)  # type: ignore[method-assign]
    signal.signal(signal.SIGUSR1, lambda *_: account.write(log))
    cli.main(sys.argv[2:])


if __name__ == "__main__":
    main()
