"""Follows one line of text from sample to sample."""

from __future__ import annotations

import cv2
import numpy as np

from post.qc.text.recognise import LineReading
from post.values.array import Array
from post.values.short_text import edit_count

Box = tuple[int, int, int, int]
HIGH, WIDEST = 24, 600  # pixels of a patch
SAME_PICTURE = 0.985  # correlation of two patches: the line need not be read again
PRESENT = 0.6  # correlation of a place with the line: it is still there
SAME_PLACE = 0.5  # share of two boxes that is common to both
WITHIN = 0.7  # share of a piece's box that lies in the line's
PIECE = 0.35  # of its letters: so many may be misread at the edge of what covers the line
ALIKE = 0.25  # of its letters: so many may be misread, where the line is the same
SURE_DIGIT = 0.8  # a digit that is read with less is no evidence that a number changed


class TypeTrack:
    """One line of type.

    reading, box, patch, best, part: of the sample that showed it best, part being the piece of the frame in the box,
    (height, width, 3) uint8; area: pixels of that frame; numbers: of the samples that show it; likely: how much it
    looks like type, at best; first, last: its box and patch in those samples; start, stop: the frames that show it
    first and last, as far as they are known.
    """

    def __init__(
        self, reading: LineReading, box: Box, patch: Array, number: int, likely: float, rgb: Array
    ) -> None:
        """rgb: the frame that shows it first."""
        self.numbers, self.likely, self.area = [number], likely, rgb.shape[0] * rgb.shape[1]
        self.start = self.stop = number
        self.first = self.last = (box, patch)
        self._show(number, reading, box, patch, rgb)

    def _show(self, number: int, reading: LineReading, box: Box, patch: Array, rgb: Array) -> None:
        self.reading, self.box, self.patch, self.best = reading, box, patch, number
        self.part = rgb[max(box[1], 0) : box[3], max(box[0], 0) : box[2]].copy()

    def see(
        self, number: int, reading: LineReading, box: Box, patch: Array, likely: float, rgb: Array
    ) -> None:
        """Adds a sample that shows the line; the surest reading is kept."""
        self.stay(number)
        self.last, self.likely = (box, patch), max(self.likely, likely)
        if _rank(reading) > _rank(self.reading):
            self._show(number, reading, box, patch, rgb)

    def stay(self, number: int) -> None:
        """Adds a sample that shows the line unchanged."""
        self.numbers.append(number)
        self.stop = number

    def says_same(self, reading: LineReading) -> bool:
        """Returns whether another reading is of the same line: its letters are alike, and its digits are the same, or
        were hardly read."""
        mine, theirs = self.reading, reading
        if mine.text == theirs.text:
            return True
        if not mine.is_read or not theirs.is_read:
            return not mine.is_read and not theirs.is_read
        if _digits(mine.text) != _digits(theirs.text) and min(mine.digits, theirs.digits) >= SURE_DIGIT:
            return False
        one, other = _letters(mine.text), _letters(theirs.text)
        if min(len(one), len(other)) >= 2 and (one.startswith(other) or other.startswith(one)):
            return True  # it is being written, or faded in from one side
        return edit_count(one, other) <= ALIKE * max(len(one), len(other))

    def holds(self, reading: LineReading, box: Box) -> bool:
        """Returns whether a reading is of a piece of this line, whose rest is covered or faded."""
        mine, theirs = _letters(self.reading.text), _letters(reading.text)
        if not self.reading.is_read or not 1 < len(theirs) < len(mine) or inside(box, self.last[0]) < WITHIN:
            return False
        return _digits(theirs) in _digits(mine) and part_edits(theirs, mine) <= PIECE * len(theirs)


def _rank(reading: LineReading) -> tuple[bool, float, int]:
    # Of a line that is being written, the whole is wanted.
    return reading.is_read, round(min(reading.confidence, 0.95), 2), len(reading.text)


def _letters(text: str) -> str:
    return "".join(text.casefold().split())


def _digits(text: str) -> str:
    return "".join(each for each in text if each.isdigit())


def part_edits(part: str, whole: str) -> int:
    """Returns how many letters must be changed to make one text the likest piece of another."""
    row = [0] * (len(whole) + 1)
    for at, letter in enumerate(part, 1):
        before, row[0] = row[0], at
        for to, against in enumerate(whole, 1):
            before, row[to] = row[to], min(row[to] + 1, row[to - 1] + 1, before + (letter != against))
    return min(row)


def patch_of(grey: Array, box: Box) -> Array:
    """Returns a place of a frame, (height, width) uint8, as a small picture of one height: float32."""
    left, top, right, bottom = box
    part = grey[max(top, 0) : bottom, max(left, 0) : right]
    if not part.size:
        return np.zeros((HIGH, HIGH), np.float32)
    wide = min(max(HIGH, round(HIGH * (right - left) / max(bottom - top, 1))), WIDEST)
    return cv2.resize(part, (wide, HIGH), interpolation=cv2.INTER_AREA).astype(np.float32)


def likeness(one: Array, other: Array) -> float:
    """Returns the correlation of two patches, -1..1; -1 where they differ in shape, 0 where one is flat."""
    if one.shape != other.shape:
        return -1.0
    a, b = one - one.mean(), other - other.mean()
    size = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum() / size) if size > 1e-6 else 0.0


def overlap(one: Box, other: Box) -> float:
    """Returns the common share of two boxes, 0..1."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    areas = sum((each[2] - each[0]) * (each[3] - each[1]) for each in (one, other))
    return wide * high / (areas - wide * high)


def inside(part: Box, whole: Box) -> float:
    """Returns the share of a box that lies in another, 0..1."""
    wide = min(part[2], whole[2]) - max(part[0], whole[0])
    high = min(part[3], whole[3]) - max(part[1], whole[1])
    size = (part[2] - part[0]) * (part[3] - part[1])
    return max(wide, 0) * max(high, 0) / size if size else 0.0
