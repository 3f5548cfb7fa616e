"""The invisible watermark, from a job to finished frames."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from post.deliver.tasks import plan_tasks
from post.engine import ContentStore
from post.errors import Problems, ProvenanceError
from post.job import load_job
from post.picture.kernel import Planes, new_planes
from post.plan import actions_of
from post.prepare.plan_job import plan_job
from post.prepare.sources import JobSources
from post.prepare.watermark import key_watermark, watermark_bindings
from post.render.segment import draw
from post.stage import REGISTRY, FinishStage, call_of, stage
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.values import BT709, Action, Plan, Segment, Span, digest
from post.values.array import Array
from provenance.durable.watermark_detect import detect
from provenance.durable.watermark_key import read_key

JOB = """
schema: Job.2
title: Marked
clock: 24
house: daylight
takes: {{sea: sea.mp4, square: square.mp4}}
cut: [{{take: sea, length: 1s}}, {{take: square, length: 1s, fit: fit}}]
titles: [{{text: Salt, at: 0.2s, length: 0.5s}}]
provenance: {{watermark: {asked}}}
deliver:
  - {{name: one, width: 384, height: 216, depth: {depth}, picture: {{codec: hevc}}}}
  - {{name: two, width: 384, height: 216, depth: {depth}, picture: {{codec: hevc}}}}
"""


@stage("grey", version=1)
class Grey(FinishStage):
    """Makes every pixel of the picture grey."""

    def finish(self, luma: Array, depth: int, picture: tuple[slice, slice]) -> None:
        luma[picture] = 77

    def declare(self, where: Span) -> Action | None:
        return None


# For the tests of this file only.
del REGISTRY[Grey.name]


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    make_clip(folder / "sea.mp4", ClipRecipe("sea", 384, 216, frames=30, colour=BT709))
    make_clip(folder / "square.mp4", ClipRecipe("lights", 216, 216, frames=30, colour=BT709))
    return folder


def planned(clips: Path, asked: str, depth: int = 8) -> tuple[JobSources, Plan]:
    path = clips / "job.yaml"
    path.write_text(JOB.format(asked=asked, depth=depth))
    return plan_job(key_watermark(load_job(path), clips / "config"), (), ContentStore(clips / "content"))


def drawn(segment: Segment, frame: int) -> Planes:
    film = segment.format
    out = new_planes(film.height, film.width, film.depth, film.chroma)
    draw(segment, frame, out)
    return out


def of(plan: Plan, frame: int) -> Segment:
    return next(each for each in plan.renditions[0].on_film if frame in each.span)


@pytest.fixture(scope="module")
def marked(clips: Path) -> tuple[JobSources, Plan]:
    return planned(clips, "{mark: true}")


@pytest.mark.parametrize("depth", [8, 10])
def test_finished_frames_carry_the_identifier_that_the_receipt_names(clips: Path, depth: int) -> None:
    gathered, plan = planned(clips, "{mark: true}", depth)
    frames = [drawn(of(plan, frame), frame).y >> (depth - 8) for frame in range(0, 24, 3)]
    found = detect([frame.astype(np.uint8) for frame in frames], read_key(clips / "config"))
    assert found is not None
    assert watermark_bindings(gathered.job) == (("org.answerprint.mark.1", f"{found.identifier:08x}", ""),)


def test_a_given_identifier_is_used_in_every_deliverable(clips: Path) -> None:
    gathered, plan = planned(clips, '{mark: true, identifier: "00c0ffee"}')
    assert watermark_bindings(gathered.job)[0][1] == "00c0ffee"
    calls = {
        call for rendition in plan.renditions for segment in rendition.segments for call in segment.finishes
    }
    assert [call.knob("identifier") for call in calls] == ["00c0ffee"]


def test_deliverables_share_their_segments_and_a_second_run_makes_none(
    clips: Path, marked: tuple[JobSources, Plan]
) -> None:
    _, plan = marked
    keys = [[digest(segment) for segment in rendition.segments] for rendition in plan.renditions]
    assert keys[0] == keys[1]
    _, again = planned(clips, "{mark: true}")
    assert [digest(segment) for segment in again.renditions[0].segments] == keys[0]


def test_a_whole_film_is_marked_and_declares_it_once(marked: tuple[JobSources, Plan]) -> None:
    _, plan = marked
    said = [action for action in actions_of(plan.renditions[0]) if action.name == "c2pa.watermarked.bound"]
    assert [action.where for action in said] == [None]


def test_without_the_setting_nothing_is_marked_and_no_key_is_made(clips: Path, tmp_path: Path) -> None:
    path = clips / "job.yaml"
    path.write_text(JOB.format(asked="{mark: false}", depth=8))
    job = key_watermark(load_job(path), tmp_path / "config")
    assert job.provenance.marking is None
    assert watermark_bindings(job) == ()
    assert not (tmp_path / "config").exists()


def test_chroma_and_bars_stay_as_they_were(marked: tuple[JobSources, Plan]) -> None:
    _, plan = marked
    segment, frame = of(plan, 40), 40
    with_mark, without = drawn(segment, frame), drawn(replace(segment, finishes=()), frame)
    assert (with_mark.y[:, 84:300] != without.y[:, 84:300]).any()
    assert (with_mark.y[:, :84] == 16).all()
    assert (with_mark.cb == without.cb).all()
    assert (with_mark.cr == without.cr).all()


def test_a_finish_stage_comes_last_and_gets_the_place_of_the_picture(
    marked: tuple[JobSources, Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(REGISTRY, Grey.name, Grey)
    _, plan = marked
    segment = of(plan, 40)
    without, grey = (drawn(replace(segment, finishes=calls), 40) for calls in ((), (call_of(Grey()),)))
    # Titles on the picture are marked too; the label is not, because it is on the bar.
    assert (grey.y[:, 84:300] == 77).all()
    assert (without.y[:, 300:] > 100).any()
    assert (grey.y[:, :84] == without.y[:, :84]).all()
    assert (grey.y[:, 300:] == without.y[:, 300:]).all()


def test_cutting_the_film_anywhere_gives_the_same_frames(marked: tuple[JobSources, Plan]) -> None:
    _, plan = marked
    segment = of(plan, 10)
    clip = segment.clips[0]
    later = Span(7, segment.span.stop)
    moved = replace(
        segment,
        span=later,
        format=replace(segment.format, length=len(later)),
        clips=(replace(clip, span=later, frames=clip.frames[7:], seeds=clip.seeds[7:]),),
        layers=tuple(
            replace(shown, span=shown.span.common(later), poses=shown.poses[max(0, 7 - shown.span.first) :])
            for shown in segment.layers
        ),
    )
    for frame in (7, 10):
        assert (drawn(moved, frame).y == drawn(segment, frame).y).all()


def test_the_key_is_in_no_task_receipt_or_message(
    clips: Path, marked: tuple[JobSources, Plan], capsys: pytest.CaptureFixture[str]
) -> None:
    gathered, plan = marked
    key = read_key(clips / "config")
    told = [repr(gathered.job), repr(plan), *(json.dumps(task.data) for task in plan_tasks(plan, gathered))]
    told += [*map(str, actions_of(plan.renditions[0])), *capsys.readouterr()]
    for written in (key.hex(), repr(key)[2:-1], str(list(key))[1:-1]):
        assert not any(written in text for text in told)
    files = gathered.files()
    assert not any(key in path.read_bytes() for path in files.values())
    [carrier] = {call.knob("carrier") for segment in plan.renditions[0].segments for call in segment.finishes}
    pattern = files[carrier.sha256]  # type: ignore[union-attr]  # a file
    # The pattern is a secret too: it is used where it is, not copied to the store.
    assert pattern.parent == clips / "config" / "durable"
    assert stat.S_IMODE(pattern.stat().st_mode) == 0o600
    assert list((clips / "content").rglob("*.npy")) == []


def test_a_pattern_that_was_changed_is_refused_at_its_line(clips: Path, tmp_path: Path) -> None:
    path = clips / "job.yaml"
    path.write_text(JOB.format(asked="{mark: true}", depth=8))
    job = key_watermark(load_job(path), tmp_path / "config")
    [pattern] = (tmp_path / "config" / "durable").iterdir()
    pattern.write_bytes(pattern.read_bytes()[:-1] + b"?")
    with pytest.raises(Problems, match=r"job.yaml:9: .*npy: is not the pattern that was drawn"):
        plan_job(job, (), ContentStore(tmp_path / "content"))


def test_a_key_that_others_can_read_stops_the_job_at_its_line(clips: Path, tmp_path: Path) -> None:
    path = clips / "job.yaml"
    path.write_text(JOB.format(asked="{mark: true}", depth=8))
    job = load_job(path)
    key_watermark(job, tmp_path)
    (tmp_path / "durable.key").chmod(0o644)
    with pytest.raises(
        ProvenanceError, match=r"job.yaml:9: provenance.watermark: .*others can read this key"
    ):
        key_watermark(job, tmp_path)
