"""The records as docs/performance.md."""

from collections.abc import Iterable, Sequence
from itertools import groupby

import peers
import raw
import served
from goals import GOALS
from record import Record, find

ORDER = (raw.NAME, served.NAME, peers.LIBRE, peers.ARGOS, peers.TRANSFORMERS)

PEERS = """## What the others do with many callers

The weights, the pieces, the beam and the threads are ours for all of them (`tests/bench/argosmodel.py`, `mojaz-models export`),
so what differs is what they do with the work.

- LibreTranslate 1.9.6 merges nothing, neither across requests nor within one: `libretranslate/app.py` answers a list `q` with
  `for text in q: translator.hypotheses(text, ...)`, one text at a time, in the thread of the request.
- Argos Translate, which it calls, translates paragraph by paragraph (`translate.py`, `PackageTranslation.hypotheses`: one call of
  `translate_batch` for each line) and cuts even that call into batches of 32 tokens, one to three sentences
  (`apply_packaged_translation`: `max_batch_size=settings.batch_size, batch_type="tokens"`; `settings.py`: `ARGOS_BATCH_SIZE` 32).
- So callers queue behind each other for a model that works on one sentence at a time: more callers wait longer and get no more.
- Their sentence splitter was left out (its models are downloaded at the first use), which is in their favour.
- transformers in float32 is given all sentences beforehand, sorted, in batches of 32: the offline way, not a server."""


def page(about: dict[str, str], records: Sequence[Record], scale: str) -> str:
    """The whole page; `scale` says how large the run was."""
    parts = [
        "# Performance\n\nWritten by `make bench`. All figures of one run on one machine; compare them with each other, not with"
        f" figures of other machines. {scale}",
        "\n".join(f"- {name}: {value}" for name, value in about.items()),
        "## Goals\n\n" + goals(records),
        "![Sentences per second by callers](performance.svg)",
        "## Contenders, sentences per second\n\n" + contenders(records),
        PEERS,
        *(f"## {title}\n\n{table(found)}" for title, found in _parts(records)),
    ]
    return "\n\n".join(parts) + "\n"


def goals(records: Sequence[Record]) -> str:
    rows = ["| goal | wanted | measured | |", "|---|---|---|---|"]
    for goal in GOALS:
        value = goal.value(records)
        if value is None:
            rows.append(f"| {goal.name} | {goal.wanted} | not measured | |")
        else:
            rows.append(
                f"| {goal.name} | {goal.wanted} | {goal.form.format(value)} | {'met' if goal.holds(value) else '**missed**'} |"
            )
    return "\n".join(rows)


def contenders(records: Sequence[Record]) -> str:
    """A row for each contender, with its share of the limit."""
    limit = find(records, raw.NAME, "sentences")
    found = [r for r in records if r.measure == "sentences"]
    rows = ["| contender | callers | sentences per s | of the limit | how |", "|---|---|---|---|---|"]
    for r in sorted(found, key=lambda r: (ORDER.index(r.contender), r.at)):
        share = f"{r.value / limit:.2f}" if limit else ""
        rows.append(f"| {r.contender} | {r.at or 'offline'} | {r.value:.1f} | {share} | {r.how} |")
    return "\n".join(rows)


def table(records: Iterable[Record]) -> str:
    rows = ["| contender | at | measure | value | how |", "|---|---|---|---|---|"]
    rows += [f"| {r.contender} | {r.at or ''} | {r.measure} | {_number(r.value)} {r.unit} | {r.how} |" for r in records]
    return "\n".join(rows)


TITLES = {
    "raw": "The limit",
    "texts": "Sentences, by callers at once",
    "digests": "Digests, by callers at once",
    "spent": "Where the processor time of the server goes",
    "peers": "Peers, by callers at once",
    "start": "Start and memory",
    "cost": "Cost, by articles of a stream and by words of an article",
}


def _parts(records: Iterable[Record]) -> Iterable[tuple[str, list[Record]]]:
    others = [r for r in records if r.part in TITLES and r.measure != "sentences"]
    for part, found in groupby(others, key=lambda r: r.part):
        yield TITLES[part], list(found)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
