"""Cut-downs and other openings share with the film what they show of it."""

from __future__ import annotations

from typing import Any

import pytest

from post.job.model import Timed
from post.plan import compile_plan
from post.plan.pieces.alike import cut_alike
from post.stage_knobs import make
from post.values import Rendition, Span, Toolchain, digest
from tests.made.sharing import sharing
from tests.plan.made import cut, job, take

TAKES = {name: take(name, 400) for name in "abcdefgh"}
GRAIN: Any = make("grain", {"strength": 2})


def film(*shots: Any, **more: Any) -> Rendition:
    plan = compile_plan(job(*shots, grain=GRAIN, **more), TAKES, (), Toolchain((("av", "18"),)))
    return plan.renditions[0]


def title(text: str, at: str, length: str) -> Timed:
    layer: Any = make("title", {"text": text, "fade_in": "6f", "fade_out": "6f"})
    return Timed(layer, at, length, "spot.yaml:30")


A, B = cut("a", length="90f", start="10f"), cut("b", length="100f", start="31f", transition=12)
C, D = cut("c", length="120f", speed="0.5"), cut("d", length="75f", start="5f")
E, F = cut("e", length="60f"), cut("f", length="80f", speed="0s:1, 1s:3:smooth")
G, H = cut("g", length="140f", start="77f", transition=8), cut("h", length="95f")
SPOT = (A, B, C, D, E, F, G, H)

# A version of the spot, and the share that it is to have of the frames that show the same.
VERSIONS = {
    "dropped": ((A, B, D, G, H), 0.9),
    "in another order": ((H, D, A, B, F, E), 0.9),
    "another hook": ((cut("c", length="48f", start="200f"), A, B, C, D), 0.99),
    "later in": ((A, B, C, cut("d", length="55f", start="25f"), E, F, G, H), 0.95),
    "shorter": ((A, B, C, cut("d", length="60f", start="5f"), E, F, G, H), 0.95),
    "cut down": ((cut("a", length="60f", start="22f"), C, cut("h", length="70f")), 0.65),
}


@pytest.fixture(scope="module")
def spot() -> Rendition:
    return film(*SPOT)


@pytest.mark.parametrize("name", VERSIONS)
def test_a_version_shares_what_it_shows_of_the_film(name: str, spot: Rendition) -> None:
    shots, least = VERSIONS[name]
    found = sharing(film(*shots), spot)
    assert found.alike > 0.4 * found.frames
    assert found.share >= least, found


def test_a_shot_that_moves_by_two_seconds_and_a_frame_is_shared_whole() -> None:
    alone, moved = film(D), film(cut("e", length="49f"), D)
    assert set(map(digest, alone.segments)) <= set(map(digest, moved.segments))


def test_an_opening_that_shows_what_comes_again_leaves_that_as_it_was() -> None:
    opened = film(cut("d", length="30f", start="20f"), A, B, C, D)
    found = sharing(opened, film(A, B, C, D))
    assert found.alike == opened.format.length  # the opening shows nothing new, but with other grain
    assert found.shared == opened.format.length - 30


def test_films_whose_titles_come_at_other_times_share_what_lies_between_once_cut_alike() -> None:
    shots = cut("a", length="200f"), cut("b", length="100f")
    films = film(*shots), film(cut("c", length="31f"), *shots, titles=(title("Winter", "101f", "50f"),))
    bare, titled = cut_alike(films)
    found = sharing(*films), sharing(bare, titled)
    assert found[0].alike == found[1].alike == 250
    assert (found[0].shared, found[1].shared) == (204, 250)
    assert titled is films[1]
    assert [place.first for place in bare.places] == [0, 48, 70, 96, 120, 144, 192, 200, 248]
    assert [frame for place in bare.places for frame in place] == list(range(300))


def test_films_that_differ_in_no_title_are_cut_as_they_were(spot: Rendition) -> None:
    films = spot, film(*VERSIONS["dropped"][0])
    assert all(a is b for a, b in zip(cut_alike(films), films, strict=True))


def test_a_segment_cut_in_two_holds_what_both_parts_show(spot: Rendition) -> None:
    for segment in spot.segments:
        middle = len(segment.span) // 2
        parts = [segment.part(span) for span in (Span(0, middle), Span(middle, len(segment.span)))]
        assert sum(part.format.length for part in parts) == segment.format.length
        for one in ("seeds", "frames", "fade"):
            held = [getattr(clip, one) for part in parts for clip in part.clips]
            assert sum(map(len, held)) == sum(len(getattr(clip, one)) for clip in segment.clips)
        assert segment.part(segment.span) == segment
