"""Wall clocks that jump: nothing but the dates of records may follow them."""

import importlib.util
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from faults.load import BODY, WITHIN, more_of
from faults.table import Table
from mojaz_client import Article, Client, DeadlineExceeded
from serving import serving

SERVER = Path(sys.executable).parent / "mojaz-server"
JUMPS = ("+400d", "-3000d", "+1h", "-1h", "+0")
LONG = Article(body="\n".join(BODY.format(f"ط{i}") for i in range(60)))
DAY = 86400


def test_a_clock_that_jumps_moves_nothing_but_dates(
    tiny: Path, tmp_path: Path, table: Table, rounds: Callable[[int, int], int]
) -> None:
    """Days forward and back under load. Calls have minutes: a deadline that followed the clock would end them, or never end."""
    offset = tmp_path / "offset"
    offset.write_text("+0")
    clock = (f"LD_PRELOAD={_library()}", f"FAKETIME_TIMESTAMP_FILE={offset}", "FAKETIME_CACHE_DURATION=1")
    command = ("/usr/bin/env", *clock, "FAKETIME_DONT_FAKE_MONOTONIC=1", "DONT_FAKE_MONOTONIC=1", SERVER)
    jumps, answered, failed, ended = JUMPS * rounds(1, 6), list[int](), list[Exception](), threading.Event()
    with serving("--model", str(tiny), command=command) as server, Client(server.address, timeout=WITHIN) as client:

        def call(caller: int) -> None:
            while not ended.is_set():
                try:
                    client.digest(BODY.format(f"{caller} {len(answered)}"), beam_size=1)
                    answered.append(caller)
                except Exception as error:
                    failed.append(error)

        client.digest(LONG, lines=1, beam_size=1)
        dates = set[int]()
        with ThreadPoolExecutor(4) as pool:
            try:
                for caller in range(4):
                    pool.submit(call, caller)
                for jump in jumps:
                    offset.write_text(jump)
                    more_of(answered, failed)
                    time.sleep(1.5)  # the clock looks at the file once a second
                    made = client.create_glossary("dated", {"كلمة": "word"})
                    dates.add(round((made.create_time.timestamp() - time.time()) / DAY))
                    assert client.digest(LONG, lines=1, beam_size=1).timing.cached, "the cache forgets nothing"
                    with pytest.raises(DeadlineExceeded):
                        client.digest(LONG, full_translation=True, beam_size=8, timeout=0.3)
            finally:
                ended.set()
    table.add(
        "clock jumps",
        f"the wall clock set to {', '.join(JUMPS)} under load",
        f"{len(jumps)} jumps, {len(answered):,} calls",
        f"{len(failed)} calls",
        "deadlines, queue and cache as before; new glossaries carry the new date",
    )
    assert not failed, failed[:3]
    assert {400, -3000, 0} <= dates, "the clock did jump"


def _library() -> Path:
    """What is loaded before the C library; found without importing the package, which would want more packages."""
    (folder,) = importlib.util.find_spec("libfaketime").submodule_search_locations  # type: ignore[union-attr,misc]
    return Path(folder) / "vendor/libfaketime/src/libfaketime.so.1"
