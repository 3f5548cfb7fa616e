"""Which changes of a film keep its fingerprint, and which do not."""

from __future__ import annotations

import numpy as np
import pytest

from post.values.array import Array
from provenance.durable import fingerprint
from provenance.durable.fingerprint import (
    MAX_DISTANCE,
    REGIONS,
    SIDE,
    FilmSamples,
    Similarity,
    compare,
    find_active_picture,
    fingerprint_copy,
    fingerprint_film,
    unpack,
)  # fmt: skip
from tests.provenance.durable.films import clouds, film, stretched, viewing


def nearest(copy: FilmSamples, kept: FilmSamples) -> Similarity:
    return min(
        (compare(look, fingerprint_film(kept)) for look in fingerprint_copy(copy)),
        key=lambda found: found.cost,
    )


def graded(pictures: Array) -> Array:
    noise = np.random.default_rng(9).normal(0, 6, pictures.shape)
    return np.clip(255 * (pictures / 255) ** 1.3 * 0.9 + noise, 0, 255)


def test_a_film_matches_itself_completely() -> None:
    found = nearest(film(1), film(1))
    assert found == Similarity(0, 0.0, "whole", 1.0, 1.0)
    assert found.cost == 0


@pytest.mark.parametrize("seed", range(5))
def test_grade_and_grain_keep_the_bits(seed: int) -> None:
    found = nearest(viewing(graded(film(seed).pictures)), film(seed))
    assert found.distance < 24
    assert found.region == "whole"


CUTS = {"90 %": (0.9, 0.9), "80 %": (0.8, 0.8), "9:16": (0.31640625, 1.0), "1:1": (0.5625, 1.0)}


@pytest.mark.parametrize("region", CUTS)
def test_a_crop_is_found_by_its_region(region: str) -> None:
    width, height = (round(share * SIDE) for share in CUTS[region])
    left, top = (SIDE - width) // 2, (SIDE - height) // 2
    pictures = film(3).pictures[:, top : top + height, left : left + width]
    aspect = 16 / 9 * width / height
    found = nearest(viewing(stretched(pictures), aspect), film(3))
    assert found.region == region
    assert found.distance < MAX_DISTANCE / 2


def test_bars_are_ignored() -> None:
    pictures = np.full((25, SIDE, SIDE), 16)
    pictures[:, 16:112] = stretched(film(4).pictures)[:, np.arange(96) * SIDE // 96]
    assert find_active_picture(pictures.astype(np.uint8)) == (16, 112, 0, SIDE)
    assert nearest(viewing(pictures, 4 / 3), film(4)).distance < MAX_DISTANCE / 2


def test_fifty_different_films_are_far_from_each_other() -> None:
    kept = [fingerprint_film(film(seed)) for seed in range(25)]
    strange = [fingerprint_copy(film(100 + seed))[0] for seed in range(25)]
    apart = [compare(look, one).distance for look in strange for one in kept]
    assert min(apart) > MAX_DISTANCE + 8


def test_a_copy_without_its_first_second_is_found_whole_and_the_film_in_part() -> None:
    found = nearest(viewing(film(5).pictures[5:]), film(5))
    assert found.copy_share == 1
    assert 0.5 < found.film_share < 1
    assert found.distance < MAX_DISTANCE / 2


def test_a_film_at_half_speed_is_still_found() -> None:
    slow = np.repeat(film(6).pictures, 2, axis=0)
    assert nearest(viewing(slow), film(6)).distance < MAX_DISTANCE / 2


def test_a_shared_end_card_does_not_make_two_films_one() -> None:
    card = np.repeat(clouds(99)[None, :SIDE, :SIDE], 10, axis=0)
    one, other = (viewing(np.concatenate([film(seed).pictures, card])) for seed in (7, 8))
    assert not nearest(one, other).close


@pytest.mark.parametrize("level", [0, 16, 128, 255])
def test_a_flat_film_has_no_fingerprint(level: int) -> None:
    flat = viewing(np.full((10, SIDE, SIDE), level))
    assert fingerprint_copy(flat) == ()
    assert not fingerprint_film(flat).has_content
    assert fingerprint.encode(flat) == ""


def test_a_black_moment_matches_no_other_black_moment() -> None:
    one, other = film(10).pictures.copy(), film(11).pictures.copy()
    one[:12] = other[:12] = 16
    found = nearest(viewing(one), viewing(other))
    assert not found.close
    assert found.copy_share == 0


def test_a_film_of_one_frame_has_a_fingerprint() -> None:
    alone = viewing(film(12).pictures[:1])
    assert fingerprint_film(alone).bits.shape == (1, len(REGIONS), fingerprint.WORDS)
    assert nearest(alone, alone).distance == 0


def test_a_packed_fingerprint_is_read_back() -> None:
    kept = fingerprint_film(film(13))
    assert np.array_equal(unpack(kept.pack()).bits, kept.bits)
    look = fingerprint.decode(fingerprint.encode(film(13)))
    assert look is not None
    assert compare(look, kept).distance == 0


def test_a_black_moment_in_a_stated_fingerprint_is_none_of_its_samples() -> None:
    """Otherwise every film that begins in black would be like every other."""
    one, other = film(14).pictures.copy(), film(15).pictures.copy()
    one[:12] = other[:12] = 16
    stated = fingerprint.decode(fingerprint.encode(viewing(one)))
    assert stated is not None
    assert stated.any(axis=1).all()
    assert compare(stated, fingerprint_film(viewing(other))).copy_share == 0


@pytest.mark.parametrize("text", ["", "AAAA", "no base64 !", "AAAA" * 8, "A" * 100_000])
def test_other_text_is_not_read_as_a_fingerprint(text: str) -> None:
    assert fingerprint.decode(text) is None
