"""How much of hand-marked subjects crops keep: the product's, the centre's, and those of pyautoflip.

    python -m tests.bench.reframe [--peer PYTHON] [--clip NAME]...

Printed for each clip and format whose centre crop keeps 75 % of the subject or less: the share of the marked box inside
the window, as a mean over all frames; the largest jerk in window widths/s^3; CPU seconds for a second of clip. Clips
whose numbers tuned the product stand apart from those held back. PYTHON: an interpreter that has pyautoflip.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from post.errors import SourceError
from post.measure.attention.sights import Sights, look_at, looked_size
from post.measure.attention.type_lines import SIDE as CLOSE_SIDE
from post.plan.camera.interest import interest_of, losses_of, shares_of_voice
from post.plan.camera.path import choose_way, draw_smoothly, most_jerk
from post.prepare.seen.sights import VOICE_HZ, voice_at
from post.takes.sound.decode import read_sound_file
from post.values.array import Array
from tests.bench.reframe_marks import MARKED, MarkedClip

FORMATS = {"9:16": 9 / 16, "4:5": 4 / 5, "1:1": 1.0}
LOOKS_A_SECOND, MOST_BY_CENTRE = 5, 0.75
PEER = Path(__file__).parent / "peers" / "autoflip_windows.py"


@dataclass(frozen=True, slots=True)
class SeenClip:
    """A clip as it is looked at. times: of its frames; frames: small, R'G'B'; shape: width over height."""

    rate: float
    times: list[float]
    frames: list[Array]
    shape: float


def read_marked(clip: MarkedClip) -> SeenClip:
    path = Path(os.environ.get("ANSWERPRINT_MEDIA", "../shared/media")) / clip.file
    times, frames, shape = list[float](), list[Array](), 1.0
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        rate = float(stream.average_rate or 24)
        for frame in container.decode(stream):
            at = float(frame.time or 0)
            if at > clip.stop:
                break
            if at < clip.start - 1e-3:
                continue
            rgb = _part(frame.to_ndarray(format="rgb24"), clip)
            shape = rgb.shape[1] / rgb.shape[0]
            size = looked_size(rgb.shape[1], rgb.shape[0])
            frames.append(np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)))
            times.append(at)
    return SeenClip(rate, times, frames, shape)


def closer_of(clip: MarkedClip, seen: SeenClip) -> Callable[[int], Array]:
    """What gives the luma of a frame of the clip with more pixels, by its number."""
    path = Path(os.environ.get("ANSWERPRINT_MEDIA", "../shared/media")) / clip.file

    def closer(number: int) -> Array:
        with av.open(str(path)) as container:
            for frame in container.decode(container.streams.video[0]):
                if float(frame.time or 0) >= seen.times[number] - 1e-4:
                    grey = _part(frame.to_ndarray(format="gray"), clip)
                    scale = CLOSE_SIDE / min(grey.shape)
                    size = round(grey.shape[1] * scale), round(grey.shape[0] * scale)
                    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA))
        raise IndexError(number)

    return closer


def _part(rgb: Array, clip: MarkedClip) -> Array:
    height, width = rgb.shape[:2]
    left, top, right, bottom = clip.part
    return rgb[round(top * height) : round(bottom * height), round(left * width) : round(right * width)]


def box_at(clip: MarkedClip, at: float) -> tuple[float, float]:
    """The left and the right of the marked box at a time."""
    times = [each for each, _ in clip.marks]
    left, right = (np.interp(at, times, [box[edge] for _, box in clip.marks]) for edge in (0, 2))
    return float(left), float(right)


def kept(clip: MarkedClip, times: Sequence[float], starts: Sequence[float], window: float) -> float:
    """The share of the marked box inside windows of one width, as a mean over frames."""
    return kept_by(clip, times, [(start, window) for start in starts])


def kept_by(clip: MarkedClip, times: Sequence[float], windows: Sequence[tuple[float, float]]) -> float:
    """The same of windows given by their left and their width."""
    shares = []
    for at, (start, width) in zip(times, windows, strict=True):
        left, right = box_at(clip, at)
        shares.append(max(0.0, min(right, start + width) - max(left, start)) / (right - left))
    return float(np.mean(shares))


def with_voice(clip: MarkedClip, seen: SeenClip, sights: Sights) -> Sights:
    """The sights with the loudness of the clip's sound, as they have it where a take is looked at."""
    path = Path(os.environ.get("ANSWERPRINT_MEDIA", "../shared/media")) / clip.file
    try:
        samples = np.asarray(read_sound_file(path, VOICE_HZ))
    except SourceError:  # it has no sound
        return sights
    loud = voice_at(samples, [seen.times[look.at] for look in sights.looks])
    return Sights(tuple(replace(look, voice=each) for look, each in zip(sights.looks, loud, strict=True)))


def way_of(seen: SeenClip, sights: Sights, window: float) -> Array:
    step = max(1, round(seen.rate / LOOKS_A_SECOND))
    interests = interest_of(sights.looks, 0, shares_of_voice(sights.looks))
    way = choose_way(losses_of(interests, window), 1 - window, window, seen.rate / step)
    at = [look.at for look in sights.looks]
    return draw_smoothly(np.interp(np.arange(len(seen.times)), at, way), window, seen.rate)


def peer_windows(python: str, seen: SeenClip) -> list[tuple[float, float]]:
    """The left and the width of pyautoflip's window in each frame of a clip, for 9:16; none where it fails."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "clip.mp4")
        with av.open(str(path), "w") as out:
            rate = Fraction(seen.rate).limit_denominator(1001)
            stream = out.add_stream("libx264", rate=rate, options={"crf": "12", "preset": "veryfast"})
            height, width = (side - side % 2 for side in seen.frames[0].shape[:2])
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            for rgb in seen.frames:
                cut = np.ascontiguousarray(rgb[:height, :width])
                out.mux(stream.encode(av.VideoFrame.from_ndarray(cut, format="rgb24")))
            out.mux(stream.encode())
        command = [python, str(PEER), str(path), str(Path(folder, "out.mp4"))]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    return list(json.loads(done.stdout.splitlines()[-1])) if done.returncode == 0 else []


def rows(clip: MarkedClip, python: str) -> Iterator[tuple[str, str, bool, float]]:
    """Yields (clip and format, the line to print, whether it tuned the product, what is kept)."""
    seen = read_marked(clip)
    step = max(1, round(seen.rate / LOOKS_A_SECOND))
    began = time.process_time()
    looked = ((n, rgb, n % step == 0) for n, rgb in enumerate(seen.frames))
    sights = look_at(looked, closer_of(clip, seen))
    if any(len(look.faces) > 1 for look in sights.looks):
        sights = with_voice(clip, seen, sights)
    cost = (time.process_time() - began) / (len(seen.frames) / seen.rate)
    for name, shape in FORMATS.items():
        window = shape / seen.shape
        centre = kept(clip, seen.times, [0.5 - window / 2] * len(seen.times), window)
        if window >= 1 or centre > MOST_BY_CENTRE:
            continue
        way = way_of(seen, sights, window)
        ours = kept(clip, seen.times, way.tolist(), window)
        peer = "-"
        if python and name == "9:16":
            theirs = peer_windows(python, seen)
            peer = f"{kept_by(clip, seen.times, theirs):.1%}" if len(theirs) == len(seen.times) else "fails"
        line = f"{clip.name:10} {name:5} centre {centre:6.1%}  pyautoflip {peer:>6}  ours {ours:6.1%}"
        line += f"  jerk {most_jerk(way, window, seen.rate):5.1f}  {cost:.2f} CPU s/s  {clip.what}"
        yield name, line, clip.tuned, ours


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--peer", default="", metavar="PYTHON")
    parser.add_argument("--clip", action="append", default=[])
    asked = parser.parse_args()
    shares: dict[bool, list[float]] = {True: [], False: []}
    for clip in MARKED:
        if asked.clip and clip.name not in asked.clip:
            continue
        for name, line, tuned, ours in rows(clip, asked.peer):
            print("tuned" if tuned else "held ", line, flush=True)
            if name == "9:16":
                shares[tuned].append(ours)
    for tuned, found in shares.items():
        if found:
            reached = sum(share >= 0.9 for share in found)
            mean = f"{np.mean(found):.1%}"
            print(
                f"{'tuned' if tuned else 'held'}: 9:16 {mean} over {len(found)}, {reached} of them 90 % or more"
            )


if __name__ == "__main__":
    main()
