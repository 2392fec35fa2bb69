"""The same weights in the hands of others: Argos Translate, LibreTranslate, transformers; warm, with our beam and threads."""

import contextlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import argosmodel
import psutil
from mojaz_server.engine.bundle import Bundle
from mojaz_server.pipeline.normalize import normalize
from record import Record, percentiles, work
from serving import free_address

HERE = Path(__file__).parent
CALLERS = (1, 4, 16)
ARGOS, LIBRE, TRANSFORMERS = "Argos Translate", "LibreTranslate", "transformers"
THREADS = 16  # of LibreTranslate: as many as callers, so that none of them waits for a thread; its default is 4
STARTS_WITHIN = 120.0


def measure(folder: str, python: Path, sentences: Sequence[str], cores: int) -> list[Record]:
    """All peers on the same normalized sentences. `python` is that of the peers' environment."""
    bundle = Bundle.load(Path(folder))
    texts = [normalize(text) for text in sentences]
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        argosmodel.build(bundle, work / "packages")
        environment = _environment(work, bundle.decoding.beam_size, cores)
        few = texts[: len(texts) // 4]
        records = _argos(python, environment, few)
        records += _libretranslate(python, environment, texts)
        return records + _transformers(bundle, work / "exported", few, cores)


def _environment(work: Path, beam: int, cores: int) -> dict[str, str]:
    """Argos Translate's settings: our beam, threads and weights, and nowhere to download from."""
    own = {name: str(work / name.lower()) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "HOME")}
    return (
        os.environ
        | own
        | {
            "ARGOS_PACKAGES_DIR": str(work / "packages"),
            "ARGOS_PACKAGE_INDEX": "http://127.0.0.1:9/",
            "ARGOS_BEAM_SIZE": str(beam),
            "ARGOS_INTER_THREADS": str(cores),  # one thread each, which is best for them, too
            "ARGOS_INTRA_THREADS": "1",
            "ARGOS_COMPUTE_TYPE": "int8",
        }
    )


def _child(
    command: Sequence[str | Path], texts: Sequence[str], environment: dict[str, str] | None = None
) -> tuple[float, list[str]]:
    done = subprocess.run(
        [*map(str, command)], input=json.dumps(texts), capture_output=True, text=True, check=False, env=environment, cwd=HERE
    )
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stderr[-2000:]}")
    answer = json.loads(done.stdout)
    return answer["seconds"], answer["texts"]


def _argos(python: Path, environment: dict[str, str], texts: Sequence[str]) -> list[Record]:
    seconds, _ = _child([python, "argos_child.py"], texts, environment)
    how = f"{len(texts)} sentences by translation.translate, one after the other, as it batches none"
    return [Record("peers", ARGOS, "sentences", len(texts) / seconds, "per s", how)]


def _transformers(bundle: Bundle, exported: Path, texts: Sequence[str], cores: int) -> list[Record]:
    if not find_spec("torch"):
        print(
            "transformers was not measured: there is no torch in this environment (make test-models installs it)", file=sys.stderr
        )
        return []
    command = [Path(sys.executable).parent / "mojaz-models", "export", str(bundle.folder), "--to", str(exported)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    batch = 32
    seconds, _ = _child(
        [sys.executable, "transformers_child.py", exported, str(bundle.decoding.beam_size), str(cores), str(batch)], texts
    )
    how = f"{len(texts)} sentences, sorted, batches of {batch}, float32, generate() with our beam, offline"
    return [Record("peers", TRANSFORMERS, "sentences", len(texts) / seconds, "per s", how)]


def _libretranslate(python: Path, environment: dict[str, str], texts: Sequence[str]) -> list[Record]:
    with _libretranslate_server(python, environment) as (port, process):
        records: list[Record] = []
        _post(http.client.HTTPConnection("127.0.0.1", port, timeout=600), texts[0])  # loads the model
        at = 0
        for callers in CALLERS:
            share = max(callers, len(texts) // (8 if callers == 1 else 4))
            group, at = texts[at : at + share], at + share
            before = work(process)
            seconds, each = _load(port, callers, group)
            used = 1000 * (work(process) - before) / len(group)
            how = f"{len(group)} sentences, one in a POST /translate, {THREADS} threads"
            records.append(Record("peers", LIBRE, "sentences", len(group) / seconds, "per s", how, callers))
            records.append(Record("peers", LIBRE, "processor time", used, "ms per sentence", "of the server", callers))
            records += percentiles("peers", LIBRE, each, how, callers)
        resident = process.memory_info().rss / 1e6
        return [*records, Record("peers", LIBRE, "memory loaded", resident, "MB", "resident after the load")]


@contextlib.contextmanager
def _libretranslate_server(python: Path, environment: dict[str, str]) -> Iterator[tuple[int, psutil.Process]]:
    port = int(free_address().rpartition(":")[2])
    flags = ["--host", "127.0.0.1", "--port", str(port), "--threads", str(THREADS), "--load-only", "ar,en", "--disable-web-ui"]
    process = subprocess.Popen(
        [python, "libretranslate_child.py", *flags],
        env=environment,
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    told: list[str] = []
    threading.Thread(target=lambda: told.extend(process.stdout or ()), daemon=True).start()
    try:
        deadline = time.monotonic() + STARTS_WITHIN
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"LibreTranslate did not start: {''.join(told)[-2000:]}")
            time.sleep(0.1)
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
        connection.request("GET", "/languages")
        return connection.getresponse().status == http.client.OK
    return False


def _load(port: int, callers: int, texts: Sequence[str]) -> tuple[float, list[float]]:
    """As served.load does: each caller, on a connection of its own that stays open, takes the next text."""
    waiting, lock, seconds = iter(texts), threading.Lock(), list[float]()
    failures: list[Exception] = []

    def caller() -> None:
        try:
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=600)) as connection:
                while True:
                    with lock:
                        text = next(waiting, None)
                    if text is None:
                        return
                    began = time.perf_counter()
                    _post(connection, text)
                    seconds.append(time.perf_counter() - began)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=caller) for _ in range(callers)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return time.perf_counter() - began, seconds


def _post(connection: http.client.HTTPConnection, text: str) -> str:
    body = json.dumps({"q": text, "source": "ar", "target": "en", "format": "text"})
    connection.request("POST", "/translate", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    data = answer.read()
    if answer.status != http.client.OK:
        raise RuntimeError(f"LibreTranslate answered {answer.status}: {data[:500]!r}")
    return str(json.loads(data)["translatedText"])
