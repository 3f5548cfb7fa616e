"""Law 3 in practice: kills the whole program at random moments, one in each part of its run, then runs it again."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.flow.commands import answerprint, start
from tests.flow_job import JOB, make_clips

KILLS = 5
# Large enough that a run lasts a few seconds, so that kills land in all its parts.
LARGER = JOB.replace("width: 160\n    height: 90", "width: 1280\n    height: 720").replace(
    "crf: 0", "crf: 20"
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kill")
    make_clips(folder)
    (folder / "job.yaml").write_text(LARGER)
    return folder


def finish(folder: Path, out: str, store: str) -> dict[str, Any]:
    data: dict[str, Any] = answerprint(folder, *arguments(folder, out, store), "--json").data
    return data


def arguments(folder: Path, out: str, store: str) -> tuple[str | Path, ...]:
    return "finish", folder / "job.yaml", "-o", folder / out, "--store", folder / store


def test_a_run_killed_at_random_moments_still_makes_the_same_film(folder: Path) -> None:
    started = time.monotonic()
    whole = finish(folder, "whole", "store-whole")
    lasts = time.monotonic() - started
    dice = random.Random(20261121)
    for part in range(KILLS):
        running = start(folder, *arguments(folder, "killed", "store-killed"))
        time.sleep(0.1 + (part + dice.random()) * lasts / KILLS)
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        if (folder / "killed" / "wide.mp4").exists():
            assert answerprint(folder, "verify", folder / "killed" / "wide.mp4").code == 0
    (folder / "killed" / ".answerprint-0badcafe.part").mkdir()
    (folder / "killed" / ".answerprint-0badcafe.part" / "wide.mp4").touch()
    again = finish(folder, "killed", "store-killed")
    assert unsigned(again) == unsigned(whole)
    assert sorted(path.name for path in (folder / "killed").iterdir()) == sorted(
        path.name for path in (folder / "whole").iterdir()
    )


def test_a_second_run_makes_no_segment(folder: Path) -> None:
    finish(folder, "first", "store-twice")
    (row,) = finish(folder, "second", "store-twice")["deliverables"]
    assert row["reused"] == row["segments"] > 0


def unsigned(data: dict[str, Any]) -> list[str]:
    return [row["unsigned_sha256"] for row in data["deliverables"]]
