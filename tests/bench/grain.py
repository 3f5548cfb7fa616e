"""Measures grain that is read, made again, added where it is missing, and sent as an AV1 table; and banding.

    python -m tests.bench.grain [--quick] [--json FILE]

Known grain (tests.bench.grain_truth) is laid over pictures that come with scikit-image, panned, and over
shots of the clips in ANSWERPRINT_MEDIA where that is set. Goals are printed beside the numbers. Peers: FFmpeg's
`noise` filter at the same mean strength; grain baked at the same CRF, and libaom's own denoise-noise-level.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
from skimage import data

from post.measure import Cuts, MeasuredGrain, Unmeasured, cambi
from post.picture.colour.look import Look
from post.picture.grain.film_grain_table import make_grain_table, write_grain_tables
from post.picture.grain.grain import Grain as Stage
from post.picture.kernel import KernelSpec, Noise, Planes, bake_lut, new_planes, open_kernel
from post.plan.grain import deficit, grain_like
from post.render.film_grain_encoder import count_grain, find_ffmpeg
from post.values.array import Array
from post.values.colour import BT709
from post.values.time import Clock
from tests.bench.grain_truth import CHROMA_SHARE, Film, Planes8, bands, coded, read
from tests.measure.made import show, sky

FRAMES = 13
RATE = 25
SAME = bake_lut(lambda rgb: rgb, BT709, BT709)
# (file, first frame): shots without a cut in their first FRAMES.
SHOTS = (
    ("footage/bbb_trailer_720p_mp3.mp4", 300),
    ("footage/bikes_street_272p.mp4", 0),
    ("footage/sam2_blocks_topdown.mp4", 20),
    ("ai_clips/ltx2_guitar_student.mp4", 10),
)
CODED = ("astronaut", "bbb", "bikes")  # for AV1, which takes half a minute each
FILMS = {"film": Film(), "fine, faint": Film(strength=0.5, wide=0.6, tall=1.3)}
GOALS = {
    "sigma_pct": 3.0, "luma_db": 0.3, "chroma_db": 0.5, "temporal": 0.01, "saved_pct": 60.0, "table_sigma_pct": 5.0,
    "cambi": 2.0,
}  # fmt: skip
Row = dict[str, Any]


def clips() -> Iterator[tuple[str, list[Planes8]]]:
    for name in ("astronaut", "coffee"):
        yield f"{name}, panned", _panned(getattr(data, name)()[..., :3].astype(np.float64))
    media = os.environ.get("ANSWERPRINT_MEDIA", "")
    for name, first in SHOTS if media else ():
        yield Path(name).stem, read(Path(media) / name, first, FRAMES)


def _panned(rgb: Array) -> list[Planes8]:
    """Returns a view that moves two pixels a frame, without grain: the picture is softened first."""
    import cv2

    soft = cv2.GaussianBlur(rgb, (0, 0), 1.5)
    luma = 16 + soft @ [0.2126, 0.7152, 0.0722] * 219 / 255
    height, width = luma.shape[0] // 2 * 2, luma.shape[1] // 2 * 2 - 2 * FRAMES
    cb, cr = (128 + (soft[..., c] * 219 / 255 + 16 - luma) * 0.5 for c in (2, 0))
    views = (slice(2 * i, 2 * i + width) for i in range(FRAMES))
    return [(luma[:height, at], cb[:height:2, at][:, ::2], cr[:height:2, at][:, ::2]) for at in views]


@dataclass(frozen=True)
class Off:
    """How far a measured grain is from the truth: sigma in percent (rms over luma), spectra in decibels (rms
    over rings)."""

    sigma_pct: float
    luma_db: float
    chroma_db: float


def measured(frames: list[Planes8]) -> MeasuredGrain | Unmeasured:
    found = show("grain", coded(frames), {"cuts": Cuts(())})
    assert isinstance(found, MeasuredGrain | Unmeasured)
    return found


def off_truth(found: MeasuredGrain, film: Film) -> Off:
    luma, sigma = np.array(found.sigma).T
    return Off(
        100 * _rms(sigma / film.sigma(luma * 255) - 1),
        _rms(bands(np.array(found.spectrum)) - bands(film.table())),
        _rms(bands(np.array(found.chroma_spectrum)) - bands(film.colour_table())),
    )


def off_other(found: MeasuredGrain, other: MeasuredGrain) -> Off:
    luma, sigma = np.array(other.sigma).T
    mine = np.interp(luma, *np.array(found.sigma).T)
    return Off(
        100 * _rms(mine / sigma - 1),
        _rms(bands(np.array(found.spectrum)) - bands(np.array(other.spectrum))),
        _rms(bands(np.array(found.chroma_spectrum)) - bands(np.array(other.chroma_spectrum))),
    )


def _rms(values: Array) -> float:
    return float(np.sqrt(np.mean(np.square(values))))


def laid(clean: list[Planes8], stage: Stage) -> list[Planes8]:
    """Returns frames with grain, made by the kernel at 10 bits, as for a deliverable."""
    height, width = clean[0][0].shape
    noise = Noise.of(stage, height, width, "420")
    kernel, made = open_kernel(KernelSpec(10, 10, "420", BT709, BT709)), []
    for frame in coded(clean):
        out = new_planes(height, width, 10, "420")
        kernel.grade(Planes(frame.luma, *frame.chroma), out, SAME, noise, frame.number)
        made.append((np.array(out.y) / 4, np.array(out.cb) / 4, np.array(out.cr) / 4))
    return made


def temporal(clean: list[Planes8], grained: list[Planes8]) -> float:
    """Returns the correlation of one frame's grain with the next one's, found by subtracting the clean frames.

    It is the mean over pairs, because single pairs scatter by .005 in so small a frame.
    """
    grains = [(after[0] - before[0]).ravel() for before, after in zip(clean, grained, strict=True)]
    return float(np.mean([np.corrcoef(a, b)[0, 1] for a, b in zip(grains, grains[1:], strict=False)]))


def loop(name: str, clean: list[Planes8], film: Film) -> Row:
    """Reads grain from a clip, makes it again over the clean clip, and reads it again; returns the row."""
    grained = film.over(clean)
    start = process_time()
    truth = measured(grained)
    spent = process_time() - start
    if isinstance(truth, Unmeasured):
        return {"clip": name, "unmeasured": truth.why}
    start = process_time()
    made = laid(clean, grain_like(truth))
    synthesis = process_time() - start
    again, peer = measured(made), measured(_noise_filter(clean, truth))
    row: Row = {
        "clip": name, "confidence": truth.confidence, "read": vars(off_truth(truth, film)),
        "chroma_share_off_pct": 100 * ((truth.chroma or 0) / CHROMA_SHARE - 1),
        "temporal": temporal(clean, made), "read_s": spent, "made_s": synthesis,
    }  # fmt: skip
    row["made"] = (
        vars(off_other(again, truth)) if isinstance(again, MeasuredGrain) else {"unmeasured": again.why}
    )
    row["noise filter"] = (
        vars(off_other(peer, truth)) if isinstance(peer, MeasuredGrain) else {"unmeasured": peer.why}
    )
    row["deficit"] = _topped_up(clean, film, truth)
    return row


def _topped_up(clean: list[Planes8], film: Film, truth: MeasuredGrain) -> Row:
    """Adds to a clip with half of the grain what it lacks; returns how far the result is from the truth."""
    half = Film(film.strength / 2, film.wide, film.tall).over(clean, seed=11)
    own = measured(half)
    if isinstance(own, Unmeasured):
        return {"unmeasured": own.why}
    found = measured(laid(half, deficit(grain_like(truth), own)))
    return vars(off_other(found, truth)) if isinstance(found, MeasuredGrain) else {"unmeasured": found.why}


def _noise_filter(clean: list[Planes8], like: MeasuredGrain) -> list[Planes8]:
    """Returns frames with FFmpeg's noise: white, one strength for all brightnesses, uniform over `strength` codes."""
    mean = float(np.mean([sigma for _, sigma in like.sigma]))
    strength = max(1, round(mean * np.sqrt(12) / 1.0))
    return _through(
        clean,
        ["-vf", f"noise=c0s={strength}:c0f=t+u:c1s={strength // 2}:c1f=t+u:c2s={strength // 2}:c2f=t+u"],
    )


def _raw(frames: list[Planes8]) -> bytes:
    return b"".join(plane.tobytes() for frame in coded(frames) for plane in (frame.luma, *frame.chroma))


def _given(frames: list[Planes8]) -> list[str]:
    height, width = frames[0][0].shape
    return [
        "-f",
        "rawvideo",
        "-pix_fmt",
        "yuv420p10le",
        "-s",
        f"{width}x{height}",
        "-r",
        str(RATE),
        "-i",
        "-",
    ]


def _through(frames: list[Planes8], options: list[str]) -> list[Planes8]:
    """Returns frames through FFmpeg's filter, at 8 bits, the only depth it has."""
    height, width = frames[0][0].shape
    raw = b"".join(plane.tobytes() for frame in coded(frames, 8) for plane in (frame.luma, *frame.chroma))
    given = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{width}x{height}", "-i", "-"]
    command = [find_ffmpeg(), "-v", "error", *given, *options, "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"]
    out = subprocess.run(command, input=raw, capture_output=True, check=True).stdout
    return _cut(np.frombuffer(out, np.uint8), (height, width), 1)


def _cut(samples: Array, size: tuple[int, ...], unit: int) -> list[Planes8]:
    height, width = size
    whole = samples.reshape(-1, height * width * 3 // 2) / unit
    y, c = height * width, height * width // 4
    small = (height // 2, width // 2)
    return [
        (one[:y].reshape(height, width), one[y : y + c].reshape(small), one[y + c :].reshape(small))
        for one in whole
    ]


def tables(name: str, clean: list[Planes8], film: Film, crf: int) -> Row:
    """Compares baked grain, a table, and libaom's own estimate at one CRF: bits, and the sigma after decoding."""
    grained = film.over(clean)
    truth = measured(grained)
    if isinstance(truth, Unmeasured):
        return {"clip": name, "unmeasured": truth.why}
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "grain.tbl"
        made = make_grain_table(grain_like(truth), clean[0][0].shape[0])
        table.write_text(write_grain_tables([made] * len(clean), Clock(Fraction(RATE)), range(len(clean))))
        kinds: dict[str, tuple[list[Planes8], list[str]]] = {
            "baked": (grained, []),
            "table": (clean, ["-aom-params", f"film-grain-table={table.name}"]),
            "denoise-noise-level": (grained, ["-denoise-noise-level", "15"]),
        }
        row: Row = {"clip": name, "crf": crf}
        for kind, (frames, options) in kinds.items():
            row[kind] = _encoded(Path(folder), frames, [*options, "-crf", str(crf)], truth)
    row["saved_pct"] = 100 * (1 - row["table"]["kbps"] / row["baked"]["kbps"])
    return row


def _encoded(folder: Path, frames: list[Planes8], options: list[str], truth: MeasuredGrain) -> Row:
    path = folder / "out.mp4"
    coder = ["-c:v", "libaom-av1", "-cpu-used", "6", "-threads", "1", "-b:v", "0", *options]
    command = [find_ffmpeg(), "-v", "error", "-y", *_given(frames), *coder, str(path)]
    subprocess.run(command, input=_raw(frames), cwd=folder, check=True)
    decode = [find_ffmpeg(), "-v", "error", "-i", str(path), "-f", "rawvideo", "-pix_fmt", "yuv420p10le", "-"]
    raw = subprocess.run(decode, capture_output=True, check=True).stdout
    found = measured(_cut(np.frombuffer(raw, "<u2"), frames[0][0].shape, 4))
    announced, grained = count_grain(path)
    row: Row = {
        "kbps": path.stat().st_size * 8 * RATE / len(frames) / 1000,
        "announced": announced,
        "grained": grained,
    }
    if isinstance(found, Unmeasured):
        return row | {"unmeasured": found.why}
    luma, sigma = np.array(truth.sigma).T
    mine = np.interp(luma, *np.array(found.sigma).T)
    return row | vars(off_other(found, truth)) | {"sigma_mean_pct": 100 * float(np.mean(mine / sigma - 1))}


def banding() -> Row:
    """Returns CAMBI of a sky before and after a steep grade to 10 bits."""
    look = bake_lut(Look(contrast=1.4, saturation=1.2).colour, BT709, BT709)
    row: Row = {}
    for depth in (8, 10):
        source = sky(depth, 540, 960)
        neutral = np.full((270, 480), 128 << (depth - 8), source.dtype)
        out = new_planes(540, 960, 10, "420")
        kernel = open_kernel(KernelSpec(8 if depth == 8 else 10, 10, "420", BT709, BT709))
        kernel.grade(Planes(source, neutral, neutral.copy()), out, look, None, 0)
        row[f"{depth}-bit sky"] = {"source": cambi(source, depth), "graded": cambi(np.array(out.y), 10)}
    return row


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(prog="python -m tests.bench.grain")
    parser.add_argument("--quick", action="store_true", help="one clip, no encoding")
    parser.add_argument("--json", default="", help="where the numbers are written")
    asked = parser.parse_args(arguments)
    every = list(clips())[: 1 if asked.quick else None]
    small = [(name, clean) for name, clean in every if name.startswith(CODED)]
    loops = [
        _said_loop(loop(f"{name} ({kind})", clean, film))
        for name, clean in every
        for kind, film in FILMS.items()
    ]
    coded_rows = (
        [] if asked.quick else [_said_table(tables(name, clean, Film(), 24)) for name, clean in small]
    )
    bands_of_sky = _said_banding(banding())
    result = {"goals": GOALS, "loop": loops, "av1": coded_rows, "banding": bands_of_sky}
    if asked.json:
        Path(asked.json).write_text(json.dumps(result, indent=1))
    return 0


def _said_loop(row: Row) -> Row:
    if "unmeasured" in row:
        print(f"{row['clip']:44s} unmeasured: {row['unmeasured']}", flush=True)
        return row
    print(
        f"{row['clip']:44s} confidence {row['confidence']:.2f}  read {row['read_s']:.2f} s, made {row['made_s']:.2f} s"
    )
    for kind in ("read", "made", "deficit", "noise filter"):
        print(f"  {kind:20s} {_said_off(row[kind])}")
    print(f"  temporal correlation {row['temporal']:.4f} (< {GOALS['temporal']})", flush=True)
    return row


def _said_off(off: Row) -> str:
    if "unmeasured" in off:
        return f"unmeasured: {off['unmeasured']}"
    return (
        f"sigma {off['sigma_pct']:5.1f} % (<= {GOALS['sigma_pct']:g})  luma {off['luma_db']:5.2f} dB "
        f"(<= {GOALS['luma_db']:g})  chroma {off['chroma_db']:5.2f} dB (<= {GOALS['chroma_db']:g})"
    )


def _said_table(row: Row) -> Row:
    if "unmeasured" in row:
        print(f"AV1 {row['clip']:40s} unmeasured: {row['unmeasured']}", flush=True)
        return row
    print(
        f"AV1 {row['clip']:40s} CRF {row['crf']}: {row['saved_pct']:.0f} % fewer bits (>= {GOALS['saved_pct']:g})"
    )
    for kind in ("baked", "table", "denoise-noise-level"):
        one = row[kind]
        said = one.get("unmeasured") or (
            f"sigma {one['sigma_mean_pct']:+.1f} % mean, {one['sigma_pct']:.1f} % rms "
            f"(<= {GOALS['table_sigma_pct']:g})  luma {one['luma_db']:.2f} dB"
        )
        print(
            f"  {kind:20s} {one['kbps']:7.0f} kb/s  grain in {one['grained']:2d} frames  {said}", flush=True
        )
    return row


def _said_banding(row: Row) -> Row:
    for name, one in row.items():
        print(
            f"CAMBI of a graded {name}: {one['graded']:.2f}, source {one['source']:.2f} (< {GOALS['cambi']:g})"
        )
    return row


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
