"""A label of auto polarity: decided for each shot by its picture, constant over it, and legible in every frame."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from post.engine import ContentStore
from post.job import load_job
from post.picture.kernel import new_planes, to_rgb
from post.picture.label import AUTO, GIVEN, SWAPPED, Label
from post.picture.type.contrast import LEAST_CONTRAST, contrast, luminance
from post.preflight.plan_checked import plan_checked
from post.render.segment import draw
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.values import Plan, Rendition
from post.values.array import Array

JOB = """
schema: Job.2
title: Spot
clock: 24
look: none
grain: none
takes: {{a: "{a}", b: "{b}"}}
cut: [{{take: a, length: 12f}}, {{take: b, length: 12f{more}}}]
label: {{preset: standard, place: top-left, polarity: {polarity}}}
deliver: [{{preset: social-16x9, width: 640, height: 360}}]
"""


def plan_of(folder: Path, clips: tuple[Path, Path], polarity: str = AUTO, more: str = "") -> Plan:
    text = JOB.format(a=clips[0], b=clips[1], polarity=polarity, more=more)
    (folder / "job.yaml").write_text(text)
    return plan_checked(load_job(folder / "job.yaml"), (), ContentStore(folder / "content"), "")[1]


def shown(film: Rendition) -> list[str]:
    """The polarity of the label in each frame of the film."""
    found: dict[int, str] = {}
    for segment in film.on_film:
        for layer in (each for each in segment.layers if each.call.stage == "label"):
            for frame in layer.span:
                assert frame not in found
                found[frame] = str(layer.call.knob("polarity"))
    return [found[frame] for frame in sorted(found)]


def measured(film: Rendition, frame: int) -> float:
    """The contrast of the label's type to its plate in a finished frame, by the medians of both."""
    segment = next(each for each in film.on_film if frame in each.span)
    layer = next(each for each in segment.layers if frame in each.span)
    label = Label.from_call(layer.call)
    raster, canvas = label.draw(film.format), film.format
    planes = new_planes(canvas.height, canvas.width, canvas.depth, canvas.chroma)
    draw(segment, frame, planes)
    rgb = np.clip(to_rgb(planes, canvas.depth, canvas.colour, canvas.chroma), 0, 1)
    height, width = raster.rgba.shape[:2]
    seen = luminance(rgb[raster.top : raster.top + height, raster.left : raster.left + width])
    ink = (raster.rgba[..., 3] == 1) & (
        np.abs(raster.rgba[..., :3] - np.array(label.colours[0])).max(-1) < 0.01
    )
    plate = np.abs(raster.rgba[..., 3] - label.plate_opacity) < 0.01
    return float(contrast(np.median(seen[ink]), np.quantile(seen[plate], 0.98 if not _dark(label) else 0.02)))


def _dark(label: Label) -> bool:
    return bool(luminance(np.array(label.colours[0])) < 0.2)


@pytest.mark.slow
def test_the_label_is_dark_on_light_on_snow_and_light_on_dark_in_a_dark_room(
    media: Callable[[str], Path], tmp_path: Path
) -> None:
    clips = media("ai_clips/ltx2_dog_snow.mp4"), media("ai_clips/diffsynth_office.mp4")
    plan = plan_of(tmp_path, clips)
    (film,) = plan.renditions
    assert shown(film) == [SWAPPED] * 12 + [GIVEN] * 12
    found = {frame: measured(film, frame) for frame in (0, 6, 11, 12, 18, 23)}
    assert min(found.values()) >= LEAST_CONTRAST
    (fixed,) = plan_of(tmp_path, clips, GIVEN).renditions
    assert all(found[frame] > measured(fixed, frame) for frame in (0, 6, 11))


def flat(folder: Path, name: str, *greys: float) -> Path:
    def scene(number: int) -> Array:
        return np.full((90, 160, 3), greys[number % len(greys)], np.float32)

    return make_clip(folder / name, ClipRecipe(width=160, height=90, frames=24), scene)


def test_it_is_constant_over_a_shot_and_changes_in_the_middle_of_a_transition(tmp_path: Path) -> None:
    bright, flashing = flat(tmp_path, "a.mkv", 0.95), flat(tmp_path, "b.mkv", 0.05, 0.05, 0.3)
    plan = plan_of(tmp_path, (bright, flashing), more=", transition: 6f")
    (film,) = plan.renditions
    assert shown(film) == [SWAPPED] * 9 + [GIVEN] * 9
    spans = [(each.span.first, each.span.stop) for each in film.placed if each.call.stage == "label"]
    assert spans == [(0, 9), (9, 18)]
    rows = [row for row in plan.origins if row[0].startswith("label.polarity (")]
    assert [row[1] for row in rows] == [SWAPPED, GIVEN]
    assert rows[0][2].startswith("auto: ")


def test_a_card_under_the_label_is_what_it_stands_on(tmp_path: Path) -> None:
    bright = flat(tmp_path, "a.mkv", 0.95)
    more = "}]\ntitles: [{text: End, at: 12f, length: 12f, style: end-card"
    (film,) = plan_of(tmp_path, (bright, bright), more=more).renditions
    assert shown(film) == [SWAPPED] * 12 + [GIVEN] * 12


def test_a_polarity_that_is_given_is_kept(tmp_path: Path) -> None:
    clips = flat(tmp_path, "a.mkv", 0.95), flat(tmp_path, "b.mkv", 0.05)
    for polarity in (GIVEN, SWAPPED):
        (film,) = plan_of(tmp_path, clips, polarity).renditions
        assert shown(film) == [polarity] * 24


def test_both_polarities_are_legible_over_every_picture_where_the_picture_decides() -> None:
    given, swapped, either = (Label(polarity=each).contrast for each in (GIVEN, SWAPPED, AUTO))
    assert either == min(given, swapped) >= LEAST_CONTRAST
