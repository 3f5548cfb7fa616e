"""Tells how long something has run, by the clock on the wall, and the CPU seconds that it took."""

from __future__ import annotations

import os
import time


class Stopwatch:
    """Runs from when it is made, or was last started."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Starts it anew."""
        self._started, self._spent = time.monotonic(), _spent()

    def seconds(self) -> float:
        """Returns the seconds since it was started, to a thousandth."""
        return round(time.monotonic() - self._started, 3)

    def cpu_seconds(self) -> float:
        """Returns the CPU seconds since it was started: of this process, and of those it started that have ended."""
        return _spent() - self._spent


def _spent() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system
