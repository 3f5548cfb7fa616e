"""Makes a deliverable's stills: its contact sheet, and each shot before and after, with what was done to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image

from post.measure.match import frames_of, open_any
from post.picture.display.convert import convert_colour, shown_as_it_is
from post.plan.shots import source_frames
from post.report.contact_sheet import Still, film_picture, pack_still, sheet_frames
from post.report.scopes import draw_scopes
from post.report.shot_words import (
    Outline,
    StageRow,
    outline_of,
    source_words,
    speed_words,
    stage_rows,
    window_at,
    window_words,
)
from post.takes.still import read_stills
from post.values import BT709, Colour, File, Matched, Rendition, Shot, Span
from post.values.array import Array
from post.values.timecode import timecode

# Pixels of a still: a contact sheet shows them about 200 wide, a pair about 500, on screens of any density.
SHEET_AREA, PAIR_AREA = 320 * 180, 640 * 360


@dataclass(frozen=True, slots=True)
class Thumb:
    """One frame of a contact sheet. at: its timecode; shot: the name of its shot."""

    still: Still
    at: str
    shot: str


@dataclass(frozen=True, slots=True)
class ScopedStill:
    """A picture to compare, with its waveform and its vectorscope."""

    still: Still
    scopes: Still


@dataclass(frozen=True, slots=True)
class MatchReference:
    """What a shot was matched to, and the decision. view: None where the reference is not shown."""

    reference: str
    view: ScopedStill | None
    decided: str
    why: str


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """One shot before and after. outline: None where the whole source was used; match: None where the job
    does not match it to anything."""

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
    match: MatchReference | None
    stages: tuple[StageRow, ...]


@dataclass(frozen=True, slots=True)
class FilmStills:
    """A deliverable's stills: the contact sheet and a pair for each shot."""

    sheet: tuple[Thumb, ...]
    pairs: tuple[BeforeAfter, ...]


TakeStills = dict[tuple[File, int], ScopedStill]  # by file and frame on its grid


def film_stills(
    rendition: Rendition, path: Path, takes: TakeStills, matched: Sequence[Matched] = ()
) -> FilmStills:
    """Decodes the stills of the page, from the finished film at `path` and from the takes.

    takes: stills of takes that were made before; new ones are added, so that deliverables of one cut decode
    their takes once; matched: the decisions on shots that the job matches.
    Raises SourceError where a file can no longer be read.
    """
    film = rendition.format
    # Key frames decode alone: frames between them took a tenth of a film's CPU seconds.
    keys = [place.first for place in rendition.places]
    chosen = [_nearest(keys, span, span.first) for span in _undisturbed(rendition.shots)]
    thumbs = _on_keys(keys, _shares(rendition), film.clock.rate)
    picture = film_picture(film, rendition.segments[0].encoder.codec)
    small, large = dict[int, Still](), dict[int, ScopedStill]()
    for number, image in read_stills(path, picture, [*thumbs, *chosen], PAIR_AREA):
        small |= {number: pack_still(image, SHEET_AREA)} if number in thumbs else {}
        large |= {number: _scoped(image)} if number in chosen else {}
    _read_takes(rendition, chosen, takes)
    sheet = tuple(Thumb(small[n], timecode(n, film.clock.rate), _shot_at(rendition, n)) for n in thumbs)
    after = {shot.name: large[number] for shot, number in zip(rendition.shots, chosen, strict=True)}
    references = {each.shot: _reference(each, after, takes) for each in matched}
    pairs = [
        _pair(
            rendition,
            (shot, number),
            (takes[_source(shot, number)], large[number]),
            references.get(shot.name),
        )
        for shot, number in zip(rendition.shots, chosen, strict=True)
    ]
    return FilmStills(sheet, tuple(pairs))


def _shares(rendition: Rendition) -> list[Span]:
    """Returns the film's frames divided among its shots: a transition belongs to the incoming shot."""
    firsts = [*(shot.span.first for shot in rendition.shots), rendition.format.length]
    return [Span(first, stop) for first, stop in pairwise(firsts) if stop > first]


def _undisturbed(shots: Sequence[Shot]) -> Iterator[Span]:
    """Yields the frames where each shot is seen alone; all its frames where there are none."""
    following = [*(shot.transition for shot in shots[1:]), shots[-1].ending]
    for shot, leaving in zip(shots, following, strict=True):
        first, stop = shot.span.first + shot.transition, shot.span.stop - leaving
        yield Span(first, stop) if first < stop else shot.span


def _on_keys(keys: Sequence[int], shots: Sequence[Span], rate: Fraction) -> list[int]:
    """Returns the frames of a contact sheet, each moved to the nearest key frame of its shot."""
    chosen = [
        _nearest(keys, span, frame) for frame in sheet_frames(shots, rate) for span in shots if frame in span
    ]
    return sorted(set(chosen))


def _nearest(keys: Sequence[int], span: Span, frame: int) -> int:
    """Returns the key frame in a span nearest to a frame; the frame itself where there is none."""
    return min((key for key in keys if key in span), key=lambda key: abs(key - frame), default=frame)


def _shot_at(rendition: Rendition, frame: int) -> str:
    return next(shot.name for shot in reversed(rendition.shots) if frame in shot.span)


def _source(shot: Shot, frame: int) -> tuple[File, int]:
    """Returns the source frame that a film frame shows (of two that are mixed, the stronger one)."""
    number, weight = source_frames(shot, Span(frame, frame + 1))[0]
    return shot.take.file, number + (1 if weight * 2 > 1 else 0)


def _read_takes(rendition: Rendition, chosen: Sequence[int], stills: TakeStills) -> None:
    wanted: dict[File, set[int]] = {}
    takes = {shot.take.file: shot.take for shot in rendition.shots}
    for shot, number in zip(rendition.shots, chosen, strict=True):
        file, frame = _source(shot, number)
        if (file, frame) not in stills:
            wanted.setdefault(file, set()).add(frame)
    for file, frames in wanted.items():
        picture = takes[file].picture
        convert = None if shown_as_it_is(picture.colour, BT709) else _as_bt709
        read = read_stills(file.here, picture, frames, PAIR_AREA, convert)
        stills |= {(file, frame): _scoped(image) for frame, image in read}


def _as_bt709(rgb: Array, colour: Colour) -> Array:
    return convert_colour(rgb, colour, BT709)


def _reference(decision: Matched, after: Mapping[str, ScopedStill], takes: TakeStills) -> MatchReference:
    """Returns a decision with its reference: a shot as it is in this film, or a file as it is."""
    decided = (
        "left as it was" if decision.call is None else f"by {decision.method}, {decision.strength:.0%} of it"
    )
    guards = f", held by {', '.join(decision.guards)}" if decision.guards else ""
    asked = ": refused as unsure, made because the job asks for it" if decision.forced else ""
    words = f"{decided}, {decision.confidence:.0%} sure{asked}{guards}"
    if decision.file is None:
        return MatchReference(decision.reference, after.get(decision.reference), words, decision.why)
    place = (decision.file, 0)
    if place not in takes:
        rgb = frames_of(open_any(decision.file.here))[0]
        takes[place] = _scoped(Image.fromarray(np.rint(rgb * 255).astype(np.uint8)))
    return MatchReference(decision.reference, takes[place], words, decision.why)


def _scoped(image: Image.Image) -> ScopedStill:
    return ScopedStill(pack_still(image), pack_still(draw_scopes(image)))


def _pair(
    rendition: Rendition,
    shown: tuple[Shot, int],
    views: tuple[ScopedStill, ScopedStill],
    match: MatchReference | None,
) -> BeforeAfter:
    """Returns one row of the page. shown: a shot, and the film frame that shows it; views: before, after."""
    clock, (shot, frame) = rendition.format.clock, shown
    window = window_at(rendition, shot, frame)
    return BeforeAfter(
        shot=shot.name,
        take=shot.take.file.name or shot.take.name,
        span=f"{timecode(shot.span.first, clock.rate)} – {timecode(shot.span.stop, clock.rate)}",
        at=timecode(frame, clock.rate),
        source=source_words(shot, frame),
        speed=speed_words(shot.time, clock),
        sampling=shot.sampling,
        window=window_words(window),
        outline=outline_of(window),
        before=views[0],
        after=views[1],
        match=match,
        stages=tuple(stage_rows(rendition, shot)),
    )
