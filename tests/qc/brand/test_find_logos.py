"""The logos of a film are found from when to when; of two versions of a logo, the likelier is told."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from post.qc.brand.find_logos import LogoQuestion
from post.qc.brand.marks import MarkQuestion
from post.qc.film_pass import measure_one
from post.values.brand.guide import VendorMark
from tests.qc.brand.branded import RATE, Drawn, file_of, lay_logo, logo_file, write_branded
from tests.qc.text.typed_films import real_frame

pytestmark = pytest.mark.media
Media = Callable[[str], Path]


def test_a_logo_has_its_times_and_its_place(media: Media, tmp_path: Path) -> None:
    frame = real_frame(media("ai_clips/ltx2_guitar_student.mp4"))
    logo, old = media("graphics/logo_blender.svg"), media("graphics/logo_creativecommons.svg")
    film = write_branded(
        tmp_path / "film.mp4",
        frame,
        lambda number, bare: lay_logo(bare, logo, Drawn(wide=0.8)) if 9 <= number < 21 else bare,
        frames=30,
    )
    sight = measure_one(film, LogoQuestion((logo_file(logo), logo_file(old, retired=True))))
    (seen,) = sight.seen
    assert (seen.id, seen.retired) == ("logo_blender", False)
    assert seen.stretches == ((Fraction(9, RATE), Fraction(21, RATE)),)
    assert seen.stretch == pytest.approx(1.0, abs=0.01)
    assert seen.width_percent == pytest.approx(100 * 160 / 960, abs=0.5)
    assert (sight.width, sight.height, sight.length) == (960, 540, Fraction(30, RATE))


@pytest.mark.parametrize(
    ("keeps", "shown"), [("kept", True), ("blurred", False), ("cropped", False), ("smaller", True)]
)
def test_a_mark_of_a_generator_is_kept_or_lost(keeps: str, shown: bool, media: Media, tmp_path: Path) -> None:
    import cv2

    frame = real_frame(media("ai_clips/ltx2_guitar_student.mp4"))
    marked = lay_logo(frame, media("graphics/logo_ffmpeg.svg"), Drawn(wide=0.5, tint=(1, 1, 1)), (820, 430))
    take = write_branded(tmp_path / "take.mp4", marked, lambda number, bare: marked, frames=3)
    made = marked.copy()
    if keeps == "blurred":
        made[420:535, 810:935] = cv2.GaussianBlur(made[420:535, 810:935], (0, 0), 9)
    elif keeps == "cropped":
        made = cv2.resize(made[:405, :720], (960, 540))
    elif keeps == "smaller":
        made = cv2.resize(cv2.copyMakeBorder(made, 60, 60, 106, 106, cv2.BORDER_CONSTANT), (960, 540))
    film = write_branded(tmp_path / "film.mp4", made, lambda number, bare: made, frames=6)
    mark = VendorMark("maker", file_of(take), 1, (810, 420, 935, 535), ((Fraction(0), Fraction(1, 2)),))
    (sample,) = measure_one(film, MarkQuestion((mark,))).seen
    assert (sample.box is not None and sample.correlation > 0.6) == shown
