"""A film opened as a clip of moviepy, an extra: exact to the frame."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from post.deliver.moviepy_clip import open_as_moviepy
from post.takes.made.synthetic import ClipRecipe, SoundRecipe, make_clip
from post.values import BT709
from post.values.array import Array


def numbered(at: int) -> Array:
    """A grey picture whose level is its frame's number."""
    return np.full((48, 64, 3), (40 + 10 * at) / 255, np.float32)


def test_each_time_shows_the_frame_that_a_player_shows(tmp_path: Path) -> None:
    pytest.importorskip("moviepy", reason="moviepy is not installed")
    rate = Fraction(30000, 1001)
    recipe = ClipRecipe("dusk", 64, 48, rate, 12, colour=BT709, sound=SoundRecipe(codec="aac"))
    clip = open_as_moviepy(make_clip(tmp_path / "film.mp4", recipe, numbered))
    try:
        assert (clip.size, clip.fps) == ((64, 48), pytest.approx(29.97, abs=0.001))
        assert clip.duration == pytest.approx(12 / rate)
        levels = [float(clip.get_frame(float(at / rate)).mean()) for at in (0, 1, 7, 11, 5)]
        assert levels == pytest.approx([40, 50, 110, 150, 90], abs=2)
        assert clip.get_frame(float(Fraction(19, 2) / rate)).mean() == pytest.approx(130, abs=2)
        assert clip.audio.nchannels == 2
        assert abs(clip.audio.to_soundarray(fps=48000)).max() > 0.05
    finally:
        clip.close()
