"""Several servers behind one name, as a headless service of Kubernetes gives them: the client lets them take turns."""

import json
from pathlib import Path

from mojaz_client import Client
from serving import Serving, serving


def calls(server: Serving) -> int:
    lines = map(json.loads, server.log.read_text(encoding="utf-8").splitlines())
    return sum(line["logger"] == "mojaz.access" for line in lines)


def test_servers_take_turns_and_one_that_ends_is_left_out(tiny: Path) -> None:
    with serving("--model", str(tiny)) as one, serving("--model", str(tiny)) as other:
        with Client(f"ipv4:{one.address},{other.address}") as client:
            for _ in range(20):
                client.info()
            while not calls(one) or not calls(other):  # until both are connected
                client.info()
            one.process.terminate()
            one.process.wait(timeout=60)
            before = calls(other)
            for _ in range(10):
                client.info()
        other.process.terminate()
        other.process.wait(timeout=60)
        assert calls(one) + before >= 20
        assert calls(other) >= before + 10
