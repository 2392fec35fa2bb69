"""mojaz check: what an editor should look at in a translation that somebody else made."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from mojaz_client import to_dict
from mojaz_client.cli.bidi import Bidi, arabic, english, one_line
from mojaz_client.cli.exits import Exit, failures_told
from mojaz_client.cli.glossary import GLOSSARIES, GLOSSARY, read_entries
from mojaz_client.cli.results import Format, open_output
from mojaz_client.cli.segments import Placed, read_segments
from mojaz_client.cli.server import Server
from mojaz_client.records import CheckedSegment, Segment

SEGMENTS, CHARACTERS = 100, 50_000  # of one request: far below any server's limits, and answered at once


def check(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The Arabic, one segment a line; or a TMX file.")],
    target: Annotated[
        Path | None, typer.Argument(exists=True, dir_okay=False, help="Its English, line by line.", show_default=False)
    ] = None,
    glossary: Annotated[Path | None, GLOSSARY] = None,
    glossaries: Annotated[list[str] | None, GLOSSARIES] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="text|jsonl", help="How flagged segments are printed.")
    ] = Format.TEXT.value,
    output: Annotated[Path | None, typer.Option(dir_okay=False, help="Write here instead of stdout.")] = None,
    bidi: Annotated[Bidi, typer.Option(help="How direction is told in text.")] = Bidi.ISOLATE,
) -> None:
    """Check a translation made by a person or another engine: figures, dates, quotes, negation, terms, length, repetition.

    Prints the segments that have something to look at. Exit code 0: none has; 1: some have.
    """
    if form not in (Format.TEXT, Format.JSONL):
        raise typer.BadParameter("is text or jsonl", param_hint="--format")
    write = _page if form == Format.TEXT else _object
    server: Server = context.obj
    total, flagged, kinds = 0, 0, Counter[str]()
    with failures_told(), server.connect() as client, open_output(output) as stream:
        ask = partial(
            client.check,
            glossary=read_entries(glossary),
            glossaries=glossaries or (),
        )
        for placed, found in _checked(ask, read_segments(source, target)):
            total += 1
            if found.checks:
                flagged += 1
                kinds.update(failed.kind.value for failed in found.checks)
                write(stream, placed, found, bidi)
        if form == Format.TEXT:
            told = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
            stream.write(f"{flagged} of {total} segments to look at{': ' + told if told else ''}\n")
        raise typer.Exit(Exit.SOME_FAILED if flagged else Exit.OK)


def _checked(
    ask: Callable[[list[Segment]], list[CheckedSegment]], segments: Iterable[Placed]
) -> Iterator[tuple[Placed, CheckedSegment]]:
    for batch in _batches(segments):
        yield from zip(batch, ask([placed.segment for placed in batch]), strict=True)


def _batches(segments: Iterable[Placed]) -> Iterator[list[Placed]]:
    batch: list[Placed] = []
    characters = 0
    for placed in segments:
        size = len(placed.segment.source) + len(placed.segment.target)
        if batch and (len(batch) == SEGMENTS or characters + size > CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(placed)
        characters += size
    if batch:
        yield batch


def _page(stream: TextIO, placed: Placed, found: CheckedSegment, bidi: Bidi) -> None:
    texts = (arabic(one_line(placed.segment.source), bidi), english(one_line(placed.segment.target), bidi))
    messages = (f"⚠ {english(one_line(failed.message), bidi)}" for failed in found.checks)
    stream.write("".join(f"{line}\n" for line in (placed.place, *(f"  {line}" for line in (*texts, *messages)), "")))


def _object(stream: TextIO, placed: Placed, found: CheckedSegment, _: Bidi) -> None:
    told: dict[str, Any] = {"place": placed.place, **to_dict(placed.segment), **to_dict(found)}
    stream.write(json.dumps(told, ensure_ascii=False) + "\n")
