"""Opens a Lottie animation: its size and length, its place in time, and its pictures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from pathlib import Path
from types import MappingProxyType

import numpy as np

from post.caching import per_thread
from post.picture.lottie.document import rate_of, read_document
from post.picture.lottie.player import Player
from post.values.array import Array
from post.watchdog import watched

AFTER_END = ("hold", "loop", "stop")
NO_FONTS: Mapping[str, Path] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Marker:
    """A named part of an animation. first: its first frame; frames: its length; both of the animation, exact."""

    name: str
    first: Fraction
    frames: Fraction


@dataclass(frozen=True, slots=True)
class LottieAnimation:
    """An animation that ThorVG draws as it was made: what it lacks was refused when it was opened.

    name: the file's; width, height: in px, as it was made; rate: its frames a second; frames: how many pictures it has
    (its length is `length` frames, which need not be whole); markers: in the order of the file.
    """

    name: str
    width: int
    height: int
    rate: Fraction
    length: Fraction
    markers: tuple[Marker, ...] = ()
    text: bytes = field(default=b"", repr=False)

    @property
    def frames(self) -> int:
        return ceil(self.length)

    def position(self, seconds: Fraction, after_end: str = "hold") -> Fraction | None:
        """Returns the frame shown so long after its start; None where it is over, or has not begun.

        The frame is exact: a film of another rate shows it between two of the animation's own frames.
        after_end: "hold" (its last frame), "loop" or "stop" (nothing).
        """
        at = seconds * self.rate
        if at < 0:
            return None
        if at < self.length:
            return at
        if after_end == "loop":
            return at % self.length
        return None if after_end == "stop" else Fraction(self.frames - 1)

    def draw(self, at: Fraction | int, width: int, height: int) -> Array:
        """Returns one picture, (height, width, 4) float32, 0..1, display-encoded, colour multiplied by alpha.

        at: in frames from its first, 0 or more and below `length`; width, height: in px, at least 1.
        """
        with watched(self.name):
            drawn = _player(self.text, width, height).draw(Fraction(at))
        return drawn.astype(np.float32) / np.float32(255)


def open_lottie(
    path: Path,
    where: str,
    name: str = "",
    fonts: Mapping[str, Path] = NO_FONTS,  # noqa: ARG001  not yet
) -> LottieAnimation:
    """Returns the animation of a file. Raises JobError where it is none, or holds what cannot be drawn.

    where: what errors name, such as "brand.file"; name: the file's, for people; fonts: the font files that its text
    may be set in, by family or full name.
    """
    name = name or path.name
    document = read_document(path, where, name)
    first, stop = (Fraction(str(document[key])) for key in ("ip", "op"))
    return LottieAnimation(
        name, int(document["w"]), int(document["h"]), rate_of(document, where, name), stop - first,
        text=json.dumps(document).encode(),
    )  # fmt: skip


@per_thread(4)
def _player(text: bytes, width: int, height: int) -> Player:
    return Player(text, width, height)
