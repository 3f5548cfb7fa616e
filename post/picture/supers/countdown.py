"""Countdown: a number that changes with every second."""

from __future__ import annotations

from dataclasses import fields, replace

from post.caching import per_thread
from post.knob import knob
from post.picture.title import Title
from post.picture.type.block import MOST_LETTERS
from post.picture.type.standing import seen_box
from post.stage import FlatRaster, Pose, Raster, Seen, stage
from post.values.colour import Format
from post.values.time import Clock

NUMBER = "{}"
MOST_SECONDS = 5999  # 99:59


@stage("countdown", version=1)
class Countdown(Title):
    """A title in which a number counts seconds. Each number is set by itself, at the same `place`."""

    text: str = knob(default=NUMBER, hi=MOST_LETTERS, doc="what it says; {} is the number")
    start: int = knob(default=10, lo=0, hi=MOST_SECONDS, doc="the number in its first second")
    count: str = knob(default="down", choices=("down", "up"), doc="which way it counts; down ends at 0")
    figures: str = knob(
        default="seconds", choices=("seconds", "minutes"), doc="how it is written: 75, or 1:15"
    )
    zero: str = knob(default="", hi=MOST_LETTERS, doc="what it says at 0, in place of the text")

    def draw(self, canvas: Format) -> Raster:
        """Returns it in its first second."""
        return _shown(self, self.start).draw(canvas)

    def draw_moment(self, canvas: Format, moment: tuple[int, ...]) -> Raster | FlatRaster:
        """Returns it at a moment: (the number, and what a title's own moment says)."""
        title = _shown(self, moment[0])
        return title.draw_moment(canvas, moment[1:]) if moment[1:] else _at_rest(title, canvas)

    def pose(self, frame: int, length: int, clock: Clock) -> Pose:
        number = self._number(frame, clock)
        own = _shown(self, number).pose(frame, length, clock)
        return replace(own, moment=(number, *(own.moment or ())))

    def seen_in(self, canvas: Format, frame: int, length: int) -> Seen:
        """Returns what is seen of the number of that frame: each has a box of its own. Raises what `draw` raises."""
        shown = _shown(self, self._number(frame, canvas.clock))
        seen = shown.seen_in(canvas, frame, length)
        if seen is not None:
            return seen
        box, share = seen_box(_at_rest(shown, canvas)), shown.pose(frame, length, canvas.clock).opacity
        return Seen(box.left, box.top, box.right, box.bottom, share / self.opacity)

    def _number(self, frame: int, clock: Clock) -> int:
        passed = int(clock.seconds(max(frame, 0)))
        return max(self.start - passed, 0) if self.count == "down" else self.start + passed


@per_thread(4)
def _shown(countdown: Countdown, number: int) -> Title:
    """Returns the title that shows a number: every frame of its second asks for it."""
    knobs = {each.name: getattr(countdown, each.name) for each in fields(Title)}
    written = str(number) if countdown.figures == "seconds" else f"{number // 60}:{number % 60:02}"
    ends = number == 0 and countdown.zero.strip()
    return Title(**knobs | {"text": countdown.zero if ends else countdown.text.replace(NUMBER, written)})


@per_thread(2)
def _at_rest(title: Title, canvas: Format) -> Raster:
    """Returns the title that shows a number, at rest: every frame of its second asks for it."""
    return title.draw(canvas)
