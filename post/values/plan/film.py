"""Defines what is planned of a whole film: shots, renditions, and what was decided for them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise

from post.values.colour import Format
from post.values.media import File, Take
from post.values.plan.mix import Mix
from post.values.plan.segment import ClipInSegment, Placed, Segment, StageCall
from post.values.plan.timed_text import Sidecar, TextTrack
from post.values.time import Clock, Span, TimeMap
from post.values.warning import JobWarning


@dataclass(frozen=True, slots=True)
class Shot:
    """One shot of the cut, resolved.

    span: its frames in the film, with its transition; transition, ending: frames; cuts: frames of its take at which
    another shot starts, as far as they are known; until: the frame of its take that it shows nothing from, None for
    the end of the take; shutter: degrees that it is open, for motion blur above 1x.
    """

    name: str
    take: Take
    span: Span
    time: TimeMap
    sampling: str
    transition: int
    ending: int = 0
    cuts: tuple[int, ...] = ()
    until: int | None = None
    shutter: int = 0


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Rendition:
    """One deliverable: its format, how it is made, and what is done in it.

    format: of the whole film; part: the film's frames that are made, None for all; shots, placed: those of the part,
    shots in the film's frames and placed stages in the part's; sidecars, tracks: of the whole film's captions;
    container: of post.values.files.film_container; stems: whether the stems of its sound are made too.
    """

    name: str
    format: Format
    shots: tuple[Shot, ...]
    segments: tuple[Segment, ...]
    mix: Mix
    placed: tuple[Placed, ...]
    part: Span | None = None
    sidecars: tuple[Sidecar, ...] = ()
    tracks: tuple[TextTrack, ...] = ()
    container: str = "mp4"
    stems: bool = False

    @property
    def shown(self) -> Span:
        """Returns the frames of the film that are made."""
        return self.part or Span(0, self.format.length)

    @property
    def places(self) -> tuple[Span, ...]:
        """Returns each segment's frames in the film."""
        edges = accumulate((len(each.span) for each in self.segments), initial=self.shown.first)
        return tuple(Span(first, stop) for first, stop in pairwise(edges))

    @property
    def on_film(self) -> tuple[Segment, ...]:
        """Returns the segments with their frames counted on the film's clock, to look at: those have other keys."""
        return tuple(each.shift(place.first) for each, place in zip(self.segments, self.places, strict=True))

    def clips_in(self, span: Span) -> tuple[ClipInSegment, ...]:
        """Returns the clips that the film shows in some of its frames, counted as those of `on_film`."""
        return tuple(clip for each in self.on_film for clip in each.clips if clip.span.meets(span))


@dataclass(frozen=True, slots=True)
class Matched:
    """The result of matching a shot's colour.

    reference: a shot's name, or a file's, or "house"; file: that file; method: "correspondence", "palette", "balance"
    or "abstain"; strength, confidence: 0..1; guards: those that reduced it; why: in words; call: the stage that
    corrects the colour, None if it stays as it is; forced: it was refused as unsure, and made as the job asks for it;
    needless: it stays as it is because it is like its reference already.
    """

    shot: str
    reference: str
    file: File | None
    method: str
    strength: float
    confidence: float
    guards: tuple[str, ...]
    why: str
    call: StageCall | None
    forced: bool = False
    needless: bool = False


@dataclass(frozen=True, slots=True)
class Framed:
    """How a deliverable crops a shot.

    where: the shot's file and line; how: "auto", "given", "keys" or "centre"; focus: in shares from the left and the
    top; lost: the largest share of a subject that the crop cuts, 0..1, and the side where it does, in words ("" for
    none); better: the focus that `auto` would choose; path: from where to where its window goes, in words, "" where it
    stands still; fill: what is shown beside the picture, "" where that is cropped; reason: why it is not, in words.
    """

    shot: str
    rendition: str
    where: str
    how: str
    focus: tuple[float, float]
    lost: float
    side: str
    better: tuple[float, float]
    path: str = ""
    fill: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole job, compiled.

    takes: in the order of the job; origins: where each resolved value came from, as (dotted place, value,
    origin); matched: the result for each shot that the job asks to match; framed: each crop of a shot; warnings: the
    worst first, placed in the job.
    """

    title: str
    clock: Clock
    takes: tuple[Take, ...]
    renditions: tuple[Rendition, ...]
    origins: tuple[tuple[str, str, str], ...] = ()
    matched: tuple[Matched, ...] = ()
    framed: tuple[Framed, ...] = ()
    warnings: tuple[JobWarning, ...] = ()
