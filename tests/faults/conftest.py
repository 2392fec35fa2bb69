"""The fault suite in two lengths: short in `make test`, `--long` in `make faults`, which writes docs/faults.md if nothing failed.

`--share 0.1` does a tenth of the long form's rounds, but never fewer than the short form; the soak takes its ten minutes anyway.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from faults.table import Table

LONG_ONLY = ("test_clients.py", "test_soak.py")
TABLE = pytest.StashKey[Table]()

Rounds = Callable[[int, int], int]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="more rounds, a soak, other people's clients")
    parser.addoption("--share", type=float, default=1.0, help="how much of the long form's rounds (default: 1)")
    parser.addoption("--page", type=Path, help="where to write the table, if nothing failed")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TABLE] = Table()


def is_long(config: pytest.Config) -> bool:
    return bool(config.getoption("--long", default=False))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if collection_path.name in LONG_ONLY and not is_long(config) else None


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    page = session.config.getoption("--page", default=None)
    if page and exitstatus == 0:
        page.write_text(session.config.stash[TABLE].page(session.config.getoption("--share")), encoding="utf-8")


@pytest.fixture(scope="session")
def rounds(pytestconfig: pytest.Config) -> Rounds:
    """How often to do a thing: `rounds(short, long)`."""
    share = pytestconfig.getoption("--share", default=1.0) if is_long(pytestconfig) else 0.0
    return lambda short, long: max(short, int(long * share))


@pytest.fixture(scope="session")
def table(pytestconfig: pytest.Config) -> Table:
    """Where a test tells what it did and what was lost."""
    return pytestconfig.stash[TABLE]
