"""Bounds on work that hold on any machine, busy or not: it is counted, or compared with itself on a larger input."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time
from types import FrameType
from typing import Any

# So many times the input takes so many times the work: 4096 times, where each beginning is gone over to the end.
TIMES = 64
# Half way (in factors) between TIMES and what squares take. A busy machine takes up to twice the processor time for
# the same work, and its fixed costs, which are in the small input as well, make the factor smaller.
SLACK = 8
TRIES = 5


def check_growth(do: Callable[[int], object], size: int) -> None:
    """Fails if work in native code, which cannot be counted (regular expressions), grows faster than its input.

    do: does the work on an input of a given size. Work on `TIMES * size` is compared with work on `size`, each the
    least processor time of some tries in this run: no second of any machine is in the bound.
    """
    small = min(_cpu_s(do, size) for _ in range(TRIES))
    large = _cpu_s(do, TIMES * size)
    for _ in range(TRIES - 1):
        # Squares would take TIMES times as much: where there is doubt, the machine may have been busy.
        large = min(large, _cpu_s(do, TIMES * size)) if _is_doubtful(large / small) else large
    assert large < SLACK * TIMES * small, f"{TIMES} times the input takes {large / small:.0f} times the work"


def _is_doubtful(growth: float) -> bool:
    return SLACK * TIMES <= growth < TIMES * TIMES


def _cpu_s(do: Callable[[int], object], size: int) -> float:
    started = process_time()
    do(size)
    return process_time() - started


def count_lines(do: Callable[[], object]) -> int:
    """Returns how many lines of Python are run: the same number each time, on every machine.

    Python's versions count a little differently.
    """
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


def count_calls(do: Callable[[], object]) -> int:
    """Returns how many functions are called, those of libraries included: a third of the cost of counting lines."""
    calls = 0

    def profile(_frame: FrameType, event: str, _arg: Any) -> None:
        nonlocal calls
        calls += event.endswith("call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        do()
    finally:
        sys.setprofile(before)
    return calls


def count_bytes_read(do: Callable[[], object]) -> int:
    """Returns how many bytes this process reads from files, libraries too; 0 where the system does not say."""
    before = _bytes_read()
    do()
    return _bytes_read() - before


def _bytes_read() -> int:
    # Source: proc(5), /proc/pid/io: rchar.
    told = Path("/proc/self/io")
    return int(told.read_text().split()[1]) if told.exists() else 0
