"""Draws every transition at five places, as a film has it: `python -m tests.bench.transition_sheet A B SHEET.png`.

A, B: two clips of at least two seconds. One row for each stage, in the order of their names; shares .1, .3, .5, .7, .9.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import cv2
import numpy as np

from post.picture.kernel import new_planes, to_rgb
from post.render.segment import draw
from post.values import Rendition
from post.values.array import Array
from tests.bench.transitions import LENGTH, OVER, film_of, names, put_clips

SHARES = (0.1, 0.3, 0.5, 0.7, 0.9)


def frame_of(film: Rendition, frame: int) -> Array:
    """One finished frame, (height, width, 3) uint8, in the order that OpenCV writes."""
    form = film.format
    out = new_planes(form.height, form.width, form.depth, form.chroma)
    [segment] = [each for each in film.on_film if frame in each.span]
    draw(segment, frame, out)
    rgb = np.clip(to_rgb(out, form.depth, form.colour, form.chroma), 0, 1)
    return np.ascontiguousarray((rgb[..., ::-1] * 255 + 0.5).astype(np.uint8))


def row_of(folder: Path, name: str, size: tuple[int, int]) -> Array:
    """A stage's frames side by side, with its name."""
    film = film_of(folder, name, size)
    first = LENGTH - OVER
    row = np.hstack([frame_of(film, first + round(share * (OVER + 1)) - 1) for share in SHARES])
    for colour, wide in (((0, 0, 0), 3), ((255, 255, 255), 1)):
        cv2.putText(row, name, (6, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.5, colour, wide, cv2.LINE_AA)
    return row


def main() -> None:
    """Writes the sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", nargs=2, type=Path)
    parser.add_argument("sheet", type=Path)
    parser.add_argument("--size", default="384x216")
    parser.add_argument("--only", nargs="*", default=names())
    asked = parser.parse_args()
    width, _, height = asked.size.partition("x")
    size = int(width), int(height)
    with tempfile.TemporaryDirectory() as room:
        put_clips(Path(room), asked.clips, size)
        rows = [row_of(Path(room), name, size) for name in asked.only]
    cv2.imwrite(str(asked.sheet), np.vstack(rows))


if __name__ == "__main__":
    main()
