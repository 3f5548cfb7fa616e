"""Charges the processor time of one mix to its parts, each second to one part alone."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from unittest.mock import patch

from post.render.sound import codec
from post.sound.buses import Buses
from post.sound.dynamics.master import Master
from post.sound.mixdown.laying import Joins
from post.sound.tone import FilmTone

REST = "rest"
# The modules: their packages have functions of the same names.
make, mix_down, level = map(
    import_module, ("post.render.sound.make", "post.sound.mixdown.mix_down", "post.sound.level")
)
# (where a function is called by its name, that name, the part it belongs to).
CALLED: tuple[tuple[Any, str, str], ...] = (
    (make, "_read", "read"),
    (mix_down, "repair", "repair"),
    (mix_down, "_read", "resample"),
    (mix_down, "lay", "events"),
    (Joins, "lay", "joins"),
    (FilmTone, "learn", "tone"),
    (mix_down, "raise_clips", "raise speech"),
    (mix_down, "duck_buses", "duck"),
    (Buses, "total", "total"),
    (make, "loudness_goal", "find speech"),
    (level, "_Source", "meter the mix"),
    (level, "_towards", "search the limiter"),
    (level, "_encoded", "meter what decodes"),
    (codec, "encode_sound", "encode"),
)
# The same of those that give block after block.
ITERATED: tuple[tuple[Any, str, str], ...] = (
    (FilmTone, "fill", "tone"),
    (codec, "decode_blocks", "decode"),
    (Master, "blocks", "apply the gain"),
)


class PartTimer:
    """Processor seconds of the parts of a mix. A part that calls another is not charged for it."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.calls: defaultdict[str, int] = defaultdict(int)
        self._running, self._since = [REST], time.process_time()

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Charges what the block does to a part."""
        self._charge()
        self._running.append(name)
        try:
            yield
        finally:
            self._charge()
            self._running.pop()

    def _charge(self) -> None:
        now = time.process_time()
        self.seconds[self._running[-1]] += now - self._since
        self._since = now

    def called(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        """Returns a function whose time is charged to a part."""

        def timed(*args: Any, **named: Any) -> Any:
            self.calls[name] += 1
            with self.part(name):
                return function(*args, **named)

        return timed

    def iterated(self, function: Callable[..., Iterator[Any]], name: str) -> Callable[..., Iterator[Any]]:
        """Returns a generator function whose steps are charged to a part."""

        def timed(*args: Any, **named: Any) -> Iterator[Any]:
            steps = function(*args, **named)
            while True:
                with self.part(name):
                    try:
                        step = next(steps)
                    except StopIteration:
                        return
                yield step

        return timed


@contextmanager
def timed_parts(passes: int = 1) -> Iterator[PartTimer]:
    """Times the parts of what the block mixes. passes: 1, or 2 to refuse the first attempt of the loop."""
    timer, patches = PartTimer(), list[Any]()
    for rows, wrapped in ((CALLED, timer.called), (ITERATED, timer.iterated)):
        patches += [patch.object(home, name, wrapped(getattr(home, name), part)) for home, name, part in rows]
    if passes == 2:
        patches.append(patch.multiple(level, WITHIN_LU=-1.0, TRIPS=2))
    for each in patches:
        each.start()
    try:
        with timer.part(REST):
            yield timer
    finally:
        for each in patches:
            each.stop()
