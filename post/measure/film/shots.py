"""Finds the pictures of a finished film: its shots, without bars, fades, black frames, title cards and credits.

cut       the measure `cuts` finds it
blank     a frame of one tone; what is before it and after it are two shots
fade      from a blank frame on, contrast rises until it holds; before one it falls
dissolve  a frame that is a mix of a frame before it and a frame after it, which do not show the same
card      ink of one colour on a flat ground, or a ground with next to nothing on it
bars      rows and columns along an edge that are black in every frame that shows something
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise

import numpy as np

from post.measure.cuts import LEAST, Cuts, difference
from post.measure.fact import ClipLength, Known, Measure, Unmeasured, measure
from post.measure.frames import Small, Step, motion_between
from post.values.array import Array

# In 8-bit codes, on small pictures.
BLANK = 2.5  # standard deviation of luma of a frame of one tone
DARK = 24  # luma up to which a bar is black, in either range
GROUND = 3  # codes each way of its commonest tone that are a frame's ground
CARD, EMPTY = 0.7, 0.97  # share of the ground from which a frame may be, and is, a card
ONE_INK = (
    14.0  # how far the pixels off the ground may lie from a line of colours through it, root mean square
)
HOLDS = 1.02  # contrast rises by less than this over HELD frames: a fade has ended
HELD = 3
LONGEST_FADE_S = 3
MIXED = (0.3, 0.7)  # shares of the frame before, in a mix that is a dissolve
# Of the difference of the two frames, root mean square: what of a mix they may leave open. Moving shots leave .27 and
# more (18 clips of as many models), dissolves between them .07 to .18.
UNEXPLAINED = 0.22
COARSE = 8  # small pixels on a side that are averaged before that, so that motion matters less
REACHES_S = (0.25, 0.5)  # how far before and after a frame the two are
FADED = 0.5  # share of its contrast a second on: a shot that begins or ends beside a card with less is faded
FLASH_S, BACK = 0.25, 0.4  # a blank that is no longer, with the old picture back after it, is a flash
SEEN = 10.0  # standard deviation of luma: with less, two frames look alike whatever they show
APART_S = 0.5  # two edits that are nearer are one
SHORTEST_BAR = 0.02  # of the height or width: less is an edge of the coding


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Frames that are no picture. kind: `blank`, `fade` or `card`."""

    first: int
    stop: int
    kind: str


@dataclass(frozen=True, slots=True)
class PictureShots:
    """The shots of a film.

    edits: the first frame of each shot but the first, rising; of a dissolve its middle, of a fade through black the
    first frame that is not blank; left_out: frames that show no picture; box: the picture between the bars, as
    shares of width and height: left, top, right, bottom.
    """

    edits: tuple[int, ...]
    left_out: tuple[LeftOut, ...]
    box: tuple[float, float, float, float]

    def shots(self, length: int) -> tuple[tuple[int, int], ...]:
        """Returns (first, stop) of every shot of a film of `length` frames, without what is left out at its ends."""
        starts = (0, *self.edits, length)
        spans = (self._trimmed(first, stop) for first, stop in pairwise(starts))
        return tuple((first, stop) for first, stop in spans if stop > first)

    def shows_picture(self, frame: int) -> bool:
        """Returns whether a frame is a picture."""
        return not any(each.first <= frame < each.stop for each in self.left_out)

    def _trimmed(self, first: int, stop: int) -> tuple[int, int]:
        while first < stop and not self.shows_picture(first):
            first += 1
        while first < stop and not self.shows_picture(stop - 1):
            stop -= 1
        return first, stop


@dataclass(slots=True)
class _Bars:
    """The brightest luma that each row and each column ever had, in frames that show something."""

    rows: Array | None = None
    columns: Array | None = None
    shape: tuple[int, int] = field(default=(0, 0))

    def add(self, luma: Array) -> None:
        # Not the very brightest: coding puts single bright pixels into bars beside a bright edge.
        rows, columns = np.quantile(luma, 0.98, axis=1), np.quantile(luma, 0.98, axis=0)
        if self.rows is None or self.columns is None or self.shape != luma.shape:
            self.rows, self.columns, self.shape = rows, columns, luma.shape
            return
        self.rows, self.columns = np.maximum(self.rows, rows), np.maximum(self.columns, columns)

    def box(self) -> tuple[float, float, float, float]:
        if self.rows is None or self.columns is None:
            return 0.0, 0.0, 1.0, 1.0
        left, right = _inside(self.columns)
        top, bottom = _inside(self.rows)
        return left, top, right, bottom


def _inside(brightest: Array) -> tuple[float, float]:
    """Returns where the picture begins and ends along one side, as shares of it."""
    lit = np.flatnonzero(brightest > DARK)
    if not len(lit):
        return 0.0, 1.0
    # The rows beside a bar are a mix of bar and picture in a small picture: they go with the bar.
    first, last = lit[0] / len(brightest), (lit[-1] + 1) / len(brightest)
    edge = 1 / len(brightest)
    return (
        float(first + edge) if first >= SHORTEST_BAR else 0.0,
        float(last - edge) if last <= 1 - SHORTEST_BAR else 1.0,
    )


@measure("shots", version=1, gives=PictureShots, after=("cuts",))
class ShotsMeasure(Measure):
    def __init__(self, footage: ClipLength) -> None:
        self._rate = float(footage.rate)
        self._reaches = sorted({max(2, round(self._rate * seconds)) for seconds in REACHES_S})
        self._recent: deque[tuple[Small, Array]] = deque(maxlen=2 * self._reaches[-1] + 1)
        self._contrast: list[float] = []
        self._cards: list[bool] = []
        self._mixes: dict[int, float] = {}  # what a frame's mix leaves open, by frame
        self._bars = _Bars()
        self._last: tuple[int, Small] | None = None  # the last frame that is not blank
        self._flashes: set[int] = set()  # the first frame after each

    def see(self, step: Step) -> None:
        small = step.frame.small
        self._recent.append((small, coarse(small)))
        self._contrast.append(float(small.luma.std()))
        card = is_card(small)
        self._cards.append(card)
        if self._contrast[-1] > BLANK and not card:
            self._bars.add(small.luma)
        if self._contrast[-1] > BLANK:
            self._note_flash(step.frame.number, small)
        for reach in self._reaches:
            if len(self._recent) > 2 * reach:
                self._mix(step.frame.number - reach, reach)

    def _mix(self, at: int, reach: int) -> None:
        """Notes what a frame leaves open as a mix of the two that are `reach` frames away."""
        (a, a_coarse), (_, middle), (b, b_coarse) = (self._recent[-1 - back * reach] for back in (2, 1, 0))
        left = unexplained(a_coarse, middle, b_coarse)
        if left < min(UNEXPLAINED, self._mixes.get(at, 1.0)) and _differ(a, b):
            self._mixes[at] = left

    def _note_flash(self, at: int, small: Small) -> None:
        """Notes a flash that has just ended."""
        last, self._last = self._last, (at, small)
        short = last and 1 < at - last[0] <= FLASH_S * self._rate + 1
        seen = min(float(small.luma.std()), float(last[1].luma.std())) > SEEN if last else False
        if last and short and seen and difference(last[1], small, motion_between(last[1], small)) < BACK:
            self._flashes.add(at)

    def found(self, known: Known) -> PictureShots | Unmeasured:
        if not self._contrast:
            return Unmeasured("no frame could be read")
        left_out = tuple(self._left_out())
        cuts = known.get("cuts")
        own = cuts.frames if isinstance(cuts, Cuts) else ()
        return PictureShots(self._edits(own, left_out), left_out, self._bars.box())

    def _left_out(self) -> Iterator[LeftOut]:
        """Yields what shows no picture, in order."""
        kinds = ["blank" if contrast <= BLANK else "" for contrast in self._contrast]
        for at in self._fade_ends():
            for way in (-1, 1):
                for frame in self._fade(at, way):
                    kinds[frame] = kinds[frame] or "fade"
        for at, card in enumerate(self._cards):
            if card and kinds[at] != "blank":
                kinds[at] = "card"
        if all(kinds) and "card" in kinds:  # a film of titles alone, or an object before a seamless ground
            kinds = ["" if each == "card" else each for each in kinds]
        at = 0
        for kind, run in groupby(kinds):
            stop = at + len(list(run))
            if kind:
                yield LeftOut(at, stop, kind)
            at = stop

    def _fade_ends(self) -> Iterator[int]:
        """Yields the frames that a fade may come from or go to: blanks, and cards beside a shot that is faded."""
        for at, contrast in enumerate(self._contrast):
            if contrast <= BLANK or any(self._faded_beside(at, way) for way in (-1, 1)):
                yield at

    def _faded_beside(self, at: int, way: int) -> bool:
        """Returns whether a frame is a card and the shot after it (way: +1) or before it (-1) is faded there."""
        beside, later = at + way, at + round(self._rate) * way
        if (
            not (self._cards[at] and 0 <= later < len(self._cards))
            or self._cards[beside]
            or self._cards[later]
        ):
            return False
        return self._contrast[beside] < FADED * self._contrast[later]

    def _fade(self, blank: int, way: int) -> Iterator[int]:
        """Yields the frames of a fade from a blank frame on. way: +1 for a fade-in, -1 for a fade-out."""
        at, most = blank + way, int(LONGEST_FADE_S * self._rate)
        while abs(at - blank) <= most:
            later = at + HELD * way
            if not (0 <= at < len(self._contrast) and 0 <= later < len(self._contrast)):
                return
            if self._contrast[at] <= BLANK or self._contrast[later] < HOLDS * self._contrast[at]:
                return
            yield at
            at += way

    def _edits(self, cuts: tuple[int, ...], left_out: tuple[LeftOut, ...]) -> tuple[int, ...]:
        """Returns where shots start: at cuts, in the middle of dissolves, and after blanks."""
        found = set(cuts)
        found |= {each.stop for each in left_out if each.kind == "blank" and each.first > 0}
        found -= {len(self._contrast), *self._flashes}
        apart = max(1, round(APART_S * self._rate))
        for at in self._dissolves():
            if all(abs(at - other) > apart for other in found) and not self._is_left_out(at, left_out):
                found.add(at)
        return tuple(sorted(found))

    @staticmethod
    def _is_left_out(frame: int, left_out: tuple[LeftOut, ...]) -> bool:
        return any(each.first <= frame < each.stop for each in left_out)

    def _dissolves(self) -> Iterator[int]:
        """Yields the middle of each run of mixes that is long enough for a dissolve."""
        runs: list[list[int]] = []
        for at in sorted(self._mixes):
            if runs and at - runs[-1][-1] <= 2:
                runs[-1].append(at)
            else:
                runs.append([at])
        yield from (run[len(run) // 2] for run in runs if len(run) >= 2)


def coarse(small: Small) -> Array:
    """Returns a small picture averaged further, as (3, n): luma, Cb, Cr."""
    import cv2

    height, width = small.luma.shape
    size = (max(1, width // COARSE), max(1, height // COARSE))
    planes = (small.luma, small.cb, small.cr)
    return np.stack([cv2.resize(plane, size, interpolation=cv2.INTER_AREA).ravel() for plane in planes])


def unexplained(a: Array, between: Array, b: Array) -> float:
    """Returns how much of `between` is no mix of `a` and `b`, as a share of their difference; 1 if it is mostly one
    of them, or they are the same. Each: as `coarse` has it."""
    if not a.shape == between.shape == b.shape:
        return 1.0
    apart, off = a - b, between - b
    energy = float((apart * apart).mean())
    if energy < BLANK**2:
        return 1.0
    share = float((apart * off).mean()) / energy
    left = off - share * apart
    return float(np.sqrt((left * left).mean() / energy)) if MIXED[0] <= share <= MIXED[1] else 1.0


def _differ(a: Small, b: Small) -> bool:
    """Returns whether two frames show different things, in place and wherever those may have moved to."""
    still = np.zeros((*a.luma.shape, 2), np.float32)
    return difference(a, b, still) >= LEAST and difference(a, b, motion_between(a, b)) >= LEAST


def is_card(small: Small) -> bool:
    """Returns whether a frame is a title card: ink of one colour, or next to nothing, on a flat ground."""
    tones = np.bincount(small.grey.ravel(), minlength=256)
    tone = int(np.convolve(tones, np.ones(2 * GROUND + 1, int), "same").argmax())
    colours = np.stack([small.luma.ravel(), small.cb.ravel(), small.cr.ravel()], 1)
    on_tone = np.abs(colours[:, 0] - tone) <= GROUND
    if on_tone.mean() < CARD:
        return False
    ground = np.median(colours[on_tone], axis=0)
    far = np.abs(colours - ground).max(axis=1) > GROUND
    share = 1 - float(far.mean())
    if share >= EMPTY:
        return True
    if share < CARD:
        return False
    off = (colours - ground)[far]
    line = np.linalg.svd(off, full_matrices=False)[2][0]
    left = off - np.outer(off @ line, line)
    return float(np.sqrt((left * left).sum(axis=1).mean())) <= ONE_INK
