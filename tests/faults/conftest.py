"""The fault suite in two lengths: short in `make test`, `--long` in `make faults`, which writes docs/faults.md if nothing failed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from faults.table import Table

PAGE = Path(__file__).parent.parent.parent / "docs/faults.md"
LONG_ONLY = ("test_clients.py", "test_soak.py")
TABLE = pytest.StashKey[Table]()

Rounds = Callable[[int, int], int]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="more rounds, a soak, other people's clients; writes docs/faults.md")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TABLE] = Table()


def is_long(config: pytest.Config) -> bool:
    return bool(config.getoption("--long", default=False))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if collection_path.name in LONG_ONLY and not is_long(config) else None


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    table = session.config.stash[TABLE]
    if is_long(session.config) and exitstatus == 0 and table.memory:
        PAGE.write_text(table.page(), encoding="utf-8")


@pytest.fixture(scope="session")
def rounds(pytestconfig: pytest.Config) -> Rounds:
    """How often to do a thing: `rounds(short, long)`."""
    return lambda short, long: long if is_long(pytestconfig) else short


@pytest.fixture(scope="session")
def table(pytestconfig: pytest.Config) -> Table:
    """Where a test tells what it did and what was lost."""
    return pytestconfig.stash[TABLE]
