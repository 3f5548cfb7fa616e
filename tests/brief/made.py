"""Footage, cuts and films made of values alone."""

from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from post.brief.checks.film import FilmShown
from post.brief.cut import CutShown
from post.brief.footage import Footage
from post.job.brief.model import MotionBrief
from post.job.model import Job
from post.measure.thumbnails import Thumbnails
from post.plan import compile_plan
from post.values import BT709, Plan, Span, Toolchain
from post.values.array import Array
from post.values.sights.frames import FrameSight
from post.values.ycbcr import chroma_of_rgb, code_range, luma_of
from provenance.policy import PolicyInput
from provenance.report import ExaminedFile, Report
from tests.plan.made import take
from tests.provenance.policy.fixed_look import FixedLook


def thumbnails(rgb: Array) -> Thumbnails:
    """Thumbnails of frames, (n, height, width, 3), 0..1, in BT.709."""
    codes = code_range("limited", 8)
    luma = luma_of(rgb.reshape(-1, 3), BT709)
    cb, cr = chroma_of_rgb(rgb.reshape(-1, 3), luma, BT709)
    planes = np.stack(
        [luma * codes.luma + codes.black, *(each * codes.chroma + codes.neutral for each in (cb, cr))], -1
    )
    packed = np.rint(planes).clip(0, 255).astype(np.uint8).reshape(rgb.shape)
    return Thumbnails(
        len(rgb), rgb.shape[1], rgb.shape[2], False, b64encode(zlib.compress(packed.tobytes())).decode()
    )


def plain(colour: Sequence[float], frames: int = 24) -> Array:
    """Frames of one colour, (frames, 36, 64, 3)."""
    return np.broadcast_to(np.array(colour, float), (frames, 36, 64, 3)).copy()


def footage(
    frames: int = 24, fps: int = 24, *, name: str = "dog", span: Span | None = None, **more: Any
) -> Footage:
    """Footage of a take; facts go under their measures' names, and other keys are its own."""
    opened = take(name, frames, fps)
    own = {key: more.pop(key) for key in tuple(more) if key in Footage.__dataclass_fields__}
    made = Footage(f"take {name}", Path(f"{name}.mp4"), opened.picture, span or Span(0, frames), more)
    return replace(made, **own)


def brief(**more: Any) -> MotionBrief:
    """A brief of one digest."""
    return MotionBrief(Path("brief.yaml"), "b" * 64, **more)


def plan_of(asked: Job, names: Sequence[str], frames: int = 96) -> Plan:
    """The plan of a job with takes of so many frames."""
    return compile_plan(asked, {name: take(name, frames) for name in dict.fromkeys(names)}, (), Toolchain())


def cut_of(plan: Plan, job: Any, asks: MotionBrief, shown: Sequence[Footage | None] = ()) -> CutShown:
    """The cut of a plan; none of its takes is measured where nothing is given."""
    film = plan.renditions[0]
    return CutShown(
        asks, job, film, plan.renditions, tuple(shown) or (None,) * len(film.shots), plan.renditions
    )


def film(
    asks: MotionBrief | None = None, shown: Footage | None = None, facts: Any = None, **sights: Any
) -> FilmShown:
    """A finished film of which sights are given by their names in `FixedLook`."""
    report = Report(ExaminedFile("film.mp4", "0" * 64, 1), "absent", judged_at="2026-12-01T00:00:00Z")
    reading: Any = SimpleNamespace(manifests=[], media_type="")
    look: Any = FixedLook(**{"frame": FrameSight(Fraction(24), 96), **sights})
    return FilmShown(asks or brief(), PolicyInput(report, reading, facts or {}, look), shown)
