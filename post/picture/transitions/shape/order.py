"""Transitions by an edge that moves over the frame: each says when each sample turns, and the rest is done here."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np

from post.caching import shared
from post.knob import knob
from post.picture.transitions.picture_transition import Moment, PictureTransition
from post.picture.transitions.tools.ease import EASE, EASES, eased
from post.picture.transitions.tools.mixing import colour_codes, mix_masked, plain_picture
from post.stage import Planes16
from post.values.array import Array

NARROWEST = 1e-4  # of an edge, in shares of the way: where neighbours turn at once, so do all
STEEPEST = 0.02  # of an order, in shares a sample: in the middle of a clock all angles meet


@dataclass(frozen=True, slots=True)
class Order:
    """When each sample turns, share of the way 0..1: (height, width) float32; and by how much it differs from the
    next sample's, which is the width of an edge without stairs."""

    when: Array
    slope: Array


@dataclass(frozen=True, kw_only=True)
class OrderTransition(PictureTransition):
    """A transition whose edge moves over the frame, soft or sharp, with a border or without."""

    softness: float = knob(default=0.0, lo=0, hi=100, unit="%", doc="of the edge, in % of the whole way")
    border: float = knob(
        default=0.0,
        lo=0,
        hi=20,
        unit="%",
        doc="width of a coloured line along the edge, of the frame's height",
    )
    border_colour: str = knob(default="#ffffff", kind="hex", doc="of that line, as a display shows it")
    reverse: bool = knob(default=False, doc="true turns the direction round")
    ease: str = knob(default="smooth", choices=EASES, doc=EASE)

    @abstractmethod
    def when(self, height: int, width: int) -> Array:
        """Returns when each sample turns to the incoming shot: (height, width) float32, 0 first, 1 last."""

    def mix(self, going: Planes16, coming: Planes16, moment: Moment) -> Planes16:
        """Returns the outgoing picture, the border and the incoming picture, each on its side of the edge."""
        order = _order(self, *going[0].shape)
        share = eased(moment.share, self.ease)
        wide = self.border / 100 * going[0].shape[0]
        if wide <= 0:
            return mix_masked(going, coming, self._mask(order, share, 0.0, 0.0))
        line = plain_picture(colour_codes(self.border_colour, moment.film.colour), going)
        under = mix_masked(going, line, self._mask(order, share, wide, 0.0))
        return mix_masked(under, coming, self._mask(order, share, wide, wide))

    def _mask(self, order: Order, share: float, border: float, behind: float) -> Array:
        """Returns the incoming shot's mask, `behind` samples behind the edge. border: the whole line's width."""
        soft = self.softness / 100
        # At a share of 0 nothing has turned, at 1 all of it, borders and soft edges too.
        steepest = float(order.slope.max())
        way = 1 + soft + steepest * (1 + border) + NARROWEST
        mask = share * way - order.when
        if behind:
            mask -= np.float32(behind) * order.slope
        mask /= np.maximum(np.float32(soft) + order.slope, np.float32(NARROWEST))
        np.clip(mask, 0, 1, out=mask)
        if soft:
            mask *= mask * (np.float32(3) - np.float32(2) * mask)
        return np.asarray(mask, np.float32)


# Two, for a worker's two threads: one takes 66 MB at 2160p.
@shared(2)
def _order(made: OrderTransition, height: int, width: int) -> Order:
    when = made.when(height, width).astype(np.float32)
    when = np.float32(1) - when if made.reverse else when
    return Order(when, _slope(when))


def _slope(when: Array) -> Array:
    """Returns by how much neighbours differ, at most: where an order jumps, the side that does not jump counts."""
    steps = []
    for axis in (0, 1):
        change = np.abs(np.diff(when, axis=axis))
        pads = [((1, 0), (0, 0)), ((0, 1), (0, 0))] if axis == 0 else [((0, 0), (1, 0)), ((0, 0), (0, 1))]
        before, after = (np.pad(change, pad, mode="edge") for pad in pads)
        steps.append(np.minimum(before, after))
    return np.asarray(np.minimum(np.hypot(*steps), STEEPEST), np.float32)


def grid(height: int, width: int) -> tuple[Array, Array]:
    """Returns the places of samples as shares of the frame, x of (1, width) and y of (height, 1), float32, 0..1."""
    x = (np.arange(width, dtype=np.float32) + np.float32(0.5)) / np.float32(width)
    y = (np.arange(height, dtype=np.float32) + np.float32(0.5)) / np.float32(height)
    return x[None, :], y[:, None]


def stretched(order: Array) -> Array:
    """Returns an order that begins at 0 and ends at 1."""
    low, high = order.min(), order.max()
    return np.asarray((order - low) / max(high - low, np.float32(1e-9)), np.float32)
