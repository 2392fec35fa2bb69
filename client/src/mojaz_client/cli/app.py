"""The command line: options common to all commands, and the commands."""

import os
from pathlib import Path
from typing import Annotated

import typer

from mojaz_client import TLS, __version__
from mojaz_client._channel import ADDRESS_VARIABLE, DEFAULT_ADDRESS, KEY_VARIABLE
from mojaz_client.cli.admin import app as admin
from mojaz_client.cli.check import check
from mojaz_client.cli.digest import digest
from mojaz_client.cli.exits import EPILOG
from mojaz_client.cli.glossary import app as glossary
from mojaz_client.cli.info import health, info
from mojaz_client.cli.server import Server
from mojaz_client.cli.translate import translate


def run() -> None:
    """Runs the command line and exits."""
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # gRPC's own log lines are not for the users of a command
    command_line()()


def command_line() -> typer.Typer:
    """The whole command line."""
    app = typer.Typer(
        name="mojaz",
        help="Arabic news articles in, bilingual digests out.",
        epilog=EPILOG,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(options)
    for command in (digest, translate, check, info, health):
        app.command()(command)
    app.add_typer(glossary, name="glossary")
    app.add_typer(admin, name="admin")
    return app


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mojaz {__version__}")
        raise typer.Exit


def options(
    context: typer.Context,
    server: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT", envvar=ADDRESS_VARIABLE, help=f"The server (default: {DEFAULT_ADDRESS}).", show_default=False
        ),
    ] = None,
    timeout: Annotated[float, typer.Option(min=0.001, metavar="SECONDS", help="How long to wait for an answer.")] = 120.0,
    tls: Annotated[bool, typer.Option("--tls", help="Encrypt, trusting the system's authorities.")] = False,
    tls_ca: Annotated[
        Path | None, typer.Option(help="Encrypt, trusting this authority (PEM).", exists=True, dir_okay=False, metavar="FILE")
    ] = None,
    tls_cert: Annotated[
        Path | None, typer.Option(help="This client's certificate (PEM).", exists=True, dir_okay=False, metavar="FILE")
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option(help="This client's private key (PEM).", exists=True, dir_okay=False, metavar="FILE")
    ] = None,
    api_key_file: Annotated[
        Path | None,
        typer.Option(
            help=f"The API key, in a file (default: the variable {KEY_VARIABLE}).", exists=True, dir_okay=False, metavar="FILE"
        ),
    ] = None,
    version: Annotated[bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    if bool(tls_cert) != bool(tls_key):
        raise typer.BadParameter("give both --tls-cert and --tls-key, or neither")
    encrypt = tls or tls_ca or tls_cert
    context.obj = Server(server, timeout, TLS(ca=tls_ca, cert=tls_cert, key=tls_key) if encrypt else None, api_key_file)
