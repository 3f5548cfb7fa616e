"""Reads a finished film back, as a stranger would, and compares it with its plan.

Read are the time of every packet, the colour tags of a decoded frame, and all of the sound, decoded.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import pairwise
from pathlib import Path

import av

from post.deliver.sound.warnings import mix_warnings
from post.engine import Store
from post.errors import AnswerprintError
from post.prepare.kept_answer import find_answer, kept_answer
from post.prepare.toolchain import code_digest
from post.render.encoder import RANGES
from post.render.sound import decode_sound, read_notes
from post.sound import Loudness, measure
from post.sound.dialogue import gated_speech
from post.sound.meter import DIALOGUE, PROGRAMME
from post.values import JobWarning, Mix, MixNotes, Rendition, digest, round_half_up
from post.values.array import Array
from post.values.plan.mix_notes import NO_NOTES

# What measures a film, below post/.
MODULES = ("deliver/check.py", "render/encoder.py", "render/sound/*.py", "sound/**/*.py", "values/**/*.py")
PEAK_TOLERANCE_DB = 0.05  # the spread of meters at 4 times oversampling


@dataclass(frozen=True, slots=True)
class MeasuredFilm:
    """What a finished film measures. rate: frames a second; samples: of each channel; tags: H.273 primaries,
    transfer, matrix, and FFmpeg's range; loudness: None where there is no sound; notes: what the mix
    decided from the sound itself."""

    width: int
    height: int
    rate: Fraction
    frames: int
    samples: int
    tags: tuple[int, int, int, int]
    loudness: Loudness | None
    notes: MixNotes = NO_NOTES


@dataclass(frozen=True, slots=True)
class FilmQuestion:
    """Everything that a film's measurement depends on: its digest is its key. code: of the modules that measure."""

    film: str
    samples: int
    rate_hz: int
    gate: str
    code: str


def check_film(path: Path, rendition: Rendition, keep: Store | None = None, sha256: str = "") -> MeasuredFilm:
    """Returns what a finished film measures.

    keep: a store where the measurement of these bytes is looked up first, and kept; None: they are measured;
    sha256: of the film, for the store.
    Raises AnswerprintError (a bug) naming everything that is not as planned, or where its frames are not
    evenly spaced from 0.
    """
    mix = rendition.mix
    question = _question(rendition, sha256) if keep else None
    measured = kept_answer(keep, question, MeasuredFilm, partial(_measure, path, rendition, keep))
    film, colour = rendition.format, rendition.format.colour
    compared = {
        "width": (film.width, measured.width),
        "height": (film.height, measured.height),
        "rate": (film.clock.rate, measured.rate),
        "frames": (len(rendition.shown), measured.frames),
        "samples": (len(mix.delivered) if mix.events else 0, measured.samples),
        "colour tags": (
            (colour.primaries, colour.transfer, colour.matrix, RANGES[colour.range]),
            measured.tags,
        ),
    }
    wrong = [f"{name}: planned {a}, got {b}" for name, (a, b) in compared.items() if a != b]
    if wrong:
        raise AnswerprintError(
            "the finished file is not what was planned", where=path.name, got="; ".join(wrong)
        )
    return measured


def measured_before(rendition: Rendition, keep: Store, sha256: str) -> MeasuredFilm | None:
    """Returns what a film of these bytes measured when it was checked; None where that is not in the store."""
    return find_answer(keep, _question(rendition, sha256), MeasuredFilm)


def _question(rendition: Rendition, sha256: str) -> FilmQuestion:
    mix = rendition.mix
    return FilmQuestion(sha256, len(mix.delivered), mix.rate_hz, mix.gate, code_digest(MODULES))


def unmet_targets(measured: MeasuredFilm, rendition: Rendition) -> tuple[JobWarning, ...]:
    """Returns a warning for each target of the sound that a finished film does not meet, and for what was found in its
    mix; none for a part of one, whose targets are those of the whole."""
    if rendition.part is not None:
        return ()
    mixed = mix_warnings(measured.notes, rendition) if measured.samples else ()
    found = (
        *_missed_loudness(measured, rendition),
        *_exceeded_loudness(measured, rendition),
        *_exceeded_peak(measured, rendition),
        *mixed,
    )
    return tuple(replace(each.at(f"film {rendition.name}"), films=(rendition.name,)) for each in found)


def _exceeded_peak(measured: MeasuredFilm, rendition: Rendition) -> Iterator[JobWarning]:
    peak = measured.loudness.true_peak_dbtp if measured.loudness else None
    ceiling = rendition.mix.true_peak_dbtp
    if peak is not None and peak > ceiling + PEAK_TOLERANCE_DB:
        of = _of(rendition)
        yield JobWarning("peak-exceeded", f"true peak is {peak:.2f} dBTP, above the {ceiling:g} dBTP {of}")


def _missed_loudness(measured: MeasuredFilm, rendition: Rendition) -> tuple[JobWarning, ...]:
    mix, loudness = rendition.mix, measured.loudness
    if mix.loudness_lufs is None or loudness is None or not mix.events:
        return ()
    sparse = mix.gate == DIALOGUE and loudness.gate == PROGRAMME
    target = mix.sparse_lufs if sparse and mix.sparse_lufs is not None else mix.loudness_lufs
    if loudness.integrated_lufs is None:
        why = dict(loudness.unmeasured).get("integrated_lufs", "not measurable")
        return (JobWarning("loudness-missed", f"loudness was not brought to {target:g} LUFS: {why}"),)
    off = loudness.integrated_lufs - target
    if abs(off) <= mix.limits.tolerance_lu:
        return ()
    side, what = "above" if off > 0 else "below", "of speech " if loudness.gate == DIALOGUE else ""
    of = _of(rendition)
    return (
        JobWarning("loudness-missed", f"loudness {what}is {abs(off):.1f} LU {side} the {target:g} LUFS {of}"),
    )


def _exceeded_loudness(measured: MeasuredFilm, rendition: Rendition) -> tuple[JobWarning, ...]:
    """Returns a warning where a film is too loud for a moment. Of two limits, one that holds is enough."""
    limits, loudness = rendition.mix.limits, measured.loudness
    if loudness is None or not rendition.mix.events:
        return ()
    rows = (
        ("momentary", loudness.max_momentary_lufs, limits.momentary_lufs),
        ("short-term", loudness.max_short_term_lufs, limits.short_term_lufs),
    )
    # Sound that is too short for a figure is not above its limit.
    over = [
        (name, -math.inf if read is None else read, most) for name, read, most in rows if most is not None
    ]
    if not over or any(read <= most for _, read, most in over):
        return ()
    said = " and ".join(
        f"{name} loudness reaches {read:.1f} LUFS, above {most:g}" for name, read, most in over
    )
    return (JobWarning("loudness-exceeded", f"{said}, {_of(rendition)}"),)


def _of(rendition: Rendition) -> str:
    """Returns whose limit it is."""
    profile = rendition.mix.limits.profile
    return f"of {profile}" if profile else "asked"


def _measure(path: Path, rendition: Rendition, keep: Store | None) -> MeasuredFilm:
    mix = rendition.mix
    with av.open(path) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        base = stream.time_base
        times = sorted(p.pts for p in container.demux(stream) if p.pts is not None)
        container.seek(0)
        first = next(container.decode(stream))
        lasts = [track.duration for track in container.streams.audio]
        rate = stream.average_rate
        assert rate is not None
        assert base is not None
        tags = (first.color_primaries, first.color_trc, int(first.colorspace), int(first.color_range))
        size = (context.width, context.height)
    _check_spacing(times, (rate, base), path)
    heard = decode_sound(path) if lasts else None
    # Matroska does not say how long a track is: it is as long as what is heard of it.
    samples = 0 if heard is None else lasts[0] or len(heard)
    loudness = None if heard is None else _loudness(heard[: len(mix.delivered)], mix)
    return MeasuredFilm(*size, rate, len(times), samples, tags, loudness, _notes(rendition, keep))


def _loudness(heard: Array, mix: Mix) -> Loudness:
    return measure(heard, mix.rate_hz, speech=gated_speech(heard, mix.rate_hz, mix.gate))


def _notes(rendition: Rendition, keep: Store | None) -> MixNotes:
    sound = keep.get(digest(rendition.mix)) if keep and rendition.mix.events else None
    return read_notes(sound) if sound else NO_NOTES


def _check_spacing(times: list[int], scale: tuple[Fraction, Fraction], path: Path) -> None:
    """Checks that each frame has its time. scale: frames a second, and the unit of the times in seconds, to which
    Matroska rounds them."""
    rate, base = scale
    if times != [round_half_up(number / rate / base) for number in range(len(times))]:
        steps = {b - a for a, b in pairwise(times)}
        raise AnswerprintError(
            "frames are not evenly spaced from 0", where=path.name, got=f"start {times[:1]}, steps {steps}"
        )
