"""`mojaz-server keys`: make, list and revoke API keys. A running server notices at the next call."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from mojaz_server.keys import SCOPES, add_key, read_keys, revoke_key


def keys_command(arguments: Sequence[str]) -> None:
    """Do what the arguments after "keys" say. Raises ConfigError."""
    chosen = _parser().parse_args(arguments)
    chosen.work(chosen)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mojaz-server keys", description="API keys for --keys-file.", allow_abbrev=False)
    commands = parser.add_subparsers(metavar="add|list|revoke", required=True)
    add = commands.add_parser("add", help="make a key and print it, this once", allow_abbrev=False)
    add.add_argument("--caller", required=True, metavar="NAME", help="whose key it is; all keys of a caller share its quota")
    add.add_argument("--scopes", required=True, metavar="LIST", help=f"what it is good for, of {','.join(SCOPES)}")
    add.add_argument("--expires", type=_date, metavar="DATE", help="day (UTC) from which it is refused, as 2027-01-31")
    add.set_defaults(work=_add)
    show = commands.add_parser("list", help="print all keys, without their secrets", allow_abbrev=False)
    show.set_defaults(work=_list)
    revoke = commands.add_parser("revoke", help="have a key refused from now on", allow_abbrev=False)
    revoke.add_argument("id", metavar="ID", help="the key's id, as the list shows it")
    revoke.set_defaults(work=_revoke)
    for command in (add, show, revoke):
        command.add_argument("--file", required=True, type=Path, metavar="FILE", help="the file of keys")
    return parser


def _date(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no date as 2027-01-31") from None


def _add(chosen: argparse.Namespace) -> None:
    scopes = [scope.strip() for scope in chosen.scopes.split(",") if scope.strip()]
    key, text = add_key(chosen.file, chosen.caller, scopes, chosen.expires, datetime.now(UTC))
    print(f"key {key.id} of {key.caller}; it is shown this once, the file has only its hash", file=sys.stderr)
    print(text)


def _list(chosen: argparse.Namespace) -> None:
    now = datetime.now(UTC)
    rows = [("id", "caller", "scopes", "created", "state")]
    for key in read_keys(chosen.file).values():
        state = key.fault(now).removeprefix("was ") or (f"good before {key.expires:%Y-%m-%d}" if key.expires else "good")
        rows.append((key.id, key.caller, ",".join(key.scopes), f"{key.created:%Y-%m-%d}", state))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _revoke(chosen: argparse.Namespace) -> None:
    key = revoke_key(chosen.file, chosen.id, datetime.now(UTC))
    print(f"key {key.id} of {key.caller} {key.fault(datetime.now(UTC))}", file=sys.stderr)
