"""Captions made of values alone."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from post.captions.model import Caption as Said
from post.captions.model import CaptionRun, CaptionTrack
from post.job.model import CaptionFile
from post.picture.captions.caption import CaptionLayer


def seconds(text: str) -> Fraction:
    return Fraction(text)


def said(start: str, stop: str, *runs: str | CaptionRun, line: int = 1, **more: Any) -> Said:
    """A caption from one second to another; times are written as text, "1.5"."""
    made = tuple(CaptionRun(run) if isinstance(run, str) else run for run in runs or ("Words",))
    return Said(seconds(start), seconds(stop), made, f"lines.srt:{line}", **more)


def captions(*each: Said, style: CaptionLayer | None = None, **more: Any) -> CaptionFile:
    """The captions of one file, to be burnt in where nothing else is said."""
    given = {"burn": True, "language": "en", **more}
    return CaptionFile(
        Path("/spot/lines.srt"), CaptionTrack(each), style or CaptionLayer(), "spot.yaml:30", **given
    )
