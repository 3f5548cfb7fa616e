"""The digests of what a film shows and plays: equal where decoded samples are, whatever holds them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from post.errors import SourceError
from post.render.decoded import decode_film, frame_digest
from post.takes.made.synthetic import ClipRecipe, SoundRecipe, make_clip

CLIP = ClipRecipe("dusk", 62, 46, Fraction(24), 12, sound=SoundRecipe(rate_hz=24000, channels=1))


def remuxed(film: Path, copy: Path) -> Path:
    """Copies a film's packets into another container."""
    with av.open(film) as source, av.open(copy, "w") as out:
        streams = {each.index: out.add_stream_from_template(each) for each in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                out.mux(packet)
    return copy


def test_a_film_in_another_container_has_the_same_digests(tmp_path: Path) -> None:
    film = make_clip(tmp_path / "a.mp4", CLIP)
    first, other = decode_film(film), decode_film(remuxed(film, tmp_path / "b.mkv"), threads=2)
    assert first.frames == other.frames
    assert len(set(first.frames)) == 12
    assert first.samples


def test_the_digest_of_a_frame_is_that_of_its_samples_without_padding() -> None:
    planes = [
        np.random.default_rng(1).integers(0, 256, size, np.uint8) for size in ((46, 62), (23, 31), (23, 31))
    ]
    frame = av.VideoFrame(62, 46, "yuv420p")
    assert frame.planes[0].line_size > 62
    for plane, codes in zip(frame.planes, planes, strict=True):
        rows = np.zeros((plane.height, plane.line_size), np.uint8)
        rows[:, : codes.shape[1]], rows[:, codes.shape[1] :] = codes, 7
        plane.update(rows.tobytes())
    expected = hashlib.sha256(b"yuv420p 62x46\0" + b"".join(codes.tobytes() for codes in planes))
    assert frame_digest(frame) == expected.hexdigest()


def test_one_other_sample_is_another_digest() -> None:
    frame = av.VideoFrame(16, 16, "yuv420p10le")
    for plane in frame.planes:
        plane.update(bytes(plane.buffer_size))
    before = frame_digest(frame)
    codes = bytearray(bytes(frame.planes[2]))
    codes[0] = 1
    frame.planes[2].update(bytes(codes))
    assert frame_digest(frame) != before


def test_a_film_without_sound_says_so(tmp_path: Path) -> None:
    film = make_clip(tmp_path / "a.mp4", ClipRecipe("sea", 64, 48, Fraction(24), 3))
    assert (decode_film(film).sound, decode_film(film).samples) == ("", 0)


def test_what_is_no_film_is_a_source_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"no film at all")
    for name in ("a.mp4", "none.mp4"):
        with pytest.raises(SourceError, match=name):
            decode_film(tmp_path / name)


def test_real_clips_of_several_codecs_are_decoded(media: Callable[[str], Path]) -> None:
    for name, frames in (("ai_clips/cogvideox_1.mp4", 49), ("ai_clips/diffsynth_toon_dog_mpeg4.mp4", 29)):
        assert len(decode_film(media(name)).frames) == frames
