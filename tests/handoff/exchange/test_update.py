"""An edit comes into the job that it was made of: what changed is written and said, all else stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest

from post.errors import JobError, Problems, SourceError
from post.handoff.exchange.conform import planned_shots
from post.handoff.exchange.formats import FORMATS, ReadAsked, TimelineFormat, format_of
from post.handoff.exchange.update import UpdatedJob, rendition_of, update_job
from post.handoff.from_plan import timeline_of
from post.handoff.media import TakesFolder
from post.handoff.timeline import Timeline, TimelineClip
from post.job import load_job
from post.job.model import TakeRef
from post.values import Take
from post.values.time import Clock, Span
from tests.plan.made import take

JOB = """schema: Job.2
title: Winter spot
clock: 24
house: plain           # no look
takes:
  dog: dog.mp4
  ship:
    file: ship.mp4
    generator: {model: veo-3, prompt: a ship at dusk}
  black: {make: black}
cut:
  # the opening
  - {id: open, take: dog, in: 0.5s, length: 2s, look: {saturation: 0.9}}   # calm

  # it speeds up here
  - take: ship
    id: ramp
    length: 60f        # until the horn
    speed: "0s:1, 1s:2:smooth"
    transition: 12f
    sampling: blend
  - {id: pause, take: black, length: 10f}
  - {id: end, take: dog, in: 3s, length: 1s}
titles: [{text: Winter, at: 1s, length: 1s}]   # stays
deliver: [{width: 64, height: 36, name: small}]
"""
BOTH_WAYS = [
    each for each in FORMATS if each.read is not None and each.write is not None and each.name != "otioz"
]


@pytest.fixture
def job(tmp_path: Path) -> Path:
    for name in ("dog", "ship", "cat"):
        (tmp_path / f"{name}.mp4").write_bytes(name.encode())
    path = tmp_path / "job.yaml"
    path.write_text(JOB)
    return path


def take_in(ref: TakeRef) -> Take:
    """A take of 240 frames, whatever the file; its sha256 is that of its name."""
    made = take(ref.path.stem, 1 if ref.made else 240, kind="made" if ref.made else "clip")
    return replace(made, file=replace(made.file, path=ref.path))


def handed_off(path: Path, form: TimelineFormat) -> tuple[Path, Timeline]:
    """The file of a hand-off, and the timeline that is in it."""
    loaded = load_job(path)
    timeline = timeline_of(loaded, rendition_of(loaded, planned_shots(loaded, take_in)))
    place = path.with_name(f"cut{form.suffixes[0]}")
    assert form.write is not None
    form.write(timeline, place, "")
    return place, timeline


def updated(path: Path, edit: Path, takes: Path | None = None) -> UpdatedJob:
    form = format_of(edit)
    assert form.read is not None
    read = form.read(edit, ReadAsked(Clock(Fraction(24))))
    return update_job(path, read, form, TakesFolder(takes) if takes else None, take_in)


def said(made: UpdatedJob) -> list[tuple[str, str, Any, Any]]:
    return [(each.id, each.what, each.before, each.after) for each in made.changed]


@pytest.mark.parametrize("form", BOTH_WAYS, ids=[each.name for each in BOTH_WAYS])
def test_an_edit_that_changes_nothing_changes_no_byte(job: Path, form: TimelineFormat) -> None:
    edit, _ = handed_off(job, form)
    made = updated(job, edit)
    assert said(made) == []
    assert made.text == JOB


def test_a_trim_is_written_and_all_else_stays(job: Path) -> None:
    edit, _ = handed_off(job, FORMATS[0])
    opened = otio.adapters.read_from_file(str(edit))
    end = opened.video_tracks()[0][-1]
    end.source_range = otio.opentime.TimeRange(
        end.source_range.start_time + otio.opentime.RationalTime(12, 24), otio.opentime.RationalTime(12, 24)
    )
    otio.adapters.write_to_file(opened, str(edit))
    made = updated(job, edit)
    assert said(made) == [("end", "in", "3s", "84f"), ("end", "length", "1s", "12f")]
    assert made.text == JOB.replace("in: 3s, length: 1s}", "in: 84f, length: 12f}")


def test_order_speed_and_what_is_new_or_gone_are_taken(job: Path) -> None:
    edit, _ = handed_off(job, FORMATS[0])
    opened = otio.adapters.read_from_file(str(edit))
    track = opened.video_tracks()[0]
    end = track[-1].deepcopy()
    end.effects.append(otio.schema.LinearTimeWarp(time_scalar=2.0))
    del track[-2:]  # the pause, and the end
    track.insert(0, end)
    fresh = otio.schema.Clip(
        name="cat",
        media_reference=otio.schema.ExternalReference("file:///elsewhere/cat.mp4"),
        source_range=otio.opentime.TimeRange(
            otio.opentime.RationalTime(5, 24), otio.opentime.RationalTime(20, 24)
        ),
    )
    track.append(fresh)
    otio.adapters.write_to_file(opened, str(edit))
    with pytest.raises(SourceError, match="the job does not have.*cat.mp4.*say --takes"):
        updated(job, edit)
    made = updated(job, edit, job.parent)
    assert [row[:2] for row in said(made)] == [
        ("end", "order"), ("end", "speed"), ("cat", "added"), ("pause", "removed"),
    ]  # fmt: skip
    lines = made.text.splitlines()
    cut = lines[lines.index("cut:") : next(n for n, line in enumerate(lines) if line.startswith("titles:"))]
    assert cut == [
        "cut:",
        '  - {id: end, take: dog, in: 3s, length: 1s, speed: "2"}',
        "  # the opening",
        "  - {id: open, take: dog, in: 0.5s, length: 2s, look: {saturation: 0.9}}   # calm",
        "",
        "  # it speeds up here",
        "  - take: ship",
        "    id: ramp",
        "    length: 60f        # until the horn",
        '    speed: "0s:1, 1s:2:smooth"',
        "    transition: 12f",
        "    sampling: blend",
        "  - {id: cat, take: cat, in: 5f, length: 20f}",
    ]
    path = job.with_name("again.yaml")
    path.write_text(made.text)
    loaded = load_job(path)
    assert [take.name for take in loaded.takes] == ["dog", "ship", "black", "cat"]
    assert {row[0]: row[1] for row in loaded.takes[1].record}["prompt"] == "a ship at dusk"


def test_a_list_that_knows_one_speed_keeps_the_ramp_of_a_trimmed_shot(job: Path) -> None:
    edl = next(each for each in FORMATS if each.name == "edl")
    edit, timeline = handed_off(job, edl)
    text = edit.read_text()
    ramp = next(line for line in text.splitlines() if line.startswith("002  ship"))
    # The editor takes 10 frames off the end of the ramp: record and source are shorter, M2 is as it was.
    record = timeline.clips[1].record
    assert ramp.endswith("00:00:01:12 00:00:04:00")
    assert (record.first, record.stop) == (42, 96)
    moved = text.replace(ramp, ramp.replace("00:00:04:00", "00:00:03:14"))
    made = updated(job, _shifted(edit, moved))
    assert [row[:2] for row in said(made)] == [("ramp", "length")]
    assert '    speed: "0s:1, 1s:2:smooth"\n' in made.text
    assert "    length: 50f        # until the horn\n" in made.text


def _shifted(edit: Path, text: str) -> Path:
    """A list whose events after the ramp come 10 frames earlier."""
    earlier = {
        "00:00:00:10 00:00:04:00 00:00:04:10": "00:00:00:10 00:00:03:14 00:00:04:00",
        "00:00:04:10 00:00:05:10": "00:00:04:00 00:00:05:00",
    }
    for old, new in earlier.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    edit.write_text(text)
    return edit


def test_a_timeline_of_another_rate_is_refused(job: Path) -> None:
    edit, timeline = handed_off(job, FORMATS[0])
    write = FORMATS[0].write
    assert write is not None
    write(replace(timeline, clock=Clock(Fraction(25))), edit, "")
    with pytest.raises(
        JobError, match=r"another rate than the job; expected 24/1 .*got 25/1; set the editor's"
    ):
        updated(job, edit)


def test_media_that_changed_is_refused(job: Path) -> None:
    edit, timeline = handed_off(job, FORMATS[0])
    changed = replace(timeline.clips[0].media, sha256="ab" * 32)
    write = FORMATS[0].write
    assert write is not None
    clips: tuple[TimelineClip, ...] = (replace(timeline.clips[0], media=changed), *timeline.clips[1:])
    write(replace(timeline, clips=clips), edit, "")
    with pytest.raises(
        Problems, match="dog.mp4: the file has changed since the hand-off; expected sha256 ababab"
    ):
        updated(job, edit)
    job.write_text(JOB.replace("dog: dog.mp4", f"dog: {{file: dog.mp4, sha256: '{'cd' * 32}'}}"))
    with pytest.raises(Problems, match="has changed since the hand-off; expected sha256 cdcdcd"):
        updated(job, edit)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda clips: (replace(clips[0], record=Span(0, 42), source=Fraction(9)), *clips[1:]), "too short"),
        (lambda clips: (replace(clips[0], source=Fraction(-1), metadata={}), *clips[1:]), "before"),
    ],
)  # fmt: skip
def test_what_the_takes_do_not_have_is_refused_before_anything_is_written(
    job: Path, change: Callable[[tuple[TimelineClip, ...]], tuple[TimelineClip, ...]], said: str
) -> None:
    edit, timeline = handed_off(job, FORMATS[0])
    write = FORMATS[0].write
    assert write is not None
    write(replace(timeline, clips=change(timeline.clips)), edit, "")
    with pytest.raises((JobError, ValueError), match=said):
        updated(job, edit)
    assert sorted(each.name for each in job.parent.iterdir()) == [
        "cat.mp4",
        "cut.otio",
        "dog.mp4",
        "job.yaml",
        "ship.mp4",
    ]


def with_shorter_ending(cut: Timeline) -> Timeline:
    return replace(cut, transitions=(*cut.transitions[:-1], replace(cut.transitions[-1], before=6)))


def with_another_title(cut: Timeline) -> Timeline:
    return replace(cut, titles=(replace(cut.titles[0], text="Summer"),))


def with_quieter_end(cut: Timeline) -> Timeline:
    last = cut.clips[-1]
    return replace(cut, clips=(*cut.clips[:-1], replace(last, audio=replace(last.audio, gain_db=-20.0))))


@pytest.mark.parametrize(
    "form", [each for each in BOTH_WAYS if each.name != "edl"], ids=lambda each: each.name
)
@pytest.mark.parametrize(
    ("edit", "what"),
    [(with_shorter_ending, "ending"), (with_another_title, "titles"), (with_quieter_end, "clip sound")],
    ids=lambda each: str(getattr(each, "__name__", each)),
)
def test_what_an_update_does_not_merge_is_said(
    job: Path, form: TimelineFormat, edit: Callable[[Timeline], Timeline], what: str
) -> None:
    own = JOB.replace("in: 3s, length: 1s}", "in: 3s, length: 1s, sound: {gain: -6}}") + "ending: 10f\n"
    job.write_text(own)
    place, _ = handed_off(job, form)
    assert form.read is not None
    read = form.read(place, ReadAsked())
    unchanged = update_job(job, read, form, None, take_in)
    assert (unchanged.changed, unchanged.lost, unchanged.text) == ((), (), own)
    made = update_job(job, replace(read, timeline=edit(read.timeline)), form, None, take_in)
    assert [loss.what for loss in made.lost] == [what]
    assert made.text == own
