"""What a frame of a moving title costs: `python -m tests.bench.motion [--rounds N] [--plate] [--sheet PNG]`.

A frame is drawn, made ready for the planes and blended into 10-bit 4:2:0: all that a title adds to it. The title is one
line of 21 letters at 7 % with its shadow. CPU time of the thread; of each frame the fastest of some rounds, as other
work only adds to it. Beside it, what the title costs at rest, and how exact a pan of a tenth of a pixel a frame is.

--sheet draws every motion that ships in some of its frames, in 16:9 and 9:16, to be looked at.
"""

from __future__ import annotations

import argparse
import time
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from post.job import load_job
from post.picture.composite import Overlay, blend_overlay
from post.picture.kernel import Planes, new_planes, to_rgb
from post.picture.motion.moves import Move, TypeMotion, motion_text
from post.picture.title import Title
from post.values.array import Array
from post.values.colour import BT709, Format
from post.values.time import Clock
from presets import names

LENGTH, MOST_MS = 72, 2.5
TEXT, TWO_LINES = "Winter is coming home", "Winter is coming\\nand the dog knows it"
SHOWN = (0, 2, 4, 7, 11, 16, LENGTH - 6, LENGTH - 3)  # frames of the sheet
JOB = """
schema: Job.2
title: Motion
clock: 24
takes: {{a: {{make: colour, fill: "#3a4a5c"}}}}
cut: [{{take: a, length: 72f}}]
titles: [{{text: "{text}", at: 0s, length: 72f, motion: {motion}, plate: {plate}}}]
deliver: [{{name: film, width: 1920, height: 1080}}]
"""


def title_of(motion: str, folder: Path, text: str = TEXT, *, plate: bool = False) -> Title:
    """Returns a title with a motion that ships, read from a job as users write it."""
    path = folder / f"{motion}.yaml"
    path.write_text(JOB.format(motion=motion, text=text, plate=str(plate).lower()))
    layer = load_job(path).titles[0].layer
    assert isinstance(layer, Title)
    return layer


def film(width: int, height: int) -> Format:
    return Format(width, height, Clock(Fraction(24)), LENGTH, 10, "420", BT709)


def grey(canvas: Format) -> Planes:
    """Returns a mid-grey frame."""
    made = new_planes(canvas.height, canvas.width, canvas.depth, canvas.chroma)
    for plane, code in zip(made, (400, 512, 512), strict=True):
        plane[:] = code
    return made


def lay(title: Title, canvas: Format, frame: int, planes: Planes) -> None:
    """Lays the title into a frame, as rendering does where nothing is kept."""
    pose = title.pose(frame, LENGTH, canvas.clock)
    drawn = title.draw(canvas) if pose.moment is None else title.draw_moment(canvas, pose.moment)
    blend_overlay(planes, Overlay(drawn, canvas), pose)


def moving_ms(title: Title, canvas: Format, rounds: int) -> Array:
    """Returns the milliseconds of each frame in which the title moves. The first round draws what is kept: it does not
    count."""
    planes, frames = grey(canvas), range(LENGTH)
    moving = [frame for frame in frames if title.pose(frame, LENGTH, canvas.clock).moment is not None]
    taken = np.full((rounds + 1, len(moving)), np.inf)
    for number in range(rounds + 1):
        for at, frame in enumerate(moving):
            start = time.thread_time()
            lay(title, canvas, frame, planes)
            taken[number, at] = time.thread_time() - start
    return np.asarray(taken[1:].min(0) * 1000)


def at_rest_ms(title: Title, canvas: Format, rounds: int) -> float:
    """Returns the milliseconds of a frame in which the title is at rest: it is drawn and made ready once."""
    planes, overlay = grey(canvas), Overlay(title.draw(canvas), canvas)
    pose = title.pose(LENGTH // 2, LENGTH, canvas.clock)
    taken = []
    for _ in range(10 * rounds + 1):
        start = time.thread_time()
        blend_overlay(planes, overlay, pose)
        taken.append(time.thread_time() - start)
    return min(taken[1:]) * 1000


def pan_error(canvas: Format) -> float:
    """Returns the greatest error of the centroid of luma, in pixels, on a pan of a tenth of a pixel a frame."""
    way = Fraction(LENGTH - 1, 10) / min(canvas.width, canvas.height) * 100
    pan = TypeMotion(during=Move(ease="linear", dx=f"{float(way):.9f}%"))
    title, black = Title(text=TEXT, shadow=0, fade_in="0f", fade_out="0f", motion=motion_text(pan)), 64
    places = []
    for frame in range(LENGTH):
        planes = grey(canvas)
        planes.y[:] = black
        lay(title, canvas, frame, planes)
        light = (planes.y.astype(np.float64) - black).sum(0)
        places.append(float((light * np.arange(light.size)).sum() / light.sum()))
    errors = np.array(places) - places[0] - np.arange(LENGTH) / 10
    return float(np.abs(errors - errors.mean()).max())


def sheet(path: Path, folder: Path, size: tuple[int, int]) -> None:
    """Writes a picture of every motion, a row each."""
    canvas, rows = film(*size), []
    for name in names("motion"):
        title, cells = title_of(name, folder, TWO_LINES), []
        for frame in SHOWN:
            planes = grey(canvas)
            lay(title, canvas, frame, planes)
            cells.append(to_rgb(planes, canvas.depth, canvas.colour, canvas.chroma)[size[1] // 3 :])
        row = (np.clip(np.concatenate(cells, 1), 0, 1) * 255).astype(np.uint8)
        row = cv2.resize(row, (1800, round(row.shape[0] * 1800 / row.shape[1])), interpolation=cv2.INTER_AREA)
        rows.append(cv2.putText(row, name, (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 220, 0), 1))
    cv2.imwrite(str(path), np.concatenate(rows)[..., ::-1])


def main() -> None:
    """Prints what each motion that ships costs, and the error of a pan."""
    from tempfile import TemporaryDirectory

    parser = argparse.ArgumentParser(prog="python -m tests.bench.motion")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--plate", action="store_true", help="a title on a plate")
    parser.add_argument("--sheet", type=Path, help="draws contact sheets here, and measures nothing")
    asked = parser.parse_args()
    with TemporaryDirectory() as scratch:
        if asked.sheet:
            for shape, size in (("wide", (960, 540)), ("tall", (540, 960))):
                sheet(asked.sheet.with_suffix(f".{shape}.png"), Path(scratch), size)
            return
        print(f"ms a frame, mean and most of the frames that move; asked for at 1080p: {MOST_MS}")
        for name in names("motion"):
            title, row = title_of(name, Path(scratch), plate=asked.plate), [f"{name:14}"]
            for size in ((1920, 1080), (3840, 2160)):
                taken = moving_ms(title, film(*size), asked.rounds)
                cost = f"{taken.mean():6.2f} {taken.max():6.2f}" if taken.size else "only fades   "
                row.append(f"{size[1]}p {cost}  at rest {at_rest_ms(title, film(*size), asked.rounds):5.2f}")
            print("   ".join(row))
    for size in ((1920, 1080), (3840, 2160)):
        print(f"pan of .1 px a frame at {size[1]}p: centroid within {pan_error(film(*size)):.4f} px")


if __name__ == "__main__":
    main()
