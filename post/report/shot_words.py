"""Describes a shot in words: which source frame, which speed, which part of the picture, which stages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from post.knob import knobs_of
from post.plan.shots import source_frames
from post.stage import find, open_call
from post.values import Clock, Placed, Rendition, Shot, Span, StageCall, TimeMap, Window
from post.values.short_text import short_text

MOST_VALUES, LONGEST_VALUE = 12, 400  # numbers, letters of one knob
# Stages beside the picture: they are listed with the film, not with every shot.
NOT_OF_A_SHOT = ("sound", "encode")


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage on a shot. action: what it is declared as; knobs: those that are not at their defaults, as
    (name, value)."""

    stage: str
    action: str
    knobs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """The part of a source that was used, in percent of its shown picture."""

    left: float
    top: float
    width: float
    height: float


def source_words(shot: Shot, frame: int) -> str:
    """Names the source frames that a film frame shows."""
    number, weight = source_frames(shot, Span(frame, frame + 1))[0]
    grid = shot.take.picture
    if grid.stands_still:
        return "a still" if grid.kind == "still" else f"made here: {grid.codec}"
    words = f"frame {number} of {grid.length} at {float(grid.grid.seconds(number)):.2f} s"
    return words if not weight else f"{words}, and {float(weight):.0%} of the frame after it"


def speed_words(time: TimeMap, clock: Clock) -> str:
    """Names a shot's speed, or its speed keys by the shot's own time."""
    if time.constant is not None:
        return f"{float(time.constant):g}×"
    keys = [f"{float(key.speed):g}× at {float(clock.seconds(key.at)):.2f} s" for key in time.keys]
    eases = sorted({key.ease for key in time.keys[1:]})
    speeds = f"{', '.join(keys)} ({' and '.join(eases)})" if eases else f"{float(time.keys[0].speed):g}×"
    held = "" if time.held is None else f", held from {float(clock.seconds(time.held)):.2f} s on"
    return f"{speeds}{held}"


def window_words(window: Window) -> str:
    """Names the part of its source that a shot shows."""
    sides = (window.left, window.top, window.width, window.height)
    left, top, width, height = (float(share) * 100 for share in sides)
    if (left, top, width, height) == (0, 0, 100, 100):
        return "the whole source"
    bars = ", with bars where the source ends" if width > 100 or height > 100 else ""
    size = f"{_percent(width)} % of its width and {_percent(height)} % of its height"
    return f"{size}, from {_percent(left)} % off its left and {_percent(top)} % off its top{bars}"


def _percent(share: float) -> str:
    return f"{share:.1f}".removesuffix(".0")


def outline_of(window: Window) -> Outline | None:
    """Returns the window clipped to its source; None where it is all of it."""
    left, top = max(float(window.left), 0.0), max(float(window.top), 0.0)
    right = min(float(window.left + window.width), 1.0)
    bottom = min(float(window.top + window.height), 1.0)
    if (left, top, right, bottom) == (0, 0, 1, 1):
        return None
    shares = (left, top, right - left, bottom - top)
    return Outline(*(round(share * 100, 3) for share in shares))


def window_at(rendition: Rendition, shot: Shot, frame: int) -> Window:
    """Returns the window that a shot's frame was made through; under a transition, the shot's own."""
    wanted = source_frames(shot, Span(frame, frame + 1))[0]
    segment = next(segment for segment in rendition.on_film if frame in segment.span)
    return next(
        clip.window_at(frame)
        for clip in segment.clips
        if frame in clip.span
        and clip.file == shot.take.file
        and clip.frames[frame - clip.span.first] == wanted
    )


def stage_rows(rendition: Rendition, shot: Shot) -> Iterator[StageRow]:
    """Yields every stage that works on a shot's picture and is declared, in house order."""
    for placed in rendition.placed:
        action = open_call(placed.call).declare(placed.span) if _touches(placed, shot) else None
        if action is not None:
            yield StageRow(placed.call.stage, action.name, _knobs(placed.call))


def _touches(placed: Placed, shot: Shot) -> bool:
    if placed.shot:
        return placed.shot == shot.name
    return placed.span.meets(shot.span) and find(placed.call.stage).does not in NOT_OF_A_SHOT


def _knobs(call: StageCall) -> tuple[tuple[str, str], ...]:
    """Returns the knobs that are not at their defaults; the table of actions has all of them."""
    kind = find(call.stage)
    defaults = {f.name: f.default for f in fields(kind)}  # type: ignore[arg-type]  # a dataclass once declared
    known = knobs_of(kind)
    return tuple(
        (name, _value(value, known[name].unit)) for name, value in call.knobs if value != defaults[name]
    )


def _value(value: object, unit: str) -> str:
    """Returns a knob's value in few words, with its unit if it is one number; of what is longer, its size."""
    if isinstance(value, tuple):
        more = f" and {len(value) - MOST_VALUES} more" if len(value) > MOST_VALUES else ""
        return short_text(value[:MOST_VALUES]) + more
    text = short_text(value)
    if len(text) > LONGEST_VALUE:
        return f"{len(text)} characters"
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{text} {unit}".rstrip() if number else text
