"""The parts a decision is made of, each against what is known to be true."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from post.measure.match import confidence, guards
from post.measure.match.correspond import PictureFeatures, find_shared_colours
from post.measure.match.fit import ColourPairs, apply, fit
from post.measure.match.palette import move_palette, palette, palette_distance, transport
from post.measure.match.residual_lut import fit_residual
from post.measure.oklab import oklab
from post.picture.colour.match import ColourMatch, trilinear
from tests.measure.match.pictures import GRADE, graded, picture


def colours(n: int = 500) -> np.ndarray:
    return np.random.default_rng(0).uniform(0.05, 0.9, (n, 3))


def test_oklab_has_ottossons_values() -> None:
    """White, and sRGB's red, green and blue, as his page and the CSS Color 4 examples have them."""
    known = np.array(
        [[1, 0, 0], [0.62796, 0.22486, 0.12585], [0.86644, -0.23389, 0.1795], [0.45201, -0.03246, -0.31153]]
    )
    assert oklab(np.array([[1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]])) == pytest.approx(known, abs=2e-4)


def test_a_fit_finds_the_grade_that_was_there() -> None:
    here = colours()
    found = fit(ColourPairs(here, apply(GRADE, here), np.full(len(here), 1 / len(here))), 1e-9)
    assert found == pytest.approx(GRADE, abs=5e-3)


def test_a_fit_is_not_led_by_a_tenth_of_wrong_pairs() -> None:
    here = colours()
    there = apply(GRADE, here)
    there[::10] = colours(600)[-50:]
    found = fit(ColourPairs(here, there, np.full(len(here), 1 / len(here))), 1e-9)
    assert np.abs(apply(found, here) - apply(GRADE, here)).mean() < 0.004


def test_a_straight_fit_leaves_the_exponents_at_one() -> None:
    here = colours()
    pairs = ColourPairs(here, apply(GRADE, here), np.full(len(here), 1 / len(here)))
    assert (fit(pairs, 1e-6, straight=True)[6:9] == 0).all()


def test_without_evidence_the_prior_leaves_everything_alone() -> None:
    nowhere = ColourPairs(colours(5), colours(5) ** 0.5, np.full(5, 1e-12))
    assert np.abs(fit(nowhere, 1e-3)).max() < 1e-4


def test_a_table_holds_a_curve_also_where_there_were_no_pixels() -> None:
    seen = colours(800)
    seen = seen[seen[:, 1] < 0.6]

    def curve(rgb: np.ndarray) -> np.ndarray:
        return 0.03 * np.sin(2 * np.pi * rgb)

    table = fit_residual(seen, curve(seen), np.full(len(seen), 1 / len(seen)))
    assert np.abs(trilinear(table, seen) - curve(seen)).mean() < 0.003
    unseen = colours(800)
    unseen = unseen[unseen[:, 1] > 0.7]
    # Green's own curve cannot be known there; red's and blue's are.
    assert np.abs(trilinear(table, unseen) - curve(unseen))[:, [0, 2]].mean() < 0.008


def test_the_same_pixels_are_found_under_another_grade_and_shifted() -> None:
    clean = picture("coffee")
    found = find_shared_colours(PictureFeatures(graded(clean[:, :300])), PictureFeatures(clean[:, 24:324]))
    assert found.inliers > 100
    assert found.dense > 0.7
    off = np.abs(apply(GRADE, found.target) - found.source)
    assert np.median(off) < 0.006


def test_what_lies_outside_the_other_picture_is_not_a_pixel_of_it() -> None:
    clean = picture("coffee")
    found = find_shared_colours(PictureFeatures(clean[:, :250]), PictureFeatures(clean[:, 125:]))
    assert 0.3 < found.dense < 0.5


def test_nothing_is_found_in_unrelated_pictures() -> None:
    for target, reference in (("coffee", "rocket"), ("astronaut", "chelsea")):
        assert (
            len(
                find_shared_colours(
                    PictureFeatures(picture(target)), PictureFeatures(picture(reference))
                ).source
            )
            == 0
        )


def test_transport_between_like_shares_is_the_known_one() -> None:
    share = np.full(3, 1 / 3)
    plan = transport(share, share, 1 - np.eye(3), leash=10.0)
    assert plan == pytest.approx(np.eye(3) / 3, abs=1e-4)


def test_transport_leaves_what_is_too_far_unmatched() -> None:
    plan = transport(
        np.array([0.5, 0.5]), np.array([0.5, 0.5]), np.array([[0.0, 9.0], [9.0, 9.0]]), leash=0.01
    )
    assert plan[0, 0] > 0.45
    assert plan[1].sum() < 1e-6


def test_a_palette_laid_over_its_own_graded_copy_undoes_the_grade() -> None:
    clean = picture("astronaut")
    found = move_palette(palette([graded(clean)]), palette([clean]))
    rgb = graded(clean).reshape(-1, 3).astype(np.float64)
    before, after = (np.abs(each - clean.reshape(-1, 3)).mean() for each in (rgb, apply(found, rgb)))
    assert after < 0.35 * before


def test_confidence_rises_with_what_is_shared_and_falls_with_the_way_back() -> None:
    sure = confidence.MatchEvidence(alike=0.5, move=0.05, trip=0.004)
    assert sure.confidence > 0.9
    assert replace(sure, alike=0.1).confidence < confidence.PARTIAL
    assert replace(sure, trip=0.05).confidence < sure.confidence
    assert [confidence.strength_for(each) for each in (0.5, 0.67, 0.9)] == [0.0, 0.5, 1.0]


def test_confidence_falls_where_a_match_goes_unusually_far_and_not_where_it_goes_hardly_at_all() -> None:
    near, usual, far = (confidence.MatchEvidence(0.5, move, 0.004).confidence for move in (0.005, 0.05, 0.3))
    assert near == usual > far


def test_pixels_have_their_like_in_another_view_and_not_in_another_scene() -> None:
    here, there = palette([picture("coffee")[:, :180]]), palette([picture("coffee")[:, 200:]])
    nothing, stranger = np.zeros(10), palette([picture("astronaut")])
    assert palette_distance(nothing, here, here) == 1
    assert palette_distance(nothing, here, there) > 3 * palette_distance(nothing, here, stranger)


BITES = {
    "slope": ColourMatch(gamma=(3, 3, 3)),
    "clipping": ColourMatch(exposure=(1.5, 1.5, 1.5)),
    "step": ColourMatch(gamma=(0.3, 0.3, 0.3)),
    "neutrals": ColourMatch(exposure=(1.0, 0, -1.0)),
}


@pytest.mark.parametrize("name", BITES)
def test_each_guard_bites_what_it_is_there_for_and_not_the_picture_as_it_is(name: str) -> None:
    pixels = np.clip(
        np.random.default_rng(0).normal(0.45, 0.2, (4000, 1))
        + np.random.default_rng(1).normal(0, 0.02, (4000, 3)),
        0.01,
        0.97,
    )
    scene = guards.Scene(pixels, pixels)
    assert guards.OF_PALETTE[name](ColourMatch().colour, scene)
    assert not guards.OF_PALETTE[name](BITES[name].colour, scene)


def test_a_shot_may_get_the_tint_that_its_reference_has() -> None:
    """A whole film under a warm light is matched to it; nothing may become warmer than that."""
    grey = np.random.default_rng(0).normal(0.45, 0.1, (4000, 1)).clip(0.1, 0.8).repeat(3, 1)
    warm, hot = (ColourMatch(exposure=(by, 0, -by)).colour for by in (0.3, 0.6))
    assert not guards.neutrals(warm, guards.Scene(grey, grey))
    assert guards.neutrals(warm, guards.Scene(grey, warm(grey)))
    assert not guards.neutrals(hot, guards.Scene(grey, warm(grey)))


def test_black_in_the_reference_does_not_ask_for_lost_whites() -> None:
    """Each end is held to its own: a quarter of the reference is black, and a fifth of the shot would clip."""
    pixels = np.random.default_rng(0).uniform(0.05, 0.95, (4000, 3))
    dark = np.concatenate([pixels, np.zeros((1333, 3))])
    brighter, darker = ColourMatch(exposure=(0.5,) * 3).colour, ColourMatch(offset=(-0.15,) * 3).colour
    assert 0.15 < (brighter(pixels) > 1 + guards.SEEN_TO_CLIP).any(1).mean() < 0.25
    assert not guards.clipping(brighter, guards.Scene(pixels, dark))
    assert guards.clipping(brighter, guards.Scene(pixels, np.concatenate([pixels, np.ones((1333, 3))])))
    assert 0.15 < (darker(pixels) < -guards.SEEN_TO_CLIP).any(1).mean() < 0.4
    assert not guards.clipping(darker, guards.Scene(pixels, np.concatenate([pixels, np.ones((4000, 3))])))
    assert guards.clipping(darker, guards.Scene(pixels, np.concatenate([pixels, np.zeros((4000, 3))])))


def test_skin_is_not_turned_green() -> None:
    skin = np.clip(np.array([0.85, 0.62, 0.5]) + np.random.default_rng(0).normal(0, 0.02, (3000, 3)), 0, 1)
    scene = guards.Scene(skin, skin)
    assert guards.skin(ColourMatch().colour, scene)
    assert not guards.skin(ColourMatch(exposure=(-0.4, 0.3, -0.2)).colour, scene)


def test_a_guard_lowers_the_strength_to_where_it_holds() -> None:
    pixels = np.random.default_rng(0).uniform(0.05, 0.9, (4000, 3))
    scene = guards.Scene(pixels, pixels)

    def at(strength: float) -> guards.Colour:
        return ColourMatch(exposure=(2 * strength,) * 3).colour

    strength, bit = guards.apply_guards(at, scene, guards.EVERY)
    assert "clipping" in bit
    assert 0 < strength < 1
    assert guards.clipping(at(strength), scene)
    assert not guards.clipping(at(strength + 0.05), scene)
    assert guards.apply_guards(lambda s: ColourMatch().colour, scene, guards.EVERY) == (1.0, ())
