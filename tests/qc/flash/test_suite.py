"""Another project's test films and patterns (EA IRIS) are judged as its expected files say, frame by frame.

Compared are its columns of mean luminance, changed area, changes of luminance and red, frames near the limit, and the
state of each frame. Its sums of differences are steps of its own arithmetic, which follows the mean of the frame.
"""

from __future__ import annotations

import csv
import os
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from post.qc.film_pass import measure_one
from post.qc.flash.light import grid_of
from post.qc.flash.stripes import find_stripes
from post.qc.frames.question import FrameQuestion
from post.values.sights.flash import FlashLimit, StripeSight
from post.values.srgb import srgb_light_of

STATES = {"0": "pass", "1": "warning", "2": "extended", "3": "fail"}


def suite(part: str) -> Path:
    root = os.environ.get("ANSWERPRINT_SUITES")
    if root is None:
        pytest.skip("ANSWERPRINT_SUITES is unset: flashes")
    return Path(root) / "flashes" / "test" / "Iris.Tests" / "data" / part


@pytest.mark.parametrize("name", ["2Hz_6s", "extendedFLONG", "intermitentEF"])
def test_films_are_judged_as_expected_frame_by_frame(name: str) -> None:
    with (suite("ExpectedVideoLogFiles") / f"{name}_RELATIVE.csv").open(newline="") as file:
        expected = [{key: value.strip() for key, value in row.items()} for row in csv.DictReader(file)]
    sight = measure_one(suite("TestVideos") / f"{name}.mp4", FrameQuestion()).flashes
    assert len(sight.frames) == len(expected)
    general, red = (sight.judged(FlashLimit(), red=of) for of in (False, True))
    stripes = dict(sight.stripes)
    for number, row in enumerate(expected):
        frame, one, other = sight.frames[number], general[number], red[number]
        assert frame.luminance == pytest.approx(float(row["AverageLuminance"]), abs=0.01), row
        assert frame.changed == pytest.approx(float(row["FlashAreaLuminance"]), abs=0.01), row
        assert one.changes == int(row["LuminanceTransitions"]), row
        assert other.changes == int(row["RedTransitions"]), row
        assert one.near == int(row["LuminanceExtendedFailCount"]), row
        assert other.near == int(row["RedExtendedFailCount"]), row
        assert one.state == STATES[row["FlashLuminanceFailedFrame"]], row
        assert other.state == STATES[row["FlashRedFailedFrame"]], row
        assert stripes.get(number) is None, row


def striped(name: str) -> StripeSight | None:
    picture = cv2.imread(str(suite("TestImages") / "Patterns" / name))
    assert picture is not None
    light = srgb_light_of(picture.astype(np.float32) / 255) @ np.array([0.0722, 0.7152, 0.2126], np.float32)
    height, width = light.shape
    grid = grid_of(Fraction(width), height)
    cells = cv2.resize(light.astype(np.float32), (grid.columns, grid.rows), interpolation=cv2.INTER_AREA)
    return find_stripes(cells, (width, height))


@pytest.mark.parametrize("name", ["20stripes.png", "HorizontalLines.jpg"])
def test_patterns_that_are_expected_to_fail_have_more_than_five_pairs_over_a_quarter(name: str) -> None:
    seen = striped(name)
    assert seen is not None
    assert seen.pairs > 5
    assert seen.area > 0.9
    assert seen.light > 0.9


def test_the_region_of_lines_is_the_expected_one() -> None:
    seen = striped("HorizontalLines.jpg")
    drawn = cv2.imread(str(suite("TestImages") / "Patterns" / "LineExpectedResults" / "HorizontalLines.png"))
    assert seen is not None
    assert drawn is not None
    left, top, width, height = cv2.boundingRect((drawn.max(axis=2) > 0).astype(np.uint8))
    # A stripe at the edge counts whole here, and the middle of its edge there: 16 lines of 24 pixels.
    assert seen.box == pytest.approx((left, top, left + width, top + height), abs=24)


@pytest.mark.parametrize("name", ["shapes.png", "ADE.png", "stripes.png"])
def test_patterns_that_are_expected_to_pass_have_fewer_stripes_or_smaller_ones(name: str) -> None:
    seen = striped(name)
    assert seen is None or seen.pairs <= 5 or seen.area <= 0.25
