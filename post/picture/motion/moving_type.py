"""Draws all units of a title at a moment, and says which box they are in."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from post.picture.motion.moves import TypeMotion
from post.picture.motion.sprite import Sheet, Sprite, blurred, joined
from post.picture.motion.states import REST, WHOLE, Counts, State, TitleMoment, TypeScale, state_at
from post.picture.motion.unit_sheets import MovingUnit, ink_parts, moved_box, revealed, spread, way
from post.picture.motion.units import units_of
from post.picture.type.block import TypeBlock
from post.picture.type.glow import TypeGlow, glow_of
from post.picture.type.paint import Plate, Shadow, TypePaint, extent
from post.picture.type.place import Bounds, around
from post.stage import FlatRaster, Raster
from post.values.array import Array
from post.values.time import Clock

BLUR_STEP, MOST_EXPOSURES = (
    1.5,
    12,
)  # pixels between two pictures of a motion blur; how many it is made of at most


@dataclass(frozen=True)
class SetType:
    """Type as it stands at rest. left, top: the block's corner in the frame; em: its size, in pixels; anchor: where
    lines keep their place as letters move apart, 0 left to 1 right; short: the frame's shorter side, in pixels; glow:
    the light around its letters, or None."""

    block: TypeBlock
    look: TypePaint
    left: int
    top: int
    em: float
    anchor: float
    short: int
    language: str = ""
    glow: TypeGlow | None = None

    def light_of(self, ink: Sheet) -> Raster | None:
        """Returns the glow of letters; None where they have none. ink: placed from the block's corner."""
        placed = Sheet(ink.alpha, ink.left + self.left, ink.top + self.top)
        return glow_of(placed, self.glow) if self.glow else None


class MovingType:
    """A title taken apart for a motion. It keeps what it has drawn; its pictures depend on the moment alone."""

    def __init__(self, type_: SetType, motion: TypeMotion, clock: Clock) -> None:
        """Draws each unit once, at rest."""
        self._type, self._motion, self._clock = type_, motion, clock
        self._scale = TypeScale(type_.short, type_.em)
        faces = type_.block.faces
        heights = (
            max(math.ceil(face.ascent) for face in faces),
            max(math.ceil(face.descent) for face in faces),
        )
        units = units_of(type_.block, motion.finest, type_.language, type_.anchor, heights)
        parts = [MovingUnit(unit, Sprite(faces, unit.rows)) for unit in units]
        self._parts = [part for part in parts if not part.sprite.is_empty]
        self._resting: tuple[tuple[int, ...], Sheet] | None = None

    def draw(self, moment: TitleMoment) -> FlatRaster:
        """Returns the title at a moment: its shadow, its plate and its letters."""
        shifts = self._exposures(moment)
        look, share = self._type.look, 1 / len(shifts)
        plates = [plate for plate in (self._plate(moment, shift) for shift in shifts) if plate is not None]
        inks = [ink for ink in (self._ink(moment, shift) for shift in shifts) if ink is not None]
        layers = list[tuple[Sheet, tuple[float, float, float]]]()
        if inks:
            ink = joined([(each, share) for each in inks])
            layers.append((ink, look.colour))
            if look.shadow is not None:
                layers.insert(0, (_shadow(ink, look.shadow), (0.0, 0.0, 0.0)))
        if plates and look.plate is not None:
            plate = joined([(each, share) for each in plates])
            layers.insert(len(layers) - 1 if inks else 0, (plate, look.plate.colour))
        made = _stacked(layers, self._type.left, self._type.top)
        return replace(made, under=self._type.light_of(ink)) if inks else made

    def box(self, moment: TitleMoment | None) -> Bounds | None:
        """Returns the box of what is seen of letters and plate at a moment, in the frame; None where nothing is."""
        boxes = [
            moved_box(part, state) for part, state in self._states(moment, Fraction(0)) if state.opacity > 0
        ]
        plate = self._plate_box(moment)
        found = [box for box in (*boxes, plate) if box is not None and box.width > 0 and box.height > 0]
        if not found:
            return None
        return around(found).moved(self._type.left, self._type.top)

    def opacity(self, moment: TitleMoment | None) -> float:
        """Returns the opacity of its least visible part."""
        return min((state.opacity for _, state in self._states(moment, Fraction(0))), default=0.0)

    def _states(self, moment: TitleMoment | None, shift: Fraction) -> Iterator[tuple[MovingUnit, State]]:
        known = dict[tuple[tuple[int, int], ...], State]()  # units that move alike have one state
        for part in self._parts:
            alike = tuple(part.unit.counts[move.by] for move in self._motion.moves)
            if alike not in known:
                known[alike] = self._state(moment, part.unit.counts, shift)
            yield part, spread(known[alike], part.unit.steps)

    def _state(self, moment: TitleMoment | None, counts: Counts, shift: Fraction) -> State:
        if moment is None:
            return REST
        return state_at(self._motion, moment, counts, self._scale, self._clock, shift)

    def _exposures(self, moment: TitleMoment) -> list[Fraction]:
        def pairs_way(a: Fraction, b: Fraction) -> float:
            pairs = zip(self._states(moment, a), self._states(moment, b), strict=True)
            return max((way(part, one, other) for (part, one), (_, other) in pairs), default=0.0)

        return exposures(self._motion, pairs_way)

    def _ink(self, moment: TitleMoment, shift: Fraction) -> Sheet | None:
        """Returns the letters; None where none is seen. What two units cover of a pixel is added, up to all of it."""
        parts, resting = list[tuple[Sheet, float]](), list[int]()
        for number, (part, state) in enumerate(self._states(moment, shift)):
            if state == REST and len(self._parts) > 1:
                resting.append(number)
            elif state.opacity > 0 and state.scale > 0:
                parts += ink_parts(part, state)
        if resting:
            parts.append((self._at_rest(tuple(resting)), 1.0))
        if not parts:
            return None
        sheet = joined(parts)
        return sheet if len(self._parts) == 1 else Sheet(np.minimum(sheet.alpha, 1), sheet.left, sheet.top)

    def _at_rest(self, numbers: tuple[int, ...]) -> Sheet:
        """Returns the units that have arrived, joined. Those of the frame before are kept."""
        if self._resting is None or self._resting[0] != numbers:
            parts = [part for number in numbers for part in ink_parts(self._parts[number], REST)]
            self._resting = numbers, joined(parts)
        return self._resting[1]

    def _plate_state(self, moment: TitleMoment | None, shift: Fraction) -> State:
        """Returns the plate's state. It moves with type that moves as a whole; else it fades, first in and last out."""
        first = self._state(moment, WHOLE, shift)
        if self._motion.finest == "whole":
            return first
        last = self._parts[-1].unit.counts if self._parts else WHOLE
        return State(opacity=max(first.opacity, self._state(moment, last, shift).opacity))

    def _plate(self, moment: TitleMoment, shift: Fraction) -> Sheet | None:
        plate, state = self._type.look.plate, self._plate_state(moment, shift)
        if plate is None or state.opacity <= 0 or state.scale <= 0 or plate.opacity <= 0:
            return None
        left, top, right, bottom = self._plate_edges(plate, state)
        over, up = math.floor(left), math.floor(top)
        columns = _covered(left - over, right - over)
        rows = _covered(top - up, bottom - up)
        alpha = np.outer(rows, columns * np.float32(plate.opacity)).astype(np.float32)
        sheet = revealed(blurred(Sheet(alpha, over, up), state.blur), extent(self._type.block, plate), state)
        return Sheet(sheet.alpha * np.float32(state.opacity), sheet.left, sheet.top)

    def _plate_edges(self, plate: Plate, state: State) -> tuple[float, float, float, float]:
        box = extent(self._type.block, plate)
        middle, centre = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        return (
            (box.left - middle) * state.scale + middle + state.dx, (box.top - centre) * state.scale + centre + state.dy,
            (box.right - middle) * state.scale + middle + state.dx,
            (box.bottom - centre) * state.scale + centre + state.dy,
        )  # fmt: skip

    def _plate_box(self, moment: TitleMoment | None) -> Bounds | None:
        plate, state = self._type.look.plate, self._plate_state(moment, Fraction(0))
        if plate is None or state.opacity <= 0:
            return None
        left, top, right, bottom = self._plate_edges(plate, state)
        return Bounds(math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom))


def exposures(motion: TypeMotion, way_between: Callable[[Fraction, Fraction], float]) -> list[Fraction]:
    """Returns the times in a frame, in frames, whose pictures make its motion blur; one where it has none.

    way_between: how many pixels what moves most moves between two of those times.
    """
    open_for = Fraction(motion.shutter).limit_denominator(1000) / 360
    if not open_for:
        return [Fraction(0)]
    start, end = -open_for / 2, open_for / 2
    count = min(max(math.ceil(way_between(start, end) / BLUR_STEP), 1), MOST_EXPOSURES)
    return [start + (end - start) * Fraction(2 * i + 1, 2 * count) for i in range(count)]


def _covered(start: float, end: float) -> Array:
    """Returns how much of each pixel from 0 lies between two places."""
    edges = np.arange(math.ceil(end) + 1, dtype=np.float64)
    share: Array = np.clip(np.minimum(edges[1:], end) - np.maximum(edges[:-1], start), 0, 1)
    return share.astype(np.float32)


def _shadow(ink: Sheet, shadow: Shadow) -> Sheet:
    soft = blurred(ink, shadow.sigma, shadow.strength)
    return Sheet(soft.alpha, soft.left, soft.top + shadow.drop)


def _stacked(layers: Sequence[tuple[Sheet, tuple[float, float, float]]], left: int, top: int) -> FlatRaster:
    """Returns sheets and their colours, lowest first, as alphas of one size in the frame."""
    if not layers:
        return FlatRaster((np.zeros((1, 1), np.float32),), ((0.0, 0.0, 0.0),), left, top)
    box = _even(around([sheet.box for sheet, _ in layers]), left, top)
    alphas = tuple(_on(sheet, box) for sheet, _ in layers)
    return FlatRaster(alphas, tuple(colour for _, colour in layers), box.left + left, box.top + top)


def _even(box: Bounds, left: int, top: int) -> Bounds:
    """Returns a box grown to even rows and columns of the frame: chroma needs no other copy then."""
    return Bounds(
        box.left - (box.left + left) % 2, box.top - (box.top + top) % 2,
        box.right + 1 + (box.right + left + 1) % 2, box.bottom + (box.bottom + top) % 2,
    )  # fmt: skip


def _on(sheet: Sheet, box: Bounds) -> Array:
    out = np.zeros((box.height, box.width), np.float32)
    top, left = sheet.top - box.top, sheet.left - box.left
    height, width = sheet.alpha.shape
    out[top : top + height, left : left + width] = sheet.alpha
    return out
