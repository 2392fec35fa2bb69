"""Results in the chosen format, each written as soon as it is there, to stdout or to a file."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

import typer

from mojaz_client._json import to_dict


class Format(StrEnum):
    """How results are printed; JSON is the contract's own, one object for one input and an array for many."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    MARKDOWN = "markdown"


LINKS = typer.Option("--links", help="With JSON: also which Arabic words each English word comes from.")


def refuse_links_without_data(links: bool, form: Format) -> None:
    """Word links are spans for programs; a page for people has no place for them."""
    if links and form not in (Format.JSON, Format.JSONL):
        raise typer.BadParameter("give --format json or jsonl with it", param_hint="--links")


@contextmanager
def open_output(path: Path | None, append: bool = False) -> Iterator[TextIO]:
    """The file, or stdout; always UTF-8 with line feeds. Raises OSError with the file's name, for a full disk too."""
    if path is not None and path != Path("-"):
        try:
            with path.open("a" if append else "w", encoding="utf-8", newline="\n") as stream:
                yield stream
        except OSError as error:
            if error.filename:
                raise
            raise OSError(error.errno, error.strerror, str(path)) from error
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    yield sys.stdout
    sys.stdout.flush()


class Results:
    """Writes records one after the other; `page` writes one for people in the formats text and markdown."""

    def __init__(self, stream: TextIO, kind: Format, many: bool, page: Callable[[TextIO, Any], None]) -> None:
        self._stream = stream
        self._kind = kind
        self._many = many
        self._page = page
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._kind is Format.JSON and self._many and not isinstance(error, BrokenPipeError):
            self._stream.write("\n]\n" if self._count else "[]\n")
            self._stream.flush()

    def add(self, record: Any) -> None:
        """Writes one record."""
        self._add(lambda: to_dict(record), lambda: self._page(self._stream, record))

    def add_failure(self, error: dict[str, str]) -> None:
        """Keeps the place of an item that failed: an error in JSON, whatever `page` makes of None otherwise."""
        self._add(lambda: {"error": error}, lambda: self._page(self._stream, None))

    def _add(self, data: Callable[[], Any], page: Callable[[], None]) -> None:
        if self._kind is Format.JSONL:
            self._stream.write(json.dumps(data(), ensure_ascii=False) + "\n")
        elif self._kind is Format.JSON:
            opening = "" if not self._many else ",\n" if self._count else "[\n"
            closing = "" if self._many else "\n"
            self._stream.write(opening + json.dumps(data(), ensure_ascii=False, indent=2) + closing)
        else:
            page()
        self._count += 1
        self._stream.flush()
