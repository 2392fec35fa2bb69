"""Clients that nobody here wrote, installed by `make faults`: gRPC for Node, the oldest grpcio allowed, grpcurl."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from faults.load import BODY, WITHIN
from faults.table import Table
from serving import Serving

OUTCOMES = [["a", "digest"], ["b", "error"], ["c", "digest"]]


@pytest.fixture
def installed(root: Path) -> Path:
    """The environment of tests/clients/requirements.txt."""
    return Path(os.environ.get("OTHER_CLIENTS", root / "build/faults/clients")) / "bin"


def output(command: Sequence[str | Path], **environment: str) -> Any:
    ended = subprocess.run(command, capture_output=True, text=True, timeout=WITHIN, check=False, env=os.environ | environment)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def test_node(server: Serving, root: Path, table: Table) -> None:
    seen = output(["node", root / "tests/clients/node/client.js", server.address, root / "proto"])
    assert seen["model"] == "tiny@1"
    assert seen["digest"]["lines"][0]["pair"]["target"] or seen["digest"]["lines"][0]["pair"]["withheld"]
    assert seen["parts"][-1] == "digest" and {"headline", "line", "progress"} <= set(seen["parts"])
    assert seen["outcomes"] == OUTCOMES
    assert seen["stored"] == 1
    assert seen["error"][0] == 3 and "article.body" in seen["error"][1]
    table.add("other clients", "Node, @grpc/grpc-js: calls and streams of every kind, an error", "7 calls", "nothing")


def test_the_oldest_grpcio(server: Serving, root: Path, installed: Path, table: Table) -> None:
    seen = output([installed / "python", root / "tests/clients/plain.py", server.address], PYTHONPATH=str(root / "proto/src"))
    assert seen["model"] == "tiny@1" and seen["lines"]
    assert seen["parts"][-1] == "digest"
    assert seen["outcomes"] == OUTCOMES
    assert seen["error"][0] == 3
    python, grpcio = seen["versions"]
    table.add("other clients", f"grpcio {grpcio} on Python {python}, without our client", "5 calls", "nothing")


def test_grpcurl(server: Serving, installed: Path, table: Table) -> None:
    request = json.dumps({"article": {"body": BODY.format(1)}})
    command = [installed / "grpcurl", "-plaintext", "-d", request, server.address, "mojaz.v1.DigestService/DigestArticle"]
    assert output(command)["digest"]["lines"]
    table.add("other clients", "grpcurl: a call by reflection", "1 call", "nothing")
