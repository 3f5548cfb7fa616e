"""Defines what is seen of flashes and stripes in a film, and the arithmetic of limits on them.

Measured once, a sight answers for any limit on how many flashes, how large an area and how long.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Literal

from post.values.claim import Stretch
from post.values.time import Span, flagged_spans

MOST_CHANGES = 7  # that are told apart: one more than three flashes
NO_AREA = (0.0,) * MOST_CHANGES
AreaOf = Literal["field", "screen"]
FlashState = Literal["pass", "warning", "extended", "fail"]


@dataclass(frozen=True, slots=True)
class ChangeAreas:
    """How large a share of the picture changed how often in the second that ends with a frame, each 0..1.

    field: of the 10-degree field where it is largest; screen: of the whole picture. The n-th value is the share of
    what changed n or more times; changes that a flash is a pair of.
    """

    field: tuple[float, ...] = NO_AREA
    screen: tuple[float, ...] = NO_AREA

    def changes(self, area: float, of: AreaOf) -> int:
        """Returns how often more than this share changed in the second; at most MOST_CHANGES."""
        shares = self.field if of == "field" else self.screen
        return sum(share > area for share in shares)


STILL = ChangeAreas()


@dataclass(frozen=True, slots=True)
class FlashFrame:
    """One frame. luminance: the mean of its relative luminance, 0..1; changed: the share of the picture whose
    luminance differs from the frame before by a tenth or more; general, red: changes of luminance, and to and from
    saturated red."""

    luminance: float
    changed: float = 0.0
    general: ChangeAreas = STILL
    red: ChangeAreas = STILL


@dataclass(frozen=True, slots=True)
class StripeSight:
    """Regular stripes in one frame. pairs: light and dark ones, across; area: the share of the picture that they fill,
    0..1; light: the relative luminance of the light ones; box: left, top, right, bottom in pixels of the upright
    frame."""

    pairs: float
    area: float
    light: float
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class FlashLimit:
    """A limit on flashes. flashes: most in any second; area, of: the share of a field or of the screen that a flash has
    to reach to count; changes, share, seconds: an extended flash is so many changes a second or more during more than
    this share of so many seconds."""

    flashes: int = 3
    area: float = 0.25
    of: AreaOf = "screen"
    changes: int = 4
    share: Fraction = Fraction(4, 5)
    seconds: Fraction = Fraction(5)


@dataclass(frozen=True, slots=True)
class FlashJudgement:
    """One frame by a limit. changes: in the second that ends with it; near: frames near the limit in the seconds before
    it, and it; state: "warning" is near the limit, "extended" so for too long, "fail" above it."""

    changes: int
    near: int
    state: FlashState


@dataclass(frozen=True, slots=True)
class FlashSight:
    """What was seen of flashes and stripes in a film.

    rate: frames a second; frames: each of them; stripes: (frame, what is seen), of the frames that were searched;
    step: frames from one search for stripes to the next; width, height: cells that changes were counted in;
    fault: why nothing was measured, "" where it was.
    """

    rate: Fraction = Fraction(0)
    frames: tuple[FlashFrame, ...] = ()
    stripes: tuple[tuple[int, StripeSight | None], ...] = ()
    step: int = 1
    width: int = 0
    height: int = 0
    fault: str = ""

    def judged(self, limit: FlashLimit, *, red: bool = False) -> tuple[FlashJudgement, ...]:
        """Returns every frame by a limit. red: by changes to and from saturated red, not of luminance."""
        areas = [each.red if red else each.general for each in self.frames]
        counts = [each.changes(limit.area, limit.of) for each in areas]
        close = [limit.changes <= count <= 2 * limit.flashes for count in counts]
        window, least = limit.seconds * self.rate, limit.share * limit.seconds * self.rate
        frames, near, found = ceil(window), 0, list[FlashJudgement]()
        for number, count in enumerate(counts):
            near += close[number]
            if number >= frames:
                near -= close[number - frames]
            found.append(FlashJudgement(count, near, _state(count, near >= least, limit)))
        return tuple(found)

    def runs(self, flags: Iterable[bool]) -> tuple[Span, ...]:
        """Returns the runs of frames that are flagged."""
        return tuple(flagged_spans(flags))

    def stretches(self, runs: Sequence[Span]) -> tuple[Stretch, ...]:
        """Returns runs of frames in seconds."""
        return tuple((run.first / self.rate, run.stop / self.rate) for run in runs)


def _state(count: int, too_long: bool, limit: FlashLimit) -> FlashState:
    if count > 2 * limit.flashes:
        return "fail"
    if count < limit.changes:
        return "pass"
    return "extended" if too_long else "warning"
