"""mojaz translate: Arabic text in, English text out, whole documents or line by line."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, TextIO

import typer

from mojaz_client import Client
from mojaz_client._calls import TranslateOptions
from mojaz_client.cli.exits import Exit, complain, exit_code, explain, failures_told
from mojaz_client.cli.glossary import GLOSSARIES, GLOSSARY, NO_STARTER_GLOSSARY, read_entries
from mojaz_client.cli.inputs import files_or_stdin, not_utf8, place_of, read_lines, read_text
from mojaz_client.cli.markdown import translation_markdown
from mojaz_client.cli.order import in_order
from mojaz_client.cli.results import LINKS, Format, Results, open_output, refuse_links_without_data
from mojaz_client.cli.server import Server
from mojaz_client.errors import ConnectionFailed, MojazError
from mojaz_client.records import Priority, Translation

# Everything that some program or other takes for the end of a line.
_LINE_ENDS = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")

FILES = typer.Argument(metavar="FILES", help="Text; - is stdin.", show_default=False)


def translate(
    context: typer.Context,
    files: Annotated[list[Path] | None, FILES] = None,
    lines: Annotated[bool, typer.Option("--lines", help="One segment a line: exactly one line out for each line in.")] = False,
    glossary: Annotated[Path | None, GLOSSARY] = None,
    glossaries: Annotated[list[str] | None, GLOSSARIES] = None,
    no_starter_glossary: Annotated[bool, NO_STARTER_GLOSSARY] = False,
    beam: Annotated[int, typer.Option(min=0, help="Beam size; 0 is the model's own.")] = 0,
    bulk: Annotated[bool, typer.Option("--bulk", help="Let people's requests go first.")] = False,
    links: Annotated[bool, LINKS] = False,
    form: Annotated[Format, typer.Option("--format", help="How translations are printed.")] = Format.TEXT,
    output: Annotated[Path | None, typer.Option(dir_okay=False, help="Write here instead of stdout.")] = None,
) -> None:
    """Translate text. With --lines a line that fails comes out empty, is told on stderr, and the exit code is 1."""
    paths = files_or_stdin(files)
    refuse_links_without_data(links, form)
    with failures_told():
        options = TranslateOptions(
            glossary=read_entries(glossary),
            glossaries=glossaries or (),
            starter_glossary=not no_starter_glossary,
            beam_size=beam,
            priority=Priority.BULK if bulk else Priority.INTERACTIVE,
            links=links,
            segments=lines,
        )
        server: Server = context.obj
        many = lines or len(paths) > 1
        page = _markdown if form is Format.MARKDOWN else _line if lines else _text
        with server.connect() as client, open_output(output) as stream, Results(stream, form, many, page) as results:
            work = _translate_lines if lines else _translate_files
            code = work(client, paths, options, results)
    raise typer.Exit(code)


def _translate_lines(client: Client, paths: list[Path], options: TranslateOptions, results: Results) -> Exit:
    """One result for each line of all files, in order, with no more lines in memory than are on their way."""

    def segments() -> Iterator[str]:
        for path in paths:
            for line in read_lines(path):
                yield line.decode("utf-8", "surrogateescape")  # what is no UTF-8 fails in its own place, not here

    code = Exit.OK
    for outcome in in_order(segments(), lambda texts: client.translate_many(texts, **options)):
        if outcome.translation is not None:
            results.add(outcome.translation)
            continue
        if outcome.error is None:
            continue
        code = Exit.SOME_FAILED
        reason = _undecodable(outcome.text) or explain(outcome.error)
        complain(reason, f"line {outcome.index + 1}")
        results.add_failure({"reason": outcome.error.reason or "", "message": reason})
    return code


def _translate_files(client: Client, paths: list[Path], options: TranslateOptions, results: Results) -> Exit:
    code = Exit.OK
    for path in paths:
        try:
            results.add(client.translate([read_text(path)], **options)[0])
        except ConnectionFailed:
            raise
        except MojazError as error:
            complain(explain(error), place_of(path))
            code = exit_code(error) if len(paths) == 1 else Exit.SOME_FAILED
    return code


def _undecodable(text: str) -> str:
    """Why a line could not be decoded, empty if it could."""
    data = text.encode("utf-8", "surrogateescape")
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return not_utf8(error, of=" of the line")
    return ""


def _line(stream: TextIO, translation: Translation | None) -> None:
    stream.write((_LINE_ENDS.sub(" ", translation.target) if translation else "") + "\n")


def _text(stream: TextIO, translation: Translation | None) -> None:
    if translation is None:
        return
    stream.write(translation.target + "\n")
    for pair in translation.pairs:
        for check in pair.checks:
            complain(f"⚠ {check.message}: {pair.target}")
    for note in translation.notes:
        complain(note)


def _markdown(stream: TextIO, translation: Translation | None) -> None:
    if translation is not None:
        stream.write(translation_markdown(translation) + "\n")
