"""An encoder of AV1 leaves the scheduling of the process as it was, also where root may change it."""

from __future__ import annotations

import os
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from post.picture.encode import Encode
from post.render.encoder import open_encoder
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.values import Clock, Format

FILM = Format(128, 96, Clock(Fraction(24)), 2, 10)
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere SVT-AV1 changes no scheduling")


def scheduling() -> set[int]:
    """How the threads of this process are scheduled."""
    return {os.sched_getscheduler(int(thread.name)) for thread in Path("/proc/self/task").iterdir()}


def test_a_segment_in_av1_changes_no_scheduling(tmp_path: Path) -> None:
    before, while_open = scheduling(), set[int]()
    with open_encoder(
        tmp_path / "part.mp4", FILM, Encode(codec="av1", preset="12").settings("mp4")
    ) as encoder:
        while_open = scheduling()
        for _ in range(FILM.length):
            canvas = encoder.canvas()
            for plane in (canvas.planes.y, canvas.planes.cb, canvas.planes.cr):
                plane[:] = 512
            encoder.write(canvas)
    assert while_open == scheduling() == before


def test_a_clip_made_in_av1_changes_no_scheduling(tmp_path: Path) -> None:
    before = scheduling()
    make_clip(tmp_path / "clip.mp4", ClipRecipe(codec="libsvtav1", frames=2))
    assert scheduling() == before
