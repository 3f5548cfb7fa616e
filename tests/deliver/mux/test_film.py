"""How long a joined film says it is, in its own time scales: to the frame and to the sample."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path

import pytest

from post.deliver.mux import exact_lengths, join_segments
from post.engine import InProcess
from post.takes.made.synthetic import ClipRecipe, SoundRecipe, make_clip
from post.values import Clock
from provenance.formats.bmff import read_layout, read_payload, walk
from tests.flow_job import Small, small_job
from tests.made.stores import open_store

NTSC = Fraction(30000, 1001)
CLIP = ClipRecipe("dusk", 64, 48, NTSC, 50, sound=SoundRecipe())
JOB = """
schema: Job.2
title: Drop
clock: 29.97
house: plain
takes: {dusk: dusk.mp4}
cut:
  - {take: dusk, length: 47f}
label: none
deliver:
"""
DELIVERABLES = {
    "mp4": "  - {preset: draft, name: film, width: 64, height: 48}\n",
    "mov": "  - {preset: prores-422hq, name: film, width: 64, height: 48}\n",
}


@pytest.fixture(scope="module", params=DELIVERABLES)
def joined(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Small, Path]:
    folder = tmp_path_factory.mktemp("drop")
    make_clip(folder / "dusk.mp4", CLIP)
    small = small_job(folder, JOB + DELIVERABLES[request.param])
    store, path = open_store(folder / "store"), folder / f"film.{request.param}"
    with InProcess() as engine:
        list(engine.run(small.tasks(), store))
    join_segments(small.rendition, small.segments(store), small.sound(store), path)
    return small, path


def headers(path: Path, kind: str) -> list[bytes]:
    """The payloads of every box of a kind in `moov`."""
    with path.open("rb") as source:
        (moov,) = read_layout(source).of("moov")
        return [read_payload(source, box) for box in walk(source, moov) if box.kind == kind]


def scaled(header: bytes) -> tuple[int, int]:
    """(time scale, duration) of an mvhd or mdhd. ISO/IEC 14496-12, 8.2.2 and 8.4.2."""
    scale, duration = struct.unpack_from(">IQ" if header[0] else ">II", header, 20 if header[0] else 12)
    return int(scale), int(duration)


def track_duration(header: bytes) -> int:
    """Of a tkhd, in the movie's time scale. ISO/IEC 14496-12, 8.3.2."""
    at, form = (28, ">Q") if header[0] else (20, ">I")
    return int(struct.unpack_from(form, header, at)[0])


def test_at_29_97_the_movie_lasts_whole_frames_and_whole_samples(joined: tuple[Small, Path]) -> None:
    small, path = joined
    rendition = small.rendition
    assert (rendition.format.clock.rate, rendition.format.length) == (NTSC, 47)
    (movie,) = headers(path, "mvhd")
    scale, duration = scaled(movie)
    picture, sound = (Fraction(track_duration(each), scale) for each in headers(path, "tkhd"))
    assert picture == 47 / NTSC
    assert sound == Fraction(rendition.mix.length, 48000)
    assert Fraction(duration, scale) == max(picture, sound)


def test_at_29_97_the_tracks_own_scales_hold_whole_frames_and_whole_samples(
    joined: tuple[Small, Path],
) -> None:
    small, path = joined
    (picture, _), (sound, _) = (scaled(each) for each in headers(path, "mdhd"))
    assert picture % NTSC.numerator == 0
    assert sound == small.rendition.mix.rate_hz


@pytest.mark.parametrize(
    ("rate", "scale"),
    [(Fraction(24), 48000), (Fraction(25), 48000), (NTSC, 240000), (Fraction(24000, 1001), 48000)],
)
def test_the_movies_time_scale_is_the_least_that_holds_frames_and_samples(rate: Fraction, scale: int) -> None:
    assert exact_lengths(Clock(rate), 48000) == {"movie_timescale": str(scale)}
