from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from post.values.timecode import read_timecode, timecode

NTSC, DOUBLE = Fraction(30000, 1001), Fraction(60000, 1001)


def test_drop_frame_numbers_are_those_of_st_12_1() -> None:
    known = {
        1799: "00:00:59;29",
        1800: "00:01:00;02",
        17981: "00:09:59;29",
        17982: "00:10:00;00",
        107892: "01:00:00;00",
    }
    assert {frames: timecode(frames, NTSC, drop=True) for frames in known} == known
    assert timecode(3600, DOUBLE, drop=True) == "00:01:00;04"
    assert timecode(107892, NTSC) == "00:59:56:12"


@given(st.integers(0, 2_500_000), st.sampled_from([NTSC, DOUBLE, Fraction(24), Fraction(25)]), st.booleans())
def test_timecode_reads_back(frames: int, rate: Fraction, drop: bool) -> None:
    drop = drop and rate.denominator == 1001
    day = read_timecode("23:59:59:00", rate, drop=False)
    assert read_timecode(timecode(frames % day, rate, drop), rate) == frames % day


@pytest.mark.parametrize("text", ["00:01:00;00", "00:00:00:30", "00:60:00:00", "1:00", ""])
def test_what_is_no_timecode_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="timecode"):
        read_timecode(text, NTSC)


@pytest.mark.parametrize(
    ("frame", "rate", "said"),
    [
        (0, "24", "00:00:00:00"),
        (23, "24", "00:00:00:23"),
        (24, "24", "00:00:01:00"),
        (24, "24000/1001", "00:00:01:00"),
        (107892, "30000/1001", "00:59:56:12"),
        (3600 * 25 + 61 * 25 + 3, "25", "01:01:01:03"),
        (13, "25/2", "00:00:01:00"),
    ],
)
def test_a_timecode_counts_every_frame(frame: int, rate: str, said: str) -> None:
    assert timecode(frame, Fraction(rate)) == said
