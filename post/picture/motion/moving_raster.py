"""Moves a drawn layer as one piece: a lower third with its bar and plates, which is no longer type alone."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np

from post.picture.motion.moves import TypeMotion
from post.picture.motion.moving_type import exposures
from post.picture.motion.sprite import SHARP, Sheet
from post.picture.motion.states import REST, WHOLE, State, TitleMoment, TypeScale, state_at
from post.picture.motion.unit_sheets import revealed
from post.picture.type.glow import TypeGlow, glow_of
from post.picture.type.place import Bounds
from post.stage import Raster
from post.values.array import Array
from post.values.time import Clock

EDGE = 1  # pixels round the layer, into which a place between two pixels reaches


class MovingRaster:
    """A drawn layer that a motion moves. Lines, words and letters do not come one by one: it is one piece.

    Where a move is clipped, an em is its height, as that of a line is there: it slides out of nothing.
    """

    def __init__(
        self,
        raster: Raster,
        motion: TypeMotion,
        scale: TypeScale,
        clock: Clock,
        light: tuple[Sheet, TypeGlow] | None = None,
    ) -> None:
        """Takes the layer at rest. scale: its em is that of the type; light: the letters that throw a glow, in the
        frame, and that glow; None for none."""
        height, width = raster.rgba.shape[:2]
        self._motion, self._clock, self._light = motion, clock, light
        self._scale = replace(scale, em=float(height)) if any(m.clip for m in motion.moves) else scale
        self._box = Bounds(raster.left, raster.top, raster.left + width, raster.top + height)
        self._source = replace(raster.multiplied(), under=None)

    def draw(self, moment: TitleMoment) -> Raster:
        """Returns the layer at a moment, premultiplied, with its glow."""
        made = self._exposed(self._source, moment)
        if self._light is None:
            return made
        ink, glow = self._light
        alone = np.zeros((*ink.alpha.shape, 4), np.float32)
        alone[..., 3] = ink.alpha
        lit = self._exposed(Raster(alone, ink.left, ink.top, premultiplied=True), moment)
        return replace(made, under=glow_of(Sheet(lit.alpha, lit.left, lit.top), glow))

    def _exposed(self, source: Raster, moment: TitleMoment) -> Raster:
        """Returns what is drawn at rest as `source`, at a moment: the mean of all exposures."""
        pictures = [
            self._drawn(source, self._state(moment, shift))
            for shift in exposures(self._motion, lambda a, b: self._way(moment, a, b))
        ]
        if len(pictures) == 1:
            rgba, left, top = pictures[0]
            return replace(source, rgba=rgba, left=left, top=top)
        left, top = min(each[1] for each in pictures), min(each[2] for each in pictures)
        right = max(at + rgba.shape[1] for rgba, at, _ in pictures)
        foot = max(at + rgba.shape[0] for rgba, _, at in pictures)
        mean = np.zeros((foot - top, right - left, 4), np.float32)
        for rgba, x, y in pictures:
            part = mean[y - top : y - top + rgba.shape[0], x - left : x - left + rgba.shape[1]]
            part += rgba / np.float32(len(pictures))
        return replace(source, rgba=mean, left=left, top=top)

    def box(self, moment: TitleMoment | None) -> Bounds | None:
        """Returns the box of what is seen at a moment, in the frame; None where nothing is."""
        state = self._state(moment, Fraction(0)) if moment else REST
        if state.opacity <= 0 or state.scale <= 0:
            return None
        x, y = self._centre
        soft = 2 * state.blur
        return Bounds(
            math.floor((self._box.left - x) * state.scale + x + state.dx - soft),
            math.floor((self._box.top - y) * state.scale + y + state.dy - soft),
            math.ceil((self._box.right - x) * state.scale + x + state.dx + soft),
            math.ceil((self._box.bottom - y) * state.scale + y + state.dy + soft),
        )

    def opacity(self, moment: TitleMoment | None) -> float:
        """Returns the opacity that it has of its own."""
        return self._state(moment, Fraction(0)).opacity if moment else 1.0

    @property
    def _centre(self) -> tuple[float, float]:
        return (self._box.left + self._box.right) / 2, (self._box.top + self._box.bottom) / 2

    def _state(self, moment: TitleMoment, shift: Fraction) -> State:
        return state_at(self._motion, moment, WHOLE, self._scale, self._clock, shift)

    def _way(self, moment: TitleMoment, start: Fraction, end: Fraction) -> float:
        """Returns how many pixels its farthest corner moves between two times."""
        a, b = self._state(moment, start), self._state(moment, end)
        grown = abs(b.scale - a.scale) * math.hypot(self._box.width, self._box.height) / 2
        return math.hypot(b.dx - a.dx, b.dy - a.dy) + grown

    def _drawn(self, source: Raster, state: State) -> tuple[Array, int, int]:
        """Returns what is drawn at rest as `source`, in a state: its pixels, and their left and top in the frame."""
        if state.opacity <= 0 or state.scale <= 0:
            return np.zeros((1, 1, 4), np.float32), self._box.left, self._box.top
        rgba, left, top = self._placed(source, state)
        if state.blur >= SHARP:
            rgba, left, top = _blurred(rgba, state.blur, left, top)
        if state.reveals:
            ones = Sheet(np.ones(rgba.shape[:2], np.float32), left, top)
            rgba = rgba * revealed(ones, self._box, state).alpha[..., None]
        if state.clip:
            rgba, left, top = self._clipped(rgba, left, top)
        return rgba if state.opacity == 1 else rgba * np.float32(state.opacity), left, top

    def _clipped(self, rgba: Array, left: int, top: int) -> tuple[Array, int, int]:
        """Returns the part that is in the layer's box at rest; one clear pixel where none is."""
        height, width = rgba.shape[:2]
        rows = slice(max(self._box.top - top, 0), max(min(self._box.bottom - top, height), 0))
        columns = slice(max(self._box.left - left, 0), max(min(self._box.right - left, width), 0))
        part = rgba[rows, columns]
        if not part.size:
            return np.zeros((1, 1, 4), np.float32), self._box.left, self._box.top
        return part, left + columns.start, top + rows.start

    def _placed(self, source: Raster, state: State) -> tuple[Array, int, int]:
        """Returns it scaled about the layer's middle and moved, exact to a fraction of a pixel."""
        import cv2

        rgba, (x, y) = source.rgba, self._centre
        across = (source.left - x) * state.scale + x + state.dx
        down = (source.top - y) * state.scale + y + state.dy
        height, width = rgba.shape[:2]
        if state.scale < 1:
            rgba = _reduced(rgba, state.scale)
        fx, fy = width * state.scale / rgba.shape[1], height * state.scale / rgba.shape[0]
        left, top = math.floor(across) - EDGE, math.floor(down) - EDGE
        size = (
            math.ceil(width * state.scale + across - left) + EDGE,
            math.ceil(height * state.scale + down - top) + EDGE,
        )
        # From the middle of a source pixel to that of a pixel of the frame.
        matrix = np.array(
            [[fx, 0, across - left + (fx - 1) / 2], [0, fy, down - top + (fy - 1) / 2]], np.float64
        )
        made = cv2.warpAffine(
            rgba, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0
        )
        return np.asarray(made), left, top


def _reduced(rgba: Array, scale: float) -> Array:
    """Returns the layer at the size nearest to a smaller scale, each pixel the mean of those it covers."""
    import cv2

    height, width = rgba.shape[:2]
    size = max(1, math.ceil(width * scale)), max(1, math.ceil(height * scale))
    return np.asarray(cv2.resize(rgba, size, interpolation=cv2.INTER_AREA))


def _blurred(rgba: Array, sigma: float, left: int, top: int) -> tuple[Array, int, int]:
    import cv2

    reach = math.ceil(3 * sigma)
    wide = np.pad(rgba, ((reach, reach), (reach, reach), (0, 0)))
    side = 2 * reach + 1
    soft = cv2.GaussianBlur(wide, (side, side), sigma, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(soft), left - reach, top - reach
