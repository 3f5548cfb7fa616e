"""Follows a label through the film: in each sampled frame, how much its place still looks like the text."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from post.measure.attention.type_lines import LinePlace
from post.qc.label.judge import contrast_of
from post.qc.label.reading import TextReading, ink_of, inked_box
from post.values.array import Array

PRESENT = 0.5  # correlation of the whole text: below, nobody can read it
REACH = 6  # pixels that a label may drift from one sample to the next, of a frame whose shorter side is 1080
ROUND = 3  # pixels of the strip round the text


@dataclass(eq=False)
class Track:
    """One text at its place. reading: as it was found; place: of its line, in pixels of the frames as they were read;
    ink: the text as it would stand there, float32; left, top: of the ink; alone: whether no other word stands beside
    it; scores: by frame number; contrasts: of those that show it, 1..21; reach: round all places that it moved
    to, as `box`; None where it was never seen."""

    reading: TextReading
    place: LinePlace
    ink: Array
    left: int
    top: int
    alone: bool = True
    scores: dict[int, float] = field(default_factory=dict)
    contrasts: dict[int, float] = field(default_factory=dict)
    reach: tuple[int, int, int, int] | None = None

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of its ink where it is now, in pixels of the frames as they were read."""
        rows, columns = self.ink.shape
        inset = round(ROUND / self.reading.strip.scale)
        return (
            self.left + inset,
            self.top + inset,
            self.left + columns - inset,
            self.top + rows - inset,
        )

    @property
    def text(self) -> str:
        return self.reading.wording.text

    def score(self, luma: Array) -> tuple[float, int, int]:
        """Returns how much a frame shows the text here, -1..1, and where its ink then is: left, top."""
        height, width = self.ink.shape
        reach = max(2, round(REACH * min(luma.shape) / 1080))
        top, left = max(self.top - reach, 0), max(self.left - reach, 0)
        region = luma[top : self.top + height + reach, left : self.left + width + reach]
        if region.shape[0] < height or region.shape[1] < width:
            return -1.0, self.left, self.top
        sign = 1.0 if self.place.bright else -1.0
        found = cv2.matchTemplate(region.astype(np.float32) * sign, self.ink, cv2.TM_CCOEFF_NORMED)
        np.nan_to_num(found, copy=False, nan=-1.0, posinf=-1.0, neginf=-1.0)
        _, best, _, at = cv2.minMaxLoc(found)
        return float(min(best, 1.0)), left + at[0], top + at[1]

    def follow(self, number: int, luma: Array, *, full_range: bool = False) -> bool:
        """Scores a frame, and moves with the label. Returns whether it is there. full_range: of the frame's codes."""
        score, left, top = self.score(luma)
        self.scores[number] = score
        if score < PRESENT:
            return False
        self.left, self.top = left, top
        rows, columns = self.ink.shape
        part = luma[top : top + rows, left : left + columns]
        self.contrasts[number] = contrast_of(
            self.ink, part, bright=self.place.bright, full_range=full_range
        ).least
        here, before = self.box, self.reach or self.box
        self.reach = (
            min(here[0], before[0]),
            min(here[1], before[1]),
            max(here[2], before[2]),
            max(here[3], before[3]),
        )
        return True

    def covers(self, other: Track) -> bool:
        """Returns whether both stand in one place."""
        wide = min(self.left + self.ink.shape[1], other.left + other.ink.shape[1]) - max(
            self.left, other.left
        )
        high = min(self.top + self.ink.shape[0], other.top + other.ink.shape[0]) - max(self.top, other.top)
        return bool(wide > 0 and high > 0 and wide * high > 0.3 * min(self.ink.size, other.ink.size))


def track_of(reading: TextReading, place: LinePlace, *, alone: bool = True) -> Track:
    """Returns a track that begins at a reading. alone: whether no other word stands beside it."""
    left, top, right, bottom = inked_box(reading)
    strip, sheet = reading.strip, ink_of(reading)
    high, wide = sheet.shape
    left, top = max(left - ROUND, 0), max(top - ROUND, 0)
    part = sheet[top : min(bottom + ROUND, high), left : min(right + ROUND, wide)]
    size = (max(round(part.shape[1] / strip.scale), 4), max(round(part.shape[0] / strip.scale), 4))
    ink = cv2.resize(part, size, interpolation=cv2.INTER_LINEAR if strip.scale < 1 else cv2.INTER_AREA)
    x, y = round(strip.left + left / strip.scale), round(strip.up + top / strip.scale)
    return Track(reading, place, np.ascontiguousarray(ink, np.float32), x, y, alone)
