"""Minutes of everything at once: whether memory comes to rest."""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from faults import frames
from faults.load import BODY, resident
from faults.table import Table
from faults.test_frames import CASES, FLOOD, send
from mojaz_client import Article, Client, InvalidArgument, MojazError, Segment
from serving import serving

SECONDS = 600.0
SAMPLES = 20
MOST_GROWTH = 32 * 2**20  # bytes, from the most in the first half to the most in the second


class Soak:
    """Callers of every kind until time is up; `answered` counts, `failed` is what should not have been."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._ended = time.monotonic() + SECONDS
        self._counting = threading.Lock()
        self.answered = 0
        self.failed: list[str] = []

    def run(self, kind: Callable[[Client, random.Random], None]) -> None:
        chance = random.Random(kind.__name__)
        with Client(self._address, timeout=300.0) as client:
            while time.monotonic() < self._ended:
                try:
                    kind(client, chance)
                except MojazError as error:
                    self.failed.append(f"{kind.__name__}: {error!r}")
                with self._counting:
                    self.answered += 1


def digests(client: Client, chance: random.Random) -> None:
    client.digest(BODY.format(chance.random()), full_translation=True, glossary={"العاصمة": "Capital"})


def streams(client: Client, chance: random.Random) -> None:
    for _ in client.digest_many([Article(body=BODY.format(chance.random())) for _ in range(10)], deduplicate=True):
        pass


def given_up(client: Client, chance: random.Random) -> None:
    parts = client.stream_digest("\n".join(BODY.format(chance.random()) for _ in range(50)), full_translation=True)
    next(parts)
    parts.close()  # type: ignore[attr-defined]


def checks(client: Client, chance: random.Random) -> None:
    client.check([Segment(BODY.format(chance.random()), "The minister said that talks would resume on Monday.")], links=True)


def glossaries(client: Client, chance: random.Random) -> None:
    name = f"g{chance.randrange(5)}"
    client.create_glossary(name, {f"مصطلح{i}": f"Term {chance.random()}" for i in range(200)})
    client.translate([BODY.format(chance.random())], glossaries=[name])
    client.delete_glossary(name)


def refused(client: Client, chance: random.Random) -> None:
    with suppress(InvalidArgument):
        client.digest(chance.choice(["", "The talks will resume.", "1 2 3"]))


def malformed(client: Client, chance: random.Random) -> None:
    _, data, greet = chance.choice([case for case in CASES if case[0] != FLOOD])  # which is not held off: docs/operations.md
    send(client.address, data(), greet=greet, rude=chance.random() < 0.5)


def idle(client: Client, chance: random.Random) -> None:
    held = [frames.connect(client.address) for _ in range(20)]
    time.sleep(chance.random())
    for one in held:
        one.close()


KINDS = (digests, streams, given_up, checks, glossaries, refused, malformed, idle)


def test_memory_comes_to_rest(tiny: Path, tmp_path: Path, table: Table) -> None:
    flags = ("--model", str(tiny), "--cache-mib", "1", "--glossary-folder", str(tmp_path))
    with serving(*flags) as server, ThreadPoolExecutor(len(KINDS)) as pool:
        began, soak = time.monotonic(), Soak(server.address)
        jobs = [pool.submit(soak.run, kind) for kind in KINDS]
        for k in range(SAMPLES + 1):
            time.sleep(max(0.0, began + SECONDS * k / SAMPLES - time.monotonic()))
            table.memory.append((time.monotonic() - began, resident(server.process.pid), soak.answered))
        for job in jobs:
            job.result(timeout=600)
        alive = server.process.poll() is None
    sizes = [size for _, size, _ in table.memory]
    growth = max(sizes[SAMPLES // 2 :]) - max(sizes[: SAMPLES // 2])
    table.add(
        "soak",
        "digests, streams, calls given up, checks, glossaries, refused requests, malformed frames and idle connections at once",
        f"{SECONDS / 60:.0f} minutes, {soak.answered:,} calls and connections",
        f"{len(soak.failed)} calls",
        f"at most {max(sizes) / 2**20:,.0f} MiB of memory, {growth / 2**20:.1f} MiB more in the second half than in the first",
    )
    assert alive and not soak.failed, soak.failed[:5]
    assert growth < MOST_GROWTH
