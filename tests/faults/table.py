"""What the fault suite did and what was lost, as docs/faults.md."""

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version

HEAD = """# Faults

Written by `make faults`, only after a run in which nothing failed. Every fault meets a real server, a process of its own, through
a real socket; `make test` runs the same tests in a short form. What the table calls lost is what a caller did not get: an article
without its digest, a call that failed and should not have, a server that was no longer there."""

NEXT = """## What a penetration test would try next

Not tried here, and why somebody should:

- **HTTP/2 below gRPC**: rapid reset (CVE-2023-44487) at line rate is not held off: 40,000 calls a second, begun and reset, took
  4 GB within ten seconds and made others wait half a minute (docs/operations.md says what to put before the server); the soak
  leaves it out. Floods of CONTINUATION and HPACK bombs: the frames here are right in kind, not in number.
- **Many addresses**: every limit for each caller counts connections, keys or certificates. Ten thousand addresses with one call
  each are bounded only by `--max-concurrent-calls`, and push honest callers out. That is for a balancer to see.
- **Text made to be slow**: the fuzz looks for answers that break the contract, not for the slowest one. Worst cases of every
  regular expression and of the word links (quadratic in a sentence) deserve a search of their own, led by the processor's time.
- **Slow readers**: callers who ask for a long full translation as a stream of parts and never read. The parts of one article wait
  in memory, so the most is `--max-concurrent-calls` times an article.
- **What the answers tell**: whether the time of an answer, or `Timing.cached`, says which sentences another caller had translated
  (the cache is shared between callers, on purpose).
- **The files**: another user of the machine who may write in the folder of the cache, the glossaries, the keys or the bundle;
  links put there between check and use; a bundle with a right manifest and hostile weights (a manifest vouches for its files, and
  nothing for the manifest).
- **The model**: Arabic that makes the English say something else, insult somebody or name a person who is not in the text.
- **Supply**: the packages of `constraints.txt`, and the images that are built from it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One fault: `done` is what was done, `times` how often and of what, `lost` of how much, `seen` what else was seen."""

    fault: str
    done: str
    times: str
    lost: str
    seen: str = ""


@dataclass(slots=True)
class Table:
    """The rows of a run in the order of the tests, and the memory over the soak as (seconds, bytes, calls until then)."""

    rows: list[Row] = field(default_factory=list)
    memory: list[tuple[float, int, int]] = field(default_factory=list)

    def add(self, fault: str, done: str, times: str, lost: str, seen: str = "") -> None:
        self.rows.append(Row(fault, done, times, lost, seen))
        print(f"{fault}: {done}: {times}; lost: {lost}; {seen}")

    def page(self, share: float) -> str:
        """The whole page; `share` is how much of the long form was done."""
        scale = "" if share >= 1 else f" This was a run of {share:.0%} of the rounds (`make faults SHARE={share:g}`)."
        soak = "## Memory over the soak\n\n" + memory(self.memory)
        return "\n\n".join([HEAD + scale, machine(), rows(self.rows), soak, NEXT]) + "\n"


def rows(found: Iterable[Row]) -> str:
    lines = ["| fault | what was done | how often | lost | seen |", "|---|---|---|---|---|"]
    lines += [f"| {row.fault} | {row.done} | {row.times} | {row.lost} | {row.seen} |" for row in found]
    return "\n".join(lines)


def memory(found: Sequence[tuple[float, int, int]]) -> str:
    lines = ["| minute | resident MiB | calls answered until then |", "|---|---|---|"]
    lines += [f"| {seconds / 60:.1f} | {size / 2**20:.1f} | {calls:,} |" for seconds, size, calls in found]
    return "\n".join(lines)


def machine() -> str:
    """What the figures depend on beside the code; the load says whether anything else ran on the machine."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("grpcio", "ctranslate2", "mojaz-server"))
    return (
        f"- {datetime.now(UTC):%Y-%m-%d}, {len(os.sched_getaffinity(0))} cores, load at the end {os.getloadavg()[0]:.1f}\n"
        f"- Python {platform.python_version()}, {packages}"
    )
