"""A tiny bundle and real servers on real sockets, shared by all tests."""

import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import settings
from mojaz_client import AsyncClient, Client
from mojaz_models.tiny import build_tiny
from mojaz_server.config import Config
from mojaz_server.serve import Server

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from serving import Serving, serving  # noqa: E402  # found through the line above

settings.register_profile("mojaz", deadline=None)  # machines are shared: no test measures the clock
settings.load_profile("mojaz")

Started = Callable[..., AbstractAsyncContextManager[tuple[Server, AsyncClient]]]

ARTICLE = (ROOT / "docs/samples/dam.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def article() -> str:
    """A sample article with sub-headlines, quotes, figures and dates."""
    return ARTICLE


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded tiny bundle: its English is noise, everything else is as in a trained one."""
    return build_tiny(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def server(tiny: Path) -> Iterator[Serving]:
    """A server of its own process on the tiny bundle, for all tests that only call it."""
    with serving("--model", str(tiny)) as running:
        yield running


@pytest.fixture
def client(server: Serving) -> Iterator[Client]:
    """A client of `server`."""
    with Client(server.address) as one:
        yield one


@pytest.fixture
def started(tiny: Path) -> Started:
    """Starts a server in the test's own event loop, so that its inside can be looked at: `async with started(max_lines=2)`."""

    @asynccontextmanager
    async def start(**settings: object) -> AsyncIterator[tuple[Server, AsyncClient]]:
        config = Config(**({"address": "127.0.0.1:0", "model": str(tiny), "drain_seconds": 5.0} | settings))  # type: ignore[arg-type]
        async with Server(config) as running, AsyncClient(running.address) as one:
            yield running, one

    return start
