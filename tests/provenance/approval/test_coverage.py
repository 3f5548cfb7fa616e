"""Which frames approved films cover: order, ends and repeats count, and what is asked is enough."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.approval.coverage import CONTEXT, ApprovedFrames, AskedSpan, cover
from provenance.approval.frames import FilmFrames
from provenance.approval.statement import Spans
from tests.provenance.approval.approval_desk import film

BASE = [f"a{number}" for number in range(100)]


def whole(frames: FilmFrames) -> ApprovedFrames:
    return ApprovedFrames(frames, ((0, len(frames)),))


def asked(frames: FilmFrames, *approved: FilmFrames) -> Spans:
    return tuple((each.first, each.stop) for each in cover(frames, [whole(each) for each in approved]).asked)


def test_an_approved_film_is_covered_and_another_is_asked_about_whole() -> None:
    assert asked(film(BASE), film(BASE)) == ()
    assert asked(film(BASE)) == ((0, 100),)


def test_frames_that_differ_are_asked_about_with_what_surrounds_their_cuts() -> None:
    other = film([*BASE[:40], *(f"b{number}" for number in range(10)), *BASE[50:]])
    left = cover(other, [whole(film(BASE))])
    reach = 2 * CONTEXT - 1
    assert [(each.first, each.stop, each.why) for each in left.asked] == [
        (40 - reach, 50 + reach, ("picture",))
    ]
    assert left.differing == 10


@pytest.mark.parametrize(
    ("other", "spans"),
    [
        (BASE[:90], ((79, 90),)),  # the end, such as small print, is cut off
        (BASE[10:], ((0, 11),)),
        ([*BASE[50:], *BASE[:50]], ((0, 11), (39, 61), (89, 100))),
        ([*BASE[:50], *BASE[49:]], ((38, 62),)),  # one frame twice
        ([*BASE[:50], *BASE[51:]], ((39, 61),)),  # one frame left out
    ],
)
def test_approved_frames_in_another_order_are_asked_about(other: Sequence[str], spans: Spans) -> None:
    left = cover(film(other), [whole(film(BASE))])
    assert tuple((each.first, each.stop) for each in left.asked) == spans
    assert {each.why for each in left.asked} == {("order",)}
    assert left.differing == 0


def test_a_held_picture_that_is_shorter_or_longer_is_asked_about() -> None:
    """Small print that stands for three seconds is not approved for three frames."""
    held = film([*BASE[:30], *["black"] * 24, *BASE[30:]])
    for frames in (3, 23, 25):
        assert asked(film([*BASE[:30], *["black"] * frames, *BASE[30:]]), held)
    assert asked(film(["black"] * 49), film(["black"] * 50)) == ((0, 49),)


def test_two_approved_films_joined_at_black_are_asked_about() -> None:
    one = film([*BASE[:30], *["black"] * 24, *BASE[30:60]])
    two = film([*BASE[60:70], *["black"] * 24, *BASE[70:]])
    assert asked(film([*BASE[:30], *["black"] * 24, *BASE[70:]]), one, two)


def test_pictures_and_sound_that_were_approved_apart_are_asked_about() -> None:
    dog, ship = film(BASE, [f"dog{n}" for n in range(100)]), film([f"s{n}" for n in range(100)], BASE)
    left = cover(film(BASE, BASE), [whole(dog), whole(ship)])
    assert [each.why for each in left.asked] == [("together",)]
    quiet = cover(film(BASE, ["new", *[f"dog{n}" for n in range(1, 100)]]), [whole(dog)])
    assert [(each.first, each.why) for each in quiet.asked] == [(0, ("sound",))]


def test_the_same_frames_at_another_rate_are_others() -> None:
    fast = FilmFrames("25/1", film(BASE).picture)
    assert cover(fast, [whole(film(BASE))]).differing == 100


def test_frames_of_several_approvals_cover_a_film_where_they_overlap_enough() -> None:
    one = ApprovedFrames(film(BASE), ((0, 60),))
    for first, covered in ((60 - 2 * CONTEXT + 1, True), (60 - CONTEXT, False), (60, False)):
        assert cover(film(BASE), [one, ApprovedFrames(film(BASE), ((first, 100),))]).covered is covered


Edits = list[tuple[int, int, list[int]]]
FRAMES = st.lists(st.integers(0, 30), min_size=1, max_size=40)
EDITS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40), st.lists(st.integers(0, 60), max_size=6)), max_size=3
)


def edited(base: list[int], edits: Edits) -> list[int]:
    made = list(base)
    for first, stop, between in edits:
        made[min(first, stop) : max(first, stop)] = between
    return made or [0]


@given(FRAMES, st.lists(EDITS, max_size=4))
def test_whatever_is_asked_covers_the_film_once_it_is_approved(
    base: list[int], versions: list[Edits]
) -> None:
    approved: list[ApprovedFrames] = []
    for edits in versions:
        frames = film(edited(base, edits))
        left = cover(frames, approved)
        if left.asked:
            approved.append(ApprovedFrames(frames, tuple((each.first, each.stop) for each in left.asked)))
        assert cover(frames, approved).covered


@given(FRAMES, st.lists(EDITS, min_size=1, max_size=4))
def test_a_covered_film_shows_only_neighbours_that_one_approved_film_shows(
    base: list[int], versions: list[Edits]
) -> None:
    """An oracle: whatever is covered, each frame, cut, start and end stands so in an approved film."""
    films = [edited(base, edits) for edits in versions]
    approved = [whole(film(each)) for each in films[:-1]]
    if not cover(film(films[-1]), approved).covered:
        return
    pairs = {pair for each in films[:-1] for pair in neighbours(each)}
    assert set(neighbours(films[-1])) <= pairs


def neighbours(frames: Sequence[object]) -> list[tuple[object, object]]:
    shown = ["start", *frames, "end"]
    return list(zip(shown, shown[1:], strict=False))


@given(FRAMES, st.lists(EDITS, min_size=2, max_size=4))
def test_more_that_was_approved_never_asks_for_more(base: list[int], versions: list[Edits]) -> None:
    films = [film(edited(base, edits)) for edits in versions]
    few = cover(films[-1], [whole(each) for each in films[:-2]])
    more = cover(films[-1], [whole(each) for each in films[:-1]])
    assert frames_of(more.asked) <= frames_of(few.asked)


def frames_of(spans: Sequence[AskedSpan]) -> set[int]:
    return {at for each in spans for at in range(each.first, each.stop)}
