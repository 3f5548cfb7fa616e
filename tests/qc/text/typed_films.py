"""Short films of real frames with lines of type over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from manimgx_fonts_cjk import __file__ as cjk
from PIL import Image, ImageDraw, ImageFont

from post.takes.probe import probe
from post.takes.still import read_stills
from post.values.array import Array

RATE = 12
SIZE = (960, 540)
WEIGHT = 600
HAN = next(Path(str(cjk)).parent.rglob("*.ttc"))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of type. at: its left top corner in pixels; frames: that show it; high: pixels of an em."""

    text: str
    at: tuple[int, int]
    frames: range
    high: int = 32


def real_frame(clip: Path, number: int = 12, size: tuple[int, int] = SIZE) -> Array:
    """Returns a frame of a clip, (height, width, 3) uint8."""
    picture = probe(clip, clip.name).picture
    _, image = next(read_stills(clip, picture, [number], size[0] * size[1]))
    return np.asarray(image.resize(size))


def typed(frame: Array, lines: Sequence[Line], number: int = 0) -> Array:
    """Returns a frame with the lines that show at a number."""
    image = Image.fromarray(frame)
    draw = ImageDraw.Draw(image)
    for line in lines:
        if number in line.frames:
            font = ImageFont.truetype(str(HAN), line.high)
            font.set_variation_by_axes([WEIGHT])
            box = draw.textbbox(line.at, line.text, font=font)
            draw.rectangle((box[0] - 12, box[1] - 8, box[2] + 12, box[3] + 8), fill="#10141a")
            draw.text(line.at, line.text, font=font, fill="white")
    return np.asarray(image)


def write_typed(path: Path, frame: Array, lines: Sequence[Line], frames: int = 24) -> Path:
    """Writes a film that drifts slowly over a frame, with lines of type that stand still."""
    height, width = frame.shape[:2]
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=Fraction(RATE), options={"crf": "23", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(frames):
            shown = typed(np.roll(frame, number, 1), lines, number)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(shown, format="rgb24")))
        out.mux(stream.encode())
    return path
