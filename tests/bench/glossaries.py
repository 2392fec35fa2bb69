"""What glossaries cost: loading, matching and translating with 0, 1,000 and 100,000 entries.

python tests/bench/glossaries.py [ARTICLE]     # prints a Markdown table; ratios say more than times on a busy machine
"""

import itertools
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from mojaz_client import Client  # noqa: E402
from mojaz_client.records import GlossaryEntry  # noqa: E402
from mojaz_server.pipeline.glossary import Entry, Glossary  # noqa: E402
from mojaz_server.pipeline.split import split  # noqa: E402
from mojaz_server.pipeline.tables import rows  # noqa: E402
from serving import serving  # noqa: E402

SIZES = (0, 1_000, 100_000)
TURNS = 5


def main() -> None:
    body = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "docs/samples/dam.txt").read_text(encoding="utf-8")
    sentences = [sentence.text for paragraph in split(body) for sentence in paragraph.sentences]
    entries = list(itertools.islice(_entries(), max(SIZES)))
    print("| entries | compiled in s | stored over the network in s | matching, µs a sentence | translating, ms a sentence |")
    print("|---|---|---|---|---|")
    with serving("--model", str(ROOT / "models/bundles/mojaz-ar-en")) as server, Client(server.address) as client:
        for size in SIZES:
            print(_row(client, entries[:size], sentences), flush=True)


def _row(client: Client, entries: Sequence[Entry], sentences: Sequence[str]) -> str:
    glossary, names, storing = Glossary.of(entries), list[str](), 0.0
    compiling = _seconds(lambda: Glossary.of(entries))
    matching = min(_seconds(lambda: [glossary.match(text) for text in sentences]) for _ in range(TURNS))
    if entries:
        sent = [GlossaryEntry(entry.source, entry.target) for entry in entries]
        storing = _seconds(lambda: client.create_glossary("bench", sent))
        names = ["bench"]
    translating = min(_seconds(lambda: client.translate(sentences, glossaries=names)) for _ in range(TURNS))
    each = f"{1e6 * matching / len(sentences):.0f} | {1e3 * translating / len(sentences):.1f}"
    return f"| {len(entries):,} | {compiling:.2f} | {storing:.2f} | {each} |"


def _entries() -> Iterator[Entry]:
    """Terms of two words that news has, which begin everywhere in a text and end nowhere."""
    words = sorted({row[0] for row in rows("lexicon.tsv") if len(row[0]) > 3})
    chosen = random.Random(1)
    seen = set[str]()
    while True:
        term = f"{chosen.choice(words)} {chosen.choice(words)}"
        if term not in seen:
            seen.add(term)
            yield Entry(term, "a term")


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
