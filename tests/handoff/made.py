"""A job file, its takes as values, and the timeline that its plan gives; nothing is decoded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from post.handoff.from_plan import timeline_of
from post.handoff.media import TakesFolder
from post.handoff.timeline import ReadTimeline, Timeline
from post.handoff.to_job import ConformedJob, job_of
from post.job import Job, load_job
from post.job.plain import job_text
from post.plan.shots import plan_shots
from post.values import Format, Shot, Take
from post.values.plan import Mix, Rendition
from tests.plan.made import take

CUT = """
  - {take: dog, name: open, in: 0.5s, length: 2s}
  - {take: ship, name: ramp, length: 60f, speed: "0s:1, 1s:2:smooth, 2s:0.5:hold", sampling: blend, transition: 12f}
  - {take: black, name: pause, length: 10f}
  - {take: dog, name: fast, in: 2s, length: 30f, speed: 2}
  - {take: ship, name: end, in: 1s, length: 2s, transition: {stage: dissolve, length: 9f, curve: smooth}}
"""
# With fades from and to black, and every kind of speed.
FULL = """
  - {take: dog, id: open, in: 0.5s, length: 2s, transition: 6f}
  - {take: ship, id: ramp, length: 60f, speed: "0s:1, 1s:2:smooth, 2s:0.5:hold", sampling: blend, transition: 12f}
  - {take: black, id: pause, length: 10f}
  - {take: dog, id: fast, in: 2s, length: 30f, speed: 2}
  - {take: dog, id: back, in: 1s, out: 3s, reverse: true}
  - {take: dog, id: stop, in: 1s, out: 3s, freeze: 12f, transition: {stage: push, length: 8f}}
  - {take: ship, id: curve, in: 1s, length: 60f, speed: "0s:1, 1s:3:bezier(0.2,0,0.1,1), 2s:0.25:linear"}
  - {take: ship, id: still, in: 1s, length: 10f, speed: 0}
  - {take: ship, id: end, in: 1s, length: 2s, transition: {stage: wipe, length: 9f, code: 3}}
titles:
  - {text: "Winter & <snow>", at: 0.5s, length: 2s}
ending: 10f"""


def write_job(folder: Path, cut: str = CUT, clock: str = "24") -> Path:
    """Writes a job of the takes dog and ship, 240 frames each, and returns its path. cut: its shots, then sections."""
    folder.mkdir(exist_ok=True, parents=True)
    for name in ("dog", "ship"):
        (folder / f"{name}.mp4").write_bytes(name.encode())  # what the takes of `tests.plan.made` hold
    path = folder / "job.yaml"
    path.write_text(
        f"schema: Job.2\ntitle: Winter spot\nclock: {clock}\nhouse: plain\n"
        "takes: {dog: dog.mp4, ship: ship.mp4, black: {make: black}}\n"
        f"cut:{cut}\ndeliver: [{{width: 64, height: 36, name: small}}]\n"
    )
    return path


def shots_of(job: Job, **lengths: Any) -> tuple[Shot, ...]:
    """Returns the shots of a job whose takes have 240 frames at its clock. lengths: takes that do not, by name."""
    return plan_shots(job, {each.name: lengths.get(each.name) or _take(each, job) for each in job.takes})


def _take(each: Any, job: Job) -> Take:
    if each.made is not None:
        return take(each.name, 1, 24, kind="made")
    made = take(each.name, 240)
    return replace(made, picture=replace(made.picture, grid=job.clock))


def planned(path: Path) -> Timeline:
    """Returns the timeline of a job file."""
    job = load_job(path)
    shots = shots_of(job)
    form = Format(64, 36, job.clock, shots[-1].span.stop)
    mix = Mix((), 48000, 2, 0, None, -1.0, "aac", 128000, ())
    return timeline_of(job, Rendition("small", form, shots, (), mix, ()))


def without_our_words(timeline: Timeline) -> Timeline:
    """Returns a timeline as an editor brings it back who keeps no metadata of ours."""
    return replace(
        timeline,
        metadata={},
        clips=tuple(replace(clip, metadata={}) for clip in timeline.clips),
        titles=tuple(replace(title, metadata={}) for title in timeline.titles),
    )


def conformed(read: ReadTimeline, takes: Path) -> ConformedJob:
    """Returns the job of what was read, to lie beside its takes."""
    return job_of(read.timeline, TakesFolder(takes), takes)


def planned_again(job: ConformedJob, folder: Path) -> tuple[Shot, ...]:
    """Returns the shots of a conformed job, which is written and loaded as any other."""
    path = folder / "conformed.yaml"
    path.write_text(job_text(job.data))
    return shots_of(load_job(path))


def furthest(wanted: tuple[Shot, ...], got: tuple[Shot, ...]) -> float:
    """Returns by how many source frames shots differ at most; they have the same frames in the film."""
    assert [(shot.span, shot.transition, shot.ending) for shot in wanted] == [
        (shot.span, shot.transition, shot.ending) for shot in got
    ]
    return max(
        float(abs(a.time(at) - b.time(at)))
        for a, b in zip(wanted, got, strict=True)
        for at in range(len(a.span))
        if a.take.picture.kind != "made"
    )
