"""A coded film is measured in one pass: its flashes, its black and its still frames come out with their frames."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from post.errors import SourceError
from post.qc.frame_pass import measure_frames
from post.values.array import Array
from post.values.sights.flash import FlashLimit
from post.values.time import Span
from tests.qc.flash.made import write_film

NOISE = np.random.default_rng(2).random((90, 260)) * 0.5 + 0.3


def luma(number: int) -> Array:
    """Black, then a picture that moves, that flashes for a second from frame 24 on, and that stands from 56 on."""
    if number < 4:
        return np.zeros((90, 160))
    shown = NOISE[:, min(number, 56) : min(number, 56) + 160]
    return shown * (0.3 if 24 <= number < 48 and number // 3 % 2 else 1)


def test_a_film_is_measured_as_it_was_made(tmp_path: Path) -> None:
    sights = measure_frames(write_film(tmp_path / "film.mp4", luma, 72))
    judged = sights.flashes.judged(FlashLimit())
    failed = sights.flashes.runs(each.state == "fail" for each in judged)
    assert len(failed) == 1
    assert failed[0].first == 45  # the seventh change: 27, 30, 33, 36, 39, 42, 45
    assert not any(each.red.changes(0.0, "field") for each in sights.flashes.frames)
    assert sights.frames.black == (Span(0, 4),)
    ((first, stop),) = ((run.first, run.stop) for run in sights.frames.still)
    assert first in (56, 57)  # its codec may still refine it once
    assert stop == 72
    assert sights.frames.strays == ()


@pytest.mark.parametrize("name", ["footage/bikes_street_272p.mp4", "ai_clips/matrixgame2_forest.mp4"])
def test_real_clips_do_not_flash(name: str) -> None:
    root = os.environ.get("ANSWERPRINT_MEDIA")
    if root is None:
        pytest.skip(f"ANSWERPRINT_MEDIA is unset: {name}")
    sights = measure_frames(Path(root) / name)
    for red in (False, True):
        judged = sights.flashes.judged(FlashLimit(of="field"), red=red)
        assert {each.state for each in judged} <= {"pass", "warning"}
    assert sights.frames.black == ()


def test_what_is_no_film_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_text("no film")
    with pytest.raises(SourceError):
        measure_frames(tmp_path / "film.mp4")
