"""The README's commands and code, run as a reader would run them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from serving import Serving

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [line[2:] for block in re.findall(r"```console\n(.*?)```", README, re.S) for line in block.splitlines()]
MADE_ELSEWHERE = ["make run", "make test", "make serve"]  # test_run below, this run itself, the fixture `server`
EXAMPLE = re.findall(r"```python\n(.*?)```", README, re.S)[0]


def test_the_readme_names_the_commands_that_are_made_elsewhere() -> None:
    assert [command for command in COMMANDS if command.startswith("make")] == MADE_ELSEWHERE


@pytest.mark.parametrize("command", [c for c in COMMANDS if not c.startswith("make")])
def test_a_command(command: str, server: Serving) -> None:
    command = command.replace(".venv/bin", str(Path(sys.executable).parent))
    environment = os.environ | {"MOJAZ_SERVER": server.address}
    ended = subprocess.run(
        command, shell=True, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip()


def test_the_python_example(server: Serving) -> None:
    code = EXAMPLE.replace("127.0.0.1:50051", server.address)
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr
    assert len(ended.stdout.splitlines()) == 4


def test_every_link_of_the_readme_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_make_prints_every_target_with_a_line() -> None:
    printed = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    ).stdout
    for target in ("run", "serve", "test", "check", "proto", "model", "bench", "faults"):
        assert re.search(rf"^  make {target} +\S", printed, re.M), target
