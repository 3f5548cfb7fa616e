from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage import data

from post.job import load_job
from post.job.house import read_house
from post.measure.fact import Unmeasured
from post.measure.film.softness import Softness
from post.measure.film.style import FilmStyle, distance
from post.measure.frames import Frame
from post.measure.grain.strength import MeasuredGrain
from post.measure.tone import PERCENTS, Band, Tally, Tone
from post.picture.colour.look import Look
from post.picture.grain.grain import Grain
from post.plan.grain import grain_like
from post.plan.house_from_film import (
    DEEPEST,
    FLATTEST,
    FURTHEST,
    NORMAL,
    STEEPEST,
    TONE,
    learn_look,
    tone_curve,
)
from post.plan.house_yaml import house_text
from post.values.array import Array
from tests.job.conftest import Write, write

__all__ = ["write"]
WHY = Unmeasured("not here")
STEPS = np.linspace(0, 0.5, 9)
ALIKE_DB = tuple(map(tuple, (-18 * np.hypot(STEPS[:, None], STEPS[None]).clip(0, 0.5)).tolist()))
GRAINY = MeasuredGrain(
    sigma=((0.1, 2.0), (0.5, 3.0), (0.9, 1.5)), chroma=0.3, confidence=0.7, blocks=900, lines=1080,
    range="limited", spectrum=ALIKE_DB, chroma_spectrum=None, with_luma=None, temporal=None,
)  # fmt: skip


def tone_of(rgb: Array) -> Tone:
    """The tone of a (height, width, 3) picture, 0..1, as a full-range frame shows it."""
    luma = rgb @ np.array([0.2126, 0.7152, 0.0722])
    cb, cr = ((rgb[..., at] - luma) / by + 128 / 255 for at, by in ((2, 1.8556), (0, 1.5748)))
    y, cb, cr = (np.clip(np.rint(plane * 255), 0, 255).astype(np.uint8) for plane in (luma, cb, cr))
    tally = Tally()
    tally.add(Frame(0, y, (cb, cr), 8, "full"))
    found = tally.tone()
    assert isinstance(found, Tone)
    return found


def style(tone: Tone, views: int = 20, **more: Any) -> FilmStyle:
    held = {"softness": WHY, "grain": WHY, "loudness": WHY, **more}
    return FilmStyle(("film.mp4",), tone, shots=(2.0,) * views, views=views, **held)


def photographs() -> list[Array]:
    names = ("astronaut", "coffee", "chelsea", "rocket", "immunohistochemistry")
    return [getattr(data, name)()[::2, ::2, :3] / 255.0 for name in names]


GRADE = Look(
    slope=(1.06, 1.0, 0.92), offset=(0.02, 0.0, 0.03), contrast=0.85, saturation=0.75,
)  # fmt: skip


def graded(rgb: Array, look: Look = GRADE) -> Array:
    return look.colour(rgb.reshape(-1, 3)).reshape(rgb.shape).clip(0, 1)


def pooled_tone(pictures: list[Array]) -> Tone:
    return tone_of(np.concatenate([p[:170, :200] for p in pictures]))


def test_a_grade_seen_on_some_pictures_is_gone_towards_on_another() -> None:
    pictures, rows = photographs(), []
    for index, other in enumerate(pictures):
        seen = pictures[:index] + pictures[index + 1 :]
        look = learn_look(style(pooled_tone([graded(p) for p in seen])), style(pooled_tone(seen))).look
        wanted = tone_of(graded(other))
        rows.append((distance(tone_of(other), wanted), distance(tone_of(graded(other, look)), wanted)))
    before, after = np.mean(rows, axis=0)
    # Measured: .038 to .005 and .058 to .026.
    assert after[0] < 0.25 * before[0]
    assert after[1] < 0.6 * before[1]


def test_a_film_that_measures_as_pictures_usually_do_asks_for_nothing() -> None:
    assert learn_look(style(NORMAL)).look == Look(curve="0:0, 0.25:0.25, 0.5:0.5, 0.75:0.75, 1:1",
                                             red="0:0, 0.5:0.5, 1:1", green="0:0, 0.5:0.5, 1:1",
                                             blue="0:0, 0.5:0.5, 1:1")  # fmt: skip


def test_greys_under_a_cast_ask_for_that_cast_and_leave_luma_alone() -> None:
    warm = replace(NORMAL, bands=tuple(replace(b, grey_cb=-0.02, grey_cr=0.01) for b in NORMAL.bands))  # type: ignore[arg-type]  # three
    red, green, blue = learn_look(style(warm)).look.colour(np.full((1, 3), 0.5))[0]
    assert red > 0.505
    assert blue < 0.49
    assert 0.2126 * red + 0.7152 * green + 0.0722 * blue == pytest.approx(0.5, abs=1e-3)


def test_more_different_views_are_followed_farther() -> None:
    ways = [TONE.share(views) for views in (1, 3, 10, 30)]
    assert ways == sorted(ways)
    assert 0.3 < ways[0] < 0.6
    assert 0.8 < ways[-1] < 1


share = st.floats(0, 0.5)
signed = st.floats(-0.05, 0.05)
bands = st.builds(Band, st.floats(0, 1), signed, signed, share, signed, signed, st.floats(0, 1))
levels = st.lists(st.floats(-0.05, 1.05), min_size=7, max_size=7).map(sorted)
tones = st.builds(
    lambda found, three, hues: Tone(tuple(zip(PERCENTS, found, strict=True)), three, 9, hues),
    levels,
    st.tuples(bands, bands, bands),
    st.sampled_from([0.0, 0.1]),
)


@settings(max_examples=150, deadline=None)
@given(tones, st.integers(1, 200))
def test_no_reference_makes_a_look_beyond_the_bounds(tone: Tone, views: int) -> None:
    look = learn_look(style(tone, views)).look
    curve = tone_curve(NORMAL, tone, 1.0)
    knots = np.array(curve.knots)
    # Knots are written to three places, a quarter apart: .0005 each is .004 of slope.
    assert np.abs(knots[:, 1] - knots[:, 0]).max() <= FURTHEST + 0.0006
    slopes = np.diff(knots[:, 1]) / np.diff(knots[:, 0])
    assert slopes.min() >= FLATTEST - 0.0041
    assert slopes.max() <= STEEPEST + 0.0041
    assert knots[0, 1] >= DEEPEST - 0.0006
    assert knots[-1, 1] <= 1
    grey = np.repeat(np.linspace(0, 1, 101)[:, None], 3, axis=1)
    out = look.colour(grey)
    assert np.abs(out - out.mean(axis=1, keepdims=True)).max() < 0.09
    assert np.diff(out, axis=0).min() > -1e-9


def test_a_film_without_colour_is_learnt_as_black_and_white() -> None:
    grey = tone_of(np.repeat(photographs()[0].mean(2, keepdims=True), 3, 2))
    look = learn_look(style(grey)).look
    assert look.saturation == 0
    text = house_text(style(grey), learn_look(style(grey)))
    assert "There is no colour in it." in text
    assert "blue:" not in text


def test_a_tinted_film_is_black_and_white_with_its_tint(write: Write, tmp_path: Path) -> None:
    """Sepia: warm as far as it is light, as a toned print is."""
    level = photographs()[0].mean(2, keepdims=True)
    tinted = style(tone_of((level * np.array([1.03, 1.0, 0.92])).clip(0, 1)))
    look = learn_look(tinted).look
    assert look.saturation == 0
    red, green, blue = look.colour(np.array([[0.3, 0.55, 0.8]]))[0]
    assert red > green > blue
    assert red - blue == pytest.approx(0.5 * 0.11, rel=0.4)
    text = learnt(tmp_path, tinted)
    assert "no colour in it but a tint" in text
    [cut] = load_job(write(house="house: film.yaml")).cut
    written = next(stage for stage in cut.colour if isinstance(stage, Look))
    assert (written.saturation, written.blue) == (0, look.blue)


def test_muted_colours_are_no_tint() -> None:
    muted = tone_of(
        Look(saturation=0.2).colour(photographs()[1].reshape(-1, 3)).reshape(photographs()[1].shape)
    )
    assert learn_look(style(muted)).look.saturation == 1


def test_blurs_add_by_their_squares() -> None:
    soft, sharp = Softness(1.0, 0.1, 1000, 9), Softness(0.6, 0.06, 1000, 9)
    made = learn_look(style(NORMAL, softness=soft), style(NORMAL, softness=sharp)).soften
    assert made is not None
    assert made.radius == pytest.approx(0.08, abs=1e-3)
    assert learn_look(style(NORMAL, softness=sharp), style(NORMAL, softness=soft)).soften is None
    assert learn_look(style(NORMAL, softness=replace(soft, lines=360))).soften is None


def learnt(folder: Path, measured: FilmStyle) -> str:
    text = house_text(measured, learn_look(measured))
    (folder / "film.yaml").write_text(text)
    return text


def test_what_is_written_is_a_house_and_says_what_was_measured(write: Write, tmp_path: Path) -> None:
    tone = tone_of(photographs()[1])
    measured = style(tone, softness=Softness(1.2, 0.11, 1080, 9), grain=GRAINY, loudness=(-16.3, -2.1))
    text = learnt(tmp_path, measured)
    house = {setting.place: setting for setting in read_house("film.yaml", tmp_path).settings}
    assert house["look.curve"].text == learn_look(measured).look.curve
    assert house["look.saturation_mids"].value == learn_look(measured).look.saturation_mids
    assert house["optics.soften.radius"].value > 0.05
    assert house["loudness.target"].value == -16.5
    assert house["label.text"].text == "AI GENERATED"
    assert "-16.3 LUFS" in text
    assert "20 shots" in text
    assert max(map(len, text.splitlines())) <= 130
    job = load_job(write(house="house: film.yaml"))
    assert isinstance(job.grain, Grain)
    assert [effect.name for effect in job.cut[0].effects] == ["soften"]


def test_the_grain_that_was_measured_is_the_grain_that_is_written(write: Write, tmp_path: Path) -> None:
    learnt(tmp_path, style(NORMAL, grain=GRAINY))
    made, wanted = load_job(write(house="house: film.yaml")).grain, grain_like(GRAINY)
    assert isinstance(made, Grain)
    luma = np.linspace(16, 235, 50) / 255
    assert made.sigma(luma) == pytest.approx(wanted.sigma(luma), rel=0.02, abs=0.02)
    # One row in place of nine where directions are alike: at every pair of frequencies, diagonals and all.
    assert len(made.spectrum) == 9
    one, nine = (each.square(16, 1080)[:9, :9] for each in (made, wanted))
    assert np.std(10 * np.log10(one / nine)) < 0.3


def test_a_diagonal_that_the_axes_do_not_tell_is_written_out(write: Write, tmp_path: Path) -> None:
    """Axes alike, corners 3 dB stronger than a grain of the same in every direction."""
    corners = np.array(ALIKE_DB) + 3 * np.outer(STEPS, STEPS) / 0.25
    learnt(tmp_path, style(NORMAL, grain=replace(GRAINY, spectrum=tuple(map(tuple, corners.tolist())))))
    made = load_job(write(house="house: film.yaml")).grain
    assert isinstance(made, Grain)
    assert np.array(made.spectrum).reshape(9, 9) == pytest.approx(corners, abs=0.006)


def test_a_measurement_of_one_reference_names_it(tmp_path: Path) -> None:
    best = (("softness", "b.mp4"), ("grain", "a.mp4"), ("loudness", "b.mp4"))
    soft = Softness(1.2, 0.11, 1080, 9)
    both = replace(
        style(NORMAL, softness=soft, grain=GRAINY, loudness=(-16.3, -2.1)), names=("a.mp4", "b.mp4")
    )
    text = " ".join(learnt(tmp_path, replace(both, best=best)).replace("#", "").split())
    for said in ("Edges in focus of b.mp4", "Grain of a.mp4", "Measured of b.mp4"):
        assert said in text


def test_grain_of_one_direction_is_written_by_direction(write: Write, tmp_path: Path) -> None:
    streaked = tuple(tuple(-1.0 * down - 0.2 * across for across in range(9)) for down in range(9))
    learnt(tmp_path, style(NORMAL, grain=replace(GRAINY, spectrum=streaked)))
    made = load_job(write(house="house: film.yaml")).grain
    assert isinstance(made, Grain)
    assert len(made.spectrum) == 81


@pytest.mark.parametrize("level", [-40.0, -5.0])
def test_a_level_at_which_nothing_is_delivered_is_not_followed(tmp_path: Path, level: float) -> None:
    text = learnt(tmp_path, style(NORMAL, loudness=(level, -1.0)))
    assert "loudness:" not in text
    assert "No film is delivered at such a level" in text


@pytest.mark.parametrize("name", ["a: b.mp4", '"quoted" #film.mp4', "café\u2028.mp4", "x" * 300])
def test_any_file_name_makes_a_preset_that_can_be_read(write: Write, tmp_path: Path, name: str) -> None:
    learnt(tmp_path, replace(style(NORMAL), names=(name,)))
    assert load_job(write(house="house: film.yaml")).cut
