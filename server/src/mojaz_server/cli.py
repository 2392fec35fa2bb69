"""The command `mojaz-server`."""

import asyncio
import logging
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from mojaz_server.config import Config, read_config
from mojaz_server.errors import EngineLost, MojazError
from mojaz_server.key_command import keys_command
from mojaz_server.logs import configure_logs

NO_ENGINE = 3


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until stopped, or do what `keys` says. Exits 0 after a drain, 2 for a bad setting or an unusable model, said in one
    line, 3 when no model works any more."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        if arguments[:1] == ["keys"]:
            keys_command(arguments[1:])
            return
        config = read_config(arguments)
        configure_logs(config.log_level)
        # gRPC's own lines are no JSON, and a stranger's failed handshake makes one. It reads the variable when it is imported
        os.environ.setdefault("GRPC_VERBOSITY", "NONE")
        asyncio.run(_live(config))
    except MojazError as error:
        sys.exit(_usage(error))


async def _live(config: Config) -> NoReturn:
    """Serve, and be gone: threads that compute for callers who have gone, or hang in the model, would keep an ordinary exit
    waiting. What must be written is written by then."""
    from mojaz_server.serve import serve  # noqa: PLC0415  # gRPC reads its variables when it is imported

    code = 0
    try:
        await serve(config)
    except EngineLost:
        code = NO_ENGINE
    logging.shutdown()
    os._exit(code)


def _usage(error: MojazError) -> int:
    print(f"mojaz-server: {error}", file=sys.stderr)
    return 2
