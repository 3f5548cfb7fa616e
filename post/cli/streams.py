"""Opens the standard streams that this process was started without, as the null device.

Otherwise the next file that is opened gets the number of the missing one: what is printed would go into a film.
"""

from __future__ import annotations

import os
import sys

_STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))  # by their number


def open_missing_streams() -> None:
    """Opens the null device in place of each standard stream that is closed, for this process and its children."""
    for number, (name, mode) in enumerate(_STREAMS):
        if _is_closed(number):
            # The lowest number that is free, which is this one: those below it are open.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8", errors="backslashreplace"))  # noqa: PTH123, SIM115


def _is_closed(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return True
    return False
