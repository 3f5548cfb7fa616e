"""Draws the test files of LottieFiles beside their pictures: each is near its picture, or refused by a feature's name.

The suite has pictures of 29 of its 43 files, and an SVG of the first frame of the other 14, which resvg draws here.
Differences are of R'G'B'A codes multiplied by alpha, mean over the whole picture.
"""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path

import numpy as np
import pytest
import resvg_py
from PIL import Image

from post.errors import JobError
from post.picture.lottie import open_lottie
from post.values.array import Array

MOST = 2.0  # codes of 255, mean over a picture
MOST_NEARBY = 40.0  # codes, mean over any 5x5 px: a missing stroke or dot is far above, a softer edge below
AREA = 5
# What the suite has that ThorVG lacks, by the file.
REFUSED = {
    "shape-modifiers/zig-zag-smooth": "zig zag",
    "shape-style/fill-blend-darken": "the blend mode of a fill or stroke",
}
SIZE = 80
# Its SVG has other stops than the file, which gives a colour to each midpoint: the stops of the file are drawn here.
MIDPOINTS = "gradient-linear-midpoint"


@pytest.fixture(scope="session")
def suite() -> Path:
    root = os.environ.get("ANSWERPRINT_SUITES")
    if not root:
        pytest.skip("ANSWERPRINT_SUITES is unset: lottie")
    return Path(root) / "lottie" / "data"


def codes(image: Image.Image) -> Array:
    """Returns a picture as (height, width, 4) codes, colour multiplied by alpha."""
    rgba = np.asarray(image.convert("RGBA"), float)
    rgba[..., :3] *= rgba[..., 3:] / 255
    return rgba


def nearby(difference: Array) -> float:
    """Returns the largest mean difference of any small area, of the channel that differs most."""
    windows = np.lib.stride_tricks.sliding_window_view(difference, (AREA, AREA), axis=(0, 1))
    return float(windows.mean((-2, -1)).max())


def pictures(path: Path) -> list[tuple[int, Array]]:
    """Returns the frames that the suite has of a file, with their pictures."""
    found = {
        int(match[1]): png
        for png in path.parent.glob(f"{path.stem}-*.png")
        if (match := re.fullmatch(rf"{re.escape(path.stem)}-(\d\d)\.png", png.name))
    }
    if found:
        return [(frame, codes(Image.open(png))) for frame, png in sorted(found.items())]
    if path.stem == MIDPOINTS:
        return [(0, stops_of(path))]
    svg = path.with_suffix(".svg").read_text()
    drawn = resvg_py.svg_to_bytes(svg_string=svg, width=SIZE, height=SIZE, resources_dir=str(path.parent))
    return [(0, codes(Image.open(io.BytesIO(bytes(drawn)))))]


def stops_of(path: Path) -> Array:
    """Returns the picture of a square with a gradient from left to right, from the stops of the file."""
    shapes = json.loads(path.read_text())["layers"][0]["shapes"][0]["it"]
    gradient = next(shape for shape in shapes if shape["ty"] == "gf")
    stops = np.reshape(gradient["g"]["k"]["k"], (-1, 4))
    at = (np.arange(SIZE) + 0.5) / gradient["e"]["k"][0]
    colours = [np.interp(at, stops[:, 0], stops[:, part]) for part in (1, 2, 3)]
    row = np.stack([*colours, np.ones(SIZE)], -1) * 255
    picture = np.zeros((SIZE, SIZE, 4))
    margin = (SIZE - shapes[0]["s"]["k"][0]) // 2
    inside = slice(margin, SIZE - margin)
    picture[inside, inside] = row[inside]
    return picture


@pytest.mark.slow
def test_every_file_is_drawn_as_its_picture_or_refused_by_name(suite: Path) -> None:
    files = sorted(path for path in suite.glob("*/*.json") if not path.stem.endswith("-meta"))
    assert len(files) == 43
    rows, refused, compared = [], {}, 0
    for path in files:
        name = f"{path.parent.name}/{path.stem}"
        try:
            animation = open_lottie(path, "brand.file")
        except JobError as fault:
            refused[name] = str(fault)
            continue
        for frame, wanted in pictures(path):
            drawn = animation.draw(frame, SIZE, SIZE) * 255
            difference = np.abs(drawn - wanted)
            rows.append((name, frame, float(difference.mean()), nearby(difference)))
            compared += 1
    print(f"\n{'file':44} frame   mean nearby")
    for row in rows:
        print(f"{row[0]:44} {row[1]:5} {row[2]:6.2f} {row[3]:6.1f}")
    assert refused.keys() == REFUSED.keys()
    assert all(REFUSED[name] in said for name, said in refused.items())
    assert compared == 52
    assert [row for row in rows if row[2] > MOST or row[3] > MOST_NEARBY] == []
