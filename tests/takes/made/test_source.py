"""Made sources: the codes of SMPTE RP 219 and of the colour that was asked for."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from post.errors import SourceError
from post.takes.frame_planes import plane_codes
from post.takes.made.source import draw_source, fitted, write_recipe
from post.takes.open_picture import open_picture
from post.takes.probe import probe
from post.values.array import Array
from post.values.colour import Format
from post.values.media import Picture
from post.values.time import Clock

# SMPTE RP 219-1:2014, tables 1 and 2: 10-bit Y, Cb, Cr, and where each bar's middle is, in shares of the frame.
BAR = 3 / 28
RP219 = {
    "40 % grey": ((414, 512, 512), (1 / 16, 0.3)),
    "75 % white": ((721, 512, 512), (1 / 8 + 0.5 * BAR, 0.3)),
    "75 % yellow": ((674, 176, 543), (1 / 8 + 1.5 * BAR, 0.3)),
    "75 % cyan": ((581, 589, 176), (1 / 8 + 2.5 * BAR, 0.3)),
    "75 % green": ((534, 253, 207), (1 / 8 + 3.5 * BAR, 0.3)),
    "75 % magenta": ((251, 771, 817), (1 / 8 + 4.5 * BAR, 0.3)),
    "75 % red": ((204, 435, 848), (1 / 8 + 5.5 * BAR, 0.3)),
    "75 % blue": ((111, 848, 481), (1 / 8 + 6.5 * BAR, 0.3)),
    "100 % cyan": ((754, 615, 64), (1 / 16, 0.62)),
    "100 % blue": ((127, 960, 471), (15 / 16, 0.62)),
    "100 % yellow": ((877, 64, 553), (1 / 16, 0.71)),
    "100 % red": ((250, 409, 960), (15 / 16, 0.71)),
    "100 % white": ((940, 512, 512), (1 / 8 + 2.5 * BAR, 0.9)),
    "15 % grey": ((195, 512, 512), (1 / 16, 0.9)),
    "black": ((64, 512, 512), (1 / 8 + 0.5 * BAR, 0.9)),
    "-2 %": ((46, 512, 512), (1 / 8 + (13 / 3 + 1 / 6) * BAR, 0.9)),
    "+2 %": ((82, 512, 512), (1 / 8 + (13 / 3 + 5 / 6) * BAR, 0.9)),
    "+4 %": ((99, 512, 512), (1 / 8 + (13 / 3 + 9 / 6) * BAR, 0.9)),
}


def made(make: str, tmp_path: Path, fill: str = "#000000", **shape: object) -> Picture:
    out = BytesIO()
    write_recipe(make, fill, out)
    path = tmp_path / f"{make}.json"
    path.write_bytes(out.getvalue())
    film = Format(**{"width": 1920, "height": 1080, "clock": Clock(Fraction(25)), "length": 1, **shape})  # type: ignore[arg-type]  # shapes of one test
    return fitted(probe(path, make).picture, film)


def planes(picture: Picture) -> list[Array]:
    frame = draw_source(picture)
    return [plane_codes(frame, number) for number in range(3)]


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (1080, 1920), (642, 362)])
@pytest.mark.parametrize("chroma", ["420", "422"])
def test_each_bar_has_the_codes_of_rp_219(tmp_path: Path, size: tuple[int, int], chroma: str) -> None:
    luma, cb, cr = planes(made("bars", tmp_path, width=size[0], height=size[1], chroma=chroma))
    for name, (codes, (across, down)) in RP219.items():
        y, x = int(down * size[1]), int(across * size[0])
        colour = (y * cb.shape[0] // size[1], x * cb.shape[1] // size[0])
        assert (int(luma[y, x]), int(cb[colour]), int(cr[colour])) == codes, name


def test_bars_have_the_widths_of_rp_219(tmp_path: Path) -> None:
    luma, _, _ = planes(made("bars", tmp_path))
    edges = np.flatnonzero(np.diff(luma[100].astype(int))) + 1
    assert edges.tolist() == [240, *(240 + round(n * 1440 / 7 / 2) * 2 for n in range(1, 7)), 1680]
    rows = np.flatnonzero(np.diff(luma[:, 100].astype(int))) + 1
    assert rows.tolist() == [630, 720, 810]


def test_the_ramp_rises_from_black_to_white(tmp_path: Path) -> None:
    luma, cb, _ = planes(made("bars", tmp_path))
    ramp = luma[765, 446:1474].astype(int)
    assert (ramp[0], ramp[-1]) == (64, 940)
    assert set(np.diff(ramp)) <= {0, 1}
    assert set(cb[382, 223:737]) == {512}


@pytest.mark.parametrize(
    ("make", "fill", "codes"),
    [
        ("black", "#ffffff", (64, 512, 512)),
        ("colour", "#ffffff", (940, 512, 512)),
        ("colour", "#ff0000", (250, 409, 960)),
        ("colour", "#808080", (504, 512, 512)),
        ("slate", "#0000ff", (127, 960, 471)),
    ],
)
def test_a_colour_is_that_colour_everywhere(
    tmp_path: Path, make: str, fill: str, codes: tuple[int, int, int]
) -> None:
    found = planes(made(make, tmp_path, fill, width=64, height=36))
    assert [set(plane.ravel().tolist()) for plane in found] == [{code} for code in codes]


def test_a_made_source_reads_as_any_take(tmp_path: Path) -> None:
    picture = made("bars", tmp_path, width=64, height=36)
    assert (picture.kind, picture.length, picture.after_end) == ("made", 1, "holds")
    with open_picture(tmp_path / "bars.json", picture) as reader:
        assert reader.frame(0) is reader.frame(0)
        assert reader.frame(0).width == 64
    assert (
        fitted(dataclasses.replace(picture, kind="still"), Format(32, 32, Clock(Fraction(24)), 1)).width == 64
    )


NO_RECIPES = (
    '{"schema":"Made.1","make":"fire","fill":"#000000"}',
    '{"schema":"Made.1"',
    '{"schema":"Made.1","make":"bars","fill":7}',
    '{"schema":"Made.1","make":"colour","fill":"#-f-f-f"}',
    '{"schema":"Made.1","make":' + "[" * 4000,
)


@pytest.mark.parametrize("text", NO_RECIPES)
def test_a_recipe_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "made.json"
    path.write_text(text)
    with pytest.raises(SourceError, match=r"made\.json: is no recipe of a made source"):
        probe(path, "made")
