"""Draws one unit of a title in a state: its letters, its shadow, and the box that they are in."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from post.picture.motion.sprite import SHARP, Sheet, Sprite, blurred
from post.picture.motion.states import State
from post.picture.motion.units import Unit
from post.picture.type.place import Bounds


@dataclass(frozen=True)
class MovingUnit:
    """A unit, and how it is drawn."""

    unit: Unit
    sprite: Sprite

    @property
    def centre(self) -> tuple[float, float]:
        """What it grows about: the middle of its ink across, of its lines down."""
        box = self.sprite.box
        return (box.left + box.right) / 2, (self.unit.top + self.unit.bottom) / 2

    @property
    def room(self) -> Bounds:
        """What it is clipped to: its lines, and its ink where that reaches further."""
        box = self.sprite.box
        return Bounds(box.left, min(box.top, self.unit.top), box.right, max(box.bottom, self.unit.bottom))


def spread(state: State, steps: float) -> State:
    """Returns the state of a letter that is so many letters from its line's anchor."""
    if not state.tracking or not steps:
        return state
    return replace(state, dx=state.dx + steps * state.tracking, tracking=0.0)


def ink_parts(part: MovingUnit, state: State) -> list[tuple[Sheet, float]]:
    """Returns a unit's letters in a state, as sheets and the weights that they are added with."""
    if state.scale == 1 and state.blur < SHARP and not state.reveals and not state.clip:
        return [(sheet, weight * state.opacity) for sheet, weight in part.sprite.near(state.dx, state.dy)]
    sheet = revealed(blurred(_sharp(part, state), state.blur), part.sprite.box, state)
    return [(_clipped(sheet, part.room) if state.clip else sheet, state.opacity)]


def _sharp(part: MovingUnit, state: State) -> Sheet:
    if state.scale == 1:
        return part.sprite.placed(state.dx, state.dy)
    return part.sprite.scaled(state.dx, state.dy, state.scale, part.centre)


def revealed(sheet: Sheet, box: Bounds, state: State) -> Sheet:
    """Returns a sheet behind the edges that uncover it. box: of the unit at rest, with which the edges move."""
    alpha = sheet.alpha
    for side, share, softness in state.reveals:
        if share >= 1:
            continue
        across = side in ("left", "right")
        length = box.width if across else box.height
        start = box.left + state.dx - sheet.left if across else box.top + state.dy - sheet.top
        soft = max(softness * length, 1.0)
        way = max(share, 0.0) * (length + soft)
        places = np.arange(alpha.shape[1 if across else 0], dtype=np.float32) + np.float32(0.5 - start)
        if side in ("right", "bottom"):
            places = np.float32(length) - places
        open_ = np.clip((np.float32(way) - places) / np.float32(soft), 0, 1)
        alpha = alpha * (open_[None, :] if across else open_[:, None])
    return sheet if alpha is sheet.alpha else Sheet(alpha, sheet.left, sheet.top)


def _clipped(sheet: Sheet, room: Bounds) -> Sheet:
    """Returns the part of a sheet that is in a room; one clear pixel where none is."""
    box = sheet.box
    left, top = max(box.left, room.left), max(box.top, room.top)
    right, bottom = min(box.right, room.right), min(box.bottom, room.bottom)
    if left >= right or top >= bottom:
        return Sheet(np.zeros((1, 1), np.float32), room.left, room.top)
    return Sheet(sheet.alpha[top - box.top : bottom - box.top, left - box.left : right - box.left], left, top)


def moved_box(part: MovingUnit, state: State) -> Bounds:
    """Returns the box of a unit's ink in a state, in whole pixels outwards."""
    box, (x, y), soft = part.sprite.box, part.centre, 2 * state.blur
    moved = Bounds(
        math.floor((box.left - x) * state.scale + x + state.dx - soft),
        math.floor((box.top - y) * state.scale + y + state.dy - soft),
        math.ceil((box.right - x) * state.scale + x + state.dx + soft),
        math.ceil((box.bottom - y) * state.scale + y + state.dy + soft),
    )
    if not state.clip:
        return moved
    room = part.room
    return Bounds(
        max(moved.left, room.left), max(moved.top, room.top), min(moved.right, room.right),
        min(moved.bottom, room.bottom),
    )  # fmt: skip


def way(part: MovingUnit, a: State, b: State) -> float:
    """Returns how many pixels the part of a unit that moves most moves between two states."""
    box = part.sprite.box
    return (
        math.hypot(b.dx - a.dx, b.dy - a.dy) + abs(b.scale - a.scale) * math.hypot(box.width, box.height) / 2
    )
