"""A finished film is held to its whole loudness profile; each miss is one warning with profile, reading and limit."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from post.deliver.check import MeasuredFilm, unmet_targets
from post.plan import compile_plan
from post.sound import Loudness
from post.values import LoudnessLimits, Rendition, Toolchain
from tests.plan.made import cut, deliver, job, take

MET = Loudness(-23.0, -16.0, -19.0, 6.0, -2.0)


@pytest.fixture(scope="module")
def planned() -> Rendition:
    asked = replace(job(cut("dog")), deliver=(deliver("film", 64, 48),))
    (rendition,) = compile_plan(asked, {"dog": take("dog", 24)}, (), Toolchain((), ())).renditions
    return rendition


def warned(
    planned: Rendition, loudness: Loudness, limits: LoudnessLimits, **mix: Any
) -> list[tuple[str, str]]:
    """Returns (code, what) of each warning about a film of -23 LUFS and -1 dBTP that reads `loudness`."""
    asked = {"loudness_lufs": -23.0, "true_peak_dbtp": -1.0, "limits": limits, **mix}
    rendition = replace(planned, mix=replace(planned.mix, **asked))
    film = MeasuredFilm(64, 48, Fraction(24), 24, 48000, (1, 1, 1, 1), loudness)
    return [(each.code, each.what) for each in unmet_targets(film, rendition)]


def test_a_film_that_meets_its_profile_is_not_warned_of(planned: Rendition) -> None:
    assert warned(planned, MET, LoudnessLimits("EBU R 128 s1", 0.5, -15, -18)) == []


@pytest.mark.parametrize(("reading", "tolerance", "missed"), [
    (-23.2, 0.2, False), (-23.21, 0.2, True), (-22.79, 0.2, True), (-24.9, 2.0, False), (-25.1, 2.0, True),
])  # fmt: skip
def test_the_tolerance_is_the_profiles(
    planned: Rendition, reading: float, tolerance: float, missed: bool
) -> None:
    found = warned(planned, replace(MET, integrated_lufs=reading), LoudnessLimits("R", tolerance))
    assert [code for code, _ in found] == ["loudness-missed"] * missed


def test_a_miss_names_the_profile_the_reading_and_the_limit(planned: Rendition) -> None:
    loud = Loudness(-21.5, -12.0, -17.0, 6.0, -0.5)
    found = warned(planned, loud, LoudnessLimits("EBU R 128 s1", 0.5, None, -18))
    assert found == [
        ("loudness-missed", "loudness is 1.5 LU above the -23 LUFS of EBU R 128 s1"),
        ("loudness-exceeded", "short-term loudness reaches -17.0 LUFS, above -18, of EBU R 128 s1"),
        ("peak-exceeded", "true peak is -0.50 dBTP, above the -1 dBTP of EBU R 128 s1"),
    ]


@pytest.mark.parametrize(
    ("momentary", "short_term", "warned_of"),
    [(-14.0, -17.0, True), (-15.0, -17.0, False), (-14.0, -18.0, False), (-14.0, None, False)],
)
def test_of_two_limits_one_that_holds_is_enough(
    planned: Rendition, momentary: float, short_term: float | None, warned_of: bool
) -> None:
    read = replace(MET, max_momentary_lufs=momentary, max_short_term_lufs=short_term)
    found = warned(planned, read, LoudnessLimits("R", 0.5, -15, -18))
    assert [code for code, _ in found] == ["loudness-exceeded"] * warned_of


@pytest.mark.parametrize(
    ("gate", "reading", "target"),
    [
        ("dialogue", -23.0, None),
        ("programme", -20.0, None),
        ("programme", -23.0, -20.0),
        ("dialogue", -20.0, -23.0),
    ],
)
def test_a_film_with_little_speech_is_held_to_the_programmes_own_target(
    planned: Rendition, gate: str, reading: float, target: float | None
) -> None:
    read = replace(MET, integrated_lufs=reading, gate=gate)
    found = warned(planned, read, LoudnessLimits("R"), gate="dialogue", sparse_lufs=-20.0)
    assert [what for _, what in found] == (
        [] if target is None else [f"loudness {'of speech ' * (gate == 'dialogue')}is 3.0 LU"
        f" {'below' if target > reading else 'above'} the {target:g} LUFS of R"]
    )  # fmt: skip
