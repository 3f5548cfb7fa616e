"""One clip's frames on their way into the film."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from post.render.clip_frames import graded_frame
from post.takes.made.synthetic import make_clip
from post.takes.probe import probe
from post.values import BT709, ClipInSegment, Format, Span, Window
from tests.made.numbered import small

WHOLE = Window(Fraction(0), Fraction(0), Fraction(1), Fraction(1))
GREYS = (0.2, 0.8)


@pytest.mark.parametrize("weight", [Fraction(0), Fraction(1, 4), Fraction(3, 4)])
def test_a_blended_frame_has_its_weight_of_the_next_one(weight: Fraction, tmp_path: Path) -> None:
    recipe = small(frames=2, b_frames=0, colour=BT709)
    path = make_clip(
        tmp_path / "clip.mp4",
        recipe,
        lambda frame: np.full((recipe.height, recipe.width, 3), GREYS[frame], np.float32),
    )
    take = probe(path, "clip")
    film = Format(recipe.width, recipe.height, take.picture.grid, 1)
    clip = ClipInSegment(take.file, take.picture, Span(0, 1), ((0, weight),), WHOLE)
    grey = (graded_frame(clip, film, 0).y.mean() / 256 - 16) / 219
    assert grey == pytest.approx(GREYS[0] + float(weight) * (GREYS[1] - GREYS[0]), abs=0.01)
