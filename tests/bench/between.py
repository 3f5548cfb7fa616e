"""Drops frames of real clips, makes them again, and compares them with those dropped. JSON on stdout.

    python -m tests.bench.between [--quick] [--frames N] [--learned] [--clip NAME]...

ANSWERPRINT_MEDIA names the clips. Every second frame is dropped, then three of four. The peer is FFmpeg's
`minterpolate` at its best (overlapped blocks, bidirectional search), over the same frames. PSNR is of luma, in 8 bits;
CPU is for each frame made, on one thread, without decoding, from 8-bit planes to 10-bit ones that are dithered. Pairs
of frames with a cut between them are left out: there nothing is made.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np

from post.measure.cuts import CutMeasure, Cuts
from post.measure.fact import ClipLength
from post.measure.frames import Step, frame_of
from post.picture.between.learned import LearnedPair
from post.picture.between.mix import astray
from post.picture.between.motion import find_motion
from post.picture.between.pair import FramePair, blend
from post.render.repair import dither_to_ten_bits
from post.stage import Planes16
from post.takes.frame_planes import plane_codes
from post.takes.picture import PictureReader
from post.takes.probe import probe
from post.values.array import Array

# Clip, and the first frame that is used.
CLIPS = {
    "ai_clips/fasthunyuan_hiker": 0, "ai_clips/ltx2_dog_snow": 20, "ai_clips/moviegen_penguins_5s": 10,
    "ai_clips/matrixgame2_forest": 10, "footage/sam2_dog_courtyard": 60, "footage/marathon_400p_2997": 10,
    "footage/bikes_street_272p": 10, "footage/sam2_juggle_grass": 40, "footage/rio_drone_720p": 20,
}  # fmt: skip
FRAMES, QUICK_FRAMES = 25, 9
GAPS = (2, 4)
PEER = "mi_mode=mci:mc_mode=aobmc:me_mode=bidir:vsbmc=1"
METHODS: list[str] = ["draft", "flow"]
# Bounds of the classes: mean motion in percent of the width, and percent of the picture that one frame alone shows.
MOTION, OCCLUSION = (0.25, 1.0), (0.5, 2.0)
LATE = 0.15  # of the way between two frames, by which a dropped one may miss its time
WORDS = ("little", "some", "much")


@dataclass(frozen=True, slots=True)
class Row:
    """One frame made again. db: PSNR by method; motion, hidden: classes of its pair; shown: whether the dropped frame
    shows the time that was asked for."""

    clip: str
    t: Fraction
    db: dict[str, float]
    motion: str
    hidden: str
    shown: str


def main(arguments: list[str]) -> None:
    parser = ArgumentParser(prog="python -m tests.bench.between")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--clip", action="append", choices=CLIPS)
    parser.add_argument("--frames", type=int, default=FRAMES, help="of each clip")
    parser.add_argument("--learned", action="store_true", help="the trained network too: 20 times the time")
    asked = parser.parse_args(arguments)
    METHODS.extend(["learned"] * asked.learned)
    rows: dict[int, list[Row]] = {gap: [] for gap in GAPS}
    cpu: dict[str, dict[str, float]] = {}
    for name in asked.clip or (list(CLIPS)[:1] if asked.quick else CLIPS):
        frames, cuts = read(name, QUICK_FRAMES if asked.quick else asked.frames)
        for gap in GAPS:
            made, spent = rebuild(name, frames, cuts, gap)
            rows[gap] += made
            cpu[f"{name} 1 of {gap}"] = spent
    found = {f"1 of {gap} kept": summary(rows[gap]) for gap in GAPS}
    json.dump({**found, "cpu": speed(cpu)}, sys.stdout, indent=1)
    sys.stdout.write("\n")


def read(name: str, count: int) -> tuple[list[Planes16], set[int]]:
    """Returns frames of a clip as 16-bit planes, and which of them start a shot."""
    path, first = Path(os.environ["ANSWERPRINT_MEDIA"]) / f"{name}.mp4", CLIPS[name]
    take = probe(path, name)
    cuts, before = CutMeasure(ClipLength(count, take.picture.grid.rate)), None
    frames: list[Planes16] = []
    with PictureReader(path, take.picture) as reader:
        for number in range(min(count, take.picture.length - first)):
            decoded = reader.frame(first + number)
            seen = frame_of(number, decoded, take.picture.colour.range)
            cuts.see(Step(before, seen))
            before = seen
            frames.append(_sixteen([plane_codes(decoded, i) for i in range(3)]))
    found = cuts.found({})
    return frames, set(found.frames) if isinstance(found, Cuts) else set()


def _sixteen(codes: Sequence[Array]) -> Planes16:
    y, cb, cr = (plane.astype(np.uint16) << np.uint16(8) for plane in codes)
    return y, cb, cr


def rebuild(
    name: str, frames: Sequence[Planes16], cuts: set[int], gap: int
) -> tuple[list[Row], dict[str, float]]:
    """Returns a row for each frame that was dropped, and CPU milliseconds for each frame made, by method."""
    kept = frames[::gap]
    peer, peer_ms = minterpolate(kept, gap)
    spent: dict[str, float] = {}
    rows: list[Row] = []
    for i, (before, after) in enumerate(zip(kept, kept[1:], strict=False)):
        if any(cut in range(i * gap + 1, i * gap + gap + 1) for cut in cuts) or (i + 1) * gap > len(peer):
            continue
        motion, hidden = classes(before, after)
        made = {method: timed(spent, method, before, after, gap) for method in METHODS}
        for j in range(1, gap):
            truth = frames[i * gap + j][0]
            lumas: dict[str, Array] = {method: made[method][j - 1] for method in METHODS}
            lumas |= {"blend": blend(before, after, j / gap)[0], "minterpolate": peer[i * gap + j]}
            db = {each: psnr(luma, truth) for each, luma in lumas.items()}
            shown = (
                "its time" if abs(time_of(truth, before[0], after[0]) - j / gap) <= LATE else "another time"
            )
            rows.append(Row(name, Fraction(j, gap), db, motion, hidden, shown))
    return rows, {**{each: 1000 * ms / len(rows) for each, ms in spent.items()}, "minterpolate": peer_ms}


def timed(spent: dict[str, float], method: str, before: Planes16, after: Planes16, gap: int) -> list[Array]:
    """Returns the lumas made between two frames, and adds the CPU seconds they took."""
    begun = time.process_time()
    a, b = (_sixteen([plane >> 8 for plane in each]) for each in (before, after))
    pair = (
        LearnedPair(a, b)
        if method == "learned"
        else FramePair(a, b, "draft" if method == "draft" else "flow")
    )
    made = []
    for j in range(1, gap):
        planes = pair.at(j / gap)
        for number, plane in enumerate(planes):
            dither_to_ten_bits(plane, j, number)
        made.append(planes[0])
    spent[method] = spent.get(method, 0.0) + time.process_time() - begun
    return made


def minterpolate(kept: Sequence[Planes16], gap: int) -> tuple[Array, float]:
    """Returns FFmpeg's lumas, as 16-bit codes, and its CPU milliseconds for each frame made."""
    rows, spent = _ffmpeg(kept, f"minterpolate=fps={10 * gap}:{PEER}")
    _, alone = _ffmpeg(kept, "null")
    return rows, 1000 * (spent - alone) / max(1, len(rows) * (gap - 1) // gap)


def _ffmpeg(frames: Sequence[Planes16], graph: str) -> tuple[Array, float]:
    (height, width), chroma = frames[0][0].shape, frames[0][1].size
    raw = b"".join((plane >> np.uint16(8)).astype(np.uint8).tobytes() for frame in frames for plane in frame)
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-threads", "1", "-filter_threads", "1",
               "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{width}x{height}", "-r", "10", "-i", "-",
               "-vf", graph, "-f", "rawvideo", "-"]  # fmt: skip
    begun = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run(command, input=raw, capture_output=True, check=True).stdout
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    rows = np.frombuffer(out, np.uint8).reshape(-1, height * width + 2 * chroma)[:, : height * width]
    seconds = ended.ru_utime + ended.ru_stime - begun.ru_utime - begun.ru_stime
    return rows.reshape(-1, height, width).astype(np.uint16) << np.uint16(8), seconds


def classes(before: Planes16, after: Planes16) -> tuple[str, str]:
    """Returns how much moves between two frames, and how much of the picture one of them alone shows."""
    motion = FramePair(before, after, "flow").motion
    moved = 100 * float(np.hypot(*np.moveaxis(motion.forward, -1, 0)).mean()) / motion.forward.shape[1]
    hidden = 100 * float(np.mean(astray(motion.forward, motion.backward) > 1.5))
    return WORDS[sum(moved >= each for each in MOTION)], WORDS[sum(hidden >= each for each in OCCLUSION)]


def time_of(truth: Array, before: Array, after: Array) -> float:
    """Returns the time between two frames that a third one shows, 0..1: how far it has moved on the way of the two.

    A clip that repeats frames, or whose camera starts in between, has frames that no motion can place.
    """
    way, part = (find_motion(before, each, "flow").forward for each in (after, truth))
    return float((way * part).sum() / max(1e-6, float((way * way).sum())))


def psnr(a: Array, truth: Array) -> float:
    """Returns PSNR in dB of two lumas in 16-bit codes, rounded to 8 bits."""
    apart = np.rint(a / 256.0) - truth / 256.0
    return float(10 * np.log10(255**2 / max(float(np.mean(apart**2)), 1e-3)))


def summary(rows: Sequence[Row]) -> dict[str, Any]:
    """Returns mean gains in dB over `minterpolate` and over `blend`: of all, and of each clip, place and class."""
    groups: dict[str, Callable[[Row], str]] = {
        "clip": lambda row: row.clip,
        "t": lambda row: str(row.t),
        "motion": lambda row: row.motion,
        "occlusion": lambda row: row.hidden,
        "the dropped frame shows": lambda row: row.shown,
    }
    table: dict[str, Any] = {"all": gains(rows)}
    for group, key in groups.items():
        table[group] = {
            name: gains([row for row in rows if key(row) == name])
            for name in sorted({key(row) for row in rows})
        }
    return table


def gains(rows: Sequence[Row]) -> dict[str, Any]:
    """Returns the gains of some rows. all: the mean of means of clips, so that each clip counts the same."""
    clips = sorted({row.clip for row in rows})

    def mean(method: str) -> float:
        each = [np.mean([row.db[method] for row in rows if row.clip == clip]) for clip in clips]
        return float(np.mean(each))

    db = {method: round(mean(method), 2) for method in ("blend", "minterpolate", *METHODS)}
    over = {method: round(mean(method) - mean("minterpolate"), 2) for method in METHODS}
    worst = {each: round(min(_over_blend(rows, each)), 2) for each in (*METHODS, "minterpolate")}
    return {"frames": len(rows), "db": db, "over_minterpolate": over, "worst_over_blend": worst}


def _over_blend(rows: Sequence[Row], method: str) -> Iterator[float]:
    return (row.db[method] - row.db["blend"] for row in rows)


def speed(cpu: dict[str, dict[str, float]]) -> dict[str, Any]:
    """Returns milliseconds for each frame made, and how many times faster than the peer each method is."""
    times = {
        name: {method: round(spent["minterpolate"] / spent[method], 1) for method in METHODS}
        for name, spent in cpu.items()
    }
    every = {method: [each[method] for each in times.values()] for method in METHODS}
    return {
        "ms": {name: {each: round(ms, 1) for each, ms in spent.items()} for name, spent in cpu.items()},
        "times_faster": times,
        "median_times_faster": {each: float(np.median(values)) for each, values in every.items()},
        "least_times_faster": {each: min(values) for each, values in every.items()},
    }


if __name__ == "__main__":
    main(sys.argv[1:])
