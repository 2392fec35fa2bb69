"""How soon a server serves, and how much memory it has beside what the weights themselves need."""

import json
import statistics
import subprocess
import sys
import time

import psutil
import workload
from mojaz_client import Client
from record import Record
from serving import serving

NAME = "Mojaz"
# The memory that a process gains by loading the model and translating once: weights, their packed form, buffers.
_WEIGHTS = """
import json, sys, psutil
from mojaz_server.engine.store import open_model
from mojaz_server.pipeline.normalize import normalize
texts, own = json.load(sys.stdin), psutil.Process()
before = own.memory_info().rss
model = open_model(sys.argv[1], workers=int(sys.argv[2]), threads=1, compute_type="int8")
model.translate_batch(texts)
print(own.memory_info().rss - before)
"""


def measure(bundle: str, cores: int, quick: bool) -> list[Record]:
    starts = []
    for _ in range(3 if quick else 7):
        began = time.perf_counter()
        with serving("--model", bundle):
            starts.append(time.perf_counter() - began)
    articles = 16 if quick else 100
    weights, idle, loaded = _memory(bundle, cores, articles)
    return [
        Record("start", NAME, "cold start", statistics.median(starts), "s", f"process to SERVING, median of {len(starts)}"),
        Record("start", NAME, "weights", weights, "MB", "what a process gains by loading the model and one batch of 32"),
        Record("start", NAME, "memory idle", idle, "MB", "resident after the start"),
        Record("start", NAME, "memory loaded", loaded, "MB", f"resident after {articles} digests of one stream"),
        Record("start", NAME, "memory beside the weights", loaded - weights, "MB", "the last two rows"),
    ]


def _memory(bundle: str, cores: int, articles: int) -> tuple[float, float, float]:
    """Megabytes: the weights alone, the server idle, the server after some work."""
    texts = json.dumps(workload.take(32, seed=30))
    done = subprocess.run(
        [sys.executable, "-c", _WEIGHTS, bundle, str(cores)], input=texts, capture_output=True, text=True, check=True
    )
    with serving("--model", bundle) as server, Client(server.address, timeout=600) as client:
        process = psutil.Process(server.process.pid)
        idle = process.memory_info().rss
        for outcome in client.digest_many(workload.articles(articles, seed=31)):
            assert outcome.digest, outcome.error
        return int(done.stdout) / 1e6, idle / 1e6, process.memory_info().rss / 1e6
