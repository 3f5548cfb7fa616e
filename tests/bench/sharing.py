"""Measures what versions of a 30 s spot of real clips share with it, and that sharing changes no frame.

    python -m tests.bench.sharing [--render]

Frames that a version shows as the film does, wherever in it they lie, are counted apart from frames of segments that
both have. With --render, the film and its versions are rendered into one store, small, and each version into a store
of its own: every decoded frame must be the same. Writes bench-sharing.json.
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import asdict
from functools import partial
from itertools import zip_longest
from pathlib import Path

import av

from post.deliver.mux import join_segments
from post.deliver.tasks import plan_tasks
from post.engine import ContentStore, InProcess, Store
from post.job import load_job
from post.plan.pieces.alike import cut_alike
from post.prepare.plan_job import plan_job
from post.prepare.sources import JobSources
from post.values import Plan, Rendition, digest
from tests.bench import write_json
from tests.made.sharing import sharing
from tests.made.stores import open_store

CLIPS = {
    "snow": "ai_clips/ltx2_dog_snow.mp4",
    "penguins": "ai_clips/moviegen_penguins_5s.mp4",
    "teacher": "ai_clips/ltx2_guitar_teacher.mp4",
    "student": "ai_clips/ltx2_guitar_student.mp4",
    "official": "ai_clips/ltx2_official_teacher.mp4",
    "office": "ai_clips/diffsynth_office.mp4",
    "couple": "ai_clips/ltx2_couple_dialogue.mp4",
    "juggle": "footage/sam2_juggle_grass.mp4",
    "yard": "footage/sam2_dog_courtyard.mp4",
}
JOB = """
schema: Job.2
title: Spot
clock: 24
takes: {{{takes}}}
grain: {{preset: medium}}
look: {{saturation: 0.9}}
cut: [{cut}]
titles: [{{text: Winter, at: 1s, length: 1.5s}}]
deliver: [{{name: film, width: {width}, height: {height}, picture: {{preset: ultrafast}}}}]
"""
OPEN = "{take: snow, length: 3s}"
BODY = [
    "{take: penguins, in: 0.5s, length: 3.5s, transition: 12f}", "{take: teacher, length: 4s}",
    "{take: official, in: 1s, length: 3s}", "{take: juggle, in: 2s, length: 4s, speed: 0.5}",
    '{take: student, length: 2.5s, speed: "0s:1, 1s:2:smooth"}', "{take: couple, length: 3s, transition: 8f}",
    "{take: office, length: 3s}",
]  # fmt: skip
END = "{take: yard, in: 3s, length: 4s}"
SPOT = [OPEN, *BODY, END]
VERSIONS = {
    "15 s: shots dropped": [OPEN, BODY[0], BODY[1], BODY[3], END],
    "15 s: shots dropped, ends trimmed": [
        OPEN, "{take: teacher, length: 3s}", "{take: official, in: 1.5s, length: 2s}", BODY[3],
        "{take: yard, in: 3.5s, length: 3s}",
    ],
    "6 s": ["{take: snow, length: 2s}", "{take: yard, in: 3s, length: 4s}"],
    "in of one shot": [OPEN, *BODY[:2], "{take: official, in: 1.4s, length: 3s}", *BODY[3:], END],
    "another order": [END, *BODY[1:4], OPEN, *BODY[4:]],
    "another hook": ["{take: couple, in: 1s, length: 2s}", *BODY, END],
    "a hook from the film": ["{take: yard, in: 4s, length: 2s}", *SPOT],
}  # fmt: skip


def main() -> int:
    rows = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        content = ContentStore(folder / "content")
        film = planned(folder, content, SPOT)[1].renditions[0]
        for version, cut in VERSIONS.items():
            other = planned(folder, content, cut)[1].renditions[0]
            found, alike = sharing(other, film), sharing(*cut_alike((other, film)))
            rows[version] = {name: asdict(row) for name, row in (("alone", found), ("cut_alike", alike))}
            print(
                f"{version:36} {found.shared:4} of {found.alike:4} alike, of {found.frames:4}: {found.share:.3f},"
                f" cut alike {alike.share:.3f}"
            )
        wrong = rendered(folder, content) if "--render" in sys.argv else 0
    write_json(Path("bench-sharing.json"), {"versions": rows, "frames_that_differ": wrong})
    return 1 if wrong else 0


def planned(
    folder: Path, content: ContentStore, cut: list[str], size: tuple[int, int] = (1920, 1080)
) -> tuple[JobSources, Plan]:
    media = Path(os.environ["ANSWERPRINT_MEDIA"])
    takes = ", ".join(f"{name}: '{media / path}'" for name, path in CLIPS.items())
    path = folder / "spot.yaml"
    path.write_text(JOB.format(takes=takes, cut=", ".join(cut), width=size[0], height=size[1]))
    return plan_job(load_job(path), (), content, "", open_store(folder / "facts"))


def rendered(folder: Path, content: ContentStore) -> int:
    """Returns how many decoded frames of versions differ between a shared store and one of their own."""
    small, wrong = (192, 108), 0
    shared = open_store(folder / "shared")
    make(*planned(folder, content, SPOT, small), shared)
    for number, cut in enumerate(VERSIONS.values()):
        sources, plan = planned(folder, content, cut, small)
        own = open_store(folder / f"own-{number}")
        made = [make(sources, plan, store) for store in (shared, own)]
        films = [
            joined(plan.renditions[0], store, folder / f"{k}.mp4") for k, store in enumerate((shared, own))
        ]
        wrong += sum(a != b for a, b in zip_longest(*films))
        print(
            f"version {number}: {made[0]} segments made where the film is, {made[1]} alone; {wrong} frames differ"
        )
    return wrong


def make(sources: JobSources, plan: Plan, store: Store) -> int:
    """Makes a film's segments in a store; returns how many were not there."""
    keys = {digest(segment) for segment in plan.renditions[0].segments}
    tasks = [task for task in plan_tasks(plan, sources) if task.key in keys]
    with InProcess() as engine:
        return sum(event.made for event in engine.run(tasks, store))


def joined(film: Rendition, store: Store, path: Path) -> list[bytes]:
    parts = [partial(store.open, digest(segment)) for segment in film.segments]
    join_segments(film, parts, None, path)
    with av.open(path) as container:
        return [frame.to_ndarray().tobytes() for frame in container.decode(video=0)]


if __name__ == "__main__":
    sys.exit(main())
