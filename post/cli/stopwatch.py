"""Tells how long the command has run, by the clock on the wall: with loading, planning, signing and the report."""

from __future__ import annotations

import time


class Stopwatch:
    """Runs from the start of the process, or of the command where one process runs several."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def start(self) -> None:
        """Starts it anew."""
        self._started = time.monotonic()

    def seconds(self) -> float:
        """Returns the seconds since it was started, to a thousandth."""
        return round(time.monotonic() - self._started, 3)


COMMAND = Stopwatch()
