"""Reads the retimes of an AAF: the operation Motion Control, and freeze frames.

Media Composer writes the map three times. The offset map (source frames by output frames) is the truth; the speed map
is read where there is none; the speed ratio is wrong for speeds above 1 and is not read.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from post.errors import SourceError
from post.handoff.aaf.library import exact, property_of

OFFSETS, SPEEDS = "PARAM_SPEED_OFFSET_MAP_U", "PARAM_SPEED_MAP_U"
MOST_POINTS, STEPS = 4000, 8
STRAIGHT = ("LinearInterp", "ConstantInterp")


@dataclass(frozen=True, slots=True)
class FrameMap:
    """Source frames by output frames, as straight lines through points. curved: the file has curves between them."""

    points: tuple[tuple[Fraction, Fraction], ...]
    curved: bool = False

    def at(self, frame: Fraction) -> Fraction:
        """Returns the source frame of an output frame; the nearest line goes on outside the points."""
        if len(self.points) == 1:
            return self.points[0][1]
        pairs = list(pairwise(self.points))
        a, b = next((pair for pair in pairs if frame < pair[1][0]), pairs[-1])
        return a[1] + (b[1] - a[1]) * (frame - a[0]) / (b[0] - a[0])

    def edges(self) -> tuple[Fraction, ...]:
        """Returns the output frames of its points."""
        return tuple(at for at, _ in self.points)


def frame_map(group: Any, where: str) -> FrameMap | None:
    """Returns the map of a retime operation; None for any other operation. where: its place, for errors.

    Raises SourceError for a retime whose map cannot be read.
    """
    name = str(group.operation.name)
    if "freeze" in name.lower():
        return FrameMap(((Fraction(0), Fraction(0)),))
    if name not in ("Motion Control", "Video Speed Control", "Timewarp"):
        return None
    parameters = {str(each.name): each for each in group.parameters}
    if OFFSETS in parameters:
        points, curved = _points(parameters[OFFSETS], where)
        return FrameMap(
            _sampled(parameters[OFFSETS], points) if curved and len(points) > 2 else points, curved
        )
    if SPEEDS in parameters:
        points, curved = _points(parameters[SPEEDS], where)
        return FrameMap(_integrated(_sampled(parameters[SPEEDS], points) if curved else points), curved)
    if name == "Video Speed Control" and "SpeedRatio" in parameters:
        speed = exact(parameters["SpeedRatio"].value)
        return FrameMap(((Fraction(0), Fraction(0)), (Fraction(1), speed)))
    raise SourceError(
        "a retime whose map is not in the file", where=where, expected=f"{OFFSETS} or {SPEEDS}",
        got=", ".join(sorted(parameters)) or "no parameters", fix="render the clip in the editor",
    )  # fmt: skip


def _points(parameter: Any, where: str) -> tuple[tuple[tuple[Fraction, Fraction], ...], bool]:
    """Returns the points of a parameter in order of time, and whether curves lie between them."""
    found = property_of(parameter, "PointList")
    if found is None:
        return ((Fraction(0), exact(parameter.value)),), False
    points = [(exact(each.time), exact(each.value)) for each in found]
    if not points or len(points) > MOST_POINTS:
        raise SourceError("a retime with too many points, or none", where=where, got=len(points))
    if any(b[0] <= a[0] for a, b in pairwise(points)):
        raise SourceError("the points of a retime are out of order", where=where)
    interpolation = property_of(parameter, "Interpolation")
    return tuple(points), interpolation is not None and str(interpolation.name) not in STRAIGHT


def _sampled(
    parameter: Any, points: tuple[tuple[Fraction, Fraction], ...]
) -> tuple[tuple[Fraction, Fraction], ...]:
    """Returns a curve's values at eight times between each two points: the library knows Avid's curves."""
    times = [a + (b - a) * part / STEPS for (a, _), (b, _) in pairwise(points) for part in range(STEPS)]
    return (*((at, exact(float(parameter.value_at(at)))) for at in times), points[-1])


def _integrated(speeds: tuple[tuple[Fraction, Fraction], ...]) -> tuple[tuple[Fraction, Fraction], ...]:
    """Returns positions by frames for speeds by frames, in eight lines between two speeds; before the first and after
    the last, the speed stays."""
    at, speed = speeds[0]
    points = [(at, at * speed)]
    for (at, speed), (to, then) in pairwise(speeds):
        start, length = points[-1][1], to - at
        for part in range(1, STEPS + 1):
            share = Fraction(part, STEPS)
            run = length * share
            points.append((at + run, start + run * (speed + (then - speed) * share / 2)))
    at, position = points[-1]
    return (*points, (at + 1, position + speeds[-1][1]))
