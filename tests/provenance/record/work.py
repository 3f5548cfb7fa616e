"""Bounds on work that hold on any machine: by counting it, or by how it grows in one and the same run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import process_time
from types import FrameType
from typing import Any

# So many times the input takes so many times the work: 256 times, where each beginning is gone over to the end.
TIMES = 16
# What caches, other work on the machine and fixed costs may add to TIMES; a fourth of what squares would.
SLACK = 4


def check_growth(do: Callable[[int], object], size: int) -> None:
    """Fails if work in native code (regular expressions) grows faster than its input.

    do: does the work on an input of a given size. Work on `TIMES * size` is compared with work on `size`, in
    processor time of this run, the least of some tries each: no second of any machine is in the bound.
    """
    small = min(_cpu_s(do, size) for _ in range(5))
    most = SLACK * TIMES * small
    large = _cpu_s(do, TIMES * size)
    # Only what is near the bound may have been held up by something else.
    for _ in range(2):
        large = min(large, _cpu_s(do, TIMES * size)) if most <= large < 2 * most else large
    assert large < most, f"{TIMES} times the input takes {large / small:.0f} times the work"


def _cpu_s(do: Callable[[int], object], size: int) -> float:
    started = process_time()
    do(size)
    return process_time() - started


def count_lines(do: Callable[[], object]) -> int:
    """Returns how many lines of Python are run: the same number each time, on every machine."""
    lines = 0

    def trace(_frame: FrameType, event: str, _arg: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        do()
    finally:
        sys.settrace(before)
    return lines
