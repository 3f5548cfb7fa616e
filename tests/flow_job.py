"""A small real job with generated clips, and its plan, for tests of the whole program."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

from post.deliver.mux import OpenPart, join_segments
from post.deliver.tasks import plan_tasks
from post.engine import ContentStore, Store, Task
from post.job import load_job
from post.prepare.plan_job import plan_job
from post.prepare.sources import JobSources
from post.prepare.watermark import key_watermark
from post.takes.made.synthetic import ClipRecipe, SoundRecipe, make_clip
from post.values import Plan, Rendition, digest

CLIPS = {
    "dusk": ClipRecipe("dusk", 160, 90, Fraction(24), 30, sound=SoundRecipe(rate_hz=24000, channels=1)),
    "tall": ClipRecipe("lights", 90, 160, Fraction(15), 20, gop=1000),
    "sea": ClipRecipe("sea", 128, 96, Fraction(30), 36, sar=Fraction(4, 3), sound=SoundRecipe()),
}
JOB = """
schema: Job.2
title: Small
clock: 24
house: daylight
takes: {dusk: dusk.mp4, tall: tall.mp4, sea: sea.mp4}
cut:
  - {take: dusk, length: 1s}
  - {take: tall, length: 1s, transition: 8f, sampling: blend}
  - {take: sea, speed: "0s:1, 0.5s:0.5:smooth", in: 0.1s}
titles:
  - {text: Salt, at: 0.5s, length: 1s}
deliver:
  - preset: draft
    name: wide
    width: 160
    height: 90
    picture: {crf: 0, preset: ultrafast}
"""

# The same job with stages that need several frames or measurements.
RICH = (
    JOB.replace("house: daylight", "house: daylight\nmatch: dusk\ngrain: {preset: medium, add: lacking}")
    .replace("{take: tall,", "{take: tall, repair: {degrain: {radius: 2, sigma: [3]}, deband: always},")
    .replace("{take: sea,", "{take: sea, fit: fit, repair: always, optics: {bloom: {strength: 5}},")
)

MARKED = JOB.replace("titles:", "provenance: {watermark: {mark: true}}\ntitles:")


@dataclass(frozen=True, slots=True)
class Small:
    """The job, its files opened, and its plan."""

    sources: JobSources
    plan: Plan

    @property
    def rendition(self) -> Rendition:
        return self.plan.renditions[0]

    def tasks(self) -> list[Task]:
        return plan_tasks(self.plan, self.sources)

    def segments(self, store: Store) -> list[OpenPart]:
        return [partial(store.open, digest(segment)) for segment in self.rendition.segments]

    def sound(self, store: Store) -> OpenPart:
        return partial(store.open, digest(self.rendition.mix))


def joined_film(film: Rendition, store: Store, folder: Path) -> Path:
    """Joins what the store holds of a film to a file in a folder, and returns its path."""
    path = folder / f"{film.name}.{film.container}"
    parts = [partial(store.open, digest(segment)) for segment in film.segments]
    join_segments(film, parts, partial(store.open, digest(film.mix)), path)
    return path


def there(store: Store, key: str) -> Path:
    path = store.get(key)
    assert path is not None, key
    return path


def make_clips(folder: Path) -> None:
    for name, recipe in CLIPS.items():
        make_clip(folder / f"{name}.mp4", recipe)


def small_job(folder: Path, text: str = JOB) -> Small:
    """Returns the plan of a job file in a folder that has the clips."""
    path = folder / "small.yaml"
    path.write_text(text)
    content = ContentStore(folder / "content")
    return Small(*plan_job(key_watermark(load_job(path), folder / "config"), (), content))
