"""Samples are as far apart as is asked for; in a film that is too long for that, it is told how far they are."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np

from post.qc.sampled import sampled_numbers, step_between
from post.takes.probe import probe
from tests.qc.flash.made import write_film

HALF = Fraction(1, 2)


def test_the_step_is_that_of_the_samples_that_were_taken(tmp_path: Path) -> None:
    path = write_film(tmp_path / "film.mp4", lambda at: np.full((64, 64), at / 100), 120)
    picture = probe(path, path.name).picture
    assert step_between(picture, sampled_numbers(picture, HALF, 240), HALF) == HALF
    spread = sampled_numbers(picture, HALF, 3)
    assert len(spread) == 3
    assert step_between(picture, spread, HALF) == Fraction(5, 2)
    assert step_between(picture, [0], HALF) == HALF
