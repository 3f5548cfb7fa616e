"""Decides where no crop works, and how much of the picture is shown then, with what beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from post.measure.attention.sights import Box
from post.measure.subjects import Subjects
from post.picture.reframe import Reframe
from post.plan.camera.crop_place import judge_crop
from post.plan.camera.follow import Followed
from post.plan.camera.hold import Range, held_ranges, union_of
from post.values import Window
from post.values.plan.segment import BLUR

MOST_LOST = 0.6  # of what counts in a shot, beside a window that follows it
MOST_OF_SUBJECT = 0.15  # of a subject, that a crop may cut before the picture is shown whole
MUST = "of what must stay whole"
ROOM = 0.04  # of the picture, beside what must be seen


@dataclass(frozen=True, slots=True)
class Crop:
    """A shot's crop. lost: the largest share of something that it cuts; side: where, or of what, in words; followed:
    its windows, where it follows or has keys; keep: the boxes that must stay whole, where it does not."""

    reframe: Reframe
    lost: float
    side: str
    followed: Followed | None = None
    keep: tuple[Box, ...] = ()

    @property
    def windows(self) -> tuple[Window, ...]:
        """The window of each frame, where it moves."""
        return () if self.followed is None or self.followed.still else self.followed.windows


def judge_way(followed: Followed) -> tuple[float, str]:
    """Returns what a window that follows cuts: of what must stay whole; else what it loses of what counts, where that
    is most of it; (0.0, "") elsewhere."""
    if followed.cut:
        return round(followed.cut, 2), MUST
    lost = 1 - followed.kept
    return (round(lost, 2), "beside it") if lost > MOST_LOST else (0.0, "")


def kept_cut(keep: Sequence[Box], window: Window) -> float:
    """Returns the largest share of a box that lies outside a window, along one side; 0 where all are whole."""
    worst = 0.0
    for box in keep:
        for axis, start, share in ((0, window.left, window.width), (1, window.top, window.height)):
            low, high = box[axis], box[axis + 2]
            inside = max(0.0, min(high, float(start + share)) - max(low, float(start)))
            worst = max(worst, 1 - inside / (high - low))
    return round(worst, 2)


def fill_for(crop: Crop, subjects: Subjects, window: Window) -> Reframe | None:
    """Returns the framing that shows all that must be seen, with a fill beside it; None where a crop does: also where
    that is another one than the focus by hand asks for, which cuts it then and is told."""
    axis = 0 if window.width < window.height else 1
    share = float(window.height if axis else window.width)
    side = "height" if axis else "width"
    if crop.side == MUST:
        held = crop.followed.held[axis] if crop.followed else union_of(held_ranges([()], crop.keep, axis))
        low, high = held or (0.0, 1.0)
        if high - low <= share:
            return None
        reason = f"what must stay whole takes {high - low:.0%} of the {side}, and a crop shows {share:.0%}"
        return _shown(crop.reframe, (low, high), axis, reason)
    lost = crop.lost
    if crop.followed is not None and crop.followed.still:
        lost = max(lost, judge_crop(subjects, crop.followed.windows[0])[0])
    if lost >= MOST_OF_SUBJECT:
        reason = f"a crop shows {share:.0%} of the {side}, and cuts {lost:.0%} of what stands out"
        return _shown(crop.reframe, _subject_range(subjects, axis), axis, reason)
    return None


def _subject_range(subjects: Subjects, axis: int) -> Range:
    ranges: list[Range | None] = [
        (subject.top, subject.bottom) if axis else (subject.left, subject.right)
        for view in subjects.views
        for subject in view
    ]
    return union_of(ranges) or (0.0, 1.0)


def _shown(reframe: Reframe, needed: Range, axis: int, reason: str) -> Reframe:
    """Returns the framing that shows a range of the picture along one axis, and what is free beside it filled."""
    low, high = max(needed[0] - ROOM, 0.0), min(needed[1] + ROOM, 1.0)
    centre, zoom = round((low + high) / 2, 3), max(1.0, min(round(1 / (high - low), 3), 8.0))
    x, y = (reframe.focus_x, centre) if axis else (centre, reframe.focus_y)
    return replace(reframe, fill=BLUR, focus_x=x, focus_y=y, zoom=zoom, path="", reason=reason)
