"""Defines a plan: what will be done, as pure data.

It holds what changes a pixel or a sample, and nothing else: no paths, worker counts or times of day."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from post.values.colour import Format
from post.values.media import File, Picture, Sound, Take
from post.values.place import SYNTHESISED, Place
from post.values.time import Clock, Span, TimeMap
from post.values.warning import JobWarning

Knob = str | int | float | bool | None | File | tuple[float, ...] | tuple[tuple[str, str], ...]


# Frames. Encoders reorder over up to 3: a shorter segment has other decoding times and cannot be joined. An
# edit nearer than this to the one before it lies inside a segment, which then reads both clips.
SHORTEST_SEGMENT = 8


@dataclass(frozen=True, slots=True)
class StageCall:
    """One stage, by name and version, with the value of every knob."""

    stage: str
    version: int
    knobs: tuple[tuple[str, Knob], ...] = ()

    def knob(self, name: str) -> Knob:
        """Returns the value of a knob."""
        return dict(self.knobs)[name]


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the upright, square-pixel source that fills the output frame.

    Shares of the source's shown size, 0..1: left, top, width, height. A window reaching outside 0..1
    leaves bars there.
    """

    left: Fraction
    top: Fraction
    width: Fraction
    height: Fraction


@dataclass(frozen=True, slots=True)
class ClipInSegment:
    """One clip in a segment: which source frames it shows, and what is done to each.

    frames: for each frame of `span`, (source frame on the take's grid, weight of the next frame, 0..1);
    a weight of 0 reads one frame only. repairs: of its source frames, in order. fade: this clip's weight
    over the clip before it, for the first frames of `span`; after those it is 1. effects: frame effects, in
    order. grain: added to its shot, or None; when two clips mix, so do the strengths of their grains.
    transition: the stage that makes the picture of those first frames, with all the film's frames it takes; None
    for a mix by `fade`. ending: the film's last transition, to black or a colour. sampling: how a frame between two
    source frames is made: "blend" mixes the two graded frames, those in SYNTHESISED make one source frame.
    exposures: for each frame of `span`, the places that it is the mean of, none where it is one picture; () where all
    are.
    """

    file: File
    picture: Picture
    span: Span
    frames: tuple[tuple[int, Fraction], ...]
    window: Window
    colour: tuple[StageCall, ...] = ()
    effects: tuple[StageCall, ...] = ()
    fade: tuple[Fraction, ...] = ()
    repairs: tuple[StageCall, ...] = ()
    grain: StageCall | None = None
    transition: Placed | None = None
    ending: Placed | None = None
    sampling: str = "blend"
    exposures: tuple[tuple[Place, ...], ...] = ()

    @property
    def synthesised(self) -> bool:
        """Whether a frame between two source frames is made as a source frame."""
        return self.sampling in SYNTHESISED

    def __post_init__(self) -> None:
        if len(self.frames) != len(self.span):
            raise ValueError("a clip in a segment names one source frame for each output frame")


@dataclass(frozen=True, slots=True)
class LayerPlacement:
    """A layer (title, mark) and the frames of the film that show it."""

    call: StageCall
    span: Span


@dataclass(frozen=True, slots=True)
class Pose:
    """The state of a layer in one frame: moved by whole pixels, shown at an opacity of 0..1."""

    opacity: float = 1.0
    dx: int = 0
    dy: int = 0


@dataclass(frozen=True, slots=True)
class LayerInSegment:
    """A layer inside one segment: a pose for each frame of `span`.

    What it does in other segments is not part of it. So deliverables that show a title for different lengths
    share the segments in which its poses are the same.
    """

    call: StageCall
    span: Span
    poses: tuple[Pose, ...]

    def __post_init__(self) -> None:
        if len(self.poses) != len(self.span):
            raise ValueError("a layer in a segment has one pose for each frame")


@dataclass(frozen=True, slots=True)
class EncoderSettings:
    """The settings of an encoder. codec: FFmpeg's name of it; options: passed as they are; container: mp4 or mov."""

    codec: str
    container: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """A closed group of pictures, with everything that decides its bytes. Its key is the digest of this value.

    format: of its own frames, with its own length, so that a longer deliverable can share it; span: its frames
    on the film's clock, which seed the grain; clips: one, or two in a transition, the outgoing clip first;
    toolchain: what makes it, as (library, release); finishes: stages that change finished luma, last of all.
    """

    format: Format
    span: Span
    clips: tuple[ClipInSegment, ...]
    layers: tuple[LayerInSegment, ...]
    encoder: EncoderSettings
    toolchain: tuple[tuple[str, str], ...]
    finishes: tuple[StageCall, ...] = ()


@dataclass(frozen=True, slots=True)
class SoundEvent:
    """A piece of sound in the film. Positions are samples at the mix rate.

    at: its start in the film; length: how long it plays; offset: source time of its first sample, in seconds;
    map: its speed, as source time by film time; pitch: "tape" moves it with the speed, "keep" keeps it; fades: samples;
    declick: the shortest fade, in samples, where it begins or ends without a fade, 0 for none.
    """

    file: File
    role: str
    sound: Sound
    at: int
    length: int
    offset: Fraction
    gain_db: float
    fade_in: int = 0
    fade_out: int = 0
    map: TimeMap | None = None
    loop: bool = False
    declick: int = 0
    pitch: str = "tape"


@dataclass(frozen=True, slots=True)
class Mix:
    """One deliverable's sound.

    length: samples; loudness_lufs: None leaves the level as it is; toolchain: what makes it, as (library, release);
    part: the samples that are delivered, at the level that they have in the whole; None for all.
    """

    events: tuple[SoundEvent, ...]
    rate_hz: int
    channels: int
    length: int
    loudness_lufs: float | None
    true_peak_dbtp: float
    codec: str
    bitrate: int
    toolchain: tuple[tuple[str, str], ...]
    part: Span | None = None

    @property
    def delivered(self) -> Span:
        """Returns the samples of the mix that are delivered."""
        return self.part or Span(0, self.length)


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


@dataclass(frozen=True, slots=True)
class Placed:
    """A stage and the part of the film that it works on. Declarations are made from these."""

    call: StageCall
    span: Span
    shot: str = ""


@dataclass(frozen=True, slots=True)
class Rendition:
    """One deliverable: its format, how it is made, and what is done in it.

    format: of the whole film; part: the film's frames that are made, None for all; shots, placed: those of the part,
    shots in the film's frames and placed stages in the part's.
    """

    name: str
    format: Format
    shots: tuple[Shot, ...]
    segments: tuple[Segment, ...]
    mix: Mix
    placed: tuple[Placed, ...]
    part: Span | None = None

    @property
    def shown(self) -> Span:
        """Returns the frames of the film that are made."""
        return self.part or Span(0, self.format.length)


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

    where: the shot's file and line; how: "auto", "given" or "centre"; focus: in shares from the left and the top; lost:
    the largest share of a subject that the crop cuts, 0..1, and the side where it does, in words ("" for none);
    better: the focus that `auto` would choose.
    """

    shot: str
    rendition: str
    where: str
    how: str
    focus: tuple[float, float]
    lost: float
    side: str
    better: tuple[float, float]


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
