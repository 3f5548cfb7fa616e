"""Pictures that flash, as cells of linear light, and films of them as a viewer gets them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from post.qc.flash.light import CellGrid, grid_of
from post.qc.flash.meter import FlashMeter
from post.values.array import Array
from post.values.colour import BT709
from post.values.media import Picture
from post.values.sights.flash import FlashSight
from post.values.time import Clock

RATE, WIDTH, HEIGHT = 30, 120, 90
GAP = 4  # frames of a light, and of a dark
Colour = tuple[float, float, float]
BLACK, WHITE, RED = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (1.0, 0.0, 0.0)


def grey(level: float) -> Colour:
    return level, level, level


def picture(frames: int, rate: int = RATE) -> Picture:
    """Returns what `probe` would say of a film whose pixels are cells."""
    clock = Clock(Fraction(rate))
    return Picture(
        0,
        "h264",
        WIDTH,
        HEIGHT,
        Fraction(1),
        0,
        8,
        "420",
        "yuv420p",
        BT709,
        clock,
        frames,
        frames,
        Fraction(0),
    )


def grid() -> CellGrid:
    return grid_of(Fraction(WIDTH), HEIGHT)


def measured(frames: Iterable[Array], rate: int = RATE) -> FlashSight:
    """Returns what is seen of flashes in pictures of linear light, (rows, columns, 3)."""
    shown = list(frames)
    meter = FlashMeter(picture(len(shown), rate))
    for each in shown:
        meter.see_light(each.astype(np.float32))
    return meter.found()


def whole(colour: Colour) -> Array:
    return np.broadcast_to(np.array(colour), (HEIGHT, WIDTH, 3)).copy()


def part(share: float, top: int = 10, left: int = 10) -> Array:
    """Returns the cells of a flash that fills this share of a field, bool: (rows, columns)."""
    across, down = grid().field
    cells = int(share * across * down)
    high = max(1, round((cells * down / across) ** 0.5))
    wide, rest = divmod(cells, high)
    out = np.zeros((HEIGHT, WIDTH), bool)
    out[top : top + high, left : left + wide] = True
    out[top : top + rest, left + wide] = True
    assert out.sum() == cells
    return out


def flashing(
    flashes: int,
    cells: Array | None = None,
    dark: Colour = BLACK,
    light: Colour = WHITE,
    gap: int = GAP,
    rate: int = RATE,
) -> list[Array]:
    """Returns two seconds with so many flashes one after the other. cells: those that flash, None for all."""
    frames = []
    for number in range(2 * rate):
        place = number // gap
        frame = whole(dark)
        if place % 2 and place < 2 * flashes:
            frame[slice(None) if cells is None else cells] = light
        frames.append(frame)
    return frames


def write_film(path: Path, luma: Callable[[int], Array], frames: int, rate: int = 24) -> Path:
    """Writes a film of grey pictures. luma: (height, width) of 0..1 for each frame number."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=rate, options={"crf": "12", "preset": "ultrafast"})
        stream.height, stream.width = luma(0).shape
        stream.pix_fmt = "yuv420p"
        for number in range(frames):
            shown = luma(number)
            planes = np.full((shown.shape[0] * 3 // 2, shown.shape[1]), 128, np.uint8)
            planes[: shown.shape[0]] = np.rint(16 + 219 * np.clip(shown, 0, 1)).astype(np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(planes, format="yuv420p")))
        out.mux(stream.encode())
    return path
