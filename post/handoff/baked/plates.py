"""Plans the plates of a cut: each shot by itself, as the film shows it before it is graded, with handles.

A plate has the shot's time, frames in between, repairs and framing. It has no match, look, effect, grain, transition or
title: those are an editor's and a grader's to make. Of the colour stages only a tone map stays: without it an HDR take
has no picture in the film's colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from post.picture.colour.tone_map import ToneMap
from post.picture.encode import Encode
from post.plan.between.shutter import exposures
from post.plan.shots import source_frames
from post.unused_name import unused_name
from post.values import ClipInSegment, Rendition, Segment, Shot, Span

CODED = Encode(codec="prores", profile="hq")  # every frame by itself, 10 bits, 4:2:2
CONTAINER, VERSION = "mov", "v1"
_UNSAFE = re.compile(r"[^\w.-]+")
LONGEST_NAME = 80  # letters of a file's name before its version


@dataclass(frozen=True, slots=True)
class ShotPlate:
    """One shot as a file. name: the file's, without its suffix; segment: what is made, from frame 0 on; before, after:
    frames that it has before the shot's first and after its last, those of its transitions being the shot's own."""

    name: str
    shot: Shot
    segment: Segment
    before: int
    after: int

    @property
    def frames(self) -> int:
        """All frames of the file."""
        return len(self.segment.span)


def plan_plates(rendition: Rendition, handles: int) -> tuple[ShotPlate, ...]:
    """Returns the plates of a whole rendition's shots, in order; none of a picture that is made here.

    handles: frames that are wanted before and after each shot; a shot has fewer where its take has no more.
    """
    names = _names([shot.name for shot in rendition.shots])
    return tuple(
        _plate(name, shot, rendition, handles)
        for name, shot in zip(names, rendition.shots, strict=True)
        if shot.take.picture.kind != "made"
    )


def _plate(name: str, shot: Shot, rendition: Rendition, handles: int) -> ShotPlate:
    before, after = (
        _reach(shot, range(-1, -1 - handles, -1)),
        _reach(shot, range(len(shot.span), len(shot.span) + handles)),
    )
    clip, segment = _as_filmed(shot, rendition)
    whole = Span(0, before + len(shot.span) + after)
    own = replace(shot, span=Span(before, before + len(shot.span)), transition=0, ending=0)
    beyond = replace(own, until=None)  # handles may show what the cut's `out` leaves out
    parts = ((beyond, Span(0, before)), (own, own.span), (beyond, Span(own.span.stop, whole.stop)))
    blurred = [exposures(each, part) or ((),) * len(part) for each, part in parts]
    made = replace(
        clip,
        span=whole,
        frames=tuple(place for each, part in parts for place in source_frames(each, part)),
        colour=tuple(call for call in clip.colour if call.stage == ToneMap.name),
        effects=(),
        seeds=(),
        shown_before=0,
        fade=(),
        grain=None,
        transition=None,
        ending=None,
        exposures=tuple(place for part in blurred for place in part) if any(map(any, blurred)) else (),
    )
    film = replace(segment.format, length=len(whole), depth=10, chroma="422")
    coded = CODED.settings(CONTAINER)
    return ShotPlate(name, shot, Segment(film, whole, (made,), (), coded, segment.toolchain), before, after)


def _reach(shot: Shot, offsets: Sequence[int]) -> int:
    """Returns for how many frames, counted from the shot's first, the take goes on."""
    picture = shot.take.picture
    if picture.stands_still:
        return len(offsets)
    for done, offset in enumerate(offsets):
        place = shot.time(offset)
        if place < 0 or (place >= picture.length and picture.after_end == "stops"):
            return done
    return len(offsets)


def _as_filmed(shot: Shot, rendition: Rendition) -> tuple[ClipInSegment, Segment]:
    """Returns how the film shows a shot: its clip in the first segment that it is seen in."""
    for segment in rendition.on_film:
        if not shot.span.meets(segment.span):
            continue
        seen = [each for each in rendition.shots if each.span.meets(segment.span)]
        return segment.clips[seen.index(shot)], segment
    raise ValueError(f"no segment shows {shot.name}")


def _names(shots: Sequence[str]) -> Iterator[str]:
    """Yields a file's name for each shot, which no system refuses and no other shot has, in any case of letters."""
    taken = set[str]()
    for shot in shots:
        base = _UNSAFE.sub("-", shot).strip("-.")[:LONGEST_NAME] or "shot"
        name = unused_name(base, taken, str.casefold)
        taken.add(name.casefold())
        yield f"{name}_{VERSION}"
