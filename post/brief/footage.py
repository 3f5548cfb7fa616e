"""Holds frames of one file, with what was measured of them: what a check of a brief looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np

from post.measure.fact import Unmeasured
from post.measure.thumbnails import Thumbnails
from post.picture.display.convert import convert_colour, shown_as_it_is
from post.values import BT709, Picture
from post.values.array import Array
from post.values.claim import Stretch
from post.values.colour import HDR
from post.values.time import Span
from post.values.ycbcr import code_range, rgb_of

V = TypeVar("V")
MOST_THUMBS = 480  # of one film or take; the others lie between them


@dataclass(frozen=True, slots=True)
class FacesInFrame:
    """The faces that were found in one frame: how sure of each, 0..1, the surest first."""

    frame: int
    sure: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Footage:
    """Frames of one file.

    name: in words; path: of the file; picture: of it; span: the frames that are judged; facts: what was measured of the
    whole file, by the name of the measure; faces: in some of its frames, None where nobody looked; record: how it was
    generated, as (field, value), none for a finished film; generated: whether it was; beat: what it was made for;
    places: of each frame as it is shown, where in the file it is, None for the frames of `span`; rate: at which they
    are shown; levels: its loudness in LUFS and peak in dBTP.
    """

    name: str
    path: Path
    picture: Picture
    span: Span
    facts: Mapping[str, object]
    faces: tuple[FacesInFrame, ...] | None = None
    record: tuple[tuple[str, str], ...] = ()
    generated: bool = False
    beat: str = ""
    places: tuple[Fraction, ...] | None = None
    rate: Fraction = field(default=Fraction(0))

    def value(self, name: str, kind: type[V]) -> V | Unmeasured:
        """Returns what was measured under a name; Unmeasured, with the reason, where nothing was."""
        found = self.facts.get(name)
        if isinstance(found, kind | Unmeasured):
            return found
        return Unmeasured(f"its {name} was not measured")

    def seconds(self, first: int, stop: int | None = None) -> Stretch:
        """Returns frames of the file in its seconds."""
        grid = self.picture.grid
        return grid.seconds(first), grid.seconds(first + 1 if stop is None else stop)

    @property
    def shown(self) -> tuple[Array, float]:
        """The place in the file of each frame as it is shown, (n,) float64, and how many are shown in a second."""
        if self.places is None:
            return np.arange(self.span.first, self.span.stop, dtype=np.float64), float(self.picture.grid.rate)
        return np.array([float(each) for each in self.places]), float(self.rate)

    @cached_property
    def thumbs(self) -> tuple[Array, Array] | Unmeasured:
        """The numbers of some of its frames, (n,), and their pictures as a BT.709 display shows them, (n, height,
        width, 3) float32, 0..1, not turned; Unmeasured where there are none."""
        found = self.value("thumbnails", Thumbnails)
        if isinstance(found, Unmeasured):
            return found
        colour = BT709 if found.from_rgb else self.picture.colour
        if colour.transfer in HDR:
            return Unmeasured("its light is HDR: the finished film shows its colours")
        first, stop = self.span.first, min(self.span.stop, found.frames)
        if stop <= first:
            return Unmeasured("it has no frames")
        every = -(-(stop - first) // MOST_THUMBS)
        numbers = np.arange(first, stop, every)
        codes = found.unpacked()[numbers].astype(np.float32)
        spread = code_range("limited" if found.from_rgb else colour.range, 8)
        level = (codes[..., 0] - spread.black) / spread.luma
        cb, cr = ((codes[..., at] - spread.neutral) / spread.chroma for at in (1, 2))
        rgb = np.stack(rgb_of(level, cb, cr, colour), -1).clip(0, 1)
        if not shown_as_it_is(colour, BT709):
            rgb = convert_colour(rgb.reshape(-1, 3), colour, BT709).reshape(rgb.shape)
        return numbers, np.asarray(rgb, np.float32)

    def box(self, left: float, top: float, right: float, bottom: float) -> tuple[int, int, int, int] | None:
        """Returns a part of the picture in pixels of the upright frame, from shares of its width and height; None
        where it is stored turned."""
        if not self.picture.upright:
            return None
        width, height = (float(side) for side in self.picture.shown)
        return round(left * width), round(top * height), round(right * width), round(bottom * height)


def run_of(flags: Array, least: int) -> list[tuple[int, int]]:
    """Returns the runs of set flags that are at least so long, as (first, stop)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    pairs = edges.reshape(-1, 2)
    return [(int(first), int(stop)) for first, stop in pairs if stop - first >= max(1, least)]
