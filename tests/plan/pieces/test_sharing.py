"""Cut-downs and other openings share with the film what they show of it."""

from __future__ import annotations

from typing import Any

import pytest

from post.job.model import Timed
from post.plan import compile_plan
from post.plan.pieces.edges import choose_edges, content_edges
from post.stage_knobs import make
from post.values import LayerPlacement, Placed, Rendition, Span, Toolchain, digest
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


def test_films_whose_titles_come_at_other_times_are_cut_alike_where_they_are_told_of_each_other() -> None:
    shots = cut("a", length="200f"), cut("b", length="100f")
    bare, titled = film(*shots), film(*shots, titles=(title("Winter", "100f", "40f"),))
    layers = [each for each in titled.placed if each.call.stage == "title"]
    assert len(layers) == 1
    told = content_edges(titled.shots, [placement(each) for each in layers])
    stream = next(iter(told))[0]
    assert told == {(stream, 100), (stream, 140)}
    own = choose_edges(bare.format, bare.shots, ())
    both = choose_edges(bare.format, bare.shots, (), told)
    assert 100 not in own
    assert both == choose_edges(titled.format, titled.shots, [placement(each) for each in layers])


def placement(placed: Placed) -> LayerPlacement:
    return LayerPlacement(placed.call, placed.span)


def test_a_segment_cut_in_two_holds_what_both_parts_show(spot: Rendition) -> None:
    for segment in spot.segments:
        middle = len(segment.span) // 2
        parts = [segment.part(span) for span in (Span(0, middle), Span(middle, len(segment.span)))]
        assert sum(part.format.length for part in parts) == segment.format.length
        for one in ("seeds", "frames", "fade"):
            held = [getattr(clip, one) for part in parts for clip in part.clips]
            assert sum(map(len, held)) == sum(len(getattr(clip, one)) for clip in segment.clips)
        assert segment.part(segment.span) == segment
