"""Jobs and takes made of values alone."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

from post.job.model import Cut, Deliver, Job, Provenance, TakeRef
from post.knob import knobs_of
from post.measure.subjects import BINS, Subject
from post.picture.encode import Encode
from post.picture.reframe import Reframe
from post.picture.retime import Retime
from post.picture.transitions.fade.dissolve import Dissolve
from post.sound.stages import ClipSound, LoudnessTarget
from post.values import BT709, Clock, File, Picture, Sound, Take

FILM_CLOCK = Clock(Fraction(24))


def take(name: str = "dog", frames: int = 48, rate: int = 24, **picture: Any) -> Take:
    """A take of that many frames, with a second of sound for each second of picture; its sha256 is its name's."""
    grid = Clock(Fraction(rate))
    shown = Picture(
        0, "h264", 640, 360, Fraction(1), 0, 8, "420", "yuv420p", BT709, grid, frames, frames, Fraction(0)
    )  # fmt: skip
    heard = Sound(1, "aac", 48000, 2, grid.samples(frames, 48000), Fraction(0))
    file = File(sha256(name.encode()).hexdigest(), f"{name}.mp4", Path(f"/takes/{name}.mp4"))
    return Take(name, file, 1000, "mov", replace(shown, **picture), heard)


def cut(name: str = "dog", **asked: Any) -> Cut:
    """A shot; what Retime takes, fit and transition (in frames) go to their stages. It shows the nearest frames."""
    retime = Retime(
        **{"sampling": "nearest"} | {key: asked.pop(key) for key in knobs_of(Retime) if key in asked}
    )
    overlap = asked.pop("transition", 0)
    return Cut(
        name=name,
        take=name,
        where="spot.yaml:9",
        retime=retime,
        reframe=Reframe(fit=asked.pop("fit", "fill")),
        colour=(),
        effects=(),
        sound=ClipSound(),
        transition=Dissolve() if overlap else None,
        transition_length=f"{overlap}f",
        **asked,
    )


def deliver(name: str = "wide", width: int = 640, height: int = 360) -> Deliver:
    return Deliver(
        name=name,
        width=width,
        height=height,
        depth=8,
        chroma="420",
        container="mp4",
        encode=Encode(preset="ultrafast"),
        audio_codec="aac",
        audio_bitrate=128000,
        loudness=LoudnessTarget(),
        where="spot.yaml:20",
    )


def job(*shots: Cut, **more: Any) -> Job:
    names = dict.fromkeys(shot.take for shot in shots)
    refs = tuple(TakeRef(name, Path(f"/takes/{name}.mp4"), "spot.yaml:4") for name in names)
    base = Job(
        path=Path("/spot.yaml"),
        title="Spot",
        clock=FILM_CLOCK,
        house="plain",
        takes=refs,
        cut=shots,
        grain=None,
        titles=(),
        marks=(),
        sounds=(),
        deliver=(deliver(),),
        provenance=Provenance(),
    )
    return replace(base, **more)


def subject(left: float, right: float, top: float = 0.2, bottom: float = 0.9) -> Subject:
    """A subject that fills its box evenly."""

    def spread(first: float, stop: float) -> tuple[float, ...]:
        edges = [n / BINS for n in range(BINS + 1)]
        parts = [max(0.0, min(b, stop) - max(a, first)) for a, b in zip(edges, edges[1:], strict=False)]
        return tuple(part / (stop - first) for part in parts)

    return Subject(left, top, right, bottom, spread(left, right), spread(top, bottom), spread(left, right))
