"""Thousands of connections that do nothing."""

import resource
from collections.abc import Callable
from contextlib import ExitStack

from faults import frames
from faults.load import BODY, resident
from faults.table import Table
from mojaz_client import Client
from serving import serving


def test_idle_connections_cost_little_and_keep_nobody_out(table: Table, rounds: Callable[[int, int], int]) -> None:
    """As many as the limit on open files lets this process have, which the server inherits."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    count = min(rounds(300, 5000), hard - 500)
    with serving("--model", "echo") as server, ExitStack() as held, Client(server.address) as client:
        client.digest(BODY.format(0))
        before = resident(server.process.pid)
        idle = [held.enter_context(frames.connect(server.address)) for _ in range(count)]
        greeted = sum(bool(one.recv(9)) for one in idle)
        assert client.digest(BODY.format(1)).lines
        size = resident(server.process.pid) - before
        for one in idle[::2]:
            one.close()
        for k in range(20):
            assert client.digest(BODY.format(k)).lines
        assert client.info().models
    table.add(
        "idle connections",
        "connections that greet and then say nothing; then half of them go; normal calls in between",
        f"{count:,}",
        f"{count - greeted} connections, 0 of 23 normal calls",
        f"{size / count / 1024:.0f} KiB of memory each",
    )
    assert greeted == count
