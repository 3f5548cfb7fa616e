"""A job file, its takes as values, and the timeline that its plan gives; nothing is decoded."""

from __future__ import annotations

from pathlib import Path

from post.handoff.from_plan import timeline_of
from post.handoff.timeline import Timeline
from post.job import load_job
from post.plan.shots import plan_shots
from post.values import Format
from post.values.plan import Mix, Rendition
from tests.plan.made import take

CUT = """
  - {take: dog, name: open, in: 0.5s, length: 2s}
  - {take: ship, name: ramp, length: 60f, speed: "0s:1, 1s:2:smooth, 2s:0.5:hold", sampling: blend, transition: 12f}
  - {take: black, name: pause, length: 10f}
  - {take: dog, name: fast, in: 2s, length: 30f, speed: 2}
  - {take: ship, name: end, in: 1s, length: 2s, transition: {stage: dissolve, length: 9f, curve: smooth}}
"""


def write_job(folder: Path, cut: str = CUT, clock: str = "24", more: str = "") -> Path:
    """Writes a job of the takes dog and ship, 240 frames each, and returns its path. cut: its shots; more: sections."""
    folder.mkdir(exist_ok=True)
    for name in ("dog.mp4", "ship.mp4", "bed.wav"):
        (folder / name).write_bytes(Path(name).stem.encode())  # what the takes in `tests.plan.made` hold
    path = folder / "job.yaml"
    path.write_text(
        f"schema: Job.2\ntitle: Winter spot\nclock: {clock}\nhouse: plain\n"
        "takes: {dog: dog.mp4, ship: ship.mp4, black: {make: black}}\n"
        f"cut:{cut}{more}\ndeliver: [{{width: 64, height: 36, name: small}}]\n"
    )
    return path


def planned(path: Path, rate: int = 24) -> Timeline:
    """Returns the timeline of a job file whose takes have 240 frames at `rate`."""
    job = load_job(path)
    takes = {each.name: take(each.name, 240, rate) for each in job.takes}
    takes["black"] = take("black", 1, rate, kind="made")
    shots = plan_shots(job, takes)
    form = Format(64, 36, job.clock, shots[-1].span.stop)
    mix = Mix((), 48000, 2, 0, None, -1.0, "aac", 128000, ())
    return timeline_of(job, Rendition("small", form, shots, (), mix, ()))
