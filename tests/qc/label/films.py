"""Films with a label over a picture that moves, coded as a viewer gets them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import av
import cv2
import numpy as np

from post.stage import Raster
from post.values.array import Array
from post.values.colour import Format
from post.values.time import Clock

RATE = 24


class DrawnLayer(Protocol):
    """What draws itself on a canvas."""

    def draw(self, canvas: Format) -> Raster: ...


@dataclass(frozen=True, slots=True)
class Shown:
    """A layer, and the frames that show it."""

    layer: DrawnLayer
    frames: range


def write_film(
    path: Path, shown: Iterable[Shown], frames: int = 48, size: tuple[int, int] = (960, 540), crf: int = 28
) -> Path:
    """Writes a film of drifting texture, luma alone, with layers over it. size: width, height."""
    width, height = size
    canvas = Format(width, height, Clock(Fraction(RATE)), frames)
    layers = [(each.frames, each.layer.draw(canvas)) for each in shown]
    texture = _texture(width + 2 * frames, height)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=RATE, options={"crf": str(crf), "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(frames):
            luma = texture[:, 2 * number : 2 * number + width].copy()
            for on, raster in layers:
                if number in on:
                    _lay(luma, raster)
            planes = np.full((height * 3 // 2, width), 128, np.uint8)
            planes[:height] = np.rint(16 + 219 * np.clip(luma, 0, 1)).astype(np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(planes, format="yuv420p")))
        out.mux(stream.encode())
    return path


def seconds(frame: int) -> Fraction:
    return Fraction(frame, RATE)


def _texture(width: int, height: int) -> Array:
    rng = np.random.default_rng(7)
    coarse = cv2.resize(rng.random((height // 30, width // 30), np.float32), (width, height))
    fine = cv2.resize(rng.random((height // 4, width // 4), np.float32), (width, height))
    return np.asarray(0.15 + 0.5 * coarse + 0.25 * fine)


def _lay(luma: Array, raster: Raster) -> None:
    rgba = raster.rgba
    height, width = rgba.shape[:2]
    rows, columns = slice(raster.top, raster.top + height), slice(raster.left, raster.left + width)
    alpha, grey = rgba[..., 3], rgba[..., :3] @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    luma[rows, columns] = luma[rows, columns] * (1 - alpha) + grey * alpha
