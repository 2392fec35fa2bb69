"""The command `mojaz`; needs the extra `cli` (typer and rich)."""

import sys

__all__ = ["main"]


def main() -> None:
    """Entry point of `mojaz`. Exit codes: see `mojaz --help`."""
    try:
        import rich  # noqa: F401, PLC0415
        import typer  # noqa: F401, PLC0415
    except ModuleNotFoundError as error:
        sys.exit(f"mojaz: the command line needs {error.name}: pip install 'mojaz-client[cli]'")
    from mojaz_client.cli.app import run  # noqa: PLC0415

    run()
