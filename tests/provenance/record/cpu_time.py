"""Bounds on processor time that mean the same on a slow machine as on a fast one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time

# Processor time of `_reference` on the machine on which the bounds were chosen.
REFERENCE_S = 0.05


@contextmanager
def at_most_cpu_s(seconds: float) -> Iterator[None]:
    """Fails if what is done within takes more processor time, also if it raises.

    On a machine slower than the one on which the bounds were chosen, as much more time is allowed.
    """
    started = process_time()
    try:
        yield
    finally:
        spent = process_time() - started
        if spent > seconds:
            assert spent < seconds * _reference() / REFERENCE_S, f"{spent:.2f} s of processor time"


def _reference() -> float:
    started = process_time()
    sum(number % 7 for number in range(1_000_000))
    return process_time() - started
