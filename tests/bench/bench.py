"""Measures the server with the embedded model beside CTranslate2 alone and beside what others make of the same weights.

    make bench                  # all parts: docs/performance.md and .svg; about ten minutes on two quiet cores
    make bench BENCH=peers      # one part, printed only
    make bench QUICK=1          # small samples, printed only; about two minutes

Parts: raw (the limit), texts, digests, spent (where the time goes), peers, start, cost. Nothing is asserted.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import cost  # noqa: E402  # found through the line above, as is what they import
import page  # noqa: E402
import peers  # noqa: E402
import raw  # noqa: E402
import record  # noqa: E402
import served  # noqa: E402
import spent  # noqa: E402
import start  # noqa: E402
import workload  # noqa: E402

RESULTS = ROOT / "build/bench/results.json"
PARTS = ("raw", "texts", "digests", "spent", "peers", "start", "cost")


class Bench:
    """The parts on one bundle; `peers` is the Python of the environment that has them."""

    def __init__(self, bundle: str, python: Path, quick: bool, sentences: int) -> None:
        self.bundle, self.python, self.quick = bundle, python, quick
        self.cores = len(os.sched_getaffinity(0))
        self.sentences = workload.take(sentences, seed=7)

    @cached_property
    def offline(self) -> raw.Raw:
        return raw.Raw(self.bundle, self.cores)

    def run(self, part: str) -> list[record.Record]:
        parts: dict[str, Callable[[], list[record.Record]]] = {
            "raw": lambda: raw.measure(self.offline, self.sentences, 1 if self.quick else 3),
            "texts": lambda: served.measure_texts(self.bundle, self.sentences),
            "digests": lambda: served.measure_digests(self.bundle, self.offline, len(self.sentences) // 5),
            "spent": lambda: spent.measure(self.bundle, self.sentences),
            "peers": lambda: peers.measure(self.bundle, self.python, self.sentences, self.cores),
            "start": lambda: start.measure(self.bundle, self.cores, self.quick),
            "cost": lambda: cost.measure(self.bundle, self.quick),
        }
        return parts[part]()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bundle", default=str(ROOT / "models/bundles/mojaz-ar-en"))
    parser.add_argument("--peers", type=Path, required=True, help="environment made from requirements.txt")
    parser.add_argument("--part", choices=PARTS, action="append", help="run only this one; may be repeated")
    parser.add_argument("--quick", action="store_true", help="small samples: what is wrong shows, figures are rough")
    parser.add_argument("--sentences", type=int, help="size of the sample (default: 600, quick 80)")
    parser.add_argument(
        "--lines", type=Path, metavar="FILE", help="Arabic news, a sentence a line, instead of the repository's samples"
    )
    options = parser.parse_args()
    if options.lines:
        workload.use(options.lines)
    count = options.sentences or (80 if options.quick else 600)
    bench = Bench(options.bundle, options.peers / "bin/python", options.quick, count)
    about, records = record.machine(), list[record.Record]()
    for part in options.part or PARTS:
        began = time.monotonic()
        records += bench.run(part)
        print(f"{part}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    record.save(RESULTS, about, records)
    text = "sentences of the newsroom's own (--lines)" if options.lines else "sentences of the repository, which are hard ones"
    scale = f"Samples: {count} {text}, {count // 5} articles{' (--quick: rough)' if options.quick else ''}."
    text = page.page(about, records, scale)
    if options.part or options.quick:
        print(text)
        return
    (ROOT / "docs/performance.md").write_text(text, encoding="utf-8")
    subprocess.run([bench.python, Path(__file__).parent / "plot.py", RESULTS, ROOT / "docs/performance.svg"], check=True)


if __name__ == "__main__":
    main()
