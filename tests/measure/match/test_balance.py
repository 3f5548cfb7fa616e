"""The balance: what is moved, how far, what is held back, and what is never taken for a cast."""

from __future__ import annotations

import numpy as np
import pytest

from post.measure.match import Decision, When, decide_spot_by_figures, match, measure_figures
from post.measure.match.balance import FURTHEST, kept_skin, vector
from post.measure.match.balance_curve import NOTHING, balanced, stage_of
from post.measure.match.figures import MeasuredFigures, find_greys
from post.measure.match.frames import Frames
from post.measure.match.guards import Colour, Scene
from post.measure.oklab import LUMA
from post.picture.colour.match import ColourMatch
from post.values.array import Array
from post.values.shot_figures import ShotFigures
from tests.measure.match.pictures import forest, picture, street

WARM, COOL = np.array([1.05, 1.0, 0.92]), np.array([0.95, 1.0, 1.08])


def decide_by_figures(
    target: Frames, goal: MeasuredFigures, when: When = "likely", later: Colour = np.asarray
) -> Decision:
    return decide_spot_by_figures([target], goal, [when], [later])[0]


def after(decision: Decision, rgb: Array) -> Array:
    out = decision.stage.colour(rgb.reshape(-1, 3).astype(np.float64)).reshape(rgb.shape)
    return np.asarray(np.clip(out, 0, 1))


@pytest.mark.parametrize(
    ("target", "reference"), [("rocket", "coffee"), ("rocket", "chelsea"), ("chelsea", "coffee")]
)
def test_unlike_shots_come_nearer_and_none_of_what_moves_goes_away(target: str, reference: str) -> None:
    here, there = picture(target), picture(reference)
    decision = match([here], [there])
    assert (decision.method, decision.forced) == ("balance", False)
    goal = vector(measure_figures([there]).figures)
    before, out = (
        np.abs(goal - vector(measure_figures([rgb]).figures)) for rgb in (here, after(decision, here))
    )
    far = np.array([FURTHEST[part] for part in FURTHEST])[[0, 1, 2, 3, 4, 4, 5]]
    known = np.isfinite(before) & np.isfinite(out)
    judged = known & np.array([False, True, False, True, True, True, True])
    assert (out <= before + 0.1 * far)[judged].all()
    assert (out / far)[known].sum() < 0.8 * (before / far)[known].sum()


def test_a_cast_of_greys_is_found_and_taken_away() -> None:
    clean = street()
    cast = (clean * WARM).astype(np.float32).clip(0, 1)
    (red, blue), share = find_greys(cast.reshape(-1, 3).astype(np.float64))
    luma = WARM @ np.array([0.2126, 0.7152, 0.0722])
    assert (red, blue) == pytest.approx((WARM[0] / luma - 1, WARM[2] / luma - 1), abs=0.01)
    assert share > 0.5
    goal = MeasuredFigures(ShotFigures(red=0.0, blue=0.0), 1.0)
    decision = decide_by_figures([cast], goal)
    assert decision.method == "balance"
    (red, blue), _ = find_greys(after(decision, cast).reshape(-1, 3))
    assert np.hypot(red, blue) < 0.02


def test_a_green_forest_stays_green() -> None:
    """Without greys there is no neutral axis, whatever the reference's is."""
    decision = decide_by_figures([forest()], measure_figures([street()]))
    assert decision.method == "balance"
    out = after(decision, forest())
    assert (out[..., 1] > out[..., 0]).mean() > 0.95
    assert (out[..., 1] > out[..., 2]).mean() > 0.95


def test_one_value_a_shot_whatever_single_frames_do() -> None:
    clean = street()
    shot = [clean] * 5
    flash, black = np.ones_like(clean), np.zeros_like(clean)
    assert vector(measure_figures([*shot, flash, black]).figures) == pytest.approx(
        vector(measure_figures(shot).figures), abs=0.02
    )


def test_skin_may_be_freed_of_a_cast_but_not_turned_into_something_else() -> None:
    draw = np.random.default_rng(3)
    skin = np.clip(np.array([0.78, 0.6, 0.5]) + draw.normal(0, 0.02, (500, 3)), 0, 1)
    scene = Scene(skin, skin)
    assert kept_skin(lambda rgb: rgb * COOL / (COOL @ np.array([0.2126, 0.7152, 0.0722])), scene)
    assert not kept_skin(lambda rgb: rgb * np.array([0.85, 1.1, 0.9]), scene)
    assert not kept_skin(
        lambda rgb: rgb.mean(1, keepdims=True) + 0.3 * (rgb - rgb.mean(1, keepdims=True)), scene
    )
    assert not kept_skin(
        lambda rgb: rgb.mean(1, keepdims=True) + 1.5 * (rgb - rgb.mean(1, keepdims=True)), scene
    )


@pytest.mark.parametrize(
    ("light", "gain", "kept"),
    [(0.65, 0.87, True), (0.65, 0.8, False), (0.4, 0.9, True), (0.4, 0.84, False), (0.34, 0.92, True),
     (0.34, 0.87, False), (0.34, 1.1, True)],
)  # fmt: skip
def test_faces_are_not_darkened_far_and_those_in_shade_hardly(light: float, gain: float, kept: bool) -> None:
    """Luma may fall by .1; to .35, or, of a face darker than that, by a tenth of itself."""
    draw = np.random.default_rng(3)
    tone = np.array([0.78, 0.6, 0.5])
    skin = light / (tone @ LUMA) * tone + draw.normal(0, 0.002, (500, 3))
    assert kept_skin(lambda rgb: gain * rgb, Scene(skin, skin)) is kept
    # The same darkening of a picture without skin is nobody's face.
    assert kept_skin(lambda rgb: gain * rgb, Scene(skin[:, ::-1], skin))


def test_a_dark_face_is_guarded_by_itself_beside_a_wall_of_wood() -> None:
    draw = np.random.default_rng(6)
    face, wood = (
        np.array(tone) / 255 + draw.normal(0, 0.002, (count, 3))
        for tone, count in (((59, 34, 25), 60), ((200, 150, 115), 600))
    )
    everything = np.concatenate([face, wood, np.full((900, 3), 0.5)])
    scene = Scene(everything, everything)
    # The wall may be darkened by a tenth of the range, as long as the face is not.
    assert kept_skin(lambda rgb: np.where(rgb @ LUMA > 0.3, 0.9, 1.0)[:, None] * rgb, scene)
    assert not kept_skin(lambda rgb: np.where(rgb @ LUMA > 0.3, 1.0, 0.85)[:, None] * rgb, scene)
    assert not kept_skin(lambda rgb: np.where((rgb @ LUMA > 0.3)[:, None], rgb, rgb[:, ::-1]), scene)


def test_a_forest_is_not_faded_to_grey_however_grey_its_reference_is() -> None:
    goal = MeasuredFigures(ShotFigures(saturation=0.01), 1.0)
    decision = decide_by_figures([forest()], goal)
    faded, began = (
        measure_figures([rgb]).figures.saturation for rgb in (after(decision, forest()), forest())
    )
    assert faded is not None
    assert began is not None
    assert 0.68 * began < faded < 0.8 * began


def test_the_stage_does_what_was_tried() -> None:
    parameters = np.array([0.3, -0.02, 0.05, 0.03, -0.04, 0.1, 0.15])
    rgb = np.random.default_rng(4).random((2000, 3))
    assert (
        np.abs(stage_of(parameters).colour(rgb) - balanced(parameters)(rgb)).max() < 3.5 / 255
    )  # where it clips
    assert stage_of(NOTHING) == ColourMatch()


def test_a_black_and_white_shot_is_balanced_in_tone_alone() -> None:
    grey = np.repeat(picture("rocket").mean(2, keepdims=True), 3, 2).astype(np.float32)
    decision = match([grey], [picture("coffee")])
    assert decision.method == "balance"
    out = after(decision, grey)
    assert np.ptp(out, axis=2).max() < 1e-3


def test_what_is_balanced_already_is_left_alone() -> None:
    here = measure_figures([street()])
    assert decide_by_figures([street()], here).method == "abstain"


def test_the_figures_of_a_house_are_those_of_the_finished_picture() -> None:
    """A look that darkens is reckoned with: the shot is made lighter before it."""
    goal = MeasuredFigures(ShotFigures(mid=measure_figures([street()]).figures.mid), 1.0)
    decision = decide_by_figures([street()], goal, "likely", lambda rgb: 0.8 * rgb)
    out = 0.8 * after(decision, street())
    assert decision.method == "balance"
    assert goal.figures.mid is not None
    assert np.median(out @ np.array([0.2126, 0.7152, 0.0722])) == pytest.approx(goal.figures.mid, abs=0.02)


def test_what_was_refused_is_made_only_when_asked_for_and_marked_in_the_manifest() -> None:
    from post.values.time import Span

    here, there = picture("coffee"), picture("rocket")
    decision = match([here], [there], "always")
    assert (decision.method, decision.forced) == ("palette", True)
    action = decision.stage.declare(Span(0, 1))
    assert action is not None
    said = dict(action.parameters)
    assert (said["org.answerprint.match.forced"], said["org.answerprint.match.method"]) == (True, "palette")
    likely = match([here], [there]).stage.declare(Span(0, 1))
    assert likely is not None
    assert dict(likely.parameters)["org.answerprint.match.forced"] is False


def test_the_same_frames_give_the_same_balance() -> None:
    assert match([picture("coffee")], [picture("rocket")]) == match([picture("coffee")], [picture("rocket")])


def test_a_shot_that_measures_what_it_should_is_left_alone_and_needs_nothing() -> None:
    here = picture("coffee")
    decision = decide_by_figures([here], measure_figures([here]))
    assert (decision.method, decision.needless) == ("abstain", True)
    assert decision.why == "balanced already"
