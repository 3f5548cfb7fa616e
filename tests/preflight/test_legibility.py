"""How well titles can be read on the pictures that they stand on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from post.engine import ContentStore, Store
from post.job import load_job
from post.picture.type.contrast import contrast, luminance
from post.plan.film_part import read_range
from post.preflight import legibility
from post.preflight.plan_checked import plan_checked
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.values import Plan
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
titles: [{{text: Winter sale, at: 0s, length: 1s{more}}}]
{rest}
deliver: [{{preset: social-16x9, width: 640, height: 360}}]
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Where what is measured of the real clips is kept: each is measured once, as in a user's store."""
    return open_store(tmp_path_factory.mktemp("kept"))


def plan_of(folder: Path, clip: Path, more: str = "", rest: str = "", keep: Store | None = None) -> Plan:
    (folder / "job.yaml").write_text(JOB.format(clip=clip, more=more, rest=rest))
    content = ContentStore(folder / "content")
    return plan_checked(load_job(folder / "job.yaml"), (), content, "", keep)[1]


def hard_to_read(plan: Plan) -> list[JobWarning]:
    return [each for each in plan.warnings if each.code == "type-contrast"]


@pytest.mark.parametrize(("name", "hard"), [("ltx2_dog_snow", True), ("diffsynth_office", False)])
def test_white_type_cannot_be_read_on_snow_and_can_in_a_dark_room(
    media: Callable[[str], Path], tmp_path: Path, kept: Store, name: str, hard: bool
) -> None:
    found = hard_to_read(plan_of(tmp_path, media(f"ai_clips/{name}.mp4"), keep=kept))
    assert bool(found) == hard
    assert [(each.of, each.where.rpartition("/")[2]) for each in found] == [
        ('title "Winter sale"', "job.yaml:10")
    ] * hard


@pytest.mark.parametrize(("part", "hard"), [("8f..20f", True), ("0f..14f", True), ("16f..24f", False)])
def test_of_a_range_the_titles_that_it_shows_are_measured(
    media: Callable[[str], Path], tmp_path: Path, kept: Store, part: str, hard: bool
) -> None:
    snow, shorter = (
        media("ai_clips/ltx2_dog_snow.mp4"),
        JOB.replace("at: 0s, length: 1s", "at: 0s, length: 16f"),
    )
    (tmp_path / "job.yaml").write_text(shorter.format(clip=snow, more="", rest=""))
    content, span = ContentStore(tmp_path / "content"), read_range(part, "--range")
    plan = plan_checked(load_job(tmp_path / "job.yaml"), (), content, facts=kept, part=span)[1]
    assert bool(hard_to_read(plan)) == hard


def test_a_title_is_not_read_while_it_fades(
    media: Callable[[str], Path], tmp_path: Path, kept: Store
) -> None:
    """It stands over a dark room, and its last frames, in which it goes, lie on snow."""
    dark, snow = (media(f"ai_clips/{name}.mp4") for name in ("diffsynth_office", "ltx2_dog_snow"))
    cut = "[{take: clip, length: 22f}, {take: snow, length: 8f}]"
    job = JOB.replace('{{clip: "{clip}"}}', f'{{{{clip: "{{clip}}", snow: "{snow}"}}}}')
    for frames, hard in ((24, False), (30, True)):
        text = job.format(clip=dark, more=", fade_out: 6f", rest="").replace(
            "[{take: clip, length: 1s}]", cut
        )
        (tmp_path / "job.yaml").write_text(
            text.replace("length: 1s, fade_out", f"length: {frames}f, fade_out")
        )
        planned = plan_checked(
            load_job(tmp_path / "job.yaml"), (), ContentStore(tmp_path / "content"), "", kept
        )[1]
        assert bool(hard_to_read(planned)) == hard


@pytest.mark.parametrize("bright", [range(22, 28), range(0), range(64, 70)])
@pytest.mark.parametrize("part", ["all", "below"])
def test_six_bright_frames_of_three_seconds_are_found(tmp_path: Path, bright: range, part: str) -> None:
    def scene(number: int) -> Array:
        image = np.full((180, 320, 3), 0.1, np.float32)
        if number in bright:
            image[0 if part == "all" else 120 :] = 0.95
        return image

    clip = make_clip(tmp_path / "clip.mkv", ClipRecipe(width=320, height=180, frames=72), scene)
    job = JOB.replace("length: 1s", "length: 3s").format(clip=clip, more=", shadow: 0", rest="")
    (tmp_path / "job.yaml").write_text(job)
    plan = plan_checked(load_job(tmp_path / "job.yaml"), (), ContentStore(tmp_path / "content"), "")[1]
    found = hard_to_read(plan)
    assert bool(found) == bool(bright)
    if bright:
        seconds = float(found[0].got.split()[2])
        assert bright.start <= round(seconds * 24) < bright.stop


def test_a_plate_makes_type_legible_on_snow(
    media: Callable[[str], Path], tmp_path: Path, kept: Store
) -> None:
    snow = media("ai_clips/ltx2_dog_snow.mp4")
    assert not hard_to_read(plan_of(tmp_path, snow, ", plate: true, plate_opacity: 0.8", keep=kept))
    assert not hard_to_read(plan_of(tmp_path, snow, ', colour: "#101010", shadow: 0', keep=kept))
    assert hard_to_read(
        plan_of(tmp_path, snow, ', plate: true, plate_opacity: 1, plate_colour: "#ffffff"', keep=kept)
    )


def test_a_job_can_say_that_it_is_meant_to_be_so(
    media: Callable[[str], Path], tmp_path: Path, kept: Store
) -> None:
    rest = 'allow: [{warning: type-contrast, why: "white on white is the idea"}]'
    plan = plan_of(tmp_path, media("ai_clips/ltx2_dog_snow.mp4"), rest=rest, keep=kept)
    (found,) = hard_to_read(plan)
    assert found.allowed == "white on white is the idea"
    assert plan.warnings[-1] == found


def test_a_second_plan_draws_nothing(
    media: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, clip = Store(tmp_path / "store", b"s" * 16), media("ai_clips/diffsynth_office.mp4")
    first = plan_of(tmp_path, clip, keep=keep)

    def refuse(*_: object) -> None:
        raise AssertionError("a frame was drawn")

    monkeypatch.setattr(legibility, "draw", refuse)
    assert plan_of(tmp_path, clip, keep=keep).warnings == first.warnings
    with pytest.raises(AssertionError, match="a frame was drawn"):
        plan_of(tmp_path, clip, ", place: center", keep=keep)


@pytest.mark.parametrize(("grey", "ratio"), [(0.0, 21.0), (1.0, 1.0), (0x76 / 255, 4.54), (0x94 / 255, 3.03)])
def test_contrast_is_that_of_wcag(grey: float, ratio: float) -> None:
    white, other = luminance(np.ones((1, 3))), luminance(np.full((1, 3), grey))
    assert float(contrast(white, other)[0]) == pytest.approx(ratio, abs=0.01)
    assert float(contrast(other, white)[0]) == pytest.approx(ratio, abs=0.01)
