"""Law 4, of every container and codec: what is seen at a frame is heard at its sample, within one sample.

Films are decoded as a player would: by PyAV, which keeps to edit lists, CodecDelay and DiscardPadding, and by the
command line of another build of FFmpeg.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np
import pytest

from post.deliver.check import check_film
from post.deliver.mux import join_segments
from post.engine import InProcess, Store
from post.render.sound import decode_sound
from post.values import Rendition, Shot, digest
from post.values.array import Array
from tests.flow_job import Small, small_job
from tests.made.clicks import RATE_HZ, lag_of, make_clapper, middle_of
from tests.made.stores import open_store

EVERY, FRAMES = 25, 80  # of the take: a flash and a click each second of it
# mp4 and mkv share the segments of one picture, and all films of one codec the track of it.
JOB = """
schema: Job.2
title: Clapper
clock: {clock}
house: plain
takes: {{clap: clap.mov}}
cut:
  - {{take: clap, in: 0.3s, {speed} sound: {{pitch: tape, repair: false}}}}
label: none
sound: {{loudness: {{off: true}}}}
deliver:
"""
FILMS = {
    "mp4-aac": "aac", "mp4-opus": "opus", "mov-aac": "aac", "mov-pcm": "pcm_s24le", "mkv-aac": "aac",
    "mkv-opus": "opus", "mkv-flac": "flac", "mkv-pcm": "pcm_s24le",
}  # fmt: skip
RAMP = 'speed: "0s:1, 0.5s:2:smooth, 1s:0.5",'
CUTS = {"23.976, a ramp": ("23.976", RAMP), "29.97, a ramp": ("29.97", RAMP), "24, as shot": ("24", "")}
# FFmpeg does not cut off the padding of Opus in MP4, which the edit list does: QuickTime and browsers keep to that.
PADDED = ("mp4-opus",)
LOSSLESS = "mkv-flac"
MILLISECOND = Fraction(1, 1000)


def deliver(name: str) -> str:
    container, codec = name.split("-")[0], FILMS[name]
    form = f"width: 64, height: 48, picture: {{preset: ultrafast}}, container: {container}"
    return f"  - {{preset: draft, name: {name}, {form}, audio: {{codec: {codec}}}}}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clap")
    make_clapper(folder / "clap.mov", FRAMES, Fraction(EVERY), EVERY)
    return folder


@dataclass(frozen=True, slots=True)
class Decoded:
    """A film, its file, and its sound as decoded by PyAV and by the command line, (samples, 2)."""

    film: Rendition
    path: Path
    heard: Array
    by_cli: Array


@pytest.fixture(scope="module", params=CUTS)
def films(request: pytest.FixtureRequest, folder: Path) -> tuple[Small, dict[str, Decoded]]:
    clock, speed = CUTS[request.param]
    text = JOB.format(clock=clock, speed=speed) + "".join(map(deliver, FILMS))
    small, store = small_job(folder, text), open_store(folder / "store")
    with InProcess() as engine:
        list(engine.run(small.tasks(), store))
    return small, {made.name: decoded(made, store, folder) for made in small.plan.renditions}


def decoded(film: Rendition, store: Store, folder: Path) -> Decoded:
    path = join(film, store, folder)
    return Decoded(film, path, decode_sound(path, film.mix.length), heard_by_cli(path))


def join(film: Rendition, store: Store, folder: Path) -> Path:
    path = folder / f"{film.name}.{film.container}"
    parts = [partial(store.open, digest(segment)) for segment in film.segments]
    join_segments(film, parts, partial(store.open, digest(film.mix)), path)
    return path


def clicks_of(small: Small) -> list[Fraction]:
    """The samples at which the film comes to a click of its take, exact."""
    (shot,) = small.rendition.shots
    return [
        (shot.span.first + at) / small.plan.clock.rate * RATE_HZ
        for mark in range(EVERY, FRAMES, EVERY)
        for at in _shown(shot, mark)
    ]


def _shown(shot: Shot, mark: int) -> Iterator[Fraction]:
    """Yields the place in a shot at which it comes to a frame of its take, by bisection, if it does."""
    low, high = Fraction(0), Fraction(len(shot.span))
    if not shot.time(low) + 1 < mark < shot.time(high) - 1:
        return
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if shot.time(middle) < mark else (low, middle)
    yield low


def heard_by_cli(path: Path) -> Array:
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        "-v",
        "error",
        "-i",
        str(path),
        "-map",
        "0:a",
        "-f",
        "f32le",
        "-",
    ]
    return np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, np.float32).reshape(
        -1, 2
    )


def test_an_impulse_is_at_its_sample_in_every_container(films: tuple[Small, dict[str, Decoded]]) -> None:
    small, made = films
    exact = clicks_of(small)
    assert len(exact) >= 2
    truth = made[LOSSLESS].heard[:, 0]
    for at in exact:
        assert abs(middle_of(truth, round(at)) - at) <= 1, float(at)
    for name, each in made.items():
        for heard in (each.heard, each.by_cli):
            late = [lag_of(heard[:, 0], truth, round(at)) for at in exact]
            assert np.abs(late).max() <= 0.5, (name, late)


def test_the_picture_flashes_where_it_clicks(films: tuple[Small, dict[str, Decoded]]) -> None:
    small, made = films
    rate = small.plan.clock.rate
    for name in ("mp4-aac", "mov-aac", "mkv-aac"):
        lit = flashes(made[name].path)
        for at in clicks_of(small):
            # The frame nearest to the click, give or take the millisecond to which Matroska rounds.
            assert any(abs(time - at / RATE_HZ) <= 1 / rate + MILLISECOND for time in lit), (name, float(at))


def flashes(path: Path) -> list[Fraction]:
    """Returns the times at which a flash begins."""
    with av.open(path) as container:
        base = container.streams.video[0].time_base
        assert base is not None
        shown = [
            (frame.pts or 0, frame.to_ndarray(format="gray").mean() > 128)
            for frame in container.decode(video=0)
        ]
    return [at * base for (at, on), (_, before) in zip(shown[1:], shown, strict=False) if on and not before]


def test_every_film_is_as_long_as_its_mix_to_the_sample(films: tuple[Small, dict[str, Decoded]]) -> None:
    small, made = films
    for name, each in made.items():
        measured, length = check_film(each.path, each.film), each.film.mix.length
        assert (measured.rate, measured.samples) == (small.plan.clock.rate, length), name
        padding = len(each.by_cli) - length
        assert (0 <= padding < 960) if name in PADDED else not padding, (name, padding)
