"""Logos are found on real frames, however they are drawn, and what is wrong with them is measured; frames without one
give none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from post.qc.brand.fit import LogoInFrame
from post.qc.brand.logo import SearchedFrame, find_logo
from post.qc.brand.template import draw_logo
from post.values.array import Array
from tests.qc.brand.branded import WIDE, Drawn, coded, file_of, lay_logo
from tests.qc.text.typed_films import real_frame

pytestmark = pytest.mark.media
LOGOS = ("logo_moviepy.png", "logo_blender.svg", "logo_creativecommons.svg")
CLIPS = ("footage/bikes_street_272p.mp4", "ai_clips/ltx2_dog_snow.mp4", "ai_clips/ltx2_guitar_student.mp4")
RED = (0.85, 0.1, 0.1)
PLAIN = Drawn(wide=0.8)
Media = Callable[[str], Path]


@pytest.fixture(scope="module")
def frames(media: Media) -> list[Array]:
    return [real_frame(media(clip)) for clip in CLIPS]


def found(media: Media, frames: list[Array], logo: str, drawn: Drawn) -> list[LogoInFrame | None]:
    path = media(f"graphics/{logo}")
    template = draw_logo(file_of(path))
    return [find_logo(SearchedFrame(coded(lay_logo(each, path, drawn))), template) for each in frames]


@pytest.mark.parametrize(
    ("drawn", "stretch", "opacity", "recoloured"),
    [
        (PLAIN, 1.0, 1.0, False),
        (Drawn(wide=0.8, stretch=1.1), 1.1, 1.0, False),
        (Drawn(wide=0.8, stretch=0.85), 0.85, 1.0, False),
        (Drawn(wide=0.8, tint=RED), 1.0, None, True),
        (Drawn(wide=0.8, opacity=0.5), 1.0, 0.5, False),
    ],
    ids=["plain", "stretched", "squeezed", "recoloured", "faded"],
)
def test_a_logo_is_measured_as_it_is_drawn(
    drawn: Drawn,
    stretch: float,
    opacity: float | None,
    recoloured: bool,
    media: Media,
    frames: list[Array],
) -> None:
    shape = draw_logo(file_of(media(f"graphics/{LOGOS[1]}"))).shape
    for each in found(media, frames, LOGOS[1], drawn):
        assert each is not None
        width, height = each.size
        assert width / height / shape == pytest.approx(stretch, abs=0.015)
        assert (each.delta_e > 20) == recoloured
        assert each.covered < 0.05
        if opacity is not None:
            assert each.opacity == pytest.approx(opacity, abs=0.06)


def test_the_size_of_a_logo_is_measured(media: Media, frames: list[Array]) -> None:
    whole, small = (found(media, frames, LOGOS[1], Drawn(wide=wide)) for wide in (1.0, 0.9))
    for one, other in zip(whole, small, strict=True):
        assert one is not None
        assert other is not None
        assert one.size[0] == pytest.approx(WIDE, abs=3)
        assert other.size[0] / one.size[0] == pytest.approx(0.9, abs=0.01)


def test_a_logo_that_is_partly_covered_is_told_or_not_found(media: Media, frames: list[Array]) -> None:
    for logo in LOGOS:
        for each in found(media, frames[:2], logo, Drawn(wide=0.8, covered=0.4)):
            assert each is None or each.covered > 0.15 or each.delta_e > 10


@pytest.mark.parametrize("logo", LOGOS)
def test_frames_without_the_logo_give_none(logo: str, media: Media, frames: list[Array]) -> None:
    template = draw_logo(file_of(media(f"graphics/{logo}")))
    others = [
        coded(lay_logo(frames[0], media(f"graphics/{other}"), PLAIN)) for other in LOGOS if other != logo
    ]
    assert [find_logo(SearchedFrame(each), template) for each in (*frames[:2], *others)] == [None] * 4


def test_a_wordmark_is_found_on_a_plain_ground(media: Media, frames: list[Array]) -> None:
    (each,) = found(media, frames[:1], LOGOS[0], Drawn())
    assert each is not None
    assert each.delta_e < 10
    assert np.abs(np.array(each.box[:2]) - (600, 60)).max() < 60
