"""The part of the timeline in which a segment is seen, and which of the segment's frames that is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from post.handoff.aaf.speeds import FrameMap


@dataclass(frozen=True, slots=True)
class Spot:
    """first, stop: frames of the timeline; segment frame = start + speed x timeline frame. points: a time map in place
    of that line: (timeline frame, segment frame), () for the line."""

    first: Fraction
    stop: Fraction
    start: Fraction
    speed: Fraction = Fraction(1)
    points: tuple[tuple[Fraction, Fraction], ...] = ()

    def at(self, frame: Fraction) -> Fraction:
        """Returns the segment's frame at a frame of the timeline."""
        if self.points:
            return FrameMap(self.points).at(frame)
        return self.start + self.speed * frame

    def moved(self, by: Fraction, scale: Fraction = Fraction(1)) -> Spot:
        """Returns the spot of a segment that begins `by` frames earlier, in frames of `scale` to one of this one's."""
        points = tuple((at, (frame + by) * scale) for at, frame in self.points)
        return replace(self, start=(self.start + by) * scale, speed=self.speed * scale, points=points)

    def within(self, first: Fraction, stop: Fraction, base: Fraction) -> Spot | None:
        """Returns the spot of the segment's part between two of its frames, which counts from `base` on; None if it is
        not seen. Only for a line that runs forwards."""
        low, high = ((each - self.start) / self.speed for each in (first, stop))
        seen = replace(self, first=max(self.first, low), stop=min(self.stop, high), start=self.start - base)
        return seen if seen.stop > seen.first else None

    def through(self, given: FrameMap) -> Spot | None:
        """Returns the spot behind a time map; None where one map of several speeds lies behind another."""
        if len(given.points) == 1:
            return replace(self, start=given.points[0][1], speed=Fraction(0), points=())
        if len(given.points) == 2:
            (at, frame), (to, then) = given.points
            slope = (then - frame) / (to - at)
            by = frame - slope * at
            points = tuple((each, by + slope * local) for each, local in self.points)
            return replace(self, start=by + slope * self.start, speed=slope * self.speed, points=points)
        if self.points or self.speed <= 0:
            return None
        points = tuple(((at - self.start) / self.speed, frame) for at, frame in given.points)
        return replace(self, points=points)
