"""Reads the watermark after common changes to films, on ten clips; and on films that have none.

    python -m tests.bench.watermark [--out FILE.json] [--keys 64] [CLIP...]     default: the clips ANSWERPRINT_MEDIA has

A film is marked, encoded at CRF 18, attacked, and read from 48 of its frames. CPU times are of one thread.
"""

from __future__ import annotations

import hashlib
import tempfile
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from time import process_time
from typing import Any

import cv2
import numpy as np

from post.measure.banding import cambi
from post.picture.watermark import Watermark, mark_strength
from post.values.array import Array
from provenance.durable.watermark_detect import MIN_Z, LikeliestWatermark, find_likeliest
from provenance.durable.watermark_key import write_pattern
from tests.bench import write_json
from tests.bench.watermark.clips import FRAMES, paths
from tests.bench.watermark.pictures import ATTACKS, Frames, coded, frames_of, psnr_db

KEY = hashlib.sha256(b"tests.bench.watermark").digest()
IDENTIFIER = 0xA53C960F
LOOKED_AT = 48
WHOLE = (slice(None), slice(None))
Row = dict[str, Any]


def main() -> None:
    parser = ArgumentParser(prog="python -m tests.bench.watermark")
    parser.add_argument("--out", type=Path, help="where the numbers go as JSON")
    parser.add_argument("--keys", type=int, default=64, help="wrong keys to try, over all clips")
    parser.add_argument("clips", nargs="*")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    clips = paths(asked.clips)
    with tempfile.TemporaryDirectory() as folder:
        carrier = write_pattern(Path(folder), KEY, IDENTIFIER)
        stage = Watermark(identifier=f"{IDENTIFIER:08x}", carrier=carrier)
        found = {path.stem: _said(path.stem, run(path, first, stage)) for path, first in clips.items()}
    strangers = wrong_keys(clips, asked.keys)
    print("wrong keys", strangers)
    if asked.out:
        write_json(asked.out, {"clips": found, "wrong keys": strangers})


def run(path: Path, first: int, stage: Watermark) -> Row:
    """Returns for one clip the cost and visibility of marking, and what is read after each attack, marked or not."""
    plain = frames_of(path, first, FRAMES)
    started = process_time()
    marked: Frames = [(_marked(y, stage), cb, cr) for y, cb, cr in plain]
    spent = process_time() - started
    films = {"marked": coded(marked, 18), "plain": coded(plain, 18)}
    attacked = {
        f"{what}, {name}": _read(attack(film))
        for what, film in films.items()
        for name, attack in ATTACKS.items()
    }
    return {"frame": _cost(plain, marked, spent), **attacked}


def wrong_keys(clips: Mapping[Path, int], count: int) -> Row:
    """Returns how strongly wrong keys are detected, in films without a mark, at half size."""
    films = [_looked_at(ATTACKS["half size"](frames_of(path, first, 48))) for path, first in clips.items()]
    keys = [hashlib.sha256(b"stranger %d" % number).digest() for number in range(count)]
    reads = [find_likeliest(films[number % len(films)], key) for number, key in enumerate(keys)]
    z = np.array([read.watermark.z for read in reads if read])
    # The maximum over many places has a Gumbel distribution, fitted by its moments.
    spread = float(z.std() * np.sqrt(6) / np.pi)
    middle = float(z.mean() - 0.5772 * spread)
    return {
        "keys": len(z),
        "z mean": float(z.mean()),
        "z most": float(z.max()),
        "fit_z most": max(read.fit_z for read in reads if read),
        "taken for a mark": sum(read.is_certain for read in reads if read),
        f"fitted chance of z over {MIN_Z}": float(-np.expm1(-np.exp(-(MIN_Z - middle) / spread))),
    }


def _marked(luma: Array, stage: Watermark) -> Array:
    out = luma.copy()
    stage.finish(out, 8, WHOLE)
    return out


def _cost(plain: Frames, marked: Frames, spent: float) -> Row:
    from skimage.metrics import structural_similarity

    before, after = plain[len(plain) // 2][0], marked[len(plain) // 2][0]
    strong = mark_strength(before)
    return {
        "size": f"{before.shape[1]}x{before.shape[0]}",
        "frames": len(plain),
        "psnr_db": psnr_db([planes[0] for planes in marked], [planes[0] for planes in plain]),
        "ssim": float(structural_similarity(before, after)),  # type: ignore[no-untyped-call]  # skimage has no types
        "cambi before": cambi(before, 8),
        "cambi after": cambi(after, 8),
        "flattest tenth, codes": float(np.percentile(strong, 10)),
        "median, codes": float(np.median(strong)),
        "ms_per_720p_frame": spent / len(plain) * 1e3 * 1280 * 720 / before.size,
    }


def _looked_at(frames: Frames) -> list[Array]:
    chosen = sorted({round(place) for place in np.linspace(0, len(frames) - 1, LOOKED_AT)})
    return [frames[number][0] for number in chosen]


def _read(frames: Frames) -> Row:
    started = process_time()
    read = find_likeliest(_looked_at(frames), KEY)
    return {**_told(read), "seconds": process_time() - started}


def _told(read: LikeliestWatermark | None) -> Row:
    if read is None:
        return {"z": 0.0, "fit_z": 0.0, "sure": False}
    bits = 32 - (read.watermark.identifier ^ IDENTIFIER).bit_count()
    about = {"z": read.watermark.z, "fit_z": read.fit_z, "bits": bits, "corrected": read.watermark.corrected}
    return {**about, "scale": read.watermark.scale, "sure": read.is_certain}


def _said(name: str, row: Row) -> Row:
    print(name, flush=True)
    for what, numbers in row.items():
        parts = (
            f"{key} {value:.4g}" if isinstance(value, float) else f"{key} {value}"
            for key, value in numbers.items()
        )
        print(f"  {what:28s}" + "  ".join(parts), flush=True)
    return row


if __name__ == "__main__":
    main()
