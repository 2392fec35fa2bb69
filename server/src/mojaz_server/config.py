"""Every setting of the server, from flags, variables and defaults; the only module that reads the environment.

A field `max_article_chars` is the flag `--max-article-chars` and the variable `MOJAZ_MAX_ARTICLE_CHARS`; a flag wins.
"""

import argparse
import dataclasses
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mojaz_server import __version__
from mojaz_server.errors import ConfigError

PREFIX = "MOJAZ_"
METAVARS = {str: "TEXT", int: "N", float: "SECONDS", bool: "true|false"}
OTHERS = {"MOJAZ_SERVER", "MOJAZ_API_KEY", "MOJAZ_CACHE"}  # read by the client and by mojaz-models


def _setting(default: Any, help_text: str, least: float | None = None) -> Any:
    return field(default=default, metadata={"help": help_text, "least": least})


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Settings in force. Lengths of text are in Unicode code points."""

    address: str = _setting("127.0.0.1:50051", "HOST:PORT to listen on; port 0 takes a free one")
    metrics_address: str = _setting("", "HOST:PORT of the page of metrics, in plain HTTP; port 0 takes a free one")
    trace_endpoint: str = _setting("", "URL of a collector of OpenTelemetry traces, OTLP over gRPC: http://HOST:4317 or https://")
    model: str = _setting("models/bundles/mojaz-ar-en", "folder of a model bundle, or echo")
    model_folder: str = _setting("", "folder of the bundles that `mojaz admin switch-model` may name")
    admin: bool = _setting(False, "let callers switch models (AdminService)")
    glossary_folder: str = _setting("", "folder where glossaries are kept; without one they are gone when the server ends")
    starter_glossary: bool = _setting(True, "use the starter glossary unless a request leaves it out")
    loaded_terms: str = _setting("", "file of loaded terms that editors get a note on, in place of the server's own list")
    tls_cert: str = _setting("", "PEM file of the certificate chain; with --tls-key, serves TLS")
    tls_key: str = _setting("", "PEM file of the private key")
    tls_client_ca: str = _setting("", "PEM file of authorities; only clients with a certificate of theirs may connect")
    keys_file: str = _setting("", "file of API keys, made by `mojaz-server keys`; only callers with one of them are served")
    keys_without_tls: bool = _setting(False, "take keys without TLS, because something else encrypts")
    reflection: bool = _setting(True, "tell callers what services there are (gRPC reflection)")
    workers: int = _setting(0, "batches translated side by side; 0 chooses by the cores", 0)
    threads: int = _setting(0, "threads of each worker; 0 is one", 0)
    compute_type: str = _setting("int8", "numeric type in memory, as CTranslate2 names it")
    bulk_percent: int = _setting(10, "share of the work that is bulk while interactive work waits", 1)
    cache_mib: int = _setting(64, "MiB of memory for translations that were made before; 0 keeps none", 0)
    cache_file: str = _setting("", "file in which these survive a restart")
    batch_tokens: int = _setting(512, "source pieces of a batch", 1)
    max_article_chars: int = _setting(200_000, "longest article body", 1)
    max_title_chars: int = _setting(1_000, "longest title", 1)
    max_lines: int = _setting(50, "most lines of a digest", 1)
    default_lines: int = _setting(3, "lines of a digest when a request names no length", 1)
    max_texts: int = _setting(1_000, "most texts of one TranslateText", 1)
    max_text_chars: int = _setting(200_000, "longest texts of one request together", 1)
    max_glossary_entries: int = _setting(1_000, "most entries of an inline glossary", 0)
    max_stored_entries: int = _setting(200_000, "most entries of a stored glossary", 0)
    max_stored_chars: int = _setting(20_000_000, "longest stored glossary, all its entries together", 0)
    max_beam_size: int = _setting(8, "largest beam", 1)
    max_message_bytes: int = _setting(16 * 2**20, "largest message, both ways", 1024)
    max_concurrent_calls: int = _setting(128, "calls served at once", 1)
    max_queued_tokens: int = _setting(250_000, "tokens of all requests in work before further ones are refused", 1)
    max_calls_per_caller: int = _setting(0, "calls of one caller served at once, an item of a stream is one; 0 for no limit", 0)
    max_calls_per_minute: int = _setting(0, "calls that one caller may begin in a minute; 0 for no limit", 0)
    max_stream_items: int = _setting(8, "articles or texts of one stream worked on at once", 1)
    max_remembered_chars: int = _setting(20_000_000, "characters of one stream remembered to find duplicates", 1)
    max_call_seconds: float = _setting(600.0, "longest call, streams excepted", 0.001)
    drain_wait_seconds: float = _setting(0.0, "time after SIGTERM in which calls are still taken, for balancers to notice", 0)
    drain_seconds: float = _setting(20.0, "time for calls in flight after that", 0)
    stuck_seconds: float = _setting(60.0, "time of one batch after which the model counts as stuck; 0 waits for ever", 0)
    log_level: str = _setting("INFO", "DEBUG, INFO, WARNING or ERROR")

    def __post_init__(self) -> None:
        for f in dataclasses.fields(self):
            least = f.metadata["least"]
            if least is not None and getattr(self, f.name) < least:
                raise ConfigError(f"{_flag(f.name)} must be at least {least}, not {getattr(self, f.name)}")
        _require_address("--address", self.address)
        if self.metrics_address:
            _require_address("--metrics-address", self.metrics_address)
        if self.trace_endpoint and not self.trace_endpoint.startswith(("http://", "https://")):
            raise ConfigError(f"--trace-endpoint must begin with http:// or https://, not {self.trace_endpoint}")
        if bool(self.tls_cert) != bool(self.tls_key):
            raise ConfigError("--tls-cert and --tls-key are needed together")
        if self.tls_client_ca and not self.tls_cert:
            raise ConfigError("--tls-client-ca needs --tls-cert and --tls-key")
        if self.keys_file and not self.tls_cert and not self.keys_without_tls:
            raise ConfigError(
                "--keys-file without TLS would let keys be read on their way: give --tls-cert and --tls-key, "
                "or --keys-without-tls true if something else encrypts"
            )
        if self.bulk_percent > 99:
            raise ConfigError(f"--bulk-percent must be at most 99, not {self.bulk_percent}")
        if self.cache_file and not self.cache_mib:
            raise ConfigError("--cache-file needs --cache-mib above 0")
        if self.default_lines > self.max_lines:
            raise ConfigError(f"--default-lines {self.default_lines} is over --max-lines {self.max_lines}")
        if self.log_level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ConfigError(f"--log-level must be DEBUG, INFO, WARNING or ERROR, not {self.log_level}")


def read_config(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Config:
    """Settings from flags, then variables, then defaults. Raises ConfigError for an unknown variable or a bad value."""
    settings = _from_environment(environment)
    settings |= {k: v for k, v in vars(_parser().parse_args(arguments)).items() if v is not None}
    return Config(**settings)


def _require_address(flag: str, address: str) -> None:
    host, colon, port = address.rpartition(":")
    if not (host and colon and port.isascii() and port.isdigit() and int(port) < 65536):
        raise ConfigError(f"{flag} must be HOST:PORT with a port from 0 to 65535, not {address}")


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mojaz-server",
        description="Serve Arabic-English news digests over gRPC.",
        epilog="API keys: mojaz-server keys --help. Every flag is also a variable: --max-lines is MOJAZ_MAX_LINES. A flag wins.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=__version__)
    for f in dataclasses.fields(Config):
        text = f"{f.metadata['help']} (default: {f.default if f.default != '' else 'none'})"
        parser.add_argument(_flag(f.name), type=_reader(f), metavar=METAVARS[type(f.default)], help=text)
    return parser


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    kinds = {PREFIX + f.name.upper(): f for f in dataclasses.fields(Config)}
    settings: dict[str, Any] = {}
    for variable, value in environment.items():
        if not variable.startswith(PREFIX) or variable in OTHERS:
            continue
        if variable not in kinds:
            raise ConfigError(f"{variable} is no setting of this server; see mojaz-server --help")
        try:
            settings[kinds[variable].name] = _reader(kinds[variable])(value)
        except ValueError:
            wanted = type(kinds[variable].default).__name__
            raise ConfigError(f"{variable}={value}: wanted a value of type {wanted}") from None
    return settings


def _reader(setting: dataclasses.Field[Any]) -> Callable[[str], Any]:
    """What reads the text of a setting; it raises ValueError."""
    return _switch if isinstance(setting.default, bool) else type(setting.default)


def _switch(text: str) -> bool:
    try:
        return {"true": True, "false": False}[text.lower()]
    except KeyError:
        raise ValueError(f"is neither true nor false: {text}") from None
