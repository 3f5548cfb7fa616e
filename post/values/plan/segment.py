"""Defines a segment: a piece of a film with everything that decides its pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from post.values.colour import Format
from post.values.media import File, Picture
from post.values.plan.place import SYNTHESISED, Place
from post.values.time import Span

Knob = str | int | float | bool | None | File | tuple[float, ...] | tuple[tuple[str, str], ...]

# Frames. Encoders reorder over up to 3: a shorter segment has other decoding times and cannot be joined. An
# edit nearer than this to the one before it lies inside a segment, which then reads both clips.
SHORTEST_SEGMENT = 8
# What lies beside a picture that does not fill the frame: a colour, or the picture itself, enlarged and blurred.
BLACK, BLUR = "#000000", "blur"


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
class Placed:
    """A stage and the part of the film that it works on. Declarations are made from these."""

    call: StageCall
    span: Span
    shot: str = ""

    def shift(self, by: int) -> Placed:
        """Returns it moved by a number of frames."""
        return replace(self, span=self.span.shift(by))


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
    are. windows: of each frame of `span`, where the window moves, all of the size of `window`; () where it stands
    still. seeds: of the grain and the dither of each frame of `span`, as post.plan.pieces.count numbers them; () counts
    from 0. shown_before: frames of its shot before its first, which its frame effects count from; 0 without effects.
    ground: what lies beside its picture, where that does not fill the frame: a colour as #rrggbb, or BLUR.
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
    windows: tuple[Window, ...] = ()
    seeds: tuple[int, ...] = ()
    shown_before: int = 0
    ground: str = BLACK

    @property
    def synthesised(self) -> bool:
        """Whether a frame between two source frames is made as a source frame."""
        return self.sampling in SYNTHESISED

    def __post_init__(self) -> None:
        if len(self.frames) != len(self.span):
            raise ValueError("a clip in a segment names one source frame for each output frame")
        if self.windows and len(self.windows) != len(self.span):
            raise ValueError("a clip in a segment whose window moves has one for each output frame")
        if self.seeds and len(self.seeds) != len(self.span):
            raise ValueError("a clip in a segment has one seed for each output frame")

    def seed_at(self, frame: int) -> int:
        """Returns the seed of a frame of `span`: of everything in it that is random."""
        place = frame - self.span.first
        return self.seeds[place] if self.seeds else place

    def part(self, span: Span) -> ClipInSegment:
        """Returns what it shows in a span, which lies in its own."""
        first = span.first - self.span.first
        own = slice(first, first + len(span))
        exposures = self.exposures[own]
        windows = self.windows[own]
        transition, ending = (
            placed if placed and placed.span.meets(span) else None
            for placed in (self.transition, self.ending)
        )
        return replace(
            self,
            span=span,
            frames=self.frames[own],
            window=windows[0] if windows else self.window,
            windows=windows if len(set(windows)) > 1 else (),
            fade=self.fade[own],
            transition=transition,
            ending=ending,
            exposures=exposures if any(exposures) else (),
            seeds=self.seeds[own],
            shown_before=self.shown_before + first if self.effects else 0,
        )

    def window_at(self, frame: int) -> Window:
        """Returns the part of the source that a frame of `span` shows."""
        return self.windows[frame - self.span.first] if self.windows else self.window

    def shift(self, by: int) -> ClipInSegment:
        """Returns it moved by a number of frames."""
        transition, ending = (placed and placed.shift(by) for placed in (self.transition, self.ending))
        return replace(self, span=self.span.shift(by), transition=transition, ending=ending)


@dataclass(frozen=True, slots=True)
class LayerPlacement:
    """A layer (title, mark) and the frames of the film that show it."""

    call: StageCall
    span: Span


@dataclass(frozen=True, slots=True)
class Pose:
    """The state of a layer in one frame: moved by whole pixels, shown at an opacity of 0..1.

    moment: None where the layer looks as it does at rest; else what its stage needs to draw this frame of it, as whole
    numbers of its own meaning (frames since it came, the picture of an animation). Equal moments are equal pictures.
    """

    opacity: float = 1.0
    dx: int = 0
    dy: int = 0
    moment: tuple[int, ...] | None = None


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

    def part(self, span: Span) -> LayerInSegment:
        """Returns what it shows in a span, which lies in its own."""
        first = span.first - self.span.first
        return replace(self, span=span, poses=self.poses[first : first + len(span)])

    def shift(self, by: int) -> LayerInSegment:
        """Returns it moved by a number of frames."""
        return replace(self, span=self.span.shift(by))


@dataclass(frozen=True, slots=True)
class EncoderSettings:
    """The settings of an encoder. codec: FFmpeg's name of it; options: passed as they are; container: mp4 or mov."""

    codec: str
    container: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Segment:
    """A closed group of pictures, with everything that decides its bytes. Its key is the digest of this value.

    format: of its own frames, with its own length; span: its frames, from 0 on, which is what the frames of its clips
    and layers count from too. So a film of any length shares it, wherever in the film it lies; `Rendition.on_film` has
    it where it lies. clips: one, or two in a transition, the outgoing clip first; toolchain: what makes it, as
    (library, release); finishes: stages that change finished luma, last of all.
    """

    format: Format
    span: Span
    clips: tuple[ClipInSegment, ...]
    layers: tuple[LayerInSegment, ...]
    encoder: EncoderSettings
    toolchain: tuple[tuple[str, str], ...]
    finishes: tuple[StageCall, ...] = ()

    def part(self, span: Span) -> Segment:
        """Returns the segment that has only a span of its frames, counted from 0, with all its toolchain."""
        clips = tuple(each.part(each.span.common(span)) for each in self.clips if each.span.meets(span))
        layers = tuple(each.part(each.span.common(span)) for each in self.layers if each.span.meets(span))
        made = replace(self.format, length=len(span))
        return replace(self, format=made, span=span, clips=clips, layers=layers).shift(-span.first)

    def shift(self, by: int) -> Segment:
        """Returns it with its frames counted from another one. Only what counts from 0 has the key it is kept by."""
        return replace(
            self,
            span=self.span.shift(by),
            clips=tuple(clip.shift(by) for clip in self.clips),
            layers=tuple(layer.shift(by) for layer in self.layers),
        )
