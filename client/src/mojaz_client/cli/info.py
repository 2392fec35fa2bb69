"""mojaz info and mojaz health: what the server is, and whether it serves."""

import json
from dataclasses import fields
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mojaz_client import Model, ServerInfo, to_dict
from mojaz_client.cli.bidi import one_line
from mojaz_client.cli.exits import Exit, failures_told
from mojaz_client.cli.page import console_on
from mojaz_client.cli.results import Format, open_output
from mojaz_client.cli.server import Server


def info(
    context: typer.Context,
    form: Annotated[str, typer.Option("--format", metavar="text|json", help="How it is printed.")] = Format.TEXT.value,
) -> None:
    """Show the server's version, its models with their scores, and its limits."""
    if form not in (Format.TEXT, Format.JSON):
        raise typer.BadParameter("is text or json", param_hint="--format")
    server: Server = context.obj
    with failures_told(), server.connect() as client, open_output(None) as stream:
        answer = client.info(timeout=server.timeout)
        if form == Format.JSON:
            stream.write(json.dumps(to_dict(answer), ensure_ascii=False, indent=2) + "\n")
        else:
            _show(console_on(stream), answer, client.address)


def health(context: typer.Context) -> None:
    """Ask whether the server serves: exit code 0 if it does, 1 if it does not, 3 if there is none."""
    server: Server = context.obj
    with failures_told():
        with server.connect() as client:
            answer = client.health(timeout=server.timeout)
        typer.echo(answer.name)
        raise typer.Exit(Exit.OK if answer else Exit.SOME_FAILED)


def _show(console: Console, answer: ServerInfo, address: str) -> None:
    console.print(Text(f"Mojaz server {one_line(answer.version)} at {address}", "bold"))
    for model in answer.models:
        console.print()
        _show_model(console, model)
    console.print()
    rows = [(field.name, getattr(answer.limits, field.name)) for field in fields(answer.limits)]
    rows += [(field.name, getattr(answer.compute, field.name)) for field in fields(answer.compute)]
    rows += [(f"cache_{field.name}", getattr(answer.cache, field.name)) for field in fields(answer.cache)]
    table = _table("limits, compute and cache", "value")
    table.columns[1].justify = "right"
    for name, value in rows:
        table.add_row(name, f"{value:,}")
    console.print(table)


def _show_model(console: Console, model: Model) -> None:
    size = f"{model.size_bytes / 1e6:,.1f} MB"
    facts = f"{model.source_language} → {model.target_language} · {size} · {model.compute_type} · beam {model.beam_size}"
    console.print(
        Text(one_line(model.id), "bold cyan").append(f"  {one_line(facts)} · {one_line(model.licence)}", "not bold default")
    )
    console.print(Text(one_line(model.description)))
    if model.scores:
        table = _table("test set", "metric", "score", "signature")
        table.columns[2].justify = "right"
        for score in model.scores:
            table.add_row(Text(score.test_set), Text(score.metric), f"{score.value:.2f}", Text(score.signature, "dim"))
        console.print(table)


def _table(*names: str) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in names:
        table.add_column(name, overflow="fold")
    return table
