"""Grain of known strength, put on photographs and read back."""

from __future__ import annotations

import numpy as np
import pytest

from post.measure import Cuts, MeasuredGrain, Unmeasured
from post.values.array import Array
from tests.measure.made import frames_of, grainy, photograph, show, window

HEIGHT, WIDTH = 288, 384


def by_luma(luma: Array) -> Array:
    """Grain as film has it: strongest in the greys. In 8-bit codes."""
    share = np.clip(luma / 255, 0, 1)
    return np.asarray(1.2 + 5.0 * (4 * share * (1 - share)) ** 0.8)


def shot(name: str, frames: int = 13, by: int = 0) -> list[Array]:
    picture = photograph(name)
    return [window(picture, 8, 8 + by * i, HEIGHT, WIDTH) for i in range(frames)]


def grain(
    lumas: list[Array], strength: float = 1.0, depth: int = 8, chroma: Array | None = None
) -> MeasuredGrain:
    noisy = [grainy(luma, strength * by_luma(luma), i) for i, luma in enumerate(lumas)]
    found = show("grain", frames_of(noisy, depth=depth, chroma=chroma), {"cuts": Cuts(())})
    assert isinstance(found, MeasuredGrain), found
    return found


def error(found: MeasuredGrain, strength: float = 1.0) -> float:
    """Root mean square over luma of the relative error."""
    truth = np.array([strength * by_luma(np.array(255 * luma)) for luma, _ in found.sigma])
    read = np.array([sigma for _, sigma in found.sigma])
    return float(np.sqrt(np.mean((read / truth - 1) ** 2)))


@pytest.mark.parametrize(
    ("name", "strength", "depth", "by"),
    [("astronaut", 1.0, 8, 0), ("coffee", 1.0, 8, 3), ("coffee", 0.3, 8, 0), ("astronaut", 0.2, 10, 0)],
)
def test_grain_by_luma_is_read_within_five_percent(name: str, strength: float, depth: int, by: int) -> None:
    found = grain(shot(name, by=by), strength, depth)
    assert error(found, strength) < 0.05
    assert len(found.sigma) >= 4
    assert found.confidence > 0.5


def test_black_and_white_side_by_side_do_not_lend_their_greys_sigma() -> None:
    """Blocks that are half dark, half bright, have little grain: their mean luma must not say more."""
    check = np.where(np.indices((HEIGHT, WIDTH)).sum(0) // 8 % 2 > 0, 40.0, 215.0)
    found = grain([check] * 9)
    assert error(found) < 0.06
    assert all(luma < 0.3 or luma > 0.7 for luma, _ in found.sigma)


def test_texture_is_not_grain() -> None:
    """A moving, finely textured picture without grain reads as next to none."""
    rng = np.random.default_rng(0)
    texture = 120 + 20 * rng.standard_normal((400, 600))
    found = show(
        "grain", frames_of([window(texture, 8, 8 + 2 * i, HEIGHT, WIDTH) for i in range(9)], depth=10)
    )
    assert isinstance(found, Unmeasured) or max(sigma for _, sigma in found.sigma) < 0.1


def test_flicker_is_not_grain() -> None:
    lumas = [luma * (1.03 if i % 2 else 1.0) for i, luma in enumerate([np.full((HEIGHT, WIDTH), 120.0)] * 9)]
    ramp = np.linspace(-20, 20, WIDTH)
    found = grain([luma + ramp for luma in lumas], 0.5)
    assert error(found, 0.5) < 0.06


def test_chroma_grain_is_a_share_of_luma_grain() -> None:
    still = np.full((HEIGHT, WIDTH), 120.0)
    frames = []
    for i in range(9):
        one = frames_of([grainy(still, by_luma(still), i)])[0]
        colour = np.full((HEIGHT // 2, WIDTH // 2), 128.0)
        strength = 0.5 * by_luma(still[::2, ::2])
        planes = tuple(np.rint(grainy(colour, strength, 100 * (c + 1) + i)).astype(np.uint8) for c in (0, 1))
        frames.append(type(one)(i, one.luma, planes, 8, "limited"))
    found = show("grain", frames)
    assert found.chroma == pytest.approx(0.5, rel=0.05)


def test_a_grey_clip_has_no_chroma_grain() -> None:
    assert grain([np.full((HEIGHT, WIDTH), 120.0)] * 9).chroma is None


def test_pairs_that_disagree_are_trusted_less() -> None:
    """As a codec leaves them: every other frame softer."""
    still = shot("astronaut")
    even = grain(still)
    noisy = [grainy(luma, by_luma(luma) * (1.0 if i < 6 else 0.7), i) for i, luma in enumerate(still)]
    uneven = show("grain", frames_of(noisy))
    assert even.confidence > 0.7
    assert uneven.confidence < 0.3


def test_frames_held_by_twos_do_not_hide_the_grain() -> None:
    still = np.full((HEIGHT, WIDTH), 120.0)
    noisy = [grainy(still, by_luma(still), i // 2) for i in range(16)]
    found = show("grain", frames_of(noisy))
    assert isinstance(found, MeasuredGrain)
    assert error(found) < 0.05
    assert found.confidence > 0.4  # half: in flat picture nothing says how it moved


def test_rounding_to_eight_bits_is_not_grain() -> None:
    """It would add 11 % to sigma .6."""
    lumas = shot("astronaut")
    noisy = [grainy(luma, np.array(0.6), i) for i, luma in enumerate(lumas)]
    found = show("grain", frames_of(noisy))
    assert isinstance(found, MeasuredGrain)
    assert np.mean([sigma for _, sigma in found.sigma]) == pytest.approx(0.6, rel=0.03)


def test_less_grain_than_rounding_adds_reads_as_none() -> None:
    noisy = [grainy(luma, np.array(0.12), i) for i, luma in enumerate(shot("astronaut"))]
    found = show("grain", frames_of(noisy))
    assert isinstance(found, Unmeasured) or all(0 <= sigma < 0.25 for _, sigma in found.sigma)


def test_what_seethes_beside_it_does_not_add_to_grain() -> None:
    """Water, say: as strong again by a quarter, of the same luma, its motion not to be found."""
    lumas = []
    for i, luma in enumerate(shot("astronaut")):
        noisy = grainy(luma, by_luma(luma), i)
        water = np.full((HEIGHT, WIDTH // 2), float(luma.mean()))
        noisy[:, WIDTH // 2 :] = grainy(water, 1.25 * by_luma(water), 1000 + i)
        lumas.append(noisy)
    found = show("grain", frames_of(lumas))
    assert isinstance(found, MeasuredGrain)
    assert error(found) < 0.05


def test_two_shots_of_one_frame_each_have_no_grain_between_them() -> None:
    pair = frames_of([grainy(np.full((HEIGHT, WIDTH), 120.0), np.array(9.0), i) for i in (0, 1)])
    assert isinstance(show("grain", pair, {"cuts": Cuts(())}), MeasuredGrain)
    assert isinstance(show("grain", pair, {"cuts": Cuts((1,))}), Unmeasured)


def test_a_pair_across_a_cut_is_left_out() -> None:
    lumas = shot("astronaut", 4) + shot("coffee", 4)
    noisy = frames_of([grainy(luma, by_luma(luma), i) for i, luma in enumerate(lumas)])
    found = show("grain", noisy, {"cuts": Cuts((4,))})
    assert isinstance(found, MeasuredGrain)
    assert error(found) < 0.05


def test_a_frozen_clip_is_unmeasured() -> None:
    still = grainy(np.full((HEIGHT, WIDTH), 120.0), by_luma(np.array(120.0)), 0)
    found = show("grain", frames_of([still] * 9))
    assert isinstance(found, Unmeasured)
    assert "frozen" in found.why


def test_one_frame_is_unmeasured() -> None:
    assert isinstance(show("grain", frames_of(shot("coffee", 1))), Unmeasured)


def test_a_clip_smaller_than_a_block_is_unmeasured() -> None:
    assert isinstance(show("grain", frames_of([np.full((16, 24), 90.0 + i) for i in range(5)])), Unmeasured)


def test_clipped_blocks_do_not_count() -> None:
    """White at the top code has half its grain cut off."""
    found = show(
        "grain", frames_of([grainy(np.full((HEIGHT, WIDTH), 255.0), np.array(3.0), i) for i in range(9)])
    )
    assert isinstance(found, Unmeasured)
