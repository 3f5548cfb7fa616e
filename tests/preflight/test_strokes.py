"""What counts as a stroke of type, and what stands beside it."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image

from post.picture.title import Title
from post.preflight.strokes import find_strokes
from post.stage_knobs import make
from post.values.colour import Format
from post.values.media import File
from post.values.time import Clock
from tests.made import colour_fonts

CANVAS = Format(1280, 720, Clock(Fraction(24)), 48)
WHITE = np.ones(3, np.float32)


def test_an_emoji_of_the_types_own_colour_is_no_stroke(tmp_path: Path) -> None:
    held = io.BytesIO()
    Image.new("RGBA", (64, 64), "white").save(held, "PNG")
    path = tmp_path / "emoji.ttf"
    path.write_bytes(colour_fonts.sbix("\U0001f600", held.getvalue()))
    font = File(hashlib.sha256(path.read_bytes()).hexdigest(), path.name, path)
    title = make("title", {"text": "I  \U0001f600", "font": font, "shadow": 0})
    assert isinstance(title, Title)
    raster = title.draw(CANVAS)
    both = find_strokes(raster, WHITE, 720)
    letter = find_strokes(raster, WHITE, 720, replace(title, colour="#000000").draw(CANVAS))
    assert both is not None
    assert letter is not None
    across = [np.flatnonzero(strokes.near.any(0)) for strokes in (letter, both)]
    assert across[0][-1] < 40 < raster.rgba.shape[1] - 40 < across[1][-1]
