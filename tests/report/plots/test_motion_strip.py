"""The strips of shots with frames made by motion."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from post.engine import Store
from post.measure.fact import store_fact
from post.measure.motion import ClipMotion, MotionMeasure
from post.plan import compile_plan
from post.report.plots.motion_strip import WIDTH, motion_strips
from post.values import Rendition, Toolchain
from post.values.media import Fact
from tests.made.stores import open_store
from tests.plan.made import cut, deliver, job, take


def rendition(sampling: str) -> Rendition:
    asked = job(cut("a", speed="0.5", sampling=sampling), deliver=(deliver(),))
    return compile_plan(asked, {"a": take("a", 12)}, [], Toolchain((), ())).renditions[0]


def store_with(folder: Path, confidence: tuple[float, ...]) -> Store:
    store = open_store(folder)
    asset = take("a", 12).file.sha256
    store_fact(store, Fact(asset, "motion", MotionMeasure.version, ClipMotion((1.0,) * 11, confidence)))
    return store


def test_each_frame_has_the_class_of_its_pair(tmp_path: Path) -> None:
    store = store_with(tmp_path, (0.1, 0.5, 0.7, 0.9, 1.0, *(0.9,) * 6))
    (strip,) = motion_strips(rendition("flow"), store)
    heats = [run.heat for run in strip.runs]
    assert heats[:10] == [
        "source",
        "heat-0",
        "source",
        "heat-1",
        "source",
        "heat-2",
        "source",
        "heat-3",
        "source",
        "heat-3",
    ]
    assert strip.runs[0].x == 0
    assert strip.runs[-1].x + strip.runs[-1].width == WIDTH
    assert strip.made == "11 of 24 frames were made between source frames"
    assert strip.lost == "in 1 of them motion is lost"


def test_a_shot_without_frames_made_by_motion_has_none(tmp_path: Path) -> None:
    store = store_with(tmp_path, (0.9,) * 11)
    assert motion_strips(rendition("blend"), store) == ()
    assert motion_strips(rendition("flow"), None) == ()
    assert motion_strips(rendition("flow"), open_store(tmp_path / "empty")) == ()
    assert motion_strips(replace(rendition("flow"), shots=()), store) == ()
