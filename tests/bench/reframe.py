"""How much of hand-marked subjects crops keep: the product's, the centre's, and those of pyautoflip.

    python -m tests.bench.reframe [--peer PYTHON] [--clip NAME]... [--json FILE]

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
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from post.errors import SourceError
from post.measure.attention.sights import Sights, look_at, looked_size
from post.measure.attention.type_lines import SIDE as CLOSE_SIDE
from post.plan.camera.follow import way_along
from post.plan.camera.path import most_jerk
from post.prepare.seen.sights import VOICE_HZ, voice_at
from post.takes.sound.decode import read_sound_file
from post.values.array import Array
from tests.bench.reframe_marks import MARKED, MarkedClip

FORMATS = {"9:16": 9 / 16, "4:5": 4 / 5, "1:1": 1.0}
LOOKS_A_SECOND, MOST_BY_CENTRE, ENOUGH = 5, 0.75, 0.9
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
            container.seek(max(0, int(seen.times[number] * av.time_base)))
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
    at = [look.at for look in sights.looks]
    return way_along(0, window, (sights.looks, at, len(seen.times)), (), seen.rate).starts


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


@dataclass(frozen=True, slots=True)
class Row:
    """What crops of one clip to one format keep. peer: None where it was not run, or failed; jerk: in window
    widths/s^3; cost: CPU seconds for a second of clip."""

    clip: str
    what: str
    format: str
    tuned: bool
    centre: float
    peer: float | None
    ours: float
    jerk: float
    cost: float

    def line(self) -> str:
        peer = "-" if self.peer is None else f"{self.peer:.1%}"
        line = (
            f"{'tuned' if self.tuned else 'held ':5} {self.clip:10} {self.format:5} centre {self.centre:6.1%}"
        )
        line += f"  pyautoflip {peer:>6}  ours {self.ours:6.1%}  jerk {self.jerk:5.1f}"
        return line + f"  {self.cost:.2f} CPU s/s  {self.what}"


def rows(clip: MarkedClip, python: str) -> Iterator[Row]:
    seen = read_marked(clip)
    step = max(1, round(seen.rate / LOOKS_A_SECOND))
    closer = closer_of(clip, seen)
    began = time.process_time()
    sights = look_at(((n, rgb, n % step == 0) for n, rgb in enumerate(seen.frames)), closer)
    if any(len(look.faces) > 1 for look in sights.looks):
        sights = with_voice(clip, seen, sights)
    cost = (time.process_time() - began) / (len(seen.frames) / seen.rate)
    for name, shape in FORMATS.items():
        window = shape / seen.shape
        centre = kept(clip, seen.times, [0.5 - window / 2] * len(seen.times), window)
        if window >= 1 or centre > MOST_BY_CENTRE:
            continue
        way, peer = way_of(seen, sights, window), None
        if python and name == "9:16":
            theirs = peer_windows(python, seen)
            peer = kept_by(clip, seen.times, theirs) if len(theirs) == len(seen.times) else None
        ours, jerk = kept(clip, seen.times, way.tolist(), window), most_jerk(way, window, seen.rate)
        yield Row(clip.name, clip.what, name, clip.tuned, centre, peer, ours, jerk, cost)


def summary(found: Sequence[Row]) -> dict[str, object]:
    """What is kept of the clips in 9:16: means, and how many keep 90 % or more."""
    tall = [row for row in found if row.format == "9:16"]
    theirs = [row.peer for row in tall if row.peer is not None]
    return {
        "clips": len(tall),
        "ours": round(float(np.mean([row.ours for row in tall])), 4),
        "centre": round(float(np.mean([row.centre for row in tall])), 4),
        "pyautoflip": round(float(np.mean(theirs)), 4) if theirs else None,
        "ours_90": sum(row.ours >= ENOUGH for row in tall),
        "centre_90": sum(row.centre >= ENOUGH for row in tall),
        "pyautoflip_90": sum(share >= ENOUGH for share in theirs),
        "pyautoflip_clips": len(theirs),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--peer", default="", metavar="PYTHON")
    parser.add_argument("--clip", action="append", default=[])
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args()
    found = list[Row]()
    for clip in MARKED:
        if not asked.clip or clip.name in asked.clip:
            for row in rows(clip, asked.peer):
                print(row.line(), flush=True)
                found.append(row)
    sets = {"tuned": [row for row in found if row.tuned], "held": [row for row in found if not row.tuned]}
    sums = {name: summary(part) for name, part in sets.items() if part}
    for name, said in sums.items():
        print(name, json.dumps(said))
    if asked.json:
        whole = {"rows": [asdict(row) for row in found], "sets": sums}
        asked.json.write_text(json.dumps(whole, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
