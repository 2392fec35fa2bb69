"""buf curl, a client in Go that takes everything from the server's reflection or from the contract's files."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from faults.load import BODY, WITHIN
from faults.table import Table
from serving import Serving

BUF = Path(sys.executable).parent / "buf"


def curl(
    server: Serving, root: Path, method: str, *requests: dict[str, Any], reflection: bool = False
) -> subprocess.CompletedProcess[str]:
    schema = [] if reflection else ["--schema", str(root / "proto")]
    url = f"http://{server.address}/mojaz.v1.{method}"
    command = [BUF, "curl", "--protocol", "grpc", "--http2-prior-knowledge", *schema, "--data", "@-", url]
    sent = "\n".join(json.dumps(request) for request in requests)
    return subprocess.run(command, input=sent, capture_output=True, text=True, timeout=WITHIN, check=False, cwd=root)


def answers(printed: str) -> Iterator[Any]:
    """Objects of JSON, one after the other."""
    while printed := printed.strip():
        found, end = json.JSONDecoder().raw_decode(printed)
        yield found
        printed = printed[end:]


def test_every_kind_of_call(server: Serving, root: Path, table: Table, rounds: Callable[[int, int], int]) -> None:
    for _ in range(rounds(1, 5)):
        article = {"article": {"body": BODY.format(1)}}
        one = curl(server, root, "DigestService/DigestArticle", article, reflection=True)
        assert json.loads(one.stdout)["digest"]["lines"], one.stderr
        many = curl(server, root, "DigestService/DigestArticles", {"requestId": "a", **article}, {"requestId": "b"})
        assert {answer["requestId"] for answer in answers(many.stdout)} == {"a", "b"}, many.stderr
        refused = curl(server, root, "DigestService/DigestArticle", {})
        assert refused.returncode and json.loads(refused.stderr)["code"] == "invalid_argument", refused.stderr
    table.add("other clients", "buf curl: a call by reflection, a stream, a refused call", f"{3 * rounds(1, 5)} calls", "nothing")
