"""How the command ends: exit codes, the one line about each failure, and Ctrl-C and closed pipes without a traceback."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import NoReturn

import typer

from mojaz_client._channel import KEY_VARIABLE
from mojaz_client.errors import (
    ConnectionFailed,
    DeadlineExceeded,
    InvalidArgument,
    MojazError,
    PermissionDenied,
    ServerFull,
    Unauthenticated,
    Unavailable,
)


class Exit(IntEnum):
    """Exit codes, documented in EPILOG."""

    OK = 0
    SOME_FAILED = 1
    USAGE = 2
    NO_SERVER = 3
    REFUSED = 4
    BUSY = 5


EPILOG = (
    "Exit codes: 0 all is well; 1 some inputs failed (or the server did); 2 wrong usage; 3 no server; 4 the input or the API key "
    "was refused; 5 the server is full, not ready or too slow, or your quota is used up, try again later."
)
HINT = "start one: mojaz-server --address 127.0.0.1:50051 (or: make serve); name another: mojaz --server HOST:PORT"


def exit_code(error: MojazError) -> Exit:
    """The code of a command whose only input failed with this error."""
    if isinstance(error, ConnectionFailed):
        return Exit.NO_SERVER
    if isinstance(error, InvalidArgument | Unauthenticated | PermissionDenied):
        return Exit.REFUSED
    if isinstance(error, ServerFull | DeadlineExceeded | Unavailable):
        return Exit.BUSY
    return Exit.SOME_FAILED


def complain(message: str, place: str = "") -> None:
    """One failure on stderr. It may quote the input, which may hold anything: only printable characters get to the terminal."""
    text = f"mojaz: {place}: {message}" if place else f"mojaz: {message}"
    print("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text), file=sys.stderr, flush=True)


@contextmanager
def failures_told() -> Iterator[None]:
    """Turns what ends a whole command into a message and an exit code."""
    try:
        yield
    except MojazError as error:
        complain(explain(error))
        code = exit_code(error)
    except BrokenPipeError:
        _die_of(signal.SIGPIPE)
    except KeyboardInterrupt:
        _die_of(signal.SIGINT)
    except OSError as error:
        complain(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        code = Exit.SOME_FAILED
    else:
        return
    raise typer.Exit(code)


def explain(error: MojazError) -> str:
    """The error's message, with what to do about it."""
    if isinstance(error, ConnectionFailed):
        return f"{error.message}\n{HINT}".replace("\n", "; ")
    if isinstance(error, Unauthenticated):
        return f"{error.message}; give the key by {KEY_VARIABLE} or --api-key-file"
    if error.retry_after:
        return f"{error.message}; try again in {error.retry_after:g} s"
    return error.message


def _die_of(number: signal.Signals) -> NoReturn:
    """Ends as if the signal had killed the command, which is what shells and pipelines look for; a thread may still be reading
    stdin, and an ordinary exit would wait for it."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(128 + number)
