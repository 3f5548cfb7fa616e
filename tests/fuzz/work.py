"""Drivers that go wrong, for the tests of what watches them."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import numpy as np

from post.errors import RetryError, SourceError


def do_nothing(_: Path) -> None:
    """Finds nothing wrong."""


def refuse(path: Path) -> None:
    """Refuses a file as the product does."""
    raise SourceError("is empty", where=path.name)


def ask_again(path: Path) -> None:
    """Says that trying again can help, which is never so of a damaged file."""
    raise RetryError("is busy", where=path.name)


def break_down(_: Path) -> None:
    """Has a bug."""
    raise ZeroDivisionError("in the depths")


def crash(_: Path) -> None:
    """Crashes its process."""
    os.kill(os.getpid(), signal.SIGSEGV)
    time.sleep(600)  # another thread may be the one that hears it


def spin(_: Path) -> None:
    """Uses a second of processor time."""
    until = time.process_time() + 1.0
    while time.process_time() < until:
        pass


def wait(_: Path) -> None:
    """Waits without end, and without processor time."""
    time.sleep(600)


def fill(_: Path) -> None:
    """Takes more memory than any case may, and gives it back."""
    np.ones(140_000_000)  # 1.1 GB
