"""What other tests hold work to: it is counted exactly, and squares are told from what is gone over once."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.made.work import check_growth, count_bytes_read, count_calls, count_lines


def test_what_is_gone_over_once_may_be_as_large_as_it_likes() -> None:
    check_growth(lambda size: re.search("b+c", "b" * size + "c"), 300)


def test_squares_are_found() -> None:
    with pytest.raises(AssertionError, match="^64 times the input takes [0-9]+ times the work"):
        check_growth(lambda size: re.search("a+b", "a" * size), 300)


@pytest.mark.parametrize("rounds", [1, 50])
def test_lines_and_calls_are_counted(rounds: int) -> None:
    def work() -> None:
        for number in range(rounds):
            abs(number)

    assert count_lines(work) == 2 * rounds + 1
    # Those of the counting itself are three: the work, `range`, and what ends the counting.
    assert count_calls(work) == rounds + count_calls(lambda: None) + (
        count_calls(lambda: range(1)) - count_calls(lambda: None)
    )


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="the system does not say what is read")
def test_bytes_read_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(os.urandom(1 << 20))
    assert count_bytes_read(lambda: None) < 1000
    assert 0 <= count_bytes_read(path.read_bytes) - (1 << 20) < 1000
