"""Reads the frames of animations (GIF, WebP, APNG, AVIF) and the times at which they are shown.

Times are read as browsers read them: a frame that asks for 10 ms or less is shown for 100. How often an animation asks
to be repeated is not used: a shot repeats it for as long as the shot lasts.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from post.takes.stills.decode import refuse_hdr
from post.takes.stills.pixels import ORIENTATION, Pixels, pixels_of, still_errors, upright
from post.takes.stills.still_file import check_size, open_frames
from post.takes.timing import Grid, choose_grid
from post.values.time import Clock, round_half_up
from post.watchdog import watched

if TYPE_CHECKING:
    from PIL.Image import Image

ANIMATED = ("GIF", "WEBP", "PNG", "AVIF")
MOST_FRAMES = 10_000
# Pixels of all frames together, a minute or two of decoding: 40 s at 25 frames a second in 2048x1152.
MOST_PIXELS_IN_ALL = 2_400_000_000
TICK = Fraction(1, 1000)  # seconds: formats count milliseconds, or less finely
TOO_SHORT_MS, INSTEAD_MS = 10, 100  # what browsers make of a frame shown for next to no time
LONGEST_MS = 24 * 3600 * 1000  # as of a clip
FINEST = Fraction(60)  # frames a second of an animation that is not steady, where no film sets another rate


@dataclass(frozen=True, slots=True)
class AnimationTimes:
    """When the frames of an animation are shown. durations_ms: how long each is; corrected: how many asked for next
    to no time; plays: how often it asks to be played, 0 for without end, None where it does not say."""

    durations_ms: tuple[int, ...]
    corrected: int
    plays: int | None

    @property
    def stamps(self) -> tuple[int, ...]:
        """When each frame comes, in ticks."""
        return (0, *accumulate(self.durations_ms[:-1]))

    def grid(self, clock: Clock | None) -> Grid:
        """Returns the constant grid over the frames: their own rate if they are steady, else the film's.

        clock: the film's; None where there is none, as for `measure`: the grid is then as fine as the shortest frame.
        """
        own = choose_grid(self.stamps, self.durations_ms[-1], TICK)
        if not own.variable:
            return own
        shortest = Fraction(1000, min(self.durations_ms))
        rate = clock.rate if clock else min(Fraction(round_half_up(shortest)) or Fraction(1), FINEST)
        length = max(1, round_half_up(sum(self.durations_ms) * TICK * rate))
        return replace(own, clock=Clock(rate), length=length)


class AnimationFrames:
    """Reads an animation's frames in rising order, cheapest one after the other; a context manager."""

    def __init__(self, path: Path) -> None:
        """Raises SourceError where it cannot be opened."""
        self._path = path
        self._begin()

    def _begin(self) -> None:
        self._at = -1
        with still_errors(self._path.name, str(self._path)), ExitStack() as opening:
            file = opening.enter_context(self._path.open("rb"))
            self._image = opening.enter_context(open_frames(file, self._path.name, ANIMATED))
            refuse_hdr(file, self._image.format or "")
            self._open = opening.pop_all()

    def __enter__(self) -> AnimationFrames:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self._open.close()

    @property
    def _apart(self) -> int:
        """How many pictures come before its frames: one of an APNG is for viewers that show no animation."""
        return int(getattr(self._image, "default_image", False))

    @property
    def count(self) -> int:
        """How many frames it says that it has."""
        with still_errors(self._path.name), watched(self._path.name):
            return int(getattr(self._image, "n_frames", 1)) - self._apart

    @property
    def area(self) -> int:
        """How many pixels a frame has, as the head says."""
        return self._image.width * self._image.height

    def image(self, number: int) -> Image:
        """Returns the image, at frame `number`, decoded. Raises SourceError where it cannot be."""
        if number < self._at:
            # Pillow 13 counts the frames of an APNG wrongly once it went back to the first.
            self.close()
            self._begin()
        for each in range(self._at + 1, number + 1):
            self._seek(each)
        return self._image

    def pixels(self, number: int) -> Pixels:
        """Returns a frame, whole, upright and in sRGB."""
        image = self.image(number)
        with still_errors(self._path.name), watched(self._path.name):
            return upright(pixels_of(image), image.getexif().get(ORIENTATION, 1))

    def _seek(self, number: int) -> None:
        with still_errors(self._path.name), watched(self._path.name):
            self._image.seek(number + self._apart)
            self._image.load()
            check_size(*self._image.size)  # a frame of a GIF may reach past its first
        self._at = number


def read_times(path: Path) -> AnimationTimes:
    """Returns the times of an animation's frames; each is decoded, as what a frame says of its time lies in it.

    Raises SourceError where one cannot be decoded, and for too many frames or too long a time.
    """
    with AnimationFrames(path) as frames:
        count = frames.count
        with still_errors(path.name):
            if count > MOST_FRAMES:
                raise ValueError(f"{count} frames, of at most {MOST_FRAMES}")
            if count * frames.area > MOST_PIXELS_IN_ALL:
                most = MOST_PIXELS_IN_ALL // frames.area
                raise ValueError(f"{count} frames, of at most {most} in their size: export it as a clip")
        info: dict[Any, Any] = {}
        told = []
        for number in range(count):
            info = frames.image(number).info
            told.append(_milliseconds(info.get("duration", 0)))
        plays = info.get("loop")
    durations = tuple(INSTEAD_MS if each <= TOO_SHORT_MS else each for each in told)
    with still_errors(path.name):
        if sum(durations) > LONGEST_MS:
            raise ValueError(f"frames shown for {sum(durations) / 1000:.0f} s in all, of at most a day")
    corrected = sum(each <= TOO_SHORT_MS for each in told)
    return AnimationTimes(durations, corrected, plays if isinstance(plays, int) else None)


def _milliseconds(duration: Any) -> int:
    """Returns a frame's time. Pillow gives APNG's as a float."""
    exact = (
        Fraction(duration).limit_denominator(100_000) if isinstance(duration, int | float) else Fraction(0)
    )
    return max(round_half_up(exact), 0)
