"""A deliverable to look at: its contact sheet, and each shot before and after, with what was done to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image

from post.knob import knobs_of
from post.measure.match import frames_of, open_any
from post.plan.shots import source_frames
from post.report.contact_sheet import Still, film_picture, images, sheet_frames, still, timecode
from post.report.scopes import scopes
from post.stage import find, open_call
from post.values import Clock, File, Matched, Placed, Rendition, Shot, Span, StageCall, TimeMap, Window

# Pixels of a still: a contact sheet shows them about 200 wide, a pair about 500, on screens of any density.
SHEET_AREA, PAIR_AREA = 320 * 180, 640 * 360
MOST_SAID, LONGEST_SAID = 12, 400  # numbers, letters of one knob
# What is done to a whole film beside its picture: said with the film, not with every shot.
NOT_OF_A_SHOT = ("sound", "encode")


@dataclass(frozen=True, slots=True)
class Thumb:
    """One frame of a contact sheet."""

    still: Still
    at: str
    shot: str


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage at work on a shot. action: what it is declared as; knobs: those that were set."""

    stage: str
    action: str
    knobs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """The part of a source that was used, in percent of what is shown of it."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class ScopedStill:
    """A picture to compare, and how it stands on a waveform monitor and a vectorscope."""

    still: Still
    scopes: Still


@dataclass(frozen=True, slots=True)
class MatchReference:
    """What a shot was matched to, and how that went. view: None where the reference is not to be seen."""

    reference: str
    view: ScopedStill | None
    decided: str
    why: str


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """One shot before and after. outline: None where the whole source was used; aim: None where it was not
    to be matched to anything."""

    shot: str
    take: str
    span: str
    at: str
    source: str
    speed: str
    sampling: str
    window: str
    outline: Outline | None
    before: ScopedStill
    after: ScopedStill
    aim: MatchReference | None
    done: tuple[StageRow, ...]


@dataclass(frozen=True, slots=True)
class FilmStills:
    """A deliverable's stills: the contact sheet and a pair for each shot."""

    sheet: tuple[Thumb, ...]
    pairs: tuple[BeforeAfter, ...]


TakeStills = dict[tuple[File, int], ScopedStill]


def film_stills(
    version: Rendition, path: Path, sources: TakeStills, matched: Sequence[Matched] = ()
) -> FilmStills:
    """Decode what people look at, from the finished file and from the takes.

    sources: views of takes already made, by file and frame on its grid; filled further here, so that
    versions of one cut decode their takes once; matched: what was decided of shots that were to be matched.
    """
    film = version.format
    # Key frames decode alone: frames between them took a tenth of a film's CPU seconds.
    keys = [segment.span.first for segment in version.segments]
    shown = [_nearest(keys, span, span.first) for span in _alone(version.shots)]
    thumbs = _on_keys(keys, _owned(version), film.clock.rate)
    picture = film_picture(film, version.segments[0].encoder.codec)
    small, large = dict[int, Still](), dict[int, ScopedStill]()
    for number, image in images(path, picture, [*thumbs, *shown], PAIR_AREA):
        small |= {number: still(image, SHEET_AREA)} if number in thumbs else {}
        large |= {number: _view(image)} if number in shown else {}
    _read_sources(version, shown, sources)
    sheet = tuple(Thumb(small[n], timecode(n, film.clock.rate), _shot_at(version, n)) for n in thumbs)
    after = {shot.name: large[number] for shot, number in zip(version.shots, shown, strict=True)}
    aims = {each.shot: _aim(each, after, sources) for each in matched}
    pairs = [
        _pair(version, shot, number, (sources[_source(shot, number)], large[number], aims.get(shot.name)))
        for shot, number in zip(version.shots, shown, strict=True)
    ]
    return FilmStills(sheet, tuple(pairs))


def _owned(version: Rendition) -> list[Span]:
    """The film shared out among its shots: a transition is the incoming shot's."""
    firsts = [*(shot.span.first for shot in version.shots), version.format.length]
    return [Span(first, stop) for first, stop in pairwise(firsts) if stop > first]


def _alone(shots: Sequence[Shot]) -> Iterator[Span]:
    """Where each shot is seen without another; all of it where that is nowhere."""
    following = [*(shot.transition for shot in shots[1:]), 0]
    for shot, leaving in zip(shots, following, strict=True):
        first, stop = shot.span.first + shot.transition, shot.span.stop - leaving
        yield Span(first, stop) if first < stop else shot.span


def _on_keys(keys: Sequence[int], shots: Sequence[Span], rate: Fraction) -> list[int]:
    """The frames of a contact sheet, each moved to the key frame of its shot that is nearest."""
    chosen = [
        _nearest(keys, span, frame) for frame in sheet_frames(shots, rate) for span in shots if frame in span
    ]
    return sorted(set(chosen))


def _nearest(keys: Sequence[int], span: Span, frame: int) -> int:
    """The key frame inside a span that is nearest to a frame; the frame itself where there is none."""
    return min((key for key in keys if key in span), key=lambda key: abs(key - frame), default=frame)


def _shot_at(version: Rendition, frame: int) -> str:
    return next(shot.name for shot in reversed(version.shots) if frame in shot.span)


def _source(shot: Shot, frame: int) -> tuple[File, int]:
    """The source frame a film frame shows, or shows most of."""
    number, weight = source_frames(shot, Span(frame, frame + 1))[0]
    return shot.take.file, number + (1 if weight * 2 > 1 else 0)


def _read_sources(version: Rendition, shown: Sequence[int], sources: TakeStills) -> None:
    wanted: dict[File, set[int]] = {}
    takes = {shot.take.file: shot.take for shot in version.shots}
    for shot, number in zip(version.shots, shown, strict=True):
        file, frame = _source(shot, number)
        if (file, frame) not in sources:
            wanted.setdefault(file, set()).add(frame)
    for file, frames in wanted.items():
        read = images(file.here, takes[file].picture, frames, PAIR_AREA)
        sources |= {(file, frame): _view(image) for frame, image in read}


def _aim(found: Matched, after: Mapping[str, ScopedStill], sources: TakeStills) -> MatchReference:
    """A shot's reference as it stands in this film; a file's as it is."""
    decided = "left as it was" if found.call is None else f"by {found.method}, {found.strength:.0%} of it"
    guards = f", held by {', '.join(found.guards)}" if found.guards else ""
    said = f"{decided}, {found.confidence:.0%} sure{guards}"
    if found.file is None:
        return MatchReference(found.reference, after.get(found.reference), said, found.why)
    place = (found.file, 0)
    if place not in sources:
        rgb = frames_of(open_any(found.file.here))[0]
        sources[place] = _view(Image.fromarray(np.rint(rgb * 255).astype(np.uint8)))
    return MatchReference(found.reference, sources[place], said, found.why)


def _view(image: Image.Image) -> ScopedStill:
    return ScopedStill(still(image), still(scopes(image)))


def _pair(
    version: Rendition, shot: Shot, frame: int, views: tuple[ScopedStill, ScopedStill, MatchReference | None]
) -> BeforeAfter:
    clock = version.format.clock
    window = _window(version, shot, frame)
    return BeforeAfter(
        shot=shot.name,
        take=shot.take.file.name or shot.take.name,
        span=f"{timecode(shot.span.first, clock.rate)} – {timecode(shot.span.stop, clock.rate)}",
        at=timecode(frame, clock.rate),
        source=_source_words(shot, frame),
        speed=speed_words(shot.time, clock),
        sampling=shot.sampling,
        window=window_words(window),
        outline=_outline(window),
        before=views[0],
        after=views[1],
        aim=views[2],
        done=tuple(_done(version, shot)),
    )


def _source_words(shot: Shot, frame: int) -> str:
    number, weight = source_frames(shot, Span(frame, frame + 1))[0]
    grid = shot.take.picture
    said = f"frame {number} of {grid.length} at {float(grid.grid.seconds(number)):.2f} s"
    return said if not weight else f"{said}, and {float(weight):.0%} of the frame after it"


def speed_words(time: TimeMap, clock: Clock) -> str:
    """A shot's speed, or the keys it goes through by the shot's own time."""
    if time.constant is not None:
        return f"{float(time.constant):g}×"
    keys = [f"{float(key.speed):g}× at {float(clock.seconds(key.at)):.2f} s" for key in time.keys]
    eases = sorted({key.ease for key in time.keys[:-1]})
    return f"{', '.join(keys)} ({' and '.join(eases)})"


def window_words(window: Window) -> str:
    """Which part of its source a shot shows."""
    sides = (window.left, window.top, window.width, window.height)
    left, top, width, height = (float(share) * 100 for share in sides)
    if (left, top, width, height) == (0, 0, 100, 100):
        return "the whole source"
    bars = ", with bars where that is more than there is" if width > 100 or height > 100 else ""
    size = f"{_short(width)} % of its width and {_short(height)} % of its height"
    return f"{size}, from {_short(left)} % off its left and {_short(top)} % off its top{bars}"


def _short(percent: float) -> str:
    return f"{percent:.1f}".removesuffix(".0")


def _outline(window: Window) -> Outline | None:
    """The window inside its source, which is all that can be drawn on it."""
    left, top = max(float(window.left), 0.0), max(float(window.top), 0.0)
    right = min(float(window.left + window.width), 1.0)
    bottom = min(float(window.top + window.height), 1.0)
    if (left, top, right, bottom) == (0, 0, 1, 1):
        return None
    shares = (left, top, right - left, bottom - top)
    return Outline(*(round(share * 100, 3) for share in shares))


def _window(version: Rendition, shot: Shot, frame: int) -> Window:
    """The window its segment used: under a transition, that of the clip which shows the shot's own frame."""
    wanted = source_frames(shot, Span(frame, frame + 1))[0]
    segment = next(segment for segment in version.segments if frame in segment.span)
    showing = [reading for reading in segment.readings if frame in reading.span]
    return next(
        reading.window
        for reading in showing
        if reading.file == shot.take.file and reading.frames[frame - reading.span.first] == wanted
    )


def _done(version: Rendition, shot: Shot) -> Iterator[StageRow]:
    for placed in version.placed:
        if not _touches(placed, shot):
            continue
        action = open_call(placed.call).declare(placed.span)
        if action is not None:
            yield StageRow(placed.call.stage, action.name, _knobs(placed.call))


def _touches(placed: Placed, shot: Shot) -> bool:
    if placed.shot:
        return placed.shot == shot.name
    return placed.span.meets(shot.span) and find(placed.call.stage).does not in NOT_OF_A_SHOT


def _knobs(call: StageCall) -> tuple[tuple[str, str], ...]:
    """The knobs that are not at their defaults: the table of actions has them all."""
    kind = find(call.stage)
    defaults = {f.name: f.default for f in fields(kind)}  # type: ignore[arg-type]  # a dataclass once declared
    known = knobs_of(kind)
    return tuple(
        (name, _said(value, known[name].unit)) for name, value in call.knobs if value != defaults[name]
    )


def _said(value: object, unit: str) -> str:
    if isinstance(value, File):
        return value.name or value.sha256[:12]
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        more = f" and {len(value) - MOST_SAID} more" if len(value) > MOST_SAID else ""
        return " ".join(_said(part, "") for part in value[:MOST_SAID]) + more
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return f"{text} {unit}".rstrip() if len(text) <= LONGEST_SAID else f"{len(text)} characters"
