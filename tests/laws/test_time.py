"""Law 4: picture, sound and manifest agree on time, within 1 frame and 1 sample."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from pathlib import Path

import av
import numpy as np
import pytest

from post.deliver.check import check_film
from post.deliver.mux import join_segments
from post.engine import InProcess
from post.plan import actions_of
from post.render.sound import decode_sound
from post.takes.made.synthetic import ClipRecipe, SoundRecipe, make_clip
from post.values.array import Array
from tests.flow_job import Small, small_job
from tests.made.stores import open_store

# A flash of four frames from every whole second on (25 put on 24, or at double speed, drops single
# ones), and a click of one sample with its first.
RATE = 25
CLIP = ClipRecipe("black", 64, 48, Fraction(RATE), 101, gop=250, sound=SoundRecipe("impulses", "pcm_s16le"))
JOB = """
schema: Job.2
title: Clapper
clock: {clock}
house: plain
takes: {{clap: clap.mov}}
cut:
{cut}
titles: [{{text: Now, at: 1s, length: 1s}}]
label: none
sound: {{loudness: {{off: true}}}}
deliver:
  - {{preset: prores-422hq, name: clap, width: 64, height: 48}}
"""
# Where in the clip a film shows its flashes, by the cut: whole seconds of the take that the film contains.
CUTS = {
    "whole": "  - {take: clap}",
    "from within": "  - {take: clap, in: 0.52s}",
    "twice": "  - {take: clap, in: 0.4s, length: 1.2s}\n  - {take: clap, in: 1.6s, length: 2s}",
    "half speed": "  - {take: clap, speed: 0.5, in: 0.2s}",
    "a ramp": '  - {take: clap, speed: "0s:1, 0.5s:2:smooth, 1s:0.5", in: 0.3s}',
    "a ramp, pitch kept": '  - {take: clap, speed: "0s:1, 0.5s:2:smooth, 1s:0.5", in: 0.3s, sound: {pitch: keep}}',
}
# How long each film lasts, where arithmetic says it: the take is 101 frames of a 25th of a second.
LASTS = {
    "whole": Fraction(101, 25),
    "from within": Fraction(101, 25) - Fraction(13, 25),
    "twice": Fraction(16, 5),
    "half speed": 2 * (Fraction(101, 25) - Fraction(1, 5)),
}


def clap(frame: int) -> Array:
    return np.full((48, 64, 3), 1.0 if frame % RATE < 4 else 0.1, np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clap")
    make_clip(folder / "clap.mov", CLIP, clap)
    return folder


def film(small: Small, folder: Path) -> Path:
    store, path = open_store(folder / "store"), folder / "film.mov"
    with InProcess() as engine:
        list(engine.run(small.tasks(), store))
    join_segments(small.rendition, small.segments(store), small.sound(store), path)
    return path


def flashes(path: Path) -> list[Fraction]:
    """Times at which a flash begins."""
    with av.open(path) as container:
        bright = [(shown_at(f), f.to_ndarray(format="gray").mean() > 128) for f in container.decode(video=0)]
    lit = [False, *(on for _, on in bright)]
    return [time for (time, on), before in zip(bright, lit, strict=False) if on and not before]


def shown_at(frame: av.VideoFrame) -> Fraction:
    assert frame.pts is not None
    assert frame.time_base is not None
    return frame.pts * frame.time_base


def clicks(path: Path, length: int) -> list[Fraction]:
    """Times of clicks, to the sample where speed is 1."""
    loud = np.abs(decode_sound(path, length)).max(axis=1)
    peaks = [i for i in np.flatnonzero(loud > 0.08) if loud[i] == loud[max(0, i - 200) : i + 200].max()]
    return [Fraction(int(i), 48000) for i in peaks]


@pytest.mark.parametrize("clock", ["24", "25", "29.97"])
@pytest.mark.parametrize("cut", CUTS)
def test_what_flashes_is_what_clicks(folder: Path, cut: str, clock: str) -> None:
    small = small_job(folder, JOB.format(clock=clock, cut=CUTS[cut]))
    path, frame = film(small, folder), 1 / small.plan.clock.rate
    wanted, possible = list(_wanted(small, 1)), list(_wanted(small, -1))
    seen = flashes(path)
    heard = clicks(path, small.rendition.mix.length)
    assert len(wanted) >= 2
    sample = Fraction(1 if cut in ("whole", "from within", "twice") else 48, 48000)
    for exact in wanted:
        assert any(abs(exact - time) <= sample for time in heard), (float(exact), [float(t) for t in heard])
        assert any(abs(exact - time) <= frame for time in seen), (float(exact), [float(t) for t in seen])
    # And nothing else: each click is one of the take's, once.
    for time in heard:
        assert [exact for exact in possible if abs(exact - time) <= sample], float(time)
    assert len(wanted) <= len(heard) <= len(possible)


@pytest.mark.parametrize("clock", ["24", "25", "29.97"])
@pytest.mark.parametrize("cut", LASTS)
def test_a_film_lasts_as_long_as_its_cut_and_never_less_than_its_take(
    folder: Path, cut: str, clock: str
) -> None:
    small = small_job(folder, JOB.format(clock=clock, cut=CUTS[cut]))
    measured, rate = check_film(film(small, folder), small.rendition), small.plan.clock.rate
    assert rate == {"24": 24, "25": 25, "29.97": Fraction(30000, 1001)}[clock]
    # To the nearest frame where lengths are named; else as long as the take has anything to show.
    exact = LASTS[cut] * rate
    assert measured.frames == (round(exact) if cut == "twice" else ceil(exact))
    assert abs(Fraction(measured.samples, 48000) - measured.frames / rate) <= Fraction(1, 96000)


def _wanted(small: Small, inside: int) -> list[Fraction]:
    """When the film comes by a whole second of its take: by bisection on the shots' own maps.

    inside: frames of the take by which it must lie within its shot; below 0, it may lie outside.
    """
    times = []
    for shot in small.rendition.shots:
        first, stop = shot.time(0), shot.time(len(shot.span))
        for mark in range(0, 101, RATE):
            if not first + inside < mark < stop - 2 * inside:
                continue
            low, high = Fraction(0), Fraction(len(shot.span))
            for _ in range(40):
                middle = (low + high) / 2
                low, high = (middle, high) if shot.time(middle) < mark else (low, middle)
            times.append((shot.span.first + low) / small.plan.clock.rate)
    return times


def test_the_manifest_names_the_frames_a_title_is_on(folder: Path) -> None:
    small = small_job(folder, JOB.format(clock="24", cut=CUTS["whole"]))
    (text,) = [action for action in actions_of(small.rendition) if action.name == "c2pa.addedText"]
    assert text.where is not None
    assert (text.where.first, text.where.stop) == (24, 48)
    shown = [layer.span for segment in small.rendition.on_film for layer in segment.layers]
    assert (min(s.first for s in shown), max(s.stop for s in shown)) == (24, 48)
