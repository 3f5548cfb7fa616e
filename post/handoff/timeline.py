"""A cut as editors have it, in no editor's format: what every reader makes and every writer takes.

Record positions are whole frames of the timeline from its first, 0. Clips touch: each record span begins where the one
before it ends, and a transition lies across the cut between two of them. Media times are exact seconds after the first
frame of the media, whatever timecode that carries. Nothing is read or written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any

from post.handoff.losses import Loss, Refusal
from post.handoff.time_keys import PositionKey, position
from post.values.time import Clock, Span, SpeedKey, TimeMap

NAMESPACE = "answerprint"
Metadata = Mapping[str, Any]  # JSON, under NAMESPACE in a file that holds such things


@dataclass(frozen=True, slots=True)
class TimelineMedia:
    """A file that clips show, or a picture that is made.

    name: the take's, or the file's without its folder; path: where it lies, as a path or a URL, "" where not known;
    sha256: of its content, "" where not known; reel: its tape's name, for EDLs; rate: its own frames a second, None
    where not known; start: timecode of its first frame, in its own frames; length: seconds that it lasts, None where
    not known; width, height: pixels, 0 where not known; sound: whether it has any; make: "" for a file, or "black",
    "colour", "bars" or "slate"; fill: #rrggbb of what is made; text: what a slate says; still: it stands still.
    """

    name: str
    path: str = ""
    sha256: str = ""
    reel: str = ""
    rate: Fraction | None = None
    start: int = 0
    length: Fraction | None = None
    width: int = 0
    height: int = 0
    picture: bool = True
    sound: bool = False
    make: str = ""
    fill: str = "#000000"
    text: str = ""
    still: bool = False
    drop_frame: bool = False


BLACK = TimelineMedia("black", make="black", still=True)


@dataclass(frozen=True, slots=True)
class ColourDecisions:
    """An ASC CDL 1.2: slope, offset and power of red, green and blue, then saturation."""

    slope: tuple[float, float, float] = (1.0, 1.0, 1.0)
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)
    power: tuple[float, float, float] = (1.0, 1.0, 1.0)
    saturation: float = 1.0


@dataclass(frozen=True, slots=True)
class ClipAudio:
    """A clip's own sound. lead, lag: frames that it is heard before and after its picture (J and L cuts), below 0 where
    shorter; fades: seconds; pitch: "keep" or "tape" on a retime, "" where not said; role: as that of TimelineSound."""

    lead: int = 0
    lag: int = 0
    gain_db: float = 0.0
    mute: bool = False
    fade_in: Fraction = Fraction(0)
    fade_out: Fraction = Fraction(0)
    pitch: str = ""
    role: str = "dialogue"


@dataclass(frozen=True, slots=True)
class TimelineMarker:
    """A note at a frame of the timeline. length: frames; kind: "note", "todo", "done" or "chapter"; clip: the id of
    the clip that it is fixed to, or ""."""

    at: int
    name: str
    note: str = ""
    length: int = 1
    kind: str = "note"
    clip: str = ""


@dataclass(frozen=True, slots=True)
class TimelineClip:
    """One clip of the picture.

    id: unique on its timeline; record: its frames, without those that transitions add; source: media time of its first
    record frame; positions: its time map, () for as shot; speeds: the same as our own exact keys, in output frames
    after the first, () where a reader knows positions alone (then `positions` is the truth); sampling: how frames
    between frames are made, "" where not said; metadata: ours, from our own namespace, with what its format cannot
    hold; name, notes and keywords: an editor's.
    """

    id: str
    name: str
    media: TimelineMedia
    record: Span
    source: Fraction = Fraction(0)
    positions: tuple[PositionKey, ...] = ()
    speeds: tuple[SpeedKey, ...] = ()
    sampling: str = ""
    audio: ClipAudio = field(default_factory=ClipAudio)
    grade: ColourDecisions | None = None
    notes: str = ""
    keywords: tuple[str, ...] = ()
    metadata: Metadata = field(default_factory=dict, hash=False)

    def at(self, frame: Fraction | int, clock: Clock) -> Fraction:
        """Returns the media time, in seconds, that frame `frame` after its first shows. clock: the timeline's."""
        if self.media.still:
            return self.source
        if self.speeds:
            run = TimeMap(Fraction(0), Fraction(1), self.speeds)(frame)
            return self.source + clock.seconds(run)
        if self.positions:
            return position(self.positions, frame)
        return self.source + clock.seconds(frame)

    @property
    def retimed(self) -> bool:
        """Whether it runs at another speed than it was shot at."""
        return bool(self.positions) or any(key.speed != 1 for key in self.speeds)


@dataclass(frozen=True, slots=True)
class TimelineTransition:
    """A passage from one clip to the next, across the cut at frame `at`; at 0 and at the end from and to black.

    before, after: its frames before and after the cut; the clip that goes must have `after` more frames of media, the
    clip that comes `before`; stage: our name of it, such as "dissolve", or "" where nothing here is like it; wipe: its
    SMPTE code (ST 258), or None; name: the editor's; params: its settings, as JSON.
    """

    at: int
    before: int
    after: int
    stage: str = "dissolve"
    wipe: int | None = None
    name: str = ""
    params: Metadata = field(default_factory=dict, hash=False)

    @property
    def length(self) -> int:
        """Its frames, all of them."""
        return self.before + self.after

    @property
    def span(self) -> Span:
        """Its frames on the timeline."""
        return Span(self.at - self.before, self.at + self.after)


@dataclass(frozen=True, slots=True)
class TimelineSound:
    """Sound that belongs to no clip of the picture.

    role: "music", "effects", "voice", "dialogue" or "ambience"; at, length: seconds on the timeline; source: media
    time of its first sample, in seconds; fades: seconds.
    """

    id: str
    media: TimelineMedia
    at: Fraction
    length: Fraction
    source: Fraction = Fraction(0)
    role: str = "effects"
    gain_db: float = 0.0
    fade_in: Fraction = Fraction(0)
    fade_out: Fraction = Fraction(0)
    loop: bool = False
    metadata: Metadata = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class TimelineTitle:
    """Type on the film, as its text. metadata: the title as the job writes it."""

    id: str
    text: str
    record: Span
    metadata: Metadata = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Timeline:
    """A cut. clock: frames a second; start: timecode of its first frame, in frames; width, height: 0 where not said.

    metadata: what of a whole job no editor's format holds. Raises ValueError if its clips do not touch.
    """

    name: str
    clock: Clock
    clips: tuple[TimelineClip, ...]
    transitions: tuple[TimelineTransition, ...] = ()
    sounds: tuple[TimelineSound, ...] = ()
    markers: tuple[TimelineMarker, ...] = ()
    titles: tuple[TimelineTitle, ...] = ()
    start: int = 0
    drop_frame: bool = False
    width: int = 0
    height: int = 0
    sample_rate_hz: int = 48000
    metadata: Metadata = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if self.clips and self.clips[0].record.first != 0:
            raise ValueError("the first clip of a timeline begins at its frame 0")
        if any(a.record.stop != b.record.first for a, b in pairwise(self.clips)):
            raise ValueError("the clips of a timeline touch: put black where there is nothing")
        cuts = {edge for clip in self.clips for edge in (clip.record.first, clip.record.stop)}
        if any(each.at not in cuts for each in self.transitions):
            raise ValueError("a transition lies across a cut, or at the start or the end of the timeline")

    @property
    def length(self) -> int:
        """Its frames."""
        return self.clips[-1].record.stop if self.clips else 0

    def into(self, clip: TimelineClip) -> TimelineTransition | None:
        """Returns the transition that leads into a clip, or None."""
        return next((each for each in self.transitions if each.at == clip.record.first), None)

    def out_of(self, clip: TimelineClip) -> TimelineTransition | None:
        """Returns the transition that leads out of a clip, or None."""
        return next((each for each in self.transitions if each.at == clip.record.stop), None)

    def shown(self, clip: TimelineClip) -> Span:
        """Returns the frames in which a clip is seen, with those that its transitions add."""
        into, out = self.into(clip), self.out_of(clip)
        return Span(
            clip.record.first - (into.before if into else 0), clip.record.stop + (out.after if out else 0)
        )


@dataclass(frozen=True, slots=True)
class ReadTimeline:
    """What a reader made of an editor's file. refused: parts without a right meaning here; lost: what it left out."""

    timeline: Timeline
    refused: tuple[Refusal, ...] = ()
    lost: tuple[Loss, ...] = ()


@dataclass(frozen=True, slots=True)
class HandoffText:
    """A file to write, and what it lost of the cut that it was made from."""

    text: str
    lost: tuple[Loss, ...]
