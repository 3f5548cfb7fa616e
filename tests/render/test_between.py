"""Frames between a clip's frames, on their way into the film."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from post.picture.kernel import new_planes
from post.picture.optics.soften import Soften
from post.plan import compile_plan
from post.render.between import InBetweens
from post.render.repair import RepairedClip
from post.render.segment import draw
from post.takes.frame_planes import plane_codes
from post.takes.made.synthetic import make_clip
from post.takes.picture import PictureReader
from post.takes.probe import probe
from post.values import BT709, Take, Toolchain
from post.values.array import Array
from tests.made.numbered import small
from tests.picture.between.drawn import ground
from tests.plan.made import cut, deliver, job

HALF = Fraction(1, 2)
STEP = 6  # pixels that the ground slides from frame to frame


@pytest.fixture(scope="module")
def sliding(tmp_path_factory: pytest.TempPathFactory) -> Take:
    """A ground that slides, 5 frames of 158 x 90."""
    recipe = small(width=158, height=90, frames=5, b_frames=0, colour=BT709, options=(("crf", "4"),))

    def draw_ground(frame: int) -> Array:
        luma = ground(STEP * frame, size=(90, 158)) / 65535
        return np.repeat(luma[..., None], 3, axis=-1)

    return probe(make_clip(tmp_path_factory.mktemp("sliding") / "clip.mp4", recipe, draw_ground), "clip")


def in_betweens(take: Take) -> InBetweens:
    reader = PictureReader(take.file.here, take.picture)
    return InBetweens(RepairedClip(reader.frame, take.picture, ()), "flow")


def luma_at(clip: InBetweens, number: int, weight: Fraction) -> bytes:
    return plane_codes(clip.frame(number, weight), 0).tobytes()


def test_frames_are_the_same_in_any_order(sliding: Take) -> None:
    places = [(number, Fraction(part, 4)) for number in range(4) for part in range(4)]
    one, other = in_betweens(sliding), in_betweens(sliding)
    forth = {place: luma_at(one, *place) for place in places}
    back = {place: luma_at(other, *place) for place in reversed(places)}
    assert forth == back
    assert len(set(forth.values())) == len(places)


def test_a_place_on_a_frame_is_that_frame(sliding: Take) -> None:
    reader = PictureReader(sliding.file.here, sliding.picture)
    clip = RepairedClip(reader.frame, sliding.picture, ())
    made = in_betweens(sliding).frame(2, Fraction(0))
    for plane in range(3):
        np.testing.assert_array_equal(plane_codes(made, plane), plane_codes(clip.frame(2), plane))


def test_an_in_between_has_moved_half_the_way(sliding: Take) -> None:
    clip = in_betweens(sliding)
    made, before, after = (
        plane_codes(clip.frame(*place), 0) / 4 for place in ((1, HALF), (1, Fraction(0)), (2, Fraction(0)))
    )
    assert wrong(made, 1.5) < 2
    assert wrong((before + after) / 2, 1.5) > 8


def wrong(luma: Array, at: float) -> float:
    """Returns the root mean square difference from the ground at a place of the clip, in 8-bit codes."""
    truth = 16 + 219 * ground(STEP * at, size=(90, 158)) / 65535
    inside = (slice(16, -16), slice(24, -24))
    return float(np.sqrt(np.mean((luma[inside] - truth[inside]) ** 2)))


@pytest.mark.parametrize("effects", [False, True])
def test_a_slowed_film_shows_them_at_even_steps(sliding: Take, effects: bool) -> None:
    """Every step of the film is a quarter of the clip's own; a blend would stand still between its ghosts."""
    asked = cut("clip", speed="0.25", sampling="flow")
    if effects:
        asked = replace(asked, effects=(Soften(amount=0.1),))
    plan = compile_plan(
        job(asked, deliver=(deliver(width=158, height=90),)), {"clip": sliding}, [], Toolchain((), ())
    )
    (segment,) = plan.renditions[0].segments
    assert segment.clips[0].sampling == "flow"
    for frame in range(4, 9):
        out = new_planes(90, 158, 8, "420")
        draw(segment, frame, out)
        assert wrong(out.y, frame / 4) < 2.5


def test_a_frame_over_an_open_shutter_is_the_mean_of_its_places(sliding: Take) -> None:
    clip = in_betweens(sliding)
    places = ((1, Fraction(0)), (1, HALF), (2, Fraction(0)), (2, HALF))
    blurred = plane_codes(clip.mean(places, 1), 0) / 4
    truth = np.mean([16 + 219 * ground(STEP * at, size=(90, 158)) / 65535 for at in (1, 1.5, 2, 2.5)], axis=0)
    inside = (slice(16, -16), slice(24, -24))
    assert float(np.sqrt(np.mean((blurred[inside] - truth[inside]) ** 2))) < 2
