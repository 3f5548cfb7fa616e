"""Short films of real frames with a logo over them, drawn right or wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from post.atomic import checksum
from post.picture.brand.element import open_element
from post.values.array import Array
from post.values.brand.guide import LogoFile
from post.values.media import File
from post.values.time import Clock

RATE = 12
WIDE = 200  # pixels of a logo


def file_of(path: Path) -> File:
    return File(checksum(path).sha256, path.name, path)


def logo_file(path: Path, *, retired: bool = False) -> LogoFile:
    return LogoFile(path.stem, file_of(path), retired=retired)


@dataclass(frozen=True, slots=True)
class Drawn:
    """How a logo is drawn. wide: its width against WIDE; stretch: its width over height against its file's; tint: its
    colour, None for its own; opacity: 0..1; covered: the share of its width that a plate hides."""

    wide: float = 1.0
    stretch: float = 1.0
    tint: tuple[float, float, float] | None = None
    opacity: float = 1.0
    covered: float = 0.0


def lay_logo(frame: Array, logo: Path, drawn: Drawn, at: tuple[int, int] = (600, 60)) -> Array:
    """Returns a frame, (height, width, 3) uint8, with a logo at its left top corner."""
    element = open_element(file_of(logo), None, "auto", Clock(Fraction(24)))
    width = round(WIDE * drawn.wide)
    height = round(width / drawn.stretch / element.shape)
    whole = element.draw(Fraction(0), 4 * width, round(4 * width / element.shape))
    rgba = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)
    colour, alpha = rgba[..., :3], rgba[..., 3:]
    if drawn.tint is not None:
        colour = alpha * np.array(drawn.tint, np.float32)
    out = frame.astype(np.float32) / 255
    left, top = at
    part = out[top : top + height, left : left + width]
    part[:] = part * (1 - alpha * drawn.opacity) + colour * drawn.opacity
    hidden = round(width * drawn.covered)
    if hidden:
        part[:, width - hidden :] = 0.5
    return np.asarray(np.rint(np.clip(out, 0, 1) * 255), np.uint8)


def write_branded(path: Path, frame: Array, shown: Callable[[int, Array], Array], frames: int = 12) -> Path:
    """Writes a film that drifts over a frame. shown: returns the frame of a number as it is to be shown."""
    height, width = frame.shape[:2]
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=RATE, options={"crf": "23", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(frames):
            made = shown(number, np.roll(frame, 2 * number, 1))
            out.mux(stream.encode(av.VideoFrame.from_ndarray(made, format="rgb24")))
        out.mux(stream.encode())
    return path


def coded(frame: Array) -> Array:
    """Returns a frame as a codec leaves it."""
    _, data = cv2.imencode(".jpg", frame[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR))[..., ::-1]
