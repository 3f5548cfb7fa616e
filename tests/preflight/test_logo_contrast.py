"""How well logos are seen: on the shot that they stand on, by their outline, or by a ground of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from post.engine import ContentStore
from post.job import load_job
from post.preflight import logo_contrast
from post.preflight.logo_contrast import outline_contrast
from post.preflight.plan_checked import plan_checked
from post.stage import Raster
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.values.array import Array
from post.values.warning import JobWarning
from tests.made.stores import open_store

JOB = """
schema: Job.2
title: Spot
clock: 24
look: none
grain: none
label: none
takes: {{clip: "{clip}"}}
cut: [{{take: clip, length: 1s}}]
brand: [{brand}]
deliver: [{{preset: social-16x9, width: 640, height: 360}}]
"""


def mark(colour: tuple[int, int, int], ground: tuple[int, int, int] | None = None) -> Array:
    """Three bars of one colour, 60x100 RGBA, on a ground of their own or on nothing."""
    rgba = np.zeros((60, 100, 4), np.uint8)
    if ground is not None:
        rgba[...] = (*ground, 255)
    for left in (12, 42, 72):
        rgba[10:50, left : left + 16] = (*colour, 255)
    return rgba


def bordered(rgba: Array) -> Raster:
    return Raster(np.pad(rgba.astype(np.float32) / 255, ((5, 5), (5, 5), (0, 0))), 0, 0)


def on(rgba: Array, code: float) -> float:
    raster = bordered(rgba)
    return outline_contrast(raster, np.full((*raster.rgba.shape[:2], 3), code, np.float32))


def test_black_on_black_and_white_on_white_have_a_contrast_of_1_and_across_21() -> None:
    black, white = mark((0, 0, 0)), mark((255, 255, 255))
    assert on(black, 0) == pytest.approx(1)
    assert on(white, 1) == pytest.approx(1)
    assert on(black, 1) == pytest.approx(21)
    assert on(white, 0) == pytest.approx(21)


def test_grey_is_as_wcag_has_it() -> None:
    """#767676 on white: 4.54, WebAIM's and WCAG's own example of the least grey that passes 4.5."""
    assert on(mark((0x76, 0x76, 0x76)), 1) == pytest.approx(4.54, abs=0.01)


def test_a_badge_is_seen_by_its_own_ground_and_a_dot_of_another_colour_is_none() -> None:
    assert on(mark((0, 0, 0), (255, 255, 255)), 1) > 3
    dotted = mark((0, 0, 0))
    dotted[28:32, 48:52, :3] = 255
    assert on(dotted, 0) < 3


def plan_of(folder: Path, clip: Path, logo: Array, more: str = "", first: str = "") -> list[JobWarning]:
    Image.fromarray(logo).save(folder / "logo.png")
    brand = f"{first}{{file: logo.png, at: 0s, width: 20, place: top-left{more}}}"
    (folder / "job.yaml").write_text(JOB.format(clip=clip, brand=brand))
    keep = open_store(folder)
    asked = load_job(folder / "job.yaml"), (), ContentStore(folder / "content"), "", keep
    found = plan_checked(*asked)[1].warnings
    assert plan_checked(*asked)[1].warnings == found
    return [each for each in found if each.code == "logo-contrast"]


@pytest.mark.media
@pytest.mark.parametrize(("value", "hard"), [(0, True), (255, False)])
def test_a_black_logo_vanishes_in_a_dark_room_and_a_white_one_does_not(
    media: Callable[[str], Path], tmp_path: Path, value: int, hard: bool
) -> None:
    found = plan_of(tmp_path, media("ai_clips/diffsynth_office.mp4"), mark((value,) * 3))
    assert bool(found) == hard
    for each in found:
        assert (each.of, each.films) == ("graphic logo.png", ("social-16x9",))
        assert each.frame is not None
        assert float(each.got.split()[0]) < 3


def test_what_lies_under_a_logo_counts_and_the_answer_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = tmp_path / "clip.mp4"
    make_clip(clip, ClipRecipe("black", 320, 180, frames=30))
    asked = list[int]()
    measured = logo_contrast._measured

    def counted(*args: object) -> object:
        asked.append(1)
        return measured(*args)  # type: ignore[arg-type]  # as it is called

    monkeypatch.setattr(logo_contrast, "_measured", counted)
    assert plan_of(tmp_path, clip, mark((0, 0, 0)))
    assert len(asked) == 1
    Image.fromarray(np.full((60, 100, 4), 255, np.uint8)).save(tmp_path / "plate.png")
    plate = "{file: plate.png, at: 0s, width: 30, place: top-left}, "
    assert not plan_of(tmp_path, clip, mark((0, 0, 0)), first=plate)
