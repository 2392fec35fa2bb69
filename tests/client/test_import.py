"""What `import mojaz_client` costs: little more than gRPC itself, and nothing of the command line."""

import json
import subprocess
import sys

import mojaz_client

PROGRAM = """
import json, sys, time
start = time.process_time()
import grpc
between = time.process_time()
import mojaz_client
print(json.dumps({"grpc": between - start, "own": time.process_time() - between, "modules": list(sys.modules)}))
"""
HEAVY = ("numpy", "rich", "typer", "click", "torch", "ctranslate2", "sentencepiece", "mojaz_server", "mojaz_models")


def measured() -> dict[str, object]:
    done = subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_import_loads_nothing_heavy() -> None:
    modules = measured()["modules"]
    assert isinstance(modules, list)
    assert not {name.partition(".")[0] for name in modules} & set(HEAVY)


def test_import_takes_less_than_grpc_and_a_fifth_of_a_second() -> None:
    runs = [measured() for _ in range(5)]
    own = min(run["own"] for run in runs if isinstance(run["own"], float))  # processor time, the least of five
    assert own < 0.2


def test_public_names_exist() -> None:
    assert all(hasattr(mojaz_client, name) for name in mojaz_client.__all__)
    assert len(set(mojaz_client.__all__)) == len(mojaz_client.__all__)
