"""Draws the frames of a Lottie animation by ThorVG, on one thread at a time.

ThorVG keeps state of its own for the whole process, so every call into it holds one lock. A frame depends on the
animation, its time and its size alone: not on the frames that were drawn before.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor
from threading import Lock
from typing import Any

import numpy as np

from post.caching import shared
from post.values.array import Array

_LOCK = Lock()
SUCCESS = 0
UNCHANGED = 2  # the frame that is asked for is the one that it shows
# ThorVG draws nothing new for a time within 0.0009 of a frame of the one that it shows. Steps of time are wider than
# that, so that no picture depends on the one drawn before.
STEPS = 500


class ThorVGError(Exception):
    """ThorVG refused a call. Its text is the name of the call."""


class Player:
    """One animation, ready to be drawn at one size."""

    def __init__(self, text: bytes, width: int, height: int) -> None:
        """Raises ThorVGError where ThorVG cannot read it. text: Lottie JSON; width, height: of the pictures, in px."""
        self.width, self.height = width, height
        with _LOCK:
            thorvg = _thorvg()
            self._animation = thorvg.LottieAnimation()
            picture = self._animation.get_picture()
            _check(picture.load_data(text, "lottie+json", "", True), "load")
            _check(picture.set_size(width, height), "set_size")
            self._canvas = thorvg.SwCanvas(width, height, int(thorvg.Colorspace.ABGR8888))
            _check(self._canvas.add(picture), "add")

    def draw(self, at: Fraction) -> Array:
        """Returns the picture at a time, (height, width, 4) uint8, colour multiplied by alpha.

        at: in frames of the animation, from its first one; drawn at the last step of 1/STEPS at or before it. Raises
        ThorVGError.
        """
        with _LOCK:
            moved = int(self._animation.set_frame(floor(at * STEPS) / STEPS))
            if moved not in (SUCCESS, UNCHANGED):
                raise ThorVGError("set_frame")
            _check(self._canvas.update(), "update")
            _check(self._canvas.draw(True), "draw")
            _check(self._canvas.sync(), "sync")
            rows = np.frombuffer(self._canvas, np.uint8).reshape(self.height, -1, 4)
            return rows[:, : self.width].copy()


def _check(result: Any, call: str) -> None:
    if int(result) != SUCCESS:
        raise ThorVGError(call)


@shared(None)
def _engine() -> Any:
    """Returns ThorVG's engine without threads of its own; it must live as long as any animation."""
    import thorvg_cython

    return thorvg_cython.Engine(0)


def _thorvg() -> Any:
    import thorvg_cython

    _engine()
    return thorvg_cython
