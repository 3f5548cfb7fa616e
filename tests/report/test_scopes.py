from __future__ import annotations

import numpy as np
from PIL import Image

from post.report.scopes import COLUMNS, GAP, GRID, HEAD, LEVELS, PAPER, SIDE, draw_scopes
from post.values.array import Array


def seen(rgb: Array) -> Array:
    return np.asarray(draw_scopes(Image.fromarray(rgb.astype(np.uint8))))


def flat(*colour: int) -> Array:
    return np.full((90, 160, 3), colour)


def test_a_level_lies_on_its_line_of_the_waveform() -> None:
    for code, row in ((0, HEAD + LEVELS - 1), (255, HEAD)):
        sheet = seen(flat(code, code, code))
        assert (sheet[row, :COLUMNS] == 255).all()
    ramp = np.repeat(np.arange(160)[None, :, None] * 255 // 159, 90, 0).repeat(3, 2)
    traced = np.asarray(seen(ramp)[:, :COLUMNS].min(2) > max(GRID))
    heights = [int(np.flatnonzero(traced[:, column])[0]) for column in range(0, COLUMNS, 12)]
    assert heights == sorted(heights, reverse=True)


# (Cb, Cr) of full red, yellow, green and their opposite colours in BT.709.
BARS = {(1, 0, 0): (-0.1146, 0.5), (1, 1, 0): (-0.5, 0.0458), (0, 1, 0): (-0.3854, -0.4542)}


def test_colour_bars_fall_into_their_boxes_and_grey_into_the_middle() -> None:
    opposite = {(1 - r, 1 - g, 1 - b): (-cb, -cr) for (r, g, b), (cb, cr) in BARS.items()}
    for colour, (cb, cr) in (BARS | opposite).items():
        scope = seen(flat(*(191 * part for part in colour)))[HEAD : HEAD + SIDE, COLUMNS + GAP :]
        row, column = round((0.5 - 0.75 * cr) * (SIDE - 1)), round((0.5 + 0.75 * cb) * (SIDE - 1))
        assert scope[row - 1 : row + 2, column - 1 : column + 2].max() == 255
        box = scope[row - 5 : row + 6, column - 5 : column + 6]
        assert sum(bool((pixel == GRID).all()) for pixel in box.reshape(-1, 3)) >= 38
    grey = seen(flat(90, 90, 90))[HEAD : HEAD + SIDE, COLUMNS + GAP :]
    assert (grey[SIDE // 2 - 1 : SIDE // 2 + 1, SIDE // 2 - 1 : SIDE // 2 + 1] == 255).any()


def test_channels_are_told_apart() -> None:
    sheet = seen(flat(200, 0, 0))[:, :COLUMNS]
    row = HEAD + LEVELS - 1 - (200 * (LEVELS - 1) + 127) // 255
    assert (sheet[row] == (255, *PAPER[1:])).all()
