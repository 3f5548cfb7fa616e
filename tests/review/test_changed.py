"""Which frames two revisions share is right for whatever is cut, put in, or moved."""

from __future__ import annotations

import hashlib
import random

from hypothesis import given
from hypothesis import strategies as st

from post.review.films.changed import map_frames, spans_of

frames = st.lists(st.integers(0, 12), max_size=40)


def hashed(numbers: list[int]) -> bytes:
    return b"".join(hashlib.sha256(str(number).encode()).digest() for number in numbers)


@given(frames, frames)
def test_what_is_matched_is_equal_in_order_and_once(older: list[int], newer: list[int]) -> None:
    found = map_frames(hashed(older), hashed(newer)).older
    assert len(found) == len(newer)
    matched = [(place, number) for number, place in enumerate(found) if place is not None]
    assert all(older[place] == newer[number] for place, number in matched)
    places = [place for place, _ in matched]
    assert places == sorted(set(places))


@given(frames)
def test_a_film_that_is_the_same_has_nothing_changed(numbers: list[int]) -> None:
    found = map_frames(hashed(numbers), hashed(numbers))
    assert found.changed() == found.removed() == []
    assert found.seams() == []


@given(st.integers(1, 30), st.integers(0, 30), st.integers(0, 10), st.integers(0, 10))
def test_what_is_replaced_in_a_film_of_single_frames_is_found(
    length: int, at: int, out: int, put: int
) -> None:
    at = min(at, length)
    older = list(range(length))
    newer = [*older[:at], *range(1000, 1000 + put), *older[at + out :]]
    found = map_frames(hashed(older), hashed(newer))
    assert found.changed() == spans_of(range(at, at + put))
    assert found.removed() == spans_of(range(at, min(length, at + out)))
    for number in older[:at]:
        assert found.newer_of(number, number + 1) == (number, number + 1)
    gone = out > 0 and at < length
    seam = gone and not put and at > 0 and at + out < length
    assert found.seams() == ([at] if seam else [])


def test_a_long_film_with_many_equal_frames_is_compared_at_once() -> None:
    """Quadratic work would take minutes."""
    rng = random.Random(1)
    older = [rng.randrange(50) for _ in range(40_000)]
    newer = older[:20_000] + [7] * 5_000 + older[20_000:]
    found = map_frames(hashed(older), hashed(newer))
    assert sum(each is not None for each in found.older) >= 40_000


def test_a_change_in_the_sound_alone_is_told() -> None:
    found = map_frames(hashed([1, 2, 3, 4]), hashed([1, 2, 9, 3, 4]))
    before, after = hashed([10, 20, 30, 40]), hashed([10, 21, 90, 30, 41])
    assert found.changed_sound(before, after) == [(1, 2), (4, 5)]
    assert found.changed_sound(b"", after) == [(0, 2), (3, 5)]
    assert found.changed_sound(b"", b"") == []
