"""What grain is like besides strong: its spectrum, its colour, what of it stays from frame to frame."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from post.measure import Cuts, MeasuredGrain
from post.measure.fact import Measure
from post.measure.frames import Frame
from post.measure.grain.spectrum import block_power, table_of
from post.values.array import Array
from post.values.canonical import from_plain, plain
from tests.bench.grain_truth import CHROMA_SHARE, WITH_LUMA, Film, bands, coded
from tests.measure.made import frames_of, photograph, show, window

HEIGHT, WIDTH = 320, 448
FILMS = {
    "fine": Film(),
    "coarse": Film(wide=1.6),
    "wider than high": Film(wide=0.8, tall=1.5),
    "nearly white": Film(wide=0.25),
    "faint": Film(strength=0.13, wide=1.3),
}


@cache
def found(name: str, depth: int = 10) -> MeasuredGrain:
    luma = window(photograph("astronaut"), 8, 8, HEIGHT, WIDTH)
    grey = np.full((HEIGHT // 2, WIDTH // 2), 128.0)
    grain = show("grain", coded(FILMS[name].over([(luma, grey, grey)] * 13), depth), {"cuts": Cuts(())})
    assert isinstance(grain, MeasuredGrain)
    return grain


def apart(one: Array, other: Array) -> float:
    """Root mean square over bands, in decibels."""
    return float(np.sqrt(np.mean((bands(one) - bands(other)) ** 2)))


@pytest.mark.parametrize("name", ["fine", "coarse", "wider than high", "nearly white"])
def test_the_spectrum_is_read_within_a_fifth_of_a_decibel(name: str) -> None:
    assert apart(np.array(found(name).spectrum), FILMS[name].table()) < 0.2


def test_directions_are_told_apart() -> None:
    """Along rows and down columns, where the truth differs by up to 7 dB."""
    read, truth = np.array(found("wider than high").spectrum), FILMS["wider than high"].table()
    assert (truth[0] - truth[:, 0]).max() > 4
    assert np.abs((read[0] - read[:, 0]) - (truth[0] - truth[:, 0]))[1:].max() < 1


def test_eight_bits_of_weak_grain_do_not_look_white() -> None:
    """Rounding would add 1.2 dB to the highest frequencies here."""
    assert apart(np.array(found("faint", 8).spectrum), FILMS["faint"].table()) < 0.2


@pytest.mark.parametrize("name", ["fine", "nearly white"])
def test_the_spectrum_of_colour_is_read_within_half_a_decibel(name: str) -> None:
    table = found(name).chroma_spectrum
    assert table is not None
    assert apart(np.array(table), FILMS[name].colour_table()) < 0.5
    assert found(name).chroma == pytest.approx(CHROMA_SHARE, rel=0.04)


@pytest.mark.parametrize(("down", "across"), [(2, 2), (1, 2), (2, 1)], ids=["444", "440", "422"])
def test_colour_of_finer_sampling_is_read_as_a_film_holds_it(down: int, across: int) -> None:
    """Planes of 4:2:0 with every sample repeated: the same colour, in a finer file."""
    frames = [
        replace(frame, chroma=tuple(plane.repeat(down, 0).repeat(across, 1) for plane in frame.chroma))
        for frame in coarse_frames()
    ]
    same, fine = (show("grain", each, {"cuts": Cuts(())}) for each in (coarse_frames(), frames))
    assert fine.chroma == pytest.approx(same.chroma, rel=0.01)
    assert np.array(fine.chroma_spectrum) == pytest.approx(np.array(same.chroma_spectrum), abs=0.15)


@cache
def coarse_frames() -> list[Frame]:
    luma = window(photograph("astronaut"), 8, 8, HEIGHT, WIDTH)
    grey = np.full((HEIGHT // 2, WIDTH // 2), 128.0)
    return list(coded(FILMS["coarse"].over([(luma, grey, grey)] * 13), 10))


def test_what_colour_shares_with_luma_is_read() -> None:
    assert found("fine").with_luma == pytest.approx((WITH_LUMA, WITH_LUMA), abs=0.04)


def test_white_noise_is_white_to_the_last_node() -> None:
    rng = np.random.default_rng(5)
    power = block_power(rng.standard_normal((4000, 32, 32)).astype(np.float32)).mean(0)
    assert power.mean() == pytest.approx(1, rel=0.01)
    assert np.abs(np.array(table_of(power, np.ones((17, 17))))).max() < 0.35


def repeating(share: float, strength: float = 5.0) -> Array:
    """A still picture whose grain is in part the last frame's: correlation `share`. strength: in codes."""
    film, rng = Film(), np.random.default_rng(9)
    field = film.field(HEIGHT, WIDTH, rng)
    still = window(photograph("astronaut"), 8, 8, HEIGHT, WIDTH)
    frames = []
    for _ in range(12):
        field = share * field + np.sqrt(1 - share**2) * film.field(HEIGHT, WIDTH, rng)
        frames.append(still + strength * field)
    return np.array(frames)


@pytest.mark.parametrize(("share", "strength", "depth"), [(0.0, 5.0, 10), (0.3, 5.0, 10), (0.3, 0.8, 8)])
def test_grain_that_stays_is_told_from_grain_that_does_not(share: float, strength: float, depth: int) -> None:
    """In eight bits too, where rounding, which does not stay, is an eighth of such faint grain."""
    grain = show("grain", frames_of(repeating(share, strength), depth=depth))
    assert isinstance(grain, MeasuredGrain)
    assert grain.temporal == pytest.approx(share, abs=0.02)


def test_a_grey_clip_says_nothing_of_colour() -> None:
    grain = show("grain", frames_of(repeating(0.0)))
    assert (grain.chroma, grain.chroma_spectrum, grain.with_luma) == (None, None, None)


def test_the_fact_survives_being_kept() -> None:
    assert from_plain(MeasuredGrain, plain(found("fine"))) == found("fine")


def test_what_is_kept_between_frames_does_not_grow_with_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks' samples are let go of once the next pair is there."""
    from post.measure.grain.strength import GrainMeasure

    kept: list[Measure] = []
    original = GrainMeasure.__init__

    def spy(self: GrainMeasure, footage: object) -> None:
        original(self, footage)  # type: ignore[arg-type]  # as it was called
        kept.append(self)

    monkeypatch.setattr(GrainMeasure, "__init__", spy)
    show("grain", frames_of(repeating(0.0)))
    pairs = kept[0]._pairs  # type: ignore[attr-defined]  # private
    assert len(pairs) > 2
    assert all(len(pair.change) == 0 for pair in pairs[:-1])
