"""mojaz digest: articles from files or stdin, digests to read or to process."""

import itertools
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from mojaz_client import Client
from mojaz_client._calls import DigestOptions
from mojaz_client.cli.bidi import Bidi
from mojaz_client.cli.exits import Exit, complain, exit_code, explain, failures_told
from mojaz_client.cli.glossary import GLOSSARIES, GLOSSARY, NO_STARTER_GLOSSARY, read_entries
from mojaz_client.cli.inputs import (
    Input,
    InputFormat,
    files_or_stdin,
    read_articles,
)
from mojaz_client.cli.markdown import digest_markdown
from mojaz_client.cli.order import in_order
from mojaz_client.cli.page import Layout, Page
from mojaz_client.cli.results import LINKS, Format, Results, open_output, refuse_links_without_data
from mojaz_client.cli.server import Server
from mojaz_client.cli.stories import Stories, Story
from mojaz_client.errors import ConnectionFailed, MojazError
from mojaz_client.records import Article, Outcome, Priority

FILES = typer.Argument(metavar="FILES", help="Text, .json or .jsonl; - is stdin.", show_default=False)


def digest(
    context: typer.Context,
    files: Annotated[list[Path] | None, FILES] = None,
    lines: Annotated[int | None, typer.Option(min=1, help="Length of the digest in lines.")] = None,
    words: Annotated[int | None, typer.Option(min=1, help="Length of the digest in Arabic words.")] = None,
    share: Annotated[float | None, typer.Option(min=0.0, max=1.0, help="Length as a share of the article, such as 0.2.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Also translate the whole article.")] = False,
    glossary: Annotated[Path | None, GLOSSARY] = None,
    glossaries: Annotated[list[str] | None, GLOSSARIES] = None,
    no_starter_glossary: Annotated[bool, NO_STARTER_GLOSSARY] = False,
    beam: Annotated[int, typer.Option(min=0, help="Beam size; 0 is the model's own.")] = 0,
    bulk: Annotated[bool, typer.Option("--bulk", help="Let people's requests go first.")] = False,
    deduplicate: Annotated[
        bool, typer.Option("--deduplicate", help="Digest near-duplicates once; say what each other copy adds.")
    ] = False,
    links: Annotated[bool, LINKS] = False,
    title: Annotated[str, typer.Option(help="Headline of the article (one plain text).")] = "",
    title_from_first_line: Annotated[
        bool, typer.Option("--title-from-first-line", help="The first line is the headline.")
    ] = False,
    input_format: Annotated[
        InputFormat, typer.Option(help="What the input is; auto goes by the file's name.")
    ] = InputFormat.AUTO,
    form: Annotated[Format, typer.Option("--format", help="How digests are printed.")] = Format.TEXT,
    output: Annotated[Path | None, typer.Option(dir_okay=False, help="Write here instead of stdout.")] = None,
    bidi: Annotated[Bidi, typer.Option(help="How direction is told in text.")] = Bidi.ISOLATE,
    layout: Annotated[
        Layout | None, typer.Option(help="Languages one below the other or side by side; by default as the terminal is wide.")
    ] = None,
) -> None:
    """Digest articles: the lines that matter, in Arabic and English, with what an editor should check.

    A JSON article is an object {"body", "id", "title", "source", "byline", "published_time", "language_code"}; only the body is
    required. Digests come out in the order of the articles; with --deduplicate, text and Markdown come when all articles are
    read, each digest with its duplicates, and in JSON a duplicate is an object with "duplicate_of".
    """
    paths = files_or_stdin(files)
    refuse_links_without_data(links, form)
    if sum(value is not None for value in (lines, words, share)) > 1:
        raise typer.BadParameter("give one of --lines, --words and --share", param_hint="--lines")
    if title and title_from_first_line:
        raise typer.BadParameter("give one of --title and --title-from-first-line", param_hint="--title")
    with failures_told():
        options = DigestOptions(
            lines=lines,
            words=words,
            share=share,
            full_translation=full,
            glossary=read_entries(glossary),
            glossaries=glossaries or (),
            starter_glossary=not no_starter_glossary,
            beam_size=beam,
            priority=Priority.BULK if bulk else Priority.INTERACTIVE,
            links=links,
        )
        server: Server = context.obj
        inputs: Iterator[Input] = (
            item for path in paths for item in read_articles(path, input_format, title, title_from_first_line)
        )
        first = next(inputs, None)
        many = len(paths) > 1 or first is None or first.listed
        inputs = itertools.chain([first] if first else [], inputs)
        page = _page(bidi, layout) if form is Format.TEXT else _markdown
        with server.connect() as client, open_output(output) as stream, Results(stream, form, many, page) as results:
            if many:
                total = None if first is None or first.listed else len(paths)
                with _progress(total, stream) as advance, Stories(results, form, deduplicate) as stories:
                    code = _digest_many(client, inputs, options, stories, advance, deduplicate)
            else:
                code = _digest_one(client, next(inputs), options, results, form)
    raise typer.Exit(code)


def _digest_one(client: Client, item: Input, options: DigestOptions, results: Results, form: Format) -> Exit:
    try:
        with Stories(results, form, False) as stories:
            article = item.checked()
            stories.add(Outcome(0, article, client.digest(article, **options)))
    except ConnectionFailed:
        raise
    except MojazError as error:
        complain(explain(error), item.place)
        return exit_code(error)
    return Exit.OK


def _digest_many(
    client: Client,
    inputs: Iterable[Input],
    options: DigestOptions,
    stories: Stories,
    advance: Callable[[], None],
    deduplicate: bool,
) -> Exit:
    """Writes digests in the order of the inputs; what fails is told and the rest goes on."""
    places: dict[int, str] = {}
    failed = 0

    def articles() -> Iterator[Article]:
        nonlocal failed
        count = itertools.count()
        for item in inputs:
            if item.article is None:
                failed += 1
                complain(str(item.error), item.place)
                advance()
            else:
                places[next(count)] = item.place
                # Duplicates name their original by its id
                yield replace(item.article, id=item.article.id or item.place) if deduplicate else item.article

    for outcome in in_order(articles(), lambda items: client.digest_many(items, deduplicate=deduplicate, **options)):
        place = places.pop(outcome.index)
        if outcome.error is not None:
            failed += 1
            complain(explain(outcome.error), place)
        else:
            stories.add(outcome)
        advance()
    return Exit.SOME_FAILED if failed else Exit.OK


def _page(bidi: Bidi, layout: Layout | None) -> Callable[[TextIO, Story], None]:
    return lambda stream, story: Page(stream, bidi, layout).write(story.digest, story.duplicates)


def _markdown(stream: TextIO, story: Story) -> None:
    stream.write(digest_markdown(story.digest, story.duplicates) + "\n")


@contextmanager
def _progress(total: int | None, stream: TextIO) -> Iterator[Callable[[], None]]:
    """A bar on stderr, if that is a terminal and the digests go elsewhere; on one screen they would write over each other."""
    if not sys.stderr.isatty() or stream.isatty():
        yield lambda: None
        return
    columns = (TextColumn("articles"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("articles", total=total)
        yield lambda: bar.advance(task)
