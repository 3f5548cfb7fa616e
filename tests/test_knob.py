from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from post.errors import JobError, Problems
from post.knob import Knob, duration_frames, duration_seconds
from post.picture.reframe import Reframe
from post.picture.transitions.fade.dissolve import Dissolve
from post.stage import call_of, find, open_call, parameters
from post.stage_knobs import make
from post.values import Clock, StageCall
from tests.made.work import check_growth

GAIN = Knob("level", "number", -60, 24, "dB")


@pytest.mark.parametrize(
    ("given", "held"),
    [(3, 3.0), ("-6 dB", -6.0), (" -6db\n", -6.0), ("1.5", 1.5), (".5", 0.5), ("1.e1dB", 10.0)],
)
def test_a_number_may_carry_its_own_unit(given: object, held: float) -> None:
    assert GAIN.read(given, "gain") == held


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("3 px", "gain: wrong unit; expected -60 to 24 dB, got '3 px'; write it in dB"),
        (40, "gain: out of range; expected -60 to 24 dB, got 40"),
        ("loud", "gain: not a number; expected -60 to 24 dB, got 'loud'"),
        (True, "gain: not a number; expected -60 to 24 dB, got true"),
        (None, "gain: not a number; expected -60 to 24 dB, got none"),
        ([True, 1.0], "gain: not a number; expected -60 to 24 dB, got true 1"),
        (float("nan"), "gain: out of range; expected -60 to 24 dB, got nan"),
    ],
)
def test_a_value_that_is_no_gain_is_refused(given: object, message: str) -> None:
    with pytest.raises(JobError, match=f"^{re.escape(message)}$"):
        GAIN.read(given, "gain")


@pytest.mark.parametrize(
    "text", ["{ones}\nx", "1 x{spaces}x", "1e{ones} \n"], ids=["digits", "spaces", "digits of a power"]
)
def test_a_long_text_that_is_no_number_is_gone_over_once(text: str) -> None:
    def read(size: int) -> None:
        with pytest.raises(JobError, match="^gain: "):
            GAIN.read(text.format(ones="1" * size, spaces=" " * size), "gain")

    check_growth(read, 500)


def test_a_duration_needs_its_unit() -> None:
    fade = Knob("fade", "duration")
    assert fade.read("0.50s", "fade") == "0.5s"
    with pytest.raises(JobError, match="give its unit: s, ms or f"):
        fade.read(2, "fade")


@pytest.mark.parametrize("time", ["86401s", "86400001ms", "20736001f", f"{'9' * 5000}s", f"0.{'3' * 19}s"])
def test_a_time_that_no_film_has_is_out_of_range(time: str) -> None:
    with pytest.raises(JobError, match=r"fade: out of range; expected a time of up to 24 hours"):
        Knob("fade", "duration").read(time, "fade")


@pytest.mark.parametrize("number", [10**400, "1e400", float("inf")])
def test_a_number_without_bounds_is_still_a_finite_one(number: object) -> None:
    with pytest.raises(JobError, match="out of range"):
        Knob("gain", "number").read(number, "gain")


@given(st.integers(0, 86_399), st.integers(0, 10**6 - 1), st.sampled_from(["s", "ms", "f"]))
def test_a_duration_is_exact_to_the_last_digit(whole: int, millionths: int, unit: str) -> None:
    exact, clock = Fraction(whole) + Fraction(millionths, 10**6), Clock(Fraction(24))
    fade = Knob("fade", "duration")
    held = fade.read(f"{whole}.{millionths:06d}{unit}", "fade")
    assert fade.read(held, "fade") == held
    a_unit = {"s": Fraction(1), "ms": Fraction(1, 1000), "f": Fraction(1, 24)}[unit]
    assert duration_seconds(str(held), clock) == exact * a_unit


@pytest.mark.parametrize(("text", "frames"), [("12f", 12), ("0.5s", 15), ("250ms", 7), ("0.1s", 3)])
def test_durations_are_whole_frames_of_the_clock(text: str, frames: int) -> None:
    # 0.25 s at 29.97 is 7.49 frames, 0.1 s is 2.997.
    assert duration_frames(text, Clock(Fraction(30000, 1001))) == frames


def test_every_wrong_knob_is_named_at_once_with_the_nearest_right_one() -> None:
    with pytest.raises(Problems) as caught:
        make("reframe", {"fitt": "fill", "zoom": 99, "fit": "fil"}, "cut[0]")
    text = str(caught.value)
    assert "cut[0].fitt: unknown knob" in text
    assert "did you mean 'fit'?" in text
    assert "cut[0].zoom: out of range; expected 1 to 8, got 99" in text
    assert "did you mean 'fill'?" in text


def test_an_unknown_stage_is_named_with_the_nearest() -> None:
    with pytest.raises(JobError, match="did you mean 'dissolve'"):
        find("disolve")


def test_a_stage_is_written_to_plan_data_and_read_back() -> None:
    made = Reframe(fit="fit", zoom=2)
    assert open_call(call_of(made)) == made


def test_another_version_of_a_stage_is_refused() -> None:
    with pytest.raises(Exception, match="another version of a stage; expected version 9, got 2"):
        open_call(StageCall("dissolve", 9, (("curve", "linear"),)))


def test_parameters_are_dotted_and_complete() -> None:
    assert parameters(Dissolve(curve="smooth")) == (
        ("org.answerprint.dissolve.version", 2),
        ("org.answerprint.dissolve.curve", "smooth"),
        ("org.answerprint.dissolve.mode", "video"),
    )
