"""Measures the cost of encoding a peer's own frames, and compares its film with ours.

Two films of one recipe do not cost the same to encode: their grain and size differ. So each peer is compared with
decoding the sources plus encoding the frames that it makes itself; its size and its PSNR against our film are
printed with the ratio.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np

from post.render.frame_planes import planes_of


def write_raw(lossless: Path, raw: Path) -> int:
    """Writes the frames of a lossless 8-bit 4:2:0 file as floor.py reads them. Returns how many."""
    count = 0
    with av.open(str(lossless)) as container, raw.open("wb") as out:
        for decoded in container.decode(video=0):
            frame = av.VideoFrame(decoded.width, decoded.height, "yuv420p")
            target, source = planes_of(frame), planes_of(decoded)
            target.y[:], target.cb[:], target.cr[:] = source.y, source.cb, source.cr
            for plane in frame.planes:
                out.write(memoryview(plane))
            count += 1
    return count


def compared(theirs: Path, ours: Path, first: int = 0) -> dict[str, Any]:
    """Returns the size of a film's picture in megabits a second, and the PSNR of its luma against ours.

    first: which frame of ours the first frame of theirs is. PSNR is of the mean squared error of all frames.
    """
    error, count = 0.0, 0
    with av.open(str(theirs)) as one, av.open(str(ours)) as two:
        other = two.decode(video=0)
        for _ in range(first):
            next(other)
        for left, right in zip(one.decode(video=0), other, strict=False):
            a, b = (planes_of(frame).y.astype(np.float32) for frame in (left, right))
            error, count = error + float(np.mean((a - b) ** 2)), count + 1
    return {
        "frames": count,
        "mbit_s": round(_bits(theirs) * 24 / 1e6 / max(1, _frames(theirs)), 2),
        "ours_mbit_s": round(_bits(ours) * 24 / 1e6 / max(1, _frames(ours)), 2),
        "psnr_db": round(10 * float(np.log10(255**2 / (error / max(1, count)))), 2) if error else None,
    }


def _bits(film: Path) -> int:
    with av.open(str(film)) as container:
        return 8 * sum(packet.size for packet in container.demux(video=0))


def _frames(film: Path) -> int:
    with av.open(str(film)) as container:
        return sum(1 for packet in container.demux(video=0) if packet.size)
