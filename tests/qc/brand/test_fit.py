"""A logo over fine lines is found by its ink and its parts; one of other ink, or without a part, is not."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from post.qc.brand.fit import FOUND, SAME_INK_FOUND, LogoInFrame, fit_template
from post.qc.brand.logo import SearchedFrame, find_logo
from post.qc.brand.template import draw_logo
from post.values.array import Array
from tests.qc.brand.branded import Drawn, coded, file_of, lay_logo

AT, WIDE = (34, 20), 48  # pixels: left and top of the logo, and its width
SHARE = 0.24  # of the width that `branded` draws
DISC = 45.6  # pixels: how wide its ink is
ORANGE, WHITE, DARK, GREEN = (45, 87, 228, 255), (255, 255, 255, 255), (60, 48, 26, 255), (60, 160, 40, 255)


def written(path: Path, disc: tuple[int, int, int, int] = ORANGE) -> Path:
    """Writes a disc with a sign on it."""
    rgba = np.zeros((400, 400, 4), np.uint8)
    cv2.circle(rgba, (200, 200), 190, disc, -1)
    cv2.fillPoly(rgba, [np.array([[200, 60], [320, 300], [80, 300]], np.int32)], WHITE)
    cv2.rectangle(rgba, (180, 180), (220, 280), DARK, -1)
    cv2.imwrite(str(path), rgba)
    return path


def over_grid(logo: Path, step: int, covered: float = 0.0) -> Array:
    """Returns dark cloth with thin lines and a logo, (360, 640, 3) uint8. step: pixels from line to line."""
    frame = np.full((360, 640, 3), 22, np.uint8)
    frame[4::step] = frame[:, 8::step] = 235
    return coded(lay_logo(frame, logo, Drawn(wide=SHARE, covered=covered), AT))


def searched(frame: Array, logo: Path) -> tuple[float, LogoInFrame | None]:
    """Returns the correlation of a logo's edges where it was laid, and what a search of the frame finds."""
    template = draw_logo(file_of(logo))
    laid = fit_template(frame, template, (*AT, WIDE, WIDE))
    assert laid is not None
    return laid.score, find_logo(SearchedFrame(frame), template)


@pytest.mark.parametrize("step", [11, 15, 24])
def test_a_logo_over_a_grid_is_found(step: int, tmp_path: Path) -> None:
    logo = written(tmp_path / "logo.png")
    score, found = searched(over_grid(logo, step), logo)
    assert SAME_INK_FOUND <= score < FOUND, "lines where the logo is clear cost it edges"
    assert found is not None
    assert found.corners[0] == pytest.approx(np.add(AT, (WIDE - DISC) / 2), abs=1)
    assert found.size == pytest.approx((DISC, DISC), abs=1)


def test_a_shape_of_other_ink_over_a_grid_is_not_the_logo(tmp_path: Path) -> None:
    logo, other = written(tmp_path / "logo.png"), written(tmp_path / "other.png", GREEN)
    score, found = searched(over_grid(other, 22), logo)
    assert score >= SAME_INK_FOUND
    assert found is None


def test_a_logo_over_a_grid_that_lacks_a_part_is_not_found(tmp_path: Path) -> None:
    logo = written(tmp_path / "logo.png")
    score, found = searched(over_grid(logo, 24, covered=0.2), logo)
    assert SAME_INK_FOUND <= score < FOUND
    assert found is None
