"""mojaz admin: for those who run the server."""

from typing import Annotated

import typer

from mojaz_client.cli.exits import failures_told
from mojaz_client.cli.server import Server

HELP = "Run a server that was started with --admin true."

app = typer.Typer(no_args_is_help=True)


@app.callback(help=HELP)
def _admin() -> None:
    """A group, though it has one command yet."""


@app.command("switch-model")
def switch_model(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A bundle in the server's --model-folder.", show_default=False)
    ] = "",
) -> None:
    """Have another model serve, or without a name the one that the server was started with, read again. No call fails: the old
    one finishes what it has begun."""
    server: Server = context.obj
    with failures_told(), server.connect() as client:
        typer.echo(f"{client.switch_model(name)} serves")
