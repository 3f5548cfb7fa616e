from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from post.engine import ContentStore
from post.job import load_job
from post.picture.kernel import Planes, new_planes
from post.prepare.plan_job import plan_job
from post.render.letterbox import ground_codes
from post.render.segment import draw
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.values import BT709, Span
from post.values.plan.segment import BLUR

JOB = """
schema: Job.2
title: Bars
clock: 24
house: {{look: {{offset: [0.1, 0, 0.05]}}, grain: {{strength: 6}}}}
takes: {{wide: wide.mp4, square: square.mp4}}
cut: [{cut}]
{more}
deliver: [{{name: tall, width: 180, height: 320, depth: {depth}, picture: {{codec: hevc}}}}]
"""


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    make_clip(folder / "wide.mp4", ClipRecipe("sea", 320, 180, frames=16, colour=BT709))
    make_clip(folder / "square.mp4", ClipRecipe("lights", 200, 200, frames=16, colour=BT709))
    return folder


def drawn(clips: Path, cut: str, frame: int, more: str = "", depth: int = 8) -> Planes:
    job = clips / "job.yaml"
    job.write_text(JOB.format(cut=cut, more=more, depth=depth))
    _, plan = plan_job(load_job(job), (), ContentStore(clips / "content"))
    [segment] = [each for each in plan.renditions[0].on_film if frame in each.span]
    out = new_planes(320, 180, 10 if depth == 10 else 8, "420")
    draw(segment, frame, out)
    return out


def black(planes: Planes, rows: slice, depth: int = 8) -> bool:
    half = slice(rows.start // 2, rows.stop // 2)
    parts = (planes.y[rows], planes.cb[half], planes.cr[half])
    codes = (16 << (depth - 8), 128 << (depth - 8), 128 << (depth - 8))
    return all(bool((part == code).all()) for part, code in zip(parts, codes, strict=True))


WIDE, SQUARE = "{take: wide, fit: fit}", "{take: square, fit: fit"


@pytest.mark.parametrize("depth", [8, 10])
@pytest.mark.parametrize("more", ["", "optics: {vignette: {stops: 2}, halation: {strength: 20}}"])
def test_bars_stay_black_under_every_effect(clips: Path, more: str, depth: int) -> None:
    out = drawn(clips, WIDE, 3, more, depth)
    # 16:9 in 180 x 320 is 102 rows high.
    assert black(out, slice(0, 108), depth)
    assert black(out, slice(212, 320), depth)
    assert np.std(out.y[112:208]) > 2 << (depth - 8)


def test_in_a_transition_of_two_shapes_only_the_area_outside_both_is_black(clips: Path) -> None:
    out = drawn(clips, f"{WIDE}, {SQUARE}, transition: 8f}}", 12)
    assert black(out, slice(0, 68))
    assert black(out, slice(252, 320))
    assert not black(out, slice(74, 104))


def test_frame_effects_get_the_picture_without_its_bars(clips: Path) -> None:
    """A vignette darkens the corners of the picture, not those of the bars."""
    plain, dark = (drawn(clips, WIDE, 3, more) for more in ("", "optics: {vignette: {stops: 3}}"))
    fall = plain.y[112:208].astype(float) - dark.y[112:208]
    assert fall[:12, :12].mean() > 4 * abs(fall[40:56, 80:100].mean()) + 4


def test_bars_of_another_colour_keep_it_under_every_effect(clips: Path) -> None:
    pad = '{take: wide, fill: pad, pad_colour: "#204060"}'
    out = drawn(clips, pad, 3, "optics: {vignette: {stops: 2}, halation: {strength: 20}}")
    colour = ground_codes("#204060", BT709, 8)
    for plane, code, rows in zip(out, colour, (108, 54, 54), strict=True):
        assert (plane[:rows] == code).all()
        assert (plane[-rows:] == code).all()
    assert ground_codes("#000000", BT709, 10) == ground_codes(BLUR, BT709, 10) == (64, 512, 512)
    assert ground_codes("#ffffff", BT709, 16) == (235 << 8, 128 << 8, 128 << 8)


def test_bars_of_another_colour_come_out_of_black_with_their_picture(clips: Path) -> None:
    pad = '{take: wide, fill: pad, pad_colour: "#c0c0c0", transition: 8f}'
    first, later = (drawn(clips, pad, frame).y[:100].mean() for frame in (0, 12))
    assert first < 60 < later


def test_a_picture_on_itself_leaves_no_bar_and_any_segmentation_draws_it_alike(clips: Path) -> None:
    blur = "{take: wide, fill: blur}"
    out = drawn(clips, blur, 11)
    assert not black(out, slice(0, 108))
    (clips / "job.yaml").write_text(JOB.format(cut=blur, more="", depth=8))
    _, plan = plan_job(load_job(clips / "job.yaml"), (), ContentStore(clips / "content"))
    [segment] = [each for each in plan.renditions[0].on_film if 11 in each.span]
    again = new_planes(320, 180, 8, "420")
    draw(segment.shift(-segment.span.first).part(Span(10, 13)), 1, again)
    assert all(np.array_equal(a, b) for a, b in zip(out, again, strict=True))
