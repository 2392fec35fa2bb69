"""What must never be in the repository, and what must stay small."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FORBIDDEN = re.compile(
    rb"/(?:home|root|work)/\w|(?:pypi|npmjs)\.(?:org|com)|files\.pythonhosted|deb\.debian|BEGIN [A-Z ]*PRIVATE KEY"
)
MOST_MODEL_BYTES = 60 * 2**20


def tracked() -> list[Path]:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout.split(b"\0")
    return [ROOT / name.decode() for name in names if name]


def test_no_path_of_a_machine_no_registry_no_secret() -> None:
    for path in tracked():
        if path == Path(__file__) or not path.is_file():
            continue
        found = FORBIDDEN.search(path.read_bytes())
        assert found is None, f"{path.relative_to(ROOT)}: {found[0]!r}"


def test_only_the_released_bundle_is_large() -> None:
    models = 0
    for path in tracked():
        size = path.stat().st_size if path.is_file() else 0
        if path.is_relative_to(ROOT / "models/bundles"):
            models += size
        else:
            assert size < 2**20, f"{path.relative_to(ROOT)}: {size} bytes"
    assert 0 < models < MOST_MODEL_BYTES
