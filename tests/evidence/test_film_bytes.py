"""What the page plays: the film itself up to a size, else a small copy with every frame and the sound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from post.atomic import checksum
from post.deliver.copies.small_copy import make_small_copy
from post.errors import SourceError
from post.evidence.film_bytes import embed_film
from post.takes.made.synthetic import ClipRecipe, SoundRecipe, make_clip
from provenance.report import ExaminedFile

VIDEO, ROOM = "video/mp4", 4_000_000


@dataclass(frozen=True)
class Decoded:
    """What a file decodes to. luma: the mean of each frame, 0 to 255; times: of each frame, in seconds."""

    size: tuple[int, int]
    luma: list[float]
    times: list[float]
    samples: int


def decoded(source: Any) -> Decoded:
    with av.open(source) as film:
        picture = film.streams.video[0]
        frames = list(film.decode(picture))
        size = (picture.codec_context.width, picture.codec_context.height)
    samples = 0
    if isinstance(source, BytesIO):
        source.seek(0)
    with av.open(source) as film:
        if film.streams.audio:
            samples = sum(int(frame.samples) for frame in film.decode(film.streams.audio[0]))
    luma = [float(frame.to_ndarray(format="gray").mean()) for frame in frames]
    first = float(frames[0].time or 0)
    return Decoded(size, luma, [float(frame.time or 0) - first for frame in frames], samples)


def here(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*arguments)


def examined(path: Path) -> ExaminedFile:
    return ExaminedFile(str(path), checksum(path).sha256, path.stat().st_size)


@pytest.mark.parametrize(
    ("recipe", "size"),
    [
        (ClipRecipe("dusk", 1280, 720, Fraction(24), 30, sound=SoundRecipe(rate_hz=48000)), (640, 360)),
        (ClipRecipe("lights", 720, 1280, Fraction(30000, 1001), 24), (360, 640)),
        (ClipRecipe("sea", 160, 90, Fraction(25), 20, sound=SoundRecipe(rate_hz=24000, channels=1)), (160, 90)),
    ],
    ids=["wide", "tall", "small"],
)  # fmt: skip
def test_a_copy_has_every_frame_at_its_time_and_the_sound(
    recipe: ClipRecipe, size: tuple[int, int], tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    make_clip(film, recipe)
    whole, copy = decoded(str(film)), decoded(BytesIO(make_small_copy(film, ROOM)))
    assert copy.size == size
    assert len(copy.luma) == len(whole.luma)
    assert copy.times == pytest.approx(whole.times, abs=2e-3)
    assert np.abs(np.subtract(copy.luma, whole.luma)).max() < 4
    assert (copy.samples > 0) == (whole.samples > 0)
    if whole.samples:
        seconds = len(whole.luma) / float(recipe.rate)
        assert copy.samples / 48_000 == pytest.approx(seconds, abs=0.1)


def test_the_same_film_gives_the_same_copy(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    make_clip(film, ClipRecipe("dusk", 320, 180, Fraction(24), 24, sound=SoundRecipe()))
    assert make_small_copy(film, ROOM) == make_small_copy(film, ROOM)


def test_a_copy_keeps_to_its_room(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    make_clip(
        film, ClipRecipe("sea", 640, 360, Fraction(24), 96, sound=SoundRecipe(), options=(("crf", "4"),))
    )
    room = 120_000
    assert len(make_small_copy(film, room)) < room < film.stat().st_size


def test_a_film_too_long_for_a_copy_is_refused_with_its_length(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    make_clip(film, ClipRecipe("dusk", 64, 36, Fraction(24), 48))
    with pytest.raises(SourceError, match="too long for a small copy"):
        make_small_copy(film, 10_000)


@pytest.mark.parametrize("name", ["c2pa/firefly_audio.wav", "c2pa/dashinit.mp4"])
def test_what_shows_no_picture_has_no_copy(name: str, media: Callable[[str], Path]) -> None:
    with pytest.raises(SourceError):
        make_small_copy(media(name), ROOM)


def test_a_film_within_the_size_is_in_the_page_and_a_larger_one_is_a_copy(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    make_clip(film, ClipRecipe("dusk", 160, 90, Fraction(24), 12))
    held, why = embed_film(examined(film), VIDEO, 1, here)
    assert held is not None
    assert (held.data, held.is_copy, why) == (film.read_bytes(), False, "")
    held, why = embed_film(examined(film), VIDEO, 0, here)
    assert held is not None
    assert held.is_copy
    assert "films of 0 MB at most" in why


def test_a_large_file_without_picture_is_not_in_the_page_and_the_reason_is_told(
    media: Callable[[str], Path],
) -> None:
    held, why = embed_film(examined(media("c2pa/firefly_audio.wav")), "audio/wav", 0, here)
    assert held is None
    assert "bytes" in why
    held, why = embed_film(examined(media("c2pa/dashinit.mp4")), VIDEO, 0, here)
    assert held is None
    assert "a small copy could not be made" in why


def test_a_film_that_changed_since_it_was_verified_is_refused(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    make_clip(film, ClipRecipe("dusk", 64, 36, Fraction(24), 6))
    before = examined(film)
    film.write_bytes(film.read_bytes() + b"\0")
    with pytest.raises(SourceError, match="the file changed while its report was made"):
        embed_film(before, VIDEO, 1, here)
