"""Follows what counts in a shot: one window for each of its frames, or one that stands still for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np

from post.measure.attention.sights import Box, Sight, Sights
from post.plan.camera.hold import (
    Range,
    costs_outside,
    held_ranges,
    keep_inside,
    most_cut,
    start_bounds,
    union_of,
)
from post.plan.camera.interest import interest_of, kept_share, losses_of, shares_of_voice
from post.plan.camera.path import choose_way, draw_smoothly
from post.plan.shots import source_frames
from post.values import Shot, Window
from post.values.array import Array

PLACE_STEPS = 1 << 20  # of the source: a window starts at a multiple of its 1/PLACE_STEPS, 0.004 pixels of 4K
STILL_STEP = 0.01  # a window that stands still stands at a multiple of this
LEAST_MOVE = 0.02  # window widths: a way that is shorter is a stand still


@dataclass(frozen=True, slots=True)
class Followed:
    """How a shot's crop follows. windows: of each frame of the shot, all of one size; kept: of what counts, 0 to 1;
    cut: the largest share of text, or of what the job keeps, that lies outside at any time; held: from where to where
    that reaches, across and down, None where there is none."""

    windows: tuple[Window, ...]
    kept: float
    cut: float = 0.0
    held: tuple[Range | None, Range | None] = (None, None)

    @property
    def still(self) -> bool:
        """Whether the window stands still."""
        return len(set(self.windows)) == 1

    @property
    def focus(self) -> tuple[float, float]:
        """The middle of the place of all windows, in shares from the left and the top."""
        first, last = self.extent
        return round((first[0] + last[0]) / 2, 2), round((first[1] + last[1]) / 2, 2)

    @property
    def extent(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The least and the greatest centre of a window, across and down."""
        x = [float(each.left + each.width / 2) for each in self.windows]
        y = [float(each.top + each.height / 2) for each in self.windows]
        return (round(min(x), 3), round(min(y), 3)), (round(max(x), 3), round(max(y), 3))

    @property
    def path(self) -> str:
        """The way from the first frame to the last, in words of the plan; "" where the window stands still."""
        if self.still:
            return ""
        (left, top), (right, bottom) = self.extent
        parts = [f"x {left:g} to {right:g}"] if left != right else []
        return ", ".join(parts + ([f"y {top:g} to {bottom:g}"] if top != bottom else []))


def follow(shot: Shot, window: Window, sights: Sights, rate: Fraction, keep: Sequence[Box] = ()) -> Followed:
    """Returns how a window of that size follows what was seen in a shot. rate: frames a second of the film; keep: boxes
    of the source that must stay whole, as text does.

    Nothing is smoothed over a cut inside the take.
    """
    shown = [number for number, _ in source_frames(shot, shot.span)]
    runs = [
        _follow_run(shown[first:stop], window, (sights, keep), float(rate))
        for first, stop in runs_of_cuts(shown, shot.cuts)
    ]
    across, down = (np.concatenate([run.starts[axis] for run in runs]) for axis in (0, 1))
    windows = tuple(window_at(window, x, y) for x, y in zip(across, down, strict=True))
    total = sum(len(run.starts[0]) for run in runs)
    kept = round(sum(run.kept * len(run.starts[0]) for run in runs) / total, 3)
    held = union_of([run.held[0] for run in runs]), union_of([run.held[1] for run in runs])
    return Followed(windows, kept, round(max(run.cut for run in runs), 3), held)


def window_at(window: Window, x: float, y: float) -> Window:
    """Returns a window of a size that starts at a place; along an axis of which it shows all, where it does."""
    left, top = (Fraction(round(at * PLACE_STEPS), PLACE_STEPS) for at in (x, y))
    if window.width >= 1:
        left = window.left
    if window.height >= 1:
        top = window.top
    return Window(left, top, window.width, window.height)


def runs_of_cuts(shown: Sequence[int], cuts: Sequence[int]) -> list[tuple[int, int]]:
    """Returns (first, stop) of the frames between which no cut of the take lies."""
    edges = [
        place
        for place, (a, b) in enumerate(pairwise(shown), start=1)
        if any(min(a, b) < cut <= max(a, b) for cut in cuts)
    ]
    return list(pairwise([0, *edges, len(shown)]))


@dataclass(frozen=True, slots=True)
class _FollowedRun:
    """Frames without a cut. starts: of the window, across and down; kept, cut, held: as of `Followed`."""

    starts: tuple[Array, Array]
    kept: float
    cut: float
    held: tuple[Range | None, Range | None]


def _follow_run(
    shown: Sequence[int], window: Window, seen: tuple[Sights, Sequence[Box]], rate: float
) -> _FollowedRun:
    sights, keep = seen
    looks, at = _looks(shown, sights)
    if not looks:
        middle = [np.full(len(shown), (1 - float(share)) / 2) for share in (window.width, window.height)]
        return _FollowedRun((middle[0], middle[1]), 1.0, 0.0, (None, None))
    ways = [
        way_along(axis, float(share), (looks, at, len(shown)), keep, rate)
        for axis, share in enumerate((window.width, window.height))
    ]
    across, down = ways
    cut, kept = max(way.cut for way in ways), min(way.kept for way in ways)
    return _FollowedRun((across.starts, down.starts), kept, cut, (across.held, down.held))


@dataclass(frozen=True, slots=True)
class AxisWay:
    """A window's way along one axis. starts: of the window in each frame, in shares; kept, cut, held: as of
    `Followed`."""

    starts: Array
    kept: float
    cut: float
    held: Range | None


def way_along(
    axis: int,
    share: float,
    seen: tuple[Sequence[Sight], Sequence[int], int],
    keep: Sequence[Box],
    rate: float,
) -> AxisWay:
    """Returns the way of a window along one axis of frames without a cut. axis: 0 across, 1 down; share: of the source
    that the window shows; seen: the looks, the frame of each, and how many frames there are; keep: boxes that must
    stay whole; rate: frames a second."""
    looks, at, frames = seen
    held = held_ranges([look.text for look in looks], keep, axis)
    if share >= 1:
        return AxisWay(np.zeros(frames), 1.0, 0.0, union_of(held))
    every = (at[-1] - at[0]) / (len(at) - 1) if len(at) > 1 else 1.0
    interests, bounds = interest_of(looks, axis, shares_of_voice(looks)), start_bounds(held, share)
    losses = losses_of(interests, share) + costs_outside(bounds, share)
    way = choose_way(losses, 1 - share, share, rate / every)
    drawn = draw_smoothly(np.interp(np.arange(frames), at, way), share, rate)
    drawn = keep_inside(_stilled(drawn, share), bounds)
    starts = np.interp(at, np.arange(frames), drawn)
    kept, cut = kept_share(interests, starts, share), most_cut(held, starts, share)
    return AxisWay(drawn, kept, cut, union_of(held))


def _stilled(drawn: Array, share: float) -> Array:
    """Returns the way as it is, or a stand still where it is shorter than LEAST_MOVE."""
    if float(np.ptp(drawn)) >= LEAST_MOVE * share:
        return drawn
    centred = round((float(np.median(drawn)) + share / 2) / STILL_STEP) * STILL_STEP - share / 2
    return np.full(len(drawn), min(max(centred, 0.0), 1 - share))


def _looks(shown: Sequence[int], sights: Sights) -> tuple[list[Sight], list[int]]:
    """Returns the looks at what is shown, in the order of showing, and the frame of each among those shown."""
    by_number = {look.at: look for look in sights.looks}
    places: dict[int, Sight] = {}
    last = None
    for place, number in enumerate(shown):
        look = by_number.get(number)
        if look is not None and look is not last:
            places[place] = last = look
    if not places and sights.looks and shown:
        places[0] = min(sights.looks, key=lambda each: abs(each.at - shown[0]))
    return list(places.values()), list(places)
