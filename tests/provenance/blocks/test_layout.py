"""Blocks are cut by time, and each states the seconds it holds."""

from __future__ import annotations

import numpy as np

from provenance.blocks.layout import BlockSpan, cut_blocks
from provenance.formats.bmff import Box
from provenance.formats.sample_table import TrackSamples


def mdat(start: int, stop: int) -> Box:
    return Box("mdat", "/mdat", start, stop - start, 0)


def track(kind: str, *samples: tuple[int, int, float], lasts: float = 0.25) -> TrackSamples:
    """Returns a track of samples (offset, size, first shown), each shown for `lasts` seconds."""
    offset, size, first = (np.array(column) for column in zip(*samples, strict=True))
    return TrackSamples(kind, offset, size, first.astype(float), first + lasts)


def even(kind: str, start: int, size: int, count: int, at_s: float = 0.0) -> TrackSamples:
    """Returns a track of adjacent samples, four a second."""
    return track(kind, *((start + size * n, size, at_s + n / 4) for n in range(count)))


def test_a_block_is_a_second_long_and_starts_at_a_sample() -> None:
    found = cut_blocks(mdat(0, 100), [even("vide", 0, 10, 10)])
    assert found == (
        BlockSpan(0, 40, (0.0, 1.0)),
        BlockSpan(40, 80, (1.0, 2.0)),
        BlockSpan(80, 100, (2.0, 2.5)),
    )


def test_a_block_larger_than_asked_is_cut_again() -> None:
    found = cut_blocks(mdat(0, 100), [even("vide", 0, 10, 10)], most_bytes=30)
    assert [(cut.start, cut.stop) for cut in found] == [(0, 30), (30, 40), (40, 70), (70, 80), (80, 100)]
    assert found[0].shown == (0.0, 0.75)


def test_reordered_frames_count_by_the_time_they_are_shown() -> None:
    found = cut_blocks(
        mdat(0, 40), [track("vide", (0, 10, 0.0), (10, 10, 0.5), (20, 10, 0.25), (30, 10, 1.0))]
    )
    assert found == (BlockSpan(0, 30, (0.0, 0.75)), BlockSpan(30, 40, (1.0, 1.25)))


def test_sound_and_picture_side_by_side_share_a_block() -> None:
    picture = track("vide", (0, 10, 0.0), (20, 10, 0.25))
    sound = track("soun", (10, 10, 0.5), (30, 10, 0.75))
    assert cut_blocks(mdat(0, 40), [sound, picture]) == (BlockSpan(0, 40, (0.0, 1.0)),)


def test_sound_stored_far_ahead_is_a_block_of_its_own() -> None:
    found = cut_blocks(mdat(0, 60), [even("vide", 0, 10, 3), even("soun", 30, 10, 3, at_s=7.0)])
    assert found == (BlockSpan(0, 30, (0.0, 0.75)), BlockSpan(30, 60, (7.0, 7.75)))


def test_sound_stored_ahead_sample_by_sample_makes_no_cuts() -> None:
    picture = track("vide", *((20 * n, 10, n / 4) for n in range(40)))
    sound = track("soun", *((20 * n + 10, 10, 5 + n / 4) for n in range(40)))
    found = cut_blocks(mdat(0, 800), [sound, picture])
    assert len(found) == 10
    assert [cut.shown for cut in found] == [(n, n + 1.0) for n in range(10)]


def test_bytes_that_are_never_shown_have_no_time_of_their_own() -> None:
    assert cut_blocks(mdat(0, 50), [], most_bytes=20) == (
        BlockSpan(0, 20, None),
        BlockSpan(20, 40, None),
        BlockSpan(40, 50, None),
    )
    found = cut_blocks(mdat(0, 100), [even("vide", 0, 10, 4)], most_bytes=40)
    assert found == (BlockSpan(0, 40, (0.0, 1.0)), BlockSpan(40, 80, None), BlockSpan(80, 100, None))


def test_samples_decoded_before_the_start_count_for_the_start() -> None:
    (cut,) = cut_blocks(mdat(0, 20), [track("vide", (0, 10, -0.5), (10, 10, -0.25))])
    assert cut.shown == (0.0, 0.0)


def test_each_of_several_media_boxes_has_its_own_blocks() -> None:
    found = [even("vide", 0, 10, 4), even("soun", 100, 10, 4)]
    assert cut_blocks(mdat(0, 40), found) == (BlockSpan(0, 40, (0.0, 1.0)),)
    assert cut_blocks(mdat(100, 140), found) == (BlockSpan(100, 140, (0.0, 1.0)),)
    assert cut_blocks(mdat(200, 200), found) == ()
