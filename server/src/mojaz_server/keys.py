"""API keys: made once, kept in a file as hashes, found again by what a caller sends.

A key is "mojaz_ID_SECRET" with 32 random bytes as its secret: too many to be guessed, so a plain SHA-256 of it may be known.
"""

import contextlib
import fcntl
import hashlib
import hmac
import json
import logging
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mojaz_server.errors import ConfigError, Unauthenticated
from mojaz_server.watched import Watched

SCOPES = ("digest", "translate", "glossary", "admin")
_FORM = re.compile(r"mojaz_(?P<id>[0-9a-f]{8})_(?P<secret>[\w-]{43})", re.ASCII)
_CALLER = re.compile(r"[\w.@:-]{1,64}")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Key:
    """A key as the file has it: `sha256` is of the secret, in hexadecimal; times are in UTC; a caller may have several keys."""

    id: str
    caller: str
    scopes: tuple[str, ...]
    sha256: str
    created: datetime
    expires: datetime | None = None
    revoked: datetime | None = None

    def fault(self, now: datetime) -> str:
        """Why it may not be used, empty if it may."""
        if self.revoked:
            return f"was revoked on {self.revoked:%Y-%m-%d}"
        return f"expired on {self.expires:%Y-%m-%d}" if self.expires and self.expires <= now else ""


class Keys:
    """The keys in a file as it is now. If it cannot be read any more the last ones that could be stay good, and the log says so.
    Raises ConfigError if it cannot be read at first."""

    def __init__(self, file: str | Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._file, self._clock = Path(file), clock
        self._watched = Watched([file])
        try:
            self._keys = read_keys(self._file)
        except ConfigError as error:
            raise ConfigError(f"--keys-file {error}") from error

    def find(self, text: str) -> Key:
        """The key that a caller sent. Raises Unauthenticated."""
        if self._watched.changed():
            self._read_again()
        form = _FORM.fullmatch(text)
        key = self._keys.get(form["id"]) if form else None
        if form is None or key is None or not hmac.compare_digest(key.sha256, _hash(form["secret"])):
            raise Unauthenticated("the key is not one of this server's")
        if fault := key.fault(self._clock()):
            raise Unauthenticated(f"the key {key.id} {fault}; ask for another one")
        return key

    def _read_again(self) -> None:
        try:
            self._keys = read_keys(self._file)
        except ConfigError as error:
            log.error("keys not read again, the old ones stay", extra={"error": str(error)})
        else:
            log.info("keys read again", extra={"file": str(self._file), "keys": len(self._keys)})


def read_keys(file: Path) -> dict[str, Key]:
    """The keys in a file by their id. Raises ConfigError that names the file and the line."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    keys: dict[str, Key] = {}
    for number, line in enumerate(lines, 1):
        try:
            key = _key(json.loads(line))
        except (ValueError, TypeError, KeyError) as error:
            raise ConfigError(f"{file}: line {number} is no key ({error})") from error
        if key.id in keys:
            raise ConfigError(f"{file}: line {number} has the id {key.id}, as a line before it has")
        keys[key.id] = key
    return keys


def add_key(file: Path, caller: str, scopes: Sequence[str], expires: datetime | None, now: datetime) -> tuple[Key, str]:
    """Put a new key into a file, which is made if there is none; the key, and its text, which nobody can know later.
    Raises ConfigError."""
    if not _CALLER.fullmatch(caller):
        raise ConfigError(f"--caller is {caller!r}; a caller is at most 64 letters, digits, hyphens, underscores, dots, : and @")
    if not scopes or not {*scopes} <= {*SCOPES}:
        raise ConfigError(f"--scopes is {','.join(scopes)!r}; it takes one or more of {','.join(SCOPES)}")
    if expires and expires <= now:
        raise ConfigError(f"--expires {expires:%Y-%m-%d} is over")
    with _writing(file) as keys:
        secret = secrets.token_urlsafe(32)
        while (identity := secrets.token_hex(4)) in keys:
            pass
        ordered = tuple(scope for scope in SCOPES if scope in scopes)
        keys[identity] = Key(identity, caller, ordered, _hash(secret), now, expires)
    return keys[identity], f"mojaz_{identity}_{secret}"


def revoke_key(file: Path, identity: str, now: datetime) -> Key:
    """Have a key refused from now on; it stays in the file, so that the list says what became of it. Raises ConfigError."""
    with _writing(file) as keys:
        if identity not in keys:
            raise ConfigError(f"{file}: has no key with the id {identity}")
        keys[identity] = replace(keys[identity], revoked=keys[identity].revoked or now)
    return keys[identity]


@contextlib.contextmanager
def _writing(file: Path) -> Iterator[dict[str, Key]]:
    """The keys in a file, to be changed: written as a whole at the end or not at all, by one process at a time."""
    file = file.resolve()
    try:
        folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            keys = read_keys(file) if file.exists() else {}
            yield keys
            _write(file, keys)
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be written: {error.strerror}") from error


def _write(file: Path, keys: Mapping[str, Key]) -> None:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, prefix=f".{file.name}.", delete=False) as new:
        try:  # its mode is 0600 from the start
            new.writelines(json.dumps(asdict(key), default=datetime.isoformat) + "\n" for key in keys.values())
            new.flush()
            os.fsync(new.fileno())
            Path(new.name).replace(file)
        except BaseException:
            Path(new.name).unlink(missing_ok=True)
            raise


def _key(line: Mapping[str, Any]) -> Key:
    """A key from its line. Raises KeyError, TypeError, ValueError."""
    times = {name: line[name] and datetime.fromisoformat(line[name]) for name in ("created", "expires", "revoked")}
    key = Key(**{**line, **times, "scopes": tuple(line["scopes"])})
    if not (re.fullmatch(r"[0-9a-f]{8}", key.id) and re.fullmatch(r"[0-9a-f]{64}", key.sha256) and _CALLER.fullmatch(key.caller)):
        raise ValueError("a bad id, sha256 or caller")
    if {*key.scopes} - {*SCOPES}:
        raise ValueError(f"scopes are {', '.join(SCOPES)}")
    if any(time and time.tzinfo is None for time in times.values()):
        raise ValueError("times need their offset")
    return key


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
