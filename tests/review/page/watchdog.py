"""Ends a browser that a test has waited for too long, so that what hangs is a failure with a name."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from uuid import uuid4

LONGEST_S = 60


class BrowserWatchdog:
    """Kills the browser of one launch where nothing rearms it for `seconds`. Whoever waits for the browser then gets an
    error of Playwright's: most of its calls have a limit of their own, and `evaluate` and keys have none.

    argument: for the browser's command line, which the process is found by.
    """

    def __init__(self) -> None:
        self.argument = f"--answerprint-tests={uuid4().hex}"
        self.killed = 0
        self._timer: threading.Timer | None = None

    def rearm(self, seconds: float = LONGEST_S) -> None:
        """Waits for so long from now on."""
        self.rest()
        self._timer = threading.Timer(seconds, self._kill)
        self._timer.daemon = True
        self._timer.start()

    def rest(self) -> None:
        """Waits for nothing until it is armed again."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _kill(self) -> None:
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if self.argument.encode() in (process / "cmdline").read_bytes().split(b"\0"):
                    os.kill(int(process.name), signal.SIGKILL)
                    self.killed += 1
            except OSError:
                continue  # it has ended
