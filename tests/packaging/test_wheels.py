"""The wheels, built and installed alone into clean environments, as another team would."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
HEAVY = ("numpy", "ctranslate2", "sentencepiece", "torch", "typer", "rich")


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a clean environment that holds the client's wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("wheels")
    for dist in ("proto", "client"):
        command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT / dist)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True, timeout=120)
    interpreter = folder / "venv/bin/python"
    wheels = [str(path) for path in folder.glob("*.whl")]
    pip = [
        str(interpreter),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-c",
        str(ROOT / "constraints.txt"),
    ]
    subprocess.run([*pip, *wheels], check=True, timeout=300)
    return interpreter


def run(python: Path, code: str) -> str:
    return subprocess.run([str(python), "-c", code], check=True, capture_output=True, text=True, timeout=60).stdout


def test_the_client_stands_alone_with_few_packages(python: Path) -> None:
    listed = subprocess.run(
        [str(python), "-m", "pip", "list", "--format", "json"], check=True, capture_output=True, text=True
    ).stdout
    names = {package["name"] for package in json.loads(listed)} - {"pip", "setuptools"}
    assert "mojaz-client" in names
    assert not names & set(HEAVY)
    assert len(names) <= 7, names


def test_importing_the_client_brings_nothing_heavy(python: Path) -> None:
    loaded = run(python, "import sys, mojaz_client; print('\\n'.join(sys.modules))").splitlines()
    assert "mojaz_client" in loaded
    assert not {name.split(".")[0] for name in loaded} & set(HEAVY)


def test_importing_the_client_costs_little_over_grpc_itself(python: Path) -> None:
    """Counted in modules, which do not depend on how busy the machine is; tests/bench measures the seconds."""
    count = "import sys; {}; print(len(sys.modules))"
    of_grpc = int(run(python, count.format("import grpc, grpc.aio, google.protobuf.timestamp_pb2, google.rpc.status_pb2")))
    assert int(run(python, count.format("import mojaz_client"))) - of_grpc < 80


def test_the_command_says_which_extra_is_missing(python: Path) -> None:
    ended = subprocess.run([str(python.parent / "mojaz"), "info"], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode != 0
    assert "mojaz-client[cli]" in ended.stderr
    assert "Traceback" not in ended.stderr
