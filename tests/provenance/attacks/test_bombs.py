"""Files that attack a parser end in a clear finding, with little work and in little memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.provenance.attacks.bombs import BOMBS, write

# Calls of functions: parsing all of a bomb would take a hundred million. Few: what a real file may take.
MOST_CALLS, FEW_CALLS, MOST_MB = 8_000_000, 400_000, 200
HANGS_S = 900  # a child that takes so long never ends


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What another process, without network, reports of all of them, one after the other."""
    folder = tmp_path_factory.mktemp("bombs")
    for name in BOMBS:
        write(name, folder)
    return by_child(folder)


def by_child(folder: Path) -> dict[str, dict[str, Any]]:
    command = [sys.executable, "-m", "tests.provenance.attacks.child", str(folder)]
    root = Path(__file__).parents[3]
    place = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=root, env=place, timeout=HANGS_S
    )
    assert done.returncode == 0, done.stderr[-2000:]
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {row["name"]: row for row in rows}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_a_finding_with_little_work(name: str, told: dict[str, dict[str, Any]]) -> None:
    row = told[name]
    assert row["crash"] == ""
    assert row["integrity"] in ("absent", "unreadable")
    assert row["exit_code"] in (6, 7)
    assert row["findings"]
    assert row["calls"] < MOST_CALLS
    assert row["peak_mb"] < MOST_MB


@pytest.mark.media
def test_every_public_file_is_read_offline_with_little_work_and_memory(media: Callable[[str], Path]) -> None:
    found = by_child(media("c2pa"))
    assert len(found) >= 31
    for name, row in found.items():
        assert row["crash"] == "", name
        assert row["calls"] < FEW_CALLS, name
        assert row["peak_mb"] < MOST_MB, name
        assert row["exit_code"] in (6, 7), name
