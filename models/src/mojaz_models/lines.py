"""Reads text files line by line, plain or .xz, so that whatever is wrong with one is an error naming the file and the line."""

import io
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from mojaz_models.errors import CorpusError


def read(path: Path, *, whole: bool = True) -> Iterator[str]:
    """The lines of a UTF-8 file without their ends; only LF and CR LF end a line. Raises CorpusError.

    With `whole` the last line must be ended too: if it is not, a file of ours was cut off. Some editors leave that end out."""
    at = 0
    try:
        with _open(path) as file:
            for raw in file:
                at += 1
                line = raw.decode("utf8")
                if whole and not line.endswith("\n"):
                    raise CorpusError(f"{path}, line {at}: the file ends inside this line")
                yield line.removesuffix("\n").removesuffix("\r")
    except FileNotFoundError:
        raise CorpusError(f"{path} is missing") from None
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}, line {at}: not UTF-8, from byte {error.start + 1} of the line on") from error
    except EOFError:
        raise CorpusError(f"{path}, line {at + 1}: the file is cut off here") from None
    except (OSError, lzma.LZMAError) as error:
        raise CorpusError(f"{path}, line {at + 1}: {error}") from error


def _open(path: Path) -> BinaryIO:
    # an LZMAFile reads lines with Python code; the buffer's own are several times faster
    return io.BufferedReader(lzma.open(path)) if path.suffix == ".xz" else path.open("rb")
