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
from post.errors import JobError
from post.picture.lottie.composition import rewrite_composition
from post.picture.lottie.document import Document, read_document
from post.picture.lottie.player import Player, ThorVGError
from post.picture.lottie.reading import EXPORT, Reading
from post.values.array import Array
from post.values.media import File
from post.watchdog import watched

AFTER_END = ("hold", "loop", "stop")
NO_FONTS: Mapping[str, File] = MappingProxyType({})
NO_WORDS: Mapping[str, str] = MappingProxyType({})
MOST_MARKERS = 1000


@dataclass(frozen=True, slots=True)
class Marker:
    """A named part of an animation. first: its first frame; length: in frames; both exact, from the first frame."""

    name: str
    first: Fraction
    length: Fraction


@dataclass(frozen=True, slots=True)
class LottieAnimation:
    """An animation that is drawn as it was made: what cannot be drawn was refused when it was opened.

    name: the file's; width, height: in px, as it was made; rate: its frames a second; length: in frames, which need
    not be whole; markers: in the order of the file; text: what ThorVG reads.
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
        """How many whole frames it has, at its own rate."""
        return ceil(self.length)

    def position(
        self, seconds: Fraction, after_end: str = "hold", part: Marker | None = None
    ) -> Fraction | None:
        """Returns the frame that is shown so long after its start; None where it is over, or has not begun.

        The frame is exact: a film of another rate shows it between two of the animation's own frames.
        after_end: "hold" (its last frame), "loop" or "stop" (nothing); part: what is played, all of it by default.
        """
        first, length = (part.first, part.length) if part else (Fraction(0), self.length)
        at = seconds * self.rate
        if at < 0 or (after_end == "stop" and at >= length):
            return None
        if at < length:
            return first + at
        return first + (at % length if after_end == "loop" else Fraction(ceil(length) - 1))

    def marker(self, name: str, where: str) -> Marker:
        """Returns the part of that name. Raises JobError where there is none. where: what the error names."""
        for one in self.markers:
            if one.name == name:
                return one
        known = " | ".join(one.name for one in self.markers) or "none: the animation has no markers"
        raise JobError("no such marker", where=where, expected=known, got=repr(name))

    def draw(self, at: Fraction | int, width: int, height: int) -> Array:
        """Returns one picture, (height, width, 4) float32, 0..1, display-encoded, colour multiplied by alpha.

        at: in frames from its first, 0 or more and below `length`; width, height: in px, at least 1.
        """
        try:
            with watched(self.name):
                drawn = _player(self.text, width, height).draw(Fraction(at))
        except ThorVGError as fault:
            raise JobError(
                "the animation cannot be drawn", where=self.name, got=str(fault), fix=EXPORT
            ) from fault
        return drawn.astype(np.float32) / np.float32(255)


def open_lottie(
    path: Path,
    where: str,
    name: str = "",
    fonts: Mapping[str, File] = NO_FONTS,
    words: Mapping[str, str] = NO_WORDS,
) -> LottieAnimation:
    """Returns the animation of a file. Raises JobError where it is none, and Problems for all that cannot be drawn.

    where: what errors name, such as "brand.file"; name: the file's, for people; fonts: font files by family or full
    name, for text that the file has no outlines of; words: texts to show instead of its own, by layer name.
    """
    name = name or path.name
    document = read_document(path, where, name)
    slots = document.json.get("slots")
    reading = Reading(where, name, slots if isinstance(slots, dict) else {})
    made = rewrite_composition(reading, document, fonts, words)
    text = json.dumps(made.json, separators=(",", ":"), allow_nan=False).encode("ascii")
    animation = LottieAnimation(
        name,
        made.width,
        made.height,
        made.rate,
        made.length,
        _markers(reading, document, made.first, made.length),
        text,
    )
    animation.draw(0, 1, 1)  # raises where ThorVG does not read it
    return animation


def _markers(reading: Reading, document: Document, first: Fraction, length: Fraction) -> tuple[Marker, ...]:
    """Returns the markers that name a part of the animation: those with a length, cut to what there is."""
    found = []
    for row in reading.items(document.json.get("markers"), "markers")[:MOST_MARKERS]:
        given = [row.get("tm"), row.get("dr", 0)]
        if not isinstance(row.get("cm"), str) or not all(isinstance(part, int | float) for part in given):
            continue
        at, lasts = (Fraction(str(reading.number(part, "marker"))) for part in given)
        start, stop = max(at - first, Fraction(0)), min(at - first + lasts, length)
        if stop > start:
            found.append(Marker(row["cm"].strip(), start, stop - start))
    return tuple(found)


@per_thread(4)
def _player(text: bytes, width: int, height: int) -> Player:
    return Player(text, width, height)
