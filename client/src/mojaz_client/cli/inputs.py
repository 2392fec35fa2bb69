"""Articles and texts from files and stdin: strict UTF-8, a byte order mark and Windows line ends understood."""

import codecs
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import typer

from mojaz_client._json import article_from_dict
from mojaz_client.errors import FieldInvalid, MojazError
from mojaz_client.records import Article

STDIN = Path("-")
_CHUNK = 1 << 16


class InputFormat(StrEnum):
    """What a file holds; AUTO goes by its name."""

    AUTO = "auto"
    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


@dataclass(frozen=True, slots=True)
class Input:
    """One article with the place it comes from, or why it could not be read; `listed` if it stands in a list of articles, of
    which `more` follow in the same file (told with the first, if it is known)."""

    place: str
    article: Article | None = None
    error: MojazError | None = None
    listed: bool = False
    more: int = 0

    def checked(self) -> Article:
        """The article. Raises the error that was met instead."""
        if self.article is None:
            raise self.error or FieldInvalid("is no article")
        return self.article


def files_or_stdin(files: Sequence[Path] | None) -> list[Path]:
    """The files named, else stdin. Raises typer.BadParameter for a file that is not there, and if nobody said to type it in."""
    if not files and sys.stdin.isatty():
        raise typer.BadParameter("name a file, or - to type the text (end with Ctrl-D)", param_hint="FILES")
    for path in files or ():
        if path != STDIN and not path.exists():
            raise typer.BadParameter(f"there is no file {path}", param_hint="FILES")
    return list(files or [STDIN])


def place_of(path: Path) -> str:
    """How messages call a file."""
    return "stdin" if path == STDIN else str(path)


def read_chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file as they come. Not through sys.stdin: its lock would be held by a reading thread when Ctrl-C ends us."""
    descriptor = 0 if path == STDIN else os.open(path, os.O_RDONLY)
    try:
        while chunk := os.read(descriptor, _CHUNK):
            yield chunk
    finally:
        if descriptor:
            os.close(descriptor)


def not_utf8(error: UnicodeDecodeError, of: str = "") -> str:
    """Which byte of what was decoded is wrong; `of` says of what it is counted."""
    return f"is not UTF-8: byte {error.start}{of} is 0x{error.object[error.start]:02X}"


def read_text(path: Path) -> str:
    """A whole file as text with line feeds only. Raises FieldInvalid with the offset of the first byte that is no UTF-8."""
    data = b"".join(read_chunks(path))
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        problem = not_utf8(error)
    else:
        return text.removeprefix("\ufeff").replace("\r\n", "\n")
    raise FieldInvalid(problem, field="body")


def read_lines(path: Path) -> Iterator[bytes]:
    """The lines of a file as they come, ended by line feeds only, without them."""
    rest = b""
    start = True
    for chunk in read_chunks(path):
        head, newline, tail = chunk.rpartition(b"\n")
        if not newline:
            rest += chunk
            continue
        lines = (rest + head).split(b"\n")
        if start:
            lines[0] = lines[0].removeprefix(codecs.BOM_UTF8)
            start = False
        yield from (line.removesuffix(b"\r") for line in lines)
        rest = tail
    if rest:
        yield (rest.removeprefix(codecs.BOM_UTF8) if start else rest).removesuffix(b"\r")


def read_articles(path: Path, kind: InputFormat, title: str, title_from_first_line: bool) -> Iterator[Input]:
    """The articles of a file, one after the other; what cannot be read comes as an error in its place."""
    found = format_of(path, kind)
    try:
        if found is InputFormat.JSONL:
            yield from _json_lines(path)
        elif found is InputFormat.JSON:
            yield from _json_file(path)
        else:
            yield Input(place_of(path), _plain(read_text(path), path, title, title_from_first_line))
    except MojazError as error:
        yield Input(place_of(path), error=error)
    except OSError as error:
        yield Input(place_of(path), error=FieldInvalid(error.strerror or str(error)))


def read_file(file: Path | Input, kind: InputFormat, title: str, title_from_first_line: bool) -> Iterator[Input]:
    """The articles of a file; what could not even be opened stays the error that it is."""
    return iter([file]) if isinstance(file, Input) else read_articles(file, kind, title, title_from_first_line)


def format_of(path: Path, kind: InputFormat) -> InputFormat:
    """What a file holds, by its name if `kind` is AUTO."""
    by_name = {".json": InputFormat.JSON, ".jsonl": InputFormat.JSONL, ".ndjson": InputFormat.JSONL}
    return by_name.get(path.suffix.lower(), InputFormat.TEXT) if kind is InputFormat.AUTO else kind


def _plain(text: str, path: Path, title: str, title_from_first_line: bool) -> Article:
    if title_from_first_line:
        title, _, text = text.lstrip().partition("\n")
    return Article(text, id="" if path == STDIN else str(path), title=title.strip())


def _json_file(path: Path) -> Iterator[Input]:
    data = _parsed(read_text(path))
    if not isinstance(data, list):
        yield _article(data, place_of(path))
        return
    for i, item in enumerate(data):
        yield _article(item, f"{place_of(path)}[{i}]", listed=True, more=0 if i else len(data) - 1)


def _json_lines(path: Path) -> Iterator[Input]:
    for number, line in enumerate(read_lines(path), 1):
        place = f"{place_of(path)}:{number}"
        if not line.strip():
            continue
        try:
            data = _parsed(line.decode())
        except UnicodeDecodeError as error:
            yield Input(
                place,
                error=FieldInvalid(not_utf8(error, of=" of the line")),
                listed=True,
            )
        except MojazError as error:
            yield Input(place, error=error, listed=True)
        else:
            yield _article(data, place, listed=True)


def _parsed(text: str) -> object:
    try:
        data: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        problem = str(error)
    else:
        return data
    raise FieldInvalid(f"is not JSON: {problem}", field="article")


def _article(data: object, place: str, listed: bool = False, more: int = 0) -> Input:
    try:
        return Input(place, article_from_dict(data), listed=listed, more=more)
    except MojazError as error:
        return Input(place, error=error, listed=listed, more=more)
