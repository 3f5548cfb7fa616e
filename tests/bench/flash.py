"""Compares what is measured of flashes with another tool, and counts what is missed and what is found in vain.

    python -m tests.bench.flash --work DIR [--clips N]

Of each real clip two films are judged: the clip, and the clip with two thirds of its light taken away five times a
second for a second and a half. Printed for each: our worst state by WCAG (of a field) and BT.1702 (of the screen), what
EA's IRIS says where its Python port `iris-pse-detection` (MIT) is installed, and the CPU time of both.
"""

from __future__ import annotations

import contextlib
import io
import os
from argparse import ArgumentParser
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from post.measure.frames import walk
from post.qc.flash.meter import FlashMeter
from post.takes.probe import probe
from post.values.sights.flash import AreaOf, FlashLimit
from tests.bench import cpu_seconds

FOLDERS = ("ai_clips", "footage")
ORDER = ("pass", "warning", "extended", "fail")
FLASHES_S, FROM_S, LASTS_S, LEFT = 5, Fraction(1, 2), Fraction(3, 2), 1 / 3


def worst_states(path: Path) -> tuple[str, str]:
    """Returns the worst state of a film by WCAG and by BT.1702, of general and red flashes."""
    picture = probe(path, path.name).picture
    meter = FlashMeter(picture)
    for step in walk(path, picture):
        meter.see(step.frame)
    sight = meter.found()
    limits: tuple[AreaOf, ...] = ("field", "screen")
    of_field, of_screen = (
        max(
            (each.state for red in (False, True) for each in sight.judged(FlashLimit(of=of), red=red)),
            key=ORDER.index,
        )
        for of in limits
    )
    return of_field, of_screen


def write_flashing(source: Path, path: Path) -> Path:
    """Writes a clip again with flashes in it, and returns `path`."""
    with av.open(str(source)) as clip, av.open(str(path), "w") as out:
        video = clip.streams.video[0]
        rate = Fraction(video.average_rate or 24)
        stream = out.add_stream("libx264", rate=rate, options={"crf": "18", "preset": "veryfast"})
        stream.width, stream.height = video.width // 2 * 2, video.height // 2 * 2
        stream.pix_fmt = "yuv420p"
        for number, frame in enumerate(clip.decode(video)):
            rgb = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)[: stream.height, : stream.width]
            since = number / rate - FROM_S
            if 0 <= since < LASTS_S and int(since * FLASHES_S * 2) % 2 == 0:
                rgb = (rgb * LEFT ** (1 / 2.2)).astype(np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")))
        out.mux(stream.encode())
    return path


def iris_result(path: Path, work: Path) -> str:
    """Returns what IRIS says of a film: Pass, PassWithWarning or Fail; "" where it is not installed."""
    try:
        from iris_pse_detection import Configuration, VideoAnalyser  # type: ignore[import-not-found]
    except ImportError:
        return ""
    before = Path.cwd()
    os.chdir(work)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            return str(VideoAnalyser(Configuration()).analyse_video(str(path.resolve())).overall_result.name)
    finally:
        os.chdir(before)


def clips(count: int) -> Iterator[Path]:
    root = Path(os.environ["ANSWERPRINT_MEDIA"])
    found = (path for folder in FOLDERS for path in sorted((root / folder).glob("*.mp4")))
    return (path for _, path in zip(range(count), found, strict=False))


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--clips", type=int, default=20)
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    rows = list[tuple[bool, str, str, str]]()
    print(f"{'film':42} {'WCAG':9} {'BT.1702':9} {'IRIS':16} CPU s, ours and its")
    for clip in clips(asked.clips):
        made = asked.work / f"{clip.stem}-flashes.mp4"
        for path in (clip, made if made.exists() else write_flashing(clip, made)):
            start = cpu_seconds()
            states = worst_states(path)
            middle = cpu_seconds()
            iris = iris_result(path, asked.work)
            rows.append((path == made, *states, iris))
            print(
                f"{path.name[:42]:42} {states[0]:9} {states[1]:9} {iris or 'not installed':16}"
                f" {middle - start:.2f} {cpu_seconds() - middle:.2f}"
            )
    for flashes in (False, True):
        mine = [row for row in rows if row[0] is flashes]
        wcag, screen = (sum(row[at] == "fail" for row in mine) for at in (1, 2))
        theirs = sum(row[3] == "Fail" for row in mine)
        agree = sum((row[2] in ("fail", "extended")) == (row[3] == "Fail") for row in mine)
        kind = "with" if flashes else "without"
        print(f"{kind} flashes, of {len(mine)}: {wcag} fail WCAG, {screen} BT.1702, {theirs} IRIS")
        told = (
            f"BT.1702 and IRIS agree on {agree}" if any(row[3] for row in mine) else "IRIS is not installed"
        )
        print(f"  {told}")


if __name__ == "__main__":
    main()
