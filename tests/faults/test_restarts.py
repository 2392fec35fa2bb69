"""Servers that are killed, and servers that drain, under load: every article is answered, and once."""

import json
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from faults.load import BODY, WITHIN, articles, insist, until
from faults.table import Table
from mojaz_client import Client, Outcome, TranslationOutcome
from serving import free_address, serving

MOJAZ = Path(sys.executable).parent / "mojaz"


class Answers:
    """How often each item was answered, counted while they come."""

    def __init__(self) -> None:
        self.times: Counter[int] = Counter()
        self.sent = 0
        self.wrong = 0

    def take(self, stream: Callable[..., Any], items: Iterable[Any]) -> None:
        for index, outcome in insist(stream, map(self._count, items)):
            self.times[index] += 1
            self.wrong += outcome.error is not None or not _is_of(outcome, index)

    def _count(self, item: Any) -> Any:
        self.sent += 1
        return item


def _is_of(outcome: Outcome | TranslationOutcome, index: int) -> bool:
    """Whether the answer is the answer to this very item."""
    if isinstance(outcome, Outcome):
        return outcome.digest is not None and outcome.digest.article_id == f"a{index}"
    return outcome.translation is not None and outcome.translation.pairs[0].source.split()[6] == str(index)


def more(answers: Answers) -> Callable[[], bool]:
    """Whether twenty answers have come since now."""
    wanted = answers.times.total() + 20
    return lambda: answers.times.total() >= wanted


def write_archive(path: Path, count: int) -> Path:
    rows = ({"id": f"a{i}", "body": BODY.format(i)} for i in range(count))
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_server_that_is_killed_and_comes_back(
    tiny: Path, tmp_path: Path, table: Table, rounds: Callable[[int, int], int]
) -> None:
    """By turns kill -9 and SIGTERM, with a stream of articles, a stream of texts and `mojaz digest` at work all the while."""
    kills, count, output = rounds(2, 20), rounds(100, 1000), tmp_path / "out.jsonl"
    flags = ("--address", free_address(), "--model", str(tiny) if rounds(0, 1) else "echo", "--drain-seconds", "1")
    words = [MOJAZ, "--server", flags[1], "digest", write_archive(tmp_path / "in.jsonl", count), "--format", "jsonl"]
    digests, texts, codes, ended = Answers(), Answers(), Counter[int](), threading.Event()
    with ThreadPoolExecutor(2) as pool, Client(flags[1]) as client, ExitStack() as stack:
        stack.callback(ended.set)
        jobs = [
            pool.submit(digests.take, client.digest_many, articles(ended)),
            pool.submit(texts.take, client.translate_many, (article.body for article in articles(ended))),
        ]
        command: subprocess.Popen[str] | None = None
        for i in range(kills):
            with serving(*flags) as running:
                command = command or subprocess.Popen([*words, "--output", output, "--resume"], stderr=subprocess.PIPE, text=True)
                until(more(digests), more(texts), lambda: output.exists() and output.stat().st_size > 0)
                running.process.send_signal(signal.SIGTERM if i % 2 else signal.SIGKILL)
                codes[running.process.wait(timeout=60)] += 1
        ended.set()
        with serving(*flags):
            assert command
            told = command.communicate(timeout=WITHIN)[1]
            for job in jobs:
                job.result(timeout=WITHIN)
    written = Counter(json.loads(line)["article_id"] for line in output.read_text(encoding="utf-8").splitlines())
    found, sent = (digests.times, texts.times, written), (digests.sent, texts.sent, count)
    lost = sum(sent) - sum(map(len, found)) + digests.wrong + texts.wrong
    twice = sum(times - 1 for one in found for times in one.values())
    table.add(
        "killed and restarted",
        "kill -9 and SIGTERM by turns, same port, under `digest_many`, `translate_many` and `mojaz digest --resume`",
        f"{kills} ends, {sum(sent):,} articles and texts",
        f"{lost} articles, {twice} answered twice",
        f"exit codes {dict(codes)}",
    )
    assert (lost, twice) == (0, 0), told
    assert (command.returncode, codes) == (0, Counter({-9: (kills + 1) // 2, 0: kills // 2})), told


def test_no_call_fails_while_one_server_drains_and_another_takes_over(
    tiny: Path, table: Table, rounds: Callable[[int, int], int]
) -> None:
    """Two addresses, of which at least one always serves; sixteen callers who know both and try nothing twice themselves."""
    drains = rounds(2, 20)
    addresses = [free_address(), free_address()]
    flags = ("--model", str(tiny) if rounds(0, 1) else "echo")
    ended, answered, failed, codes = threading.Event(), Counter[str](), list[Exception](), Counter[int]()

    def call(name: str, client: Client) -> None:
        number = 0
        while not ended.is_set():
            number += 1
            try:
                client.digest(BODY.format(f"{name}{number}"))
                answered[name] += 1
            except Exception as error:
                failed.append(error)

    def more_calls() -> None:
        seen = answered.total()
        until(lambda: answered.total() >= seen + 50 or bool(failed))

    with ExitStack() as servers, Client(f"ipv4:{','.join(addresses)}") as client, ThreadPoolExecutor(16) as pool:
        serves = servers.enter_context(serving("--address", addresses[0], *flags))
        try:
            for caller in range(16):
                pool.submit(call, str(caller), client)
            for i in range(drains):
                more_calls()
                draining, serves = serves, servers.enter_context(serving("--address", addresses[1 - i % 2], *flags))
                draining.process.send_signal(signal.SIGTERM)
                codes[draining.process.wait(timeout=60)] += 1
            more_calls()
        finally:
            ended.set()
    table.add(
        "drain under load",
        "SIGTERM while 16 callers call; a server at another address takes over",
        f"{drains} drains, {answered.total():,} calls",
        f"{len(failed)} failed calls",
        f"exit codes {dict(codes)}",
    )
    assert not failed, failed[:3]
    assert codes == {0: drains}
