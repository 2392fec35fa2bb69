"""mojaz glossary: the glossaries that the server keeps, from files and into files."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mojaz_client.cli.bidi import Bidi, arabic, english, one_line
from mojaz_client.cli.exits import complain, failures_told
from mojaz_client.cli.inputs import InputFormat, files_or_stdin, read_articles
from mojaz_client.cli.page import console_on
from mojaz_client.cli.results import open_output
from mojaz_client.cli.server import Server
from mojaz_client.errors import InvalidArgument
from mojaz_client.files.glossary import GlossaryFormat, Placed, read_glossary, write_glossary
from mojaz_client.files.tables import write_suggestions
from mojaz_client.records import Glossary, GlossaryEntry

GLOSSARY = typer.Option(exists=True, dir_okay=False, help="Your terms: a table (Arabic, a tab, English), CSV, TMX or TBX.")
GLOSSARIES = typer.Option(
    "--glossaries", metavar="NAME", help="A glossary of the server, NAME or NAME@VERSION; give it again for more, first wins."
)
NO_STARTER_GLOSSARY = typer.Option("--no-starter-glossary", help="Without the server's own list of names.")
NAME = typer.Argument(metavar="NAME", help="NAME (its latest version) or NAME@VERSION.", show_default=False)
FILES = typer.Argument(exists=True, dir_okay=False, metavar="FILES", help="Tables (TSV, CSV), .tmx or .tbx.", show_default=False)
_ENTRY = re.compile(r"entries\[(\d+)\](?:\.(\w+(?:\[\d+\])?))?")

app = typer.Typer(help="Keep glossaries on the server: names and terms to be translated your way.", no_args_is_help=True)


def read_entries(path: Path | None) -> Sequence[GlossaryEntry]:
    """The entries of a file, none if none is named. Raises FieldInvalid naming the line."""
    return [placed.entry for placed in read_glossary(path)] if path else ()


@app.command()
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Letters, digits, - _ and .", show_default=False)],
    files: Annotated[list[Path], FILES],
    description: Annotated[str, typer.Option(help="What it is for.")] = "",
) -> None:
    """Store a glossary, all of it or nothing. The same name again makes the next version; requests use the latest.

    Columns of a table: source, target, category, forms (plural, dual, other spellings, separated by |), note, do_not_translate
    (yes); all but the first two may be left out, and a first line with these names may put them in any order.
    """
    server: Server = context.obj
    with failures_told(), server.connect() as client:
        placed = [entry for path in files for entry in read_glossary(path)]
        try:
            stored = client.create_glossary(name, [each.entry for each in placed], description=description)
        except InvalidArgument as error:
            problem = InvalidArgument(_located(error.message, placed), field=error.field)
        else:
            typer.echo(f"stored {_title(stored)}")
            if len(placed) > stored.entry_count:
                complain(f"{len(placed) - stored.entry_count:,} entries were there twice, word for word, and are stored once")
            if stored.in_memory:
                complain("kept in memory: it is gone when the server ends; start it with --glossary-folder to keep it")
            return
        raise problem


@app.command("list")
def list_(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Show every version of this one.", show_default=False)] = "",
) -> None:
    """List the server's glossaries, or the versions of one."""
    server: Server = context.obj
    with failures_told(), server.connect() as client, open_output(None) as stream:
        _show_list(console_on(stream), client.list_glossaries(name))


@app.command()
def show(
    context: typer.Context,
    name: Annotated[str, NAME],
    bidi: Annotated[Bidi, typer.Option(help="How direction is told in text.")] = Bidi.ISOLATE,
) -> None:
    """Show a glossary's entries."""
    server: Server = context.obj
    with failures_told(), server.connect() as client, open_output(None) as stream:
        stored, entries = client.get_glossary(name)
        stream.write(f"{_title(stored)}\n")
        if stored.description:
            stream.write(f"{one_line(stored.description)}\n")
        stream.writelines(f"{_line(entry, bidi)}\n" for entry in entries)


@app.command()
def remove(context: typer.Context, name: Annotated[str, NAME]) -> None:
    """Delete a glossary with all its versions (NAME), or one version of it (NAME@VERSION)."""
    server: Server = context.obj
    with failures_told(), server.connect() as client:
        versions = client.delete_glossary(name)
        typer.echo(f"removed {versions} version{'s' if versions > 1 else ''} of {one_line(name.partition('@')[0])}")


@app.command()
def export(
    context: typer.Context,
    name: Annotated[str, NAME],
    form: Annotated[GlossaryFormat, typer.Option("--format", help="How it is written.")] = GlossaryFormat.TSV,
    output: Annotated[Path | None, typer.Option(dir_okay=False, help="Write here instead of stdout.")] = None,
) -> None:
    """Write a glossary to a file that can be edited and added again."""
    server: Server = context.obj
    with failures_told(), server.connect() as client:
        _, entries = client.get_glossary(name)
        with open_output(output) as stream:
            write_glossary(stream, entries, form)


@app.command()
def suggest(
    context: typer.Context,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILES", help="Articles: text, JSON or JSONL; - is stdin.", show_default=False)
    ] = None,
    min_count: Annotated[int, typer.Option(min=1, help="How often a name must stand in the articles.")] = 3,
    max_words: Annotated[int, typer.Option(min=1, help="Frequent words that are looked into at most.")] = 200,
    glossaries: Annotated[list[str] | None, GLOSSARIES] = None,
    no_starter_glossary: Annotated[bool, NO_STARTER_GLOSSARY] = False,
    output: Annotated[Path | None, typer.Option(dir_okay=False, help="Write here instead of stdout.")] = None,
) -> None:
    """List names that your articles repeat and no glossary has, as the model spells them: edit the list and `add` it.

    It is a table that `mojaz glossary add` reads. The comment before an entry says how often the name stands in how many
    articles, and how the model spelled it in the sentences that were translated to see it.
    """
    server: Server = context.obj
    articles = [found.checked() for path in files_or_stdin(files) for found in read_articles(path, InputFormat.AUTO, "", False)]
    with failures_told(), server.connect() as client:
        found = client.suggest_entries(
            articles,
            glossaries=glossaries or (),
            starter_glossary=not no_starter_glossary,
            min_count=min_count,
            max_words=max_words,
        )
        with open_output(output) as stream:
            write_suggestions(stream, found.suggestions)
        if found.words_left_out:
            complain(f"{found.words_left_out:,} more frequent words were not looked into; raise --max-words for them")


def _located(message: str, placed: Sequence[Placed]) -> str:
    """What the server says of entries by number, said of lines of the files."""

    def place(found: re.Match[str]) -> str:
        return f"{placed[int(found[1])].place}{f', {found[2]}' if found[2] else ''}"

    return _ENTRY.sub(place, message)


def _title(stored: Glossary) -> str:
    return f"{one_line(stored.name)}@{stored.version}: {stored.entry_count:,} entries"


def _show_list(console: Console, stored: Sequence[Glossary]) -> None:
    if not stored:
        console.print("no glossaries")
        return
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for column in ("glossary", "entries", "stored", "description"):
        table.add_column(column, overflow="fold", justify="right" if column == "entries" else "left")
    for each in stored:
        created = f"{each.create_time:%Y-%m-%d %H:%M}" if each.create_time else ""
        created += " (in memory)" if each.in_memory else ""
        name, description = f"{one_line(each.name)}@{each.version}", one_line(each.description)
        table.add_row(Text(name), f"{each.entry_count:,}", created, Text(description))
    console.print(table)


def _line(entry: GlossaryEntry, bidi: Bidi) -> str:
    """One entry for people: terms, English, what it is, note."""
    terms = " | ".join(arabic(one_line(term), bidi) for term in (entry.source, *entry.forms))
    target = "(not translated)" if entry.do_not_translate else english(one_line(entry.target), bidi)
    kind = f" [{one_line(entry.category)}]" if entry.category else ""
    note = f" — {one_line(entry.note)}" if entry.note else ""
    return f"{terms} → {target}{kind}{note}"
