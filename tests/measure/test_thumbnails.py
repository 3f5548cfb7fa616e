"""Very small pictures of every frame of a clip."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from post.engine import Store
from post.measure.fact import ClipLength
from post.measure.facts import facts_of
from post.measure.frames import Frame, Step
from post.measure.thumbnails import Thumbnails, ThumbnailsMeasure
from post.takes.probe import probe

RNG = np.random.default_rng(5)


def found(*frames: Frame) -> object:
    one = ThumbnailsMeasure(ClipLength(len(frames), Fraction(24)))
    for each in frames:
        one.see(Step(None, each))
    return one.found({})


def test_each_frame_is_kept_small_in_its_order() -> None:
    tops = [np.full((270, 480), 30 + 20 * number, np.uint8) for number in range(5)]
    for each in tops:
        each[135:] = 200
    chroma = tuple(np.full((135, 240), code, np.uint8) for code in (90, 160))
    kept = found(*(Frame(number, luma, chroma, 8, "limited") for number, luma in enumerate(tops)))
    assert isinstance(kept, Thumbnails)
    codes = kept.unpacked()
    assert codes.shape == (5, 36, 64, 3)
    assert [int(frame[4, 30, 0]) for frame in codes] == [30, 50, 70, 90, 110]
    assert np.all(codes[:, 20:, :, 0] == 200)
    assert np.all(codes[..., 1] == 90)
    assert np.all(codes[..., 2] == 160)


def test_ten_bits_become_eight() -> None:
    luma = np.full((64, 64), 800, np.uint16)
    kept = found(Frame(0, luma, (), 10, "full"))
    assert isinstance(kept, Thumbnails)
    assert np.unique(kept.unpacked()[..., 0]).tolist() == [200]


def test_what_is_cut_short_is_refused() -> None:
    kept = found(Frame(0, RNG.integers(0, 255, (90, 160)).astype(np.uint8), (), 8, "limited"))
    assert isinstance(kept, Thumbnails)
    with pytest.raises(ValueError, match="another size"):
        Thumbnails(2, kept.height, kept.width, kept.from_rgb, kept.packed).unpacked()


def test_they_are_kept_whenever_a_clip_is_decoded(
    media: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip, keep = media("ai_clips/ltx2_dog_snow.mp4"), Store(tmp_path, b"s" * 16)
    picture = probe(clip, "dog").picture
    assert set(facts_of(clip, picture, "a" * 64, keep, ["defects"])) == {"defects"}
    monkeypatch.setattr("post.measure.facts.walk", lambda *_: pytest.fail("decoded again"))
    kept = facts_of(clip, picture, "a" * 64, keep, ["thumbnails"])["thumbnails"].value
    assert isinstance(kept, Thumbnails)
    assert kept.frames == picture.length
