"""What the operating system tells the server."""

import asyncio
import signal
from collections.abc import Callable


class Signals:
    """SIGTERM or SIGINT: `stop` is set by the first, `hurry` by the second. SIGHUP: `hangup` is called. Made in the loop that
    runs the server."""

    def __init__(self) -> None:
        self.stop, self.hurry = asyncio.Event(), asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._stop)

    def on_hangup(self, hangup: Callable[[], None]) -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, hangup)

    def _stop(self) -> None:
        (self.hurry if self.stop.is_set() else self.stop).set()
