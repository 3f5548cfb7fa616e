from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from post.values.array import Array
from provenance.durable.watermark_detect import (
    MIN_FIT_Z,
    MIN_Z,
    DetectedWatermark,
    LikeliestWatermark,
    detect,
    find_likeliest,
)
from provenance.durable.watermark_pattern import make_tile, make_waves
from tests.provenance.durable.marked import IDENTIFIER, KEY, OTHER, film, marked

Attack = Callable[[Array], Array]


def resized(wide: float, high: float) -> Attack:
    return lambda frame: np.asarray(cv2.resize(frame, None, fx=wide, fy=high, interpolation=cv2.INTER_AREA))


def graded(frame: Array) -> Array:
    noise = np.random.default_rng(1).normal(0, 3, frame.shape)
    return np.clip(255 * (frame / 255) ** 1.3 * 0.9 + noise, 0, 255).astype(np.uint8)


def titled(frame: Array) -> Array:
    out = frame.copy()
    cv2.putText(out, "FORTY PER CENT", (10, 160), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 235, 4)
    return out


def boxed(frame: Array) -> Array:
    return np.pad(frame, ((60, 60), (20, 20)), constant_values=16)


ATTACKS: dict[str, tuple[Attack, float]] = {
    "nothing": (lambda frame: frame, 1.0),
    "cut out": (lambda frame: np.ascontiguousarray(frame[37:, 51:]), 1.0),
    "upright": (lambda frame: np.ascontiguousarray(frame[:, 111:273]), 1.0),
    "half": (resized(0.5, 0.5), 0.5),
    "larger": (resized(1.37, 1.37), 1.37),
    "a little narrower": (resized(0.975, 1.0), 0.987),
    "graded": (graded, 1.0),
    "titled": (titled, 1.0),
    "boxed": (boxed, 1.0),
}


@pytest.fixture(scope="module")
def shown() -> list[Array]:
    return marked(film())


@pytest.mark.parametrize("name", ATTACKS)
def test_the_identifier_is_read_after_common_changes_to_films(shown: list[Array], name: str) -> None:
    attack, scale = ATTACKS[name]
    found = detect([attack(frame) for frame in shown], KEY)
    assert found is not None
    assert found.identifier == IDENTIFIER
    assert found.scale == pytest.approx(scale, rel=0.01)


def test_a_film_squeezed_by_three_percent_is_detected_nearly_as_well() -> None:
    wide = marked(film(240, 1280, 4))
    squeezed = [np.asarray(cv2.resize(frame, (1240, 240), interpolation=cv2.INTER_AREA)) for frame in wide]
    as_it_was, found = find_likeliest(wide, KEY), find_likeliest(squeezed, KEY)
    assert as_it_was is not None
    assert found is not None
    assert found.watermark.z > 0.75 * as_it_was.watermark.z


@pytest.mark.parametrize(
    ("z", "fit_z", "checked", "sure"),
    [
        (MIN_Z, MIN_FIT_Z, True, True),
        (MIN_Z - 0.01, MIN_FIT_Z, True, False),
        (MIN_Z, MIN_FIT_Z - 0.01, True, False),
        (MIN_Z, MIN_FIT_Z, False, False),
    ],
    ids=["all hold", "waves too weak", "bits too weak", "checksum wrong"],
)
def test_a_mark_is_sure_only_if_waves_bits_and_checksum_all_hold(
    z: float, fit_z: float, checked: bool, sure: bool
) -> None:
    assert LikeliestWatermark(DetectedWatermark(IDENTIFIER, z, 0, 1.0), fit_z, checked).is_certain is sure


def test_any_frames_in_any_order_are_enough(shown: list[Array]) -> None:
    found = detect(shown[::-2], KEY)
    assert found is not None
    assert found.identifier == IDENTIFIER


def test_an_unmarked_film_has_no_mark() -> None:
    assert detect(film(), KEY) is None


def test_a_mark_is_not_found_with_another_key(shown: list[Array]) -> None:
    assert detect(shown, OTHER) is None
    read = find_likeliest(shown, OTHER)
    assert read is not None
    assert read.watermark.z < MIN_Z


def test_a_film_marked_twice_reads_as_one_of_the_two_or_as_none(shown: list[Array]) -> None:
    found = detect(marked(shown, identifier=0xFFFF0000), KEY)
    assert found is None or found.identifier in (IDENTIFIER, 0xFFFF0000)


@pytest.mark.parametrize(
    "frames",
    [[], [np.zeros((32, 32), np.uint8)], [np.full((200, 300), 128, np.uint8)] * 3],
    ids=["none", "tiny", "flat"],
)
def test_flat_frames_have_no_mark(frames: list[Array]) -> None:
    assert detect(frames, KEY) is None


@pytest.mark.parametrize("bad", [np.zeros((64, 80), np.uint8), np.zeros((64, 64), np.uint16)])
def test_frames_that_differ_are_refused(bad: Array) -> None:
    with pytest.raises(ValueError, match="one size"):
        detect([np.zeros((64, 64), np.uint8), bad], KEY)


def test_z_is_that_of_chance_over_keys() -> None:
    """At each place z is standard normal over keys, for any picture: here a grid, the worst case."""
    from provenance.durable.watermark_search import PatternSearch

    grid = np.zeros((256, 256), np.float32)
    grid[::16] = grid[:, ::16] = 1
    z = []
    for number in range(60):
        search = PatternSearch(grid, make_waves(bytes([number]) * 32))
        z += [search.surface(1.0, 1.0)[place] for place in ((0, 0), (31, 77), (64, 100))]
    assert np.std(z) == pytest.approx(1, abs=0.2)
    assert abs(np.mean(z)) < 0.25


def test_a_tile_has_no_edge_no_mean_and_nothing_slow_or_fast() -> None:
    pattern = make_tile(KEY, IDENTIFIER)
    assert abs(float(pattern.mean())) < 1e-5
    assert float(pattern.std()) == pytest.approx(1, abs=1e-5)
    power = np.abs(np.fft.fft2(pattern)) ** 2
    radius = np.hypot(*np.meshgrid(np.fft.fftfreq(256) * 256, np.fft.fftfreq(256) * 256))
    assert float(power[(radius < 11.9) | (radius > 44.1)].sum()) < 1e-6 * float(power.sum())


def test_tiles_of_two_identifiers_share_only_the_waves_for_detection() -> None:
    common = [
        float((make_tile(KEY, 5) * make_tile(KEY, other)).mean()) for other in (6, 0xFFFFFFFF, 0x12345678)
    ]
    assert all(0.2 < value < 0.75 for value in common)


def test_keys_have_nothing_in_common() -> None:
    assert abs(float((make_tile(KEY, 5) * make_tile(OTHER, 5)).mean())) < 0.1


def test_a_detection_states_its_confidence(shown: list[Array]) -> None:
    found = detect(shown, KEY)
    assert isinstance(found, DetectedWatermark)
    assert found.z > MIN_Z + 3
    assert found.corrected < 20
