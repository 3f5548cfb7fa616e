"""A moving title in a film: its pixels are the same however the film is cut into segments, in whatever order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from post.engine import ContentStore
from post.job import load_job
from post.picture.kernel import Planes, new_planes
from post.prepare.plan_job import plan_job
from post.render.segment import draw
from post.values import Segment
from presets import names

JOB = """
schema: Job.2
title: Motion
clock: 24
takes: {{a: {{make: colour, fill: "#405060"}}}}
cut: [{cut}]
titles: [{{text: "Winter is\\ncoming", at: 6f, length: 60f, plate: true, glow: 0.6, motion: {motion}}}]
deliver: [{{name: film, width: 324, height: 182, depth: 10, picture: {{codec: hevc}}}}]
"""
WHOLE = "{take: a, length: 72f}"
IN_TWO = "{take: a, length: 15f}, {take: a, in: 15f, length: 57f}"


def segments(folder: Path, motion: str, cut: str) -> tuple[Segment, ...]:
    path = folder / "job.yaml"
    path.write_text(JOB.format(cut=cut, motion=motion))
    _, plan = plan_job(load_job(path), (), ContentStore(folder / "content"))
    return plan.renditions[0].on_film


def drawn(made: tuple[Segment, ...], frame: int) -> Planes:
    [segment] = [each for each in made if frame in each.span]
    out = new_planes(182, 324, 10, "420")
    draw(segment, frame, out)
    return out


@pytest.mark.parametrize("motion", names("motion"))
def test_any_segmentation_and_order_gives_the_same_pixels(motion: str, tmp_path: Path) -> None:
    whole, in_two = (segments(tmp_path, motion, cut) for cut in (WHOLE, IN_TWO))
    assert {each.span for each in whole} != {each.span for each in in_two}
    frames = (7, 10, 14, 15, 16, 21, 40, 61, 64, 65)
    first = {frame: drawn(whole, frame) for frame in frames}
    for frame in reversed(frames):
        again = drawn(in_two, frame)
        assert all(np.array_equal(a, b) for a, b in zip(first[frame], again, strict=True)), frame
    # It shows: a frame in its middle is not one without it.
    assert not np.array_equal(first[40].y, drawn(whole, 2).y)
