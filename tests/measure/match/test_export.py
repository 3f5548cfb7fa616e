"""A match for other tools, read back by OpenColorIO."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from post.measure.match import cdl, cube
from post.picture.colour.lut_file import open_lut
from post.picture.colour.match import NODES, ColourMatch, write_residual
from post.values.media import File

TABLE = np.random.default_rng(1).uniform(-0.04, 0.04, (NODES, NODES, NODES, 3))
TEN = ColourMatch(exposure=(0.4, -0.1, 0.2), offset=(0.01, 0.0, -0.02), gamma=(0.9, 1.1, 1.0), saturation=1.2)
WHOLE = ColourMatch(
    exposure=TEN.exposure, offset=TEN.offset, gamma=TEN.gamma, saturation=1.2, residual=write_residual(TABLE)
)


def opened(path: Path, text: str) -> File:
    path.write_text(text, "ascii")
    return File(hashlib.sha256(path.read_bytes()).hexdigest(), path.name, path)


def test_the_cube_says_all_of_a_match(tmp_path: Path) -> None:
    table = open_lut(opened(tmp_path / "match.cube", cube(WHOLE, 'A "title"')))
    nodes = np.random.default_rng(0).integers(0, 65, (3000, 3)) / 64
    assert np.abs(table(nodes) - WHOLE.colour(nodes)).max() < 3e-6
    between = np.random.default_rng(0).uniform(0.05, 1, (3000, 3))
    assert np.abs(table(between) - WHOLE.colour(between)).mean() < 4e-4


@pytest.mark.parametrize("name", ["Café 日本 clip", 'a "b" <c>&', "Ünï–dash’s"])
def test_any_name_is_written_in_ascii(tmp_path: Path, name: str) -> None:
    title = cube(ColourMatch(), name).partition("\n")[0]
    assert title.isascii()
    assert title.count('"') == 2
    grade = open_lut(opened(tmp_path / "match.cc", cdl(TEN, name)))
    assert grade(np.full((1, 3), 0.5)) == pytest.approx(TEN.colour(np.full((1, 3), 0.5)), abs=1e-5)


def test_the_cdl_says_the_ten_parameters(tmp_path: Path) -> None:
    grade = open_lut(opened(tmp_path / "match.cc", cdl(WHOLE, "shot <1>")))
    rgb = np.random.default_rng(0).uniform(0.1, 0.8, (500, 3))
    assert grade(rgb) == pytest.approx(TEN.colour(rgb), abs=1e-5)
