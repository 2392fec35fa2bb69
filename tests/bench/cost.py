"""What an article costs: the same for the thousandth as for the tenth, and in proportion to its length."""

import psutil
import workload
from mojaz_client import Article, Client
from record import Record, work
from serving import serving

COUNTS = (10, 100)
COUNTS_ECHO = (10, 100, 1_000)
LENGTHS = (5_000, 20_000, 50_000)
SHORT = 60
"""Words of an article of the long echo stream, so that ten thousand of them take a minute or two."""


def measure(bundle: str, quick: bool) -> list[Record]:
    records = _counts("Mojaz", bundle, COUNTS[:2] if quick else COUNTS)
    records += _counts("Mojaz, echo", "echo", COUNTS[:2] if quick else COUNTS_ECHO)
    return records + _lengths(LENGTHS[:2] if quick else LENGTHS)


def _counts(name: str, model: str, counts: tuple[int, ...]) -> list[Record]:
    """Processor time of the server for each article of a stream of so many; "echo" spells instead of translating."""
    records = []
    with serving("--model", model) as server, Client(server.address, timeout=600) as client:
        _digest(client, workload.articles(4, seed=40))
        process = psutil.Process(server.process.pid)
        for number, count in enumerate(counts, 1):
            before = work(process)
            _digest(client, workload.articles(count, seed=40 + number, words=SHORT if model == "echo" else 0))
            length = f"{SHORT} words" if model == "echo" else f"{workload.PER_ARTICLE} sentences"
            how = f"processor time of the server, one stream of {count} articles of {length}"
            records.append(Record("cost", name, "an article", 1000 * (work(process) - before) / count, "ms", how, count))
        megabytes = process.memory_info().rss / 1e6
        records.append(Record("cost", name, "memory after all", megabytes, "MB", f"after {sum(counts)} articles", 0))
    return records


def _lengths(lengths: tuple[int, ...]) -> list[Record]:
    """Processor time for each thousand words of one article: all of it is read, split and weighed, three lines are spelled."""
    records = []
    with serving("--model", "echo", "--max-article-chars", "2000000") as server, Client(server.address, timeout=600) as client:
        _digest(client, workload.articles(4, seed=50))
        process = psutil.Process(server.process.pid)
        for number, words in enumerate(lengths, 1):
            repeats = max(1, 20_000 // words)
            articles = workload.articles(repeats, seed=50 + number, words=words)
            before = work(process)
            _digest(client, articles)
            cost = 1e6 * (work(process) - before) / (repeats * words)
            how = f"processor time of the server, three lines of {repeats} articles of {words} words"
            records.append(Record("cost", "Mojaz, echo", "1,000 words", cost, "ms", how, words))
    return records


def _digest(client: Client, articles: list[Article]) -> None:
    for outcome in client.digest_many(articles):
        assert outcome.digest, outcome.error
