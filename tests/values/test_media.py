from __future__ import annotations

import os
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from post.values import File, Picture
from tests.plan.made import take


@pytest.mark.parametrize(
    ("rotation", "shown"),
    [
        (0, (Fraction(640), 480)),
        (90, (Fraction(540), 720)),
        (180, (Fraction(640), 480)),
        (270, (Fraction(540), 720)),
    ],
)
def test_a_picture_of_narrow_pixels_keeps_its_shape_when_it_is_turned(
    rotation: int, shown: tuple[Fraction, int]
) -> None:
    # 720 columns of pixels 8:9: 4:3 as it lies, and 3:4 upright.
    picture: Picture = replace(take().picture, width=720, height=480, sar=Fraction(8, 9), rotation=rotation)
    assert picture.shown == shown
    assert shown[0] / shown[1] == (Fraction(3, 4) if rotation % 180 else Fraction(4, 3))


def test_a_name_that_is_no_text_is_shown_as_text_and_found_by_its_path() -> None:
    path = Path(os.fsdecode(b"/clips/caf\xe9.mp4"))
    file = File("0" * 64, path.name, path)
    assert (file.name, file.here) == ("caf?.mp4", path)
    assert File("0" * 64, "café.mp4").name == "café.mp4"
