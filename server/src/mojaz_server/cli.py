"""The command `mojaz-server`."""

import asyncio
import os
import sys
from collections.abc import Sequence

from mojaz_server.config import read_config
from mojaz_server.errors import MojazError
from mojaz_server.key_command import keys_command
from mojaz_server.logs import configure_logs


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until stopped, or do what `keys` says. Exits 0 after a drain, 2 for a bad setting or an unusable model, said in one
    line."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        if arguments[:1] == ["keys"]:
            keys_command(arguments[1:])
            return
        config = read_config(arguments)
        configure_logs(config.log_level)
        # gRPC's own lines are no JSON, and a stranger's failed handshake makes one. It reads the variable when it is imported
        os.environ.setdefault("GRPC_VERBOSITY", "NONE")
        from mojaz_server.serve import serve  # noqa: PLC0415

        asyncio.run(serve(config))
    except MojazError as error:
        sys.exit(_usage(error))


def _usage(error: MojazError) -> int:
    print(f"mojaz-server: {error}", file=sys.stderr)
    return 2
