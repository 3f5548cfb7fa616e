from __future__ import annotations

import math
from pathlib import Path

import pytest

from post.engine.room_here import processor_quota, tasks_at_once

GB = 1_000_000_000


@pytest.mark.parametrize(("processors", "memory", "quota", "expected"), [
    (2, 8 * GB, math.inf, 2),
    (128, 256 * GB, math.inf, 128),
    (128, 64 * GB, math.inf, 64),  # memory is the bound
    (64, 512 * GB, 3.5, 4),  # a container's share of a large machine
    (4, GB // 2, math.inf, 1),
    (4, 0, math.inf, 4),  # memory is not known
    (1, 8 * GB, 0.2, 1),
])  # fmt: skip
def test_there_are_as_many_tasks_as_processors_and_memory_have_room_for(
    processors: int, memory: int, quota: float, expected: int
) -> None:
    assert tasks_at_once(processors, memory, quota) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("350000 100000\n", 3.5), ("max 100000\n", math.inf), ("", math.inf), ("1 0", math.inf),
])  # fmt: skip
def test_a_container_s_limit_is_read(text: str, expected: float, tmp_path: Path) -> None:
    (tmp_path / "cpu.max").write_text(text)
    assert processor_quota(tmp_path / "cpu.max") == expected
    assert processor_quota(tmp_path / "none") == math.inf
