"""mojaz digest: articles from files or stdin, digests to read or to process."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, TextIO

import typer

from mojaz_client import Client
from mojaz_client._calls import DigestOptions
from mojaz_client.cli.bidi import Bidi
from mojaz_client.cli.each import PATIENCE
from mojaz_client.cli.exits import Exit, complain, exit_code, explain, failures_told
from mojaz_client.cli.folders import count_articles, files_in
from mojaz_client.cli.glossary import GLOSSARIES, GLOSSARY, NO_STARTER_GLOSSARY, read_entries
from mojaz_client.cli.inputs import STDIN, Input, InputFormat, files_or_stdin, read_file
from mojaz_client.cli.many import ManyArticles
from mojaz_client.cli.markdown import digest_markdown
from mojaz_client.cli.page import Layout, Page
from mojaz_client.cli.report import Report, shown
from mojaz_client.cli.results import LINKS, Format, Results, open_output, refuse_links_without_data
from mojaz_client.cli.resume import read_written
from mojaz_client.cli.server import Server
from mojaz_client.cli.stories import Stories, Story
from mojaz_client.errors import ConnectionFailed, MojazError
from mojaz_client.records import Outcome, Priority

FILES = typer.Argument(metavar="FILES", help="Text, .json or .jsonl, or folders of them; - is stdin.", show_default=False)


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
    resume: Annotated[
        bool, typer.Option("--resume", help="With --output and --format jsonl: send only articles whose digest is not there yet.")
    ] = False,
    patience: Annotated[
        float,
        typer.Option(min=0.0, metavar="SECONDS", help="How long to try again when the server of many articles is away or full."),
    ] = PATIENCE,
    bidi: Annotated[Bidi, typer.Option(help="How direction is told in text.")] = Bidi.ISOLATE,
    layout: Annotated[
        Layout | None, typer.Option(help="Languages one below the other or side by side; by default as the terminal is wide.")
    ] = None,
) -> None:
    """Digest articles: the lines that matter, in Arabic and English, with what an editor should check.

    A JSON article is an object {"body", "id", "title", "source", "byline", "published_time", "language_code"}; only the body is
    required. A folder stands for all such files in it and below. Digests come out in the order of the articles; with
    --deduplicate, text and Markdown come when all articles are read, each digest with its duplicates, and in JSON a duplicate is
    an object with "duplicate_of".

    An archive: mojaz digest FOLDER --output DIGESTS.jsonl --format jsonl --resume. The same command goes on where it was
    stopped, however that was. Digests come as they finish; article_id says of which article each is: its id, or its place
    (FILE:LINE) if it has none of its own.
    """
    paths = files_or_stdin(files)
    refuse_links_without_data(links, form)
    if sum(value is not None for value in (lines, words, share)) > 1:
        raise typer.BadParameter("give one of --lines, --words and --share", param_hint="--lines")
    if resume:
        _refuse_resume_without_data(output, form, deduplicate)
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
        page = _page(bidi, layout) if form is Format.TEXT else _markdown
        files_found = list(files_in(paths, output, complain))
        inputs: Iterator[Input] = (
            item for file in files_found for item in read_file(file, input_format, title, title_from_first_line)
        )
        first = next(inputs, None)
        many = files_found != paths or len(paths) > 1 or first is None or first.listed
        inputs = itertools.chain([first] if first else [], inputs)
        written = read_written(output) if output and resume else None
        with (
            server.connect() as client,
            open_output(output, append=resume) as stream,
            Results(stream, form, many, page) as results,
        ):
            if many:
                report = Report(count_articles(files_found, input_format))
                many_articles = ManyArticles(client, options, report, written, deduplicate, patience)
                with shown(report, stream, account=bool(output)) as advance, Stories(results, form, deduplicate) as stories:
                    code = many_articles.digest(inputs, stories, advance)
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


def _refuse_resume_without_data(output: Path | None, form: Format, deduplicate: bool) -> None:
    if output in (None, STDIN) or form is not Format.JSONL:
        raise typer.BadParameter("give --output FILE and --format jsonl with it", param_hint="--resume")
    if deduplicate:
        raise typer.BadParameter(
            "duplicates are found among the articles of one run; leave --deduplicate out", param_hint="--resume"
        )


def _page(bidi: Bidi, layout: Layout | None) -> Callable[[TextIO, Story], None]:
    return lambda stream, story: Page(stream, bidi, layout).write(story.digest, story.duplicates)


def _markdown(stream: TextIO, story: Story) -> None:
    stream.write(digest_markdown(story.digest, story.duplicates) + "\n")
