"""Logs the steps of long work as they end, so that a log shows where the time went."""

from __future__ import annotations

import time
from logging import Logger


class StepLog:
    """Logs each step with the seconds since the step before it.

    log: the module's logger; fields: what every record of these steps holds, such as the film's name.
    """

    def __init__(self, log: Logger, **fields: object) -> None:
        self._log, self._fields, self._last = log, fields, time.monotonic()

    def done(self, step: str, **fields: object) -> None:
        """Logs that a step has ended. fields: what this record alone holds."""
        now = time.monotonic()
        seconds, self._last = round(now - self._last, 3), now
        self._log.info("%s: %.2f s", step, seconds, extra={**self._fields, **fields, "seconds": seconds})
