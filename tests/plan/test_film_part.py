"""Parts of a film: which frames they are, and that they are made of the film's own segments."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from post.errors import JobError
from post.job.model import Matching, Repair, Timed
from post.plan import compile_plan
from post.plan.film_part import FilmPart, read_moment, read_range, without_unseen
from post.stage_knobs import make
from post.values import Clock, Rendition, Span, Toolchain, digest
from tests.plan.made import cut, deliver, job, take

CLOCK = Clock(Fraction(24))
NTSC = Clock(Fraction(30000, 1001))
TAKES = {"a": take("a", 60), "b": take("b", 49, 8), "c": take("c", 40)}


def title() -> Timed:
    layer: Any = make("title", {"text": "Winter", "fade_in": "6f", "fade_out": "6f"})
    return Timed(layer, "3s", "1s", "spot.yaml:30")


ASKED = job(
    cut("a"),
    cut("b", transition=12),
    cut("c"),
    titles=(title(),),
    deliver=(deliver(), deliver("tall", 90, 160)),
)


def made(part: FilmPart | None = None) -> Rendition:
    return compile_plan(ASKED, TAKES, (), Toolchain(), part=part).renditions[0]


FILM = made()
LENGTH = FILM.format.length


@pytest.mark.parametrize(
    ("text", "clock", "frames"),
    [
        ("4s..8s", CLOCK, Span(96, 192)),
        ("96f..192f", CLOCK, Span(96, 192)),
        ("1.99s..2.03s", CLOCK, Span(48, 49)),
        ("0s..1s", NTSC, Span(0, 30)),  # 29.97 frames: the nearest edge
        (" 500ms .. 1s ", CLOCK, Span(12, 24)),
    ],
)
def test_a_range_is_cut_to_the_nearest_whole_frames(text: str, clock: Clock, frames: Span) -> None:
    assert read_range(text, "--range").frames(clock, 192) == frames


@pytest.mark.parametrize(
    ("text", "frame"), [("2.5s", 60), ("2.53s", 60), ("2.541s", 60), ("2.542s", 61), ("60f", 60)]
)
def test_a_moment_is_the_frame_on_screen_then(text: str, frame: int) -> None:
    assert read_moment(text, "--at").frames(CLOCK, 192) == Span(frame, frame + 1)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("4s", r"^--range: not a range; expected FROM\.\.TO, such as 4s\.\.8s, got '4s'"),
        ("4s..", r"^--range: not a range"),
        ("4..8", r"^--range: not a time.*give its unit"),
        (
            "4s..4s",
            r"^--range: does not end after it starts; expected FROM\.\.TO, at least one frame, got 4s\.\.4s",
        ),
        ("4s..9s", r"^--range: outside the film; expected up to 8\.000 s \(192 frames\), got 9s"),
    ],
)
def test_what_is_no_range_of_the_film_is_refused(text: str, says: str) -> None:
    with pytest.raises(JobError, match=says):
        read_range(text, "--range").frames(CLOCK, 192)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, LENGTH - 1), st.integers(1, LENGTH))
def test_a_range_is_its_frames_in_segments_of_the_film(first: int, length: int) -> None:
    stop = min(first + length, LENGTH)
    part = made(FilmPart(f"{first}f", f"{stop}f", "--range"))
    assert [frame for place in part.places for frame in place] == list(range(first, stop))
    assert min(len(segment.span) for segment in part.segments) >= min(8, stop - first)
    own = {digest(segment) for segment in part.segments}
    rows = zip(FILM.segments, FILM.places, strict=True)
    inside = [segment for segment, place in rows if first + 8 <= place.first and place.stop <= stop - 8]
    assert {digest(segment) for segment in inside} <= own
    assert [shot.name for shot in part.shots] == [
        s.name for s in FILM.shots if s.span.meets(Span(first, stop))
    ]


def test_the_whole_film_as_a_range_is_made_of_all_its_segments() -> None:
    assert made(FilmPart("0s", f"{LENGTH}f", "--range")).segments == FILM.segments


def test_a_range_has_the_films_mix_and_says_which_samples() -> None:
    part = made(read_range("1s..2s", "--range"))
    assert part.mix.events == FILM.mix.events
    assert part.mix.length == FILM.mix.length
    assert part.mix.delivered == Span(48000, 96000)
    assert digest(part.mix) != digest(FILM.mix)


def test_a_range_is_named_by_its_frames_and_declares_what_it_shows() -> None:
    part = made(read_range("3.5s..4.5s", "--range"))
    assert part.name == "wide.range-84-107"
    (shown,) = [placed.span for placed in part.placed if placed.call.stage == "title"]
    assert shown == Span(0, 12)  # the title is on from 3 s to 4 s
    assert not [p for p in made(read_range("0s..1s", "--range")).placed if p.call.stage == "title"]


def test_only_what_a_part_shows_is_measured_for() -> None:
    repair = Repair(make("deband", {}), True, "cut[0].repair")  # type: ignore[arg-type]  # a repair stage
    shots = [
        cut("a", repairs=(repair,), match=Matching("c", None, 1.0, "spot.yaml:9")),
        cut("b", repairs=(repair,), match=Matching("a", None, 1.0, "spot.yaml:9")),
        cut("c", match=Matching("", TAKES["b"].file, 1.0, "spot.yaml:9")),
    ]
    first, names = without_unseen(job(*shots), TAKES, read_range("0s..1s", "--range"))
    assert names == {"a"}
    assert [bool(each.repairs) for each in first.cut] == [True, False, False]
    # The shot that `a` is matched to keeps its own match, whose colour the match is made to.
    assert [bool(each.match) for each in first.cut] == [True, False, True]


def test_shots_that_are_matched_together_keep_their_matches() -> None:
    """A balance is found for all shots of one reference: a range has the film's colours only with all of them."""
    shots = [cut(name, match=Matching(to, None, 1.0, "spot.yaml:9")) for name, to in (("a", "c"), ("b", "c"))]
    first, _ = without_unseen(job(*shots, cut("c")), TAKES, read_range("0s..1s", "--range"))
    assert [bool(each.match) for each in first.cut] == [True, True, False]
