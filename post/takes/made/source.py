"""Made sources: pictures that no file holds. A recipe, a few bytes of JSON, stands for the file.

Its content is what the picture is known by, as any file's is. It has no size: it is drawn at that of the film.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import numpy as np
from av import VideoFrame

from post.errors import SourceError
from post.takes.frame_planes import plane_codes, repeat_right_edge
from post.takes.made.bars import draw_bars
from post.takes.stills.decode import codes_of_rgb, hex_rgb
from post.takes.stills.format import MADE_MARK
from post.values.array import Array
from post.values.colour import BT709, Format
from post.values.media import Picture
from post.values.time import Clock

MAKES = ("black", "colour", "bars", "slate")
BLACK = "#000000"
FILL = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
LONGEST_RECIPE = 4096  # bytes
STEPS: dict[str, tuple[int, int]] = {"420": (2, 2), "422": (2, 1), "444": (1, 1)}
# At which a made source is described where no film sets another size.
WIDTH, HEIGHT = 1920, 1080


def write_recipe(make: str, fill: str, out: BinaryIO) -> None:
    """Writes the recipe of a made source. make: of MAKES; fill: its colour, #rrggbb."""
    made = json.dumps({"schema": "Made.1", "make": make, "fill": fill}, separators=(",", ":"))
    assert made.encode().startswith(MADE_MARK)
    out.write(made.encode())


def picture_of_recipe(path: Path, clock: Clock | None) -> Picture:
    """Returns the picture that a recipe makes. Raises SourceError for another file."""
    with path.open("rb") as file:
        text = file.read(LONGEST_RECIPE)
    try:
        recipe = json.loads(text)
        make = MAKES[MAKES.index(recipe["make"])]
        fill = FILL.fullmatch(recipe["fill"])[0]  # type: ignore[index]  # None, where it is no colour: a TypeError
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise SourceError(
            "is no recipe of a made source", where=path.name, expected=f"make: {' | '.join(MAKES)}",
            fix="write `make:` in the job",
        ) from fault  # fmt: skip
    return Picture(
        stream=0, codec=make, width=WIDTH, height=HEIGHT, sar=Fraction(1), rotation=0, depth=10, chroma="420",
        pixel_format="yuv420p10le", colour=BT709, grid=clock or Clock(Fraction(24)), length=1, decoded=1,
        start=Fraction(0), kind="made", fill=fill,
    )  # fmt: skip


def fitted(picture: Picture, film: Format) -> Picture:
    """Returns a made source's picture at the size and the chroma of a film; any other picture as it is."""
    if picture.kind != "made":
        return picture
    return replace(
        picture,
        width=film.width,
        height=film.height,
        chroma=film.chroma,
        pixel_format=f"yuv{film.chroma}p10le",
    )


def draw_source(picture: Picture) -> VideoFrame:
    """Returns the one frame of a made source, in its picture's own size and pixel format."""
    frame = VideoFrame(picture.width, picture.height, picture.pixel_format)
    step = STEPS[picture.chroma]
    for number, codes in enumerate(_drawn(picture, step)):
        across, down = step if number else (1, 1)
        plane_codes(frame, number)[:] = codes[::down, ::across]
    repeat_right_edge(frame)
    frame.colorspace, frame.color_range = BT709.matrix, 1
    frame.color_primaries, frame.color_trc = BT709.primaries, BT709.transfer
    return frame


def _drawn(picture: Picture, step: tuple[int, int]) -> tuple[Array, Array, Array]:
    if picture.codec == "bars":
        return draw_bars(picture.width, picture.height, step)
    flat = codes_of_rgb(np.array(hex_rgb(BLACK if picture.codec == "black" else picture.fill), np.float32))
    y, cb, cr = (np.broadcast_to(code, (picture.height, picture.width)) for code in flat)
    return y, cb, cr
