"""What a frame of each transition costs, against a plain frame: `python -m tests.bench.transitions [--size 1920x1080]`.

A plain frame is one clip's decoding, grading with grain, and encoding (H.264, CRF 18, medium). A frame of a transition
decodes two. CPU time of this process, all its threads: of the fastest of some rounds, as other work only adds to it.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import cv2

from post.engine import ContentStore
from post.job import load_job
from post.picture.transitions.picture_transition import PictureTransition
from post.prepare.plan_job import plan_job
from post.render.segment import make
from post.stage import find, stage_names
from post.takes.made.synthetic import ClipRecipe, make_clip
from post.values import BT709, Rendition, Segment, plain

LENGTH, OVER, MOST = 48, 24, 2.5
JOB = """
schema: Job.2
title: Costs
clock: 24
house: {{grain: {{strength: 3}}}}
takes: {{a: a.mp4, b: b.mp4}}
cut:
  - {{take: a, length: {length}f}}
  - {{take: b, length: {length}f, transition: {{stage: {stage}, length: {over}f}}}}
deliver: [{{name: film, width: {width}, height: {height}}}]
"""


def names() -> list[str]:
    """Every transition that makes its own picture."""
    return [name for name in stage_names() if issubclass(find(name), PictureTransition)]


def put_clips(folder: Path, clips: Sequence[Path], size: tuple[int, int]) -> None:
    """Puts two clips into a folder: those, or generated ones."""
    for name, scene, clip in zip("ab", ("sea", "lights"), clips or (None, None), strict=True):
        if clip is None:
            make_clip(folder / f"{name}.mp4", ClipRecipe(scene, *size, Fraction(24), LENGTH, colour=BT709))
        else:
            shutil.copyfile(clip, folder / f"{name}.mp4")


def film_of(folder: Path, stage: str, size: tuple[int, int]) -> Rendition:
    """The plan of two shots with that transition, and the files it reads."""
    width, height = size
    path = folder / "job.yaml"
    path.write_text(JOB.format(stage=stage, length=LENGTH, over=OVER, width=width, height=height))
    _, plan = plan_job(load_job(path), (), ContentStore(folder / "content"))
    return plan.renditions[0]


def cpu_seconds() -> float:
    """CPU time of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def cost_ms(segment: Segment, folder: Path, rounds: int) -> float:
    """CPU milliseconds for a frame of a segment: of the fastest round."""
    data = plain(segment)
    files = {clip.file.sha256: clip.file.here for clip in segment.clips}
    spent = []
    for _ in range(rounds):
        before = cpu_seconds()
        make(data, files, folder / "segment")
        spent.append(cpu_seconds() - before)
    return 1000 * min(spent) / len(segment.span)


def rows(
    folder: Path, size: tuple[int, int], rounds: int, only: list[str]
) -> Iterator[tuple[str, float, float]]:
    """Yields each transition with its cost in milliseconds a frame, and as a multiple of a plain frame's."""
    first = film_of(folder, "dissolve", size)
    plains = [
        next(each for each in first.on_film if len(each.clips) == 1 and k in each.span) for k in (0, 71)
    ]
    for segment in plains:
        cost_ms(segment, folder, 1)  # compiles the kernels
    usual = sum(cost_ms(segment, folder, rounds) for segment in plains) / 2
    yield "plain", usual, 1.0
    for name in only:
        film = film_of(folder, name, size)
        [segment] = [each for each in film.segments if len(each.clips) == 2]
        spent = cost_ms(segment, folder, rounds)
        yield name, spent, spent / usual


def main() -> None:
    """Prints the table; ends with 1 where a transition costs more than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument(
        "--clips", nargs=2, type=Path, default=(), help="two real ones, of two seconds at least"
    )
    parser.add_argument("--only", nargs="*", default=names())
    asked = parser.parse_args()
    width, _, height = asked.size.partition("x")
    cv2.setNumThreads(1)
    over = []
    print(f"{'transition':14} {'ms a frame':>10} {'x plain':>8}")
    with tempfile.TemporaryDirectory() as room:
        put_clips(Path(room), asked.clips, (int(width), int(height)))
        for name, spent, times in rows(Path(room), (int(width), int(height)), asked.rounds, asked.only):
            print(f"{name:14} {spent:10.1f} {times:8.2f}{'  too much' if times > MOST else ''}", flush=True)
            over += [name] * (times > MOST)
    raise SystemExit(1 if over else 0)


if __name__ == "__main__":
    main()
