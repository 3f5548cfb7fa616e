"""Draws a note's shapes over its frame."""

from __future__ import annotations

import math
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

COLOURS = {
    "red": "#e5322d", "orange": "#f08c00", "yellow": "#ffd43b", "green": "#2f9e44", "blue": "#1c7ed6",
    "white": "#ffffff", "black": "#000000",
}  # fmt: skip
FINER = 2  # how much larger it is drawn, so that lines are smooth
HEAD, ANGLE = 5.0, math.radians(28)  # of an arrow: its head's length in line widths, and half its opening


def draw_over(still: Path, drawing: Sequence[dict[str, Any]]) -> bytes:
    """Returns a still with shapes over it, as PNG, at its own size. drawing: as `comments.drawing` has it."""
    with Image.open(still) as opened:
        picture = opened.convert("RGB")
    size = picture.width * FINER, picture.height * FINER
    layer = Image.new("RGBA", size)
    pen = ImageDraw.Draw(layer)
    for shape in drawing:
        points = [(x * size[0], y * size[1]) for x, y in shape["points"]]
        width = max(1, round(shape["width"] / 1000 * size[0]))
        _SHAPES[shape["kind"]](pen, points, COLOURS[shape["colour"]], width)
    small = layer.resize(picture.size, Image.Resampling.BOX)
    picture.paste(small, mask=small)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


Points = Sequence[tuple[float, float]]


def _pen(draw: ImageDraw.ImageDraw, points: Points, colour: str, width: int) -> None:
    if len(points) > 1:
        draw.line(points, fill=colour, width=width, joint="curve")
    for x, y in (points[0], points[-1]):
        half = width / 2
        draw.ellipse((x - half, y - half, x + half, y + half), fill=colour)


def _arrow(draw: ImageDraw.ImageDraw, points: Points, colour: str, width: int) -> None:
    (x0, y0), (x1, y1) = points
    way, length = math.atan2(y1 - y0, x1 - x0), HEAD * width
    draw.line(
        (x0, y0, x1 - length / 2 * math.cos(way), y1 - length / 2 * math.sin(way)), fill=colour, width=width
    )
    sides = [
        (x1 - length * math.cos(way + turn), y1 - length * math.sin(way + turn)) for turn in (ANGLE, -ANGLE)
    ]
    draw.polygon([(x1, y1), *sides], fill=colour)


def _box(draw: ImageDraw.ImageDraw, points: Points, colour: str, width: int) -> None:
    (x0, y0), (x1, y1) = points
    draw.rectangle((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)), outline=colour, width=width)


_SHAPES = {"pen": _pen, "arrow": _arrow, "box": _box}
