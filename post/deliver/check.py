"""What was read back: a deliverable is opened again, as a stranger would, and held against its plan: the
time of every packet, the tags of a decoded frame, and all of its sound, decoded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av

from post.errors import AnswerprintError
from post.render.encoder import RANGES
from post.render.sound import decode_sound
from post.sound import Loudness, measure
from post.values import Rendition

LOUDNESS_TOLERANCE_LU = 0.2  # EBU R 128 (2020), 3: measured by file
PEAK_TOLERANCE_DB = 0.05  # the spread of meters at 4 times oversampling


@dataclass(frozen=True, slots=True)
class Measured:
    """What a deliverable turned out to be. tags: H.273 primaries, transfer, matrix, and range."""

    width: int
    height: int
    rate: Fraction
    frames: int
    samples: int
    tags: tuple[int, int, int, int]
    loudness: Loudness | None


def check(path: Path, version: Rendition) -> Measured:
    """Re-probe a deliverable. Raises AnswerprintError (a bug) naming everything that is not as planned."""
    measured = _measure(path, version)
    film, colour = version.format, version.format.colour
    wanted = {
        "width": (film.width, measured.width),
        "height": (film.height, measured.height),
        "rate": (film.clock.rate, measured.rate),
        "frames": (film.length, measured.frames),
        "samples": (version.mix.length if version.mix.events else 0, measured.samples),
        "colour tags": (
            (colour.primaries, colour.transfer, colour.matrix, RANGES[colour.range]),
            measured.tags,
        ),
    }
    wrong = [f"{name}: planned {a}, got {b}" for name, (a, b) in wanted.items() if a != b]
    if wrong:
        raise AnswerprintError(
            "the finished file is not what was planned", where=path.name, got="; ".join(wrong)
        )
    return measured


def shortfalls(measured: Measured, version: Rendition) -> tuple[str, ...]:
    """What the plan asked of the sound and the finished file does not have, in words."""
    return (*_unlike_target(measured, version), *_over_ceiling(measured, version))


def _over_ceiling(measured: Measured, version: Rendition) -> Iterator[str]:
    peak = measured.loudness.true_peak_dbtp if measured.loudness else None
    ceiling = version.mix.true_peak_dbtp
    if peak is not None and peak > ceiling + PEAK_TOLERANCE_DB:
        yield f"true peak is {peak:.2f} dBTP, above the {ceiling:g} dBTP asked"


def _unlike_target(measured: Measured, version: Rendition) -> tuple[str, ...]:
    target, loudness = version.mix.loudness_lufs, measured.loudness
    if target is None or loudness is None or not version.mix.events:
        return ()
    if loudness.integrated_lufs is None:
        why = dict(loudness.unmeasured).get("integrated_lufs", "not measurable")
        return (f"loudness was not brought to {target:g} LUFS: {why}",)
    off = loudness.integrated_lufs - target
    if abs(off) <= LOUDNESS_TOLERANCE_LU:
        return ()
    return (f"loudness is {abs(off):.1f} LU {'above' if off > 0 else 'below'} the {target:g} LUFS asked",)


def _measure(path: Path, version: Rendition) -> Measured:
    mix = version.mix
    with av.open(path) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        times = sorted(p.pts for p in container.demux(stream) if p.pts is not None)
        container.seek(0)
        first = next(container.decode(stream))
        samples = container.streams.audio[0].duration if container.streams.audio else 0
        rate = stream.average_rate
        assert rate is not None
        tags = (first.color_primaries, first.color_trc, int(first.colorspace), int(first.color_range))
        size = (context.width, context.height)
    _evenly(times, path)
    loudness = measure(decode_sound(path, mix.length), mix.rate_hz) if samples else None
    return Measured(*size, rate, len(times), samples or 0, tags, loudness)


def _evenly(times: list[int], path: Path) -> None:
    steps = {b - a for a, b in pairwise(times)}
    if times[:1] != [0] or len(steps) > 1:
        raise AnswerprintError(
            "frames are not evenly spaced from 0", where=path.name, got=f"start {times[:1]}, steps {steps}"
        )
