"""Draws all units of a title at a moment, and says which box they are in."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from post.picture.motion.moves import Motion
from post.picture.motion.sprite import Sheet, Sprite, blurred, mean_of, union
from post.picture.motion.states import REST, WHOLE, Counts, Moment, Scale, State, state_at
from post.picture.motion.unit_sheets import Part, ink_sheet, moved_box, revealed, shadow_sheet, spread, way
from post.picture.motion.units import units_of
from post.picture.type.block import TypeBlock
from post.picture.type.paint import Plate, TypePaint, extent
from post.picture.type.place import Bounds
from post.stage import FlatRaster
from post.values.array import Array
from post.values.time import Clock

BLUR_STEP, MOST_EXPOSURES = (
    1.5,
    12,
)  # pixels between two pictures of a motion blur, and how many it is made of at most


@dataclass(frozen=True)
class SetType:
    """Type as it stands at rest. left, top: the block's corner in the frame; em: its size, in pixels; anchor: where
    lines keep their place as letters move apart, 0 left to 1 right; short: the frame's shorter side, in pixels."""

    block: TypeBlock
    look: TypePaint
    left: int
    top: int
    em: float
    anchor: float
    short: int
    language: str = ""


class MovingType:
    """A title taken apart for a motion. It keeps what it has drawn; its pictures depend on the moment alone."""

    def __init__(self, type_: SetType, motion: Motion, clock: Clock) -> None:
        """Draws each unit once, at rest."""
        self._type, self._motion, self._clock = type_, motion, clock
        self._scale = Scale(type_.short, type_.em)
        faces = type_.block.faces
        heights = (
            max(math.ceil(face.ascent) for face in faces),
            max(math.ceil(face.descent) for face in faces),
        )
        units = units_of(type_.block, motion.finest, type_.language, type_.anchor, heights)
        parts = [Part(unit, Sprite(faces, unit.rows)) for unit in units]
        self._parts = [part for part in parts if not part.sprite.is_empty]
        self._resting: tuple[tuple[int, ...], Sheet, Sheet | None] | None = None

    def draw(self, moment: Moment) -> FlatRaster:
        """Returns the title at a moment: its shadow, its plate and its letters."""
        shifts = self._exposures(moment)
        exposed = [self._drawn(moment, shift) for shift in shifts]
        sheets, colours = list[Sheet](), list[tuple[float, float, float]]()
        look = self._type.look
        flat = ((0.0, 0.0, 0.0), look.plate.colour if look.plate else look.colour, look.colour)
        for layer, colour in zip(zip(*exposed, strict=True), flat, strict=True):
            seen = [sheet for sheet in layer if sheet is not None]
            if seen:
                one = seen[0] if len(shifts) == 1 else mean_of(seen, [1 / len(shifts)] * len(seen))
                sheets.append(one)
                colours.append(colour)
        return _stacked(sheets, colours, self._type.left, self._type.top)

    def box(self, moment: Moment | None) -> Bounds | None:
        """Returns the box of what is seen of letters and plate at a moment, in the frame; None where nothing is."""
        boxes = [
            moved_box(part, state) for part, state in self._states(moment, Fraction(0)) if state.opacity > 0
        ]
        plate = self._plate_box(moment)
        found = [box for box in (*boxes, plate) if box is not None and box.width > 0 and box.height > 0]
        if not found:
            return None
        box, left, top = union(found), self._type.left, self._type.top
        return Bounds(box.left + left, box.top + top, box.right + left, box.bottom + top)

    def opacity(self, moment: Moment | None) -> float:
        """Returns the opacity of its least visible part."""
        return min((state.opacity for _, state in self._states(moment, Fraction(0))), default=0.0)

    def _states(self, moment: Moment | None, shift: Fraction) -> Iterator[tuple[Part, State]]:
        for part in self._parts:
            yield part, self._state(moment, part.unit.counts, part.unit.steps, shift)

    def _state(self, moment: Moment | None, counts: Counts, steps: float, shift: Fraction) -> State:
        if moment is None:
            return REST
        state = state_at(self._motion, moment, counts, self._scale, self._clock, shift)
        return spread(state, steps)

    def _exposures(self, moment: Moment) -> list[Fraction]:
        def pairs_way(a: Fraction, b: Fraction) -> float:
            pairs = zip(self._states(moment, a), self._states(moment, b), strict=True)
            return max((way(part, one, other) for (part, one), (_, other) in pairs), default=0.0)

        return exposures(self._motion, pairs_way)

    def _drawn(self, moment: Moment, shift: Fraction) -> tuple[Sheet | None, Sheet | None, Sheet | None]:
        """Returns shadow, plate and letters; None for what is not seen."""
        inks, shadows, resting = list[Sheet](), list[Sheet](), list[int]()
        shadow = self._type.look.shadow
        for number, (part, state) in enumerate(self._states(moment, shift)):
            if state == REST and len(self._parts) > 1:
                resting.append(number)
            elif state.opacity > 0 and state.scale > 0:
                inks.append(ink_sheet(part, state))
                if shadow is not None:
                    shadows.append(shadow_sheet(part, state, shadow))
        if resting:
            ink, soft = self._at_rest(tuple(resting))
            inks.append(ink)
            shadows += [soft] if soft is not None else []
        return _joined(shadows), self._plate(moment, shift), _joined(inks)

    def _at_rest(self, numbers: tuple[int, ...]) -> tuple[Sheet, Sheet | None]:
        """Returns the units that have arrived, joined. Those of the frame before are kept."""
        if self._resting is None or self._resting[0] != numbers:
            parts, shadow = [self._parts[number] for number in numbers], self._type.look.shadow
            ink = _joined([ink_sheet(part, REST) for part in parts])
            soft = (
                _joined([shadow_sheet(part, REST, shadow) for part in parts]) if shadow is not None else None
            )
            assert ink is not None
            self._resting = numbers, ink, soft
        return self._resting[1:]

    def _plate_state(self, moment: Moment | None, shift: Fraction) -> State:
        """Returns the plate's state. It moves with type that moves as a whole; else it fades, first in and last out."""
        first = self._state(moment, WHOLE, 0.0, shift)
        if self._motion.finest == "whole":
            return first
        last = self._parts[-1].unit.counts if self._parts else WHOLE
        return State(opacity=max(first.opacity, self._state(moment, last, 0.0, shift).opacity))

    def _plate(self, moment: Moment, shift: Fraction) -> Sheet | None:
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

    def _plate_box(self, moment: Moment | None) -> Bounds | None:
        plate, state = self._type.look.plate, self._plate_state(moment, Fraction(0))
        if plate is None or state.opacity <= 0:
            return None
        left, top, right, bottom = self._plate_edges(plate, state)
        return Bounds(math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom))


def exposures(motion: Motion, way_between: Callable[[Fraction, Fraction], float]) -> list[Fraction]:
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


def _joined(sheets: Sequence[Sheet]) -> Sheet | None:
    """Returns sheets on one: what two cover of a pixel is added, up to all of it."""
    if len(sheets) < 2:
        return sheets[0] if sheets else None
    sheet = mean_of(sheets, [1.0] * len(sheets))
    return Sheet(np.minimum(sheet.alpha, 1, out=sheet.alpha), sheet.left, sheet.top)


def _stacked(
    sheets: Sequence[Sheet], colours: Sequence[tuple[float, float, float]], left: int, top: int
) -> FlatRaster:
    """Returns sheets of several sizes as alphas of one, in the frame."""
    if not sheets:
        return FlatRaster((np.zeros((1, 1), np.float32),), ((0.0, 0.0, 0.0),), left, top)
    box = union([sheet.box for sheet in sheets])
    alphas = tuple(
        sheet.alpha
        if sheet.box == box
        else mean_of([Sheet(_nothing(box), box.left, box.top), sheet], [1, 1]).alpha
        for sheet in sheets
    )
    return FlatRaster(alphas, tuple(colours), box.left + left, box.top + top)


def _nothing(box: Bounds) -> Array:
    return np.zeros((box.height, box.width), np.float32)
