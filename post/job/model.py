"""Defines the job as it was asked for: presets merged, every stage made and checked, nothing measured yet.

`where` is always "file:line" of the job file, for errors that are found later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from post.job.brief.model import Beat as Beat
from post.job.brief.model import MotionBrief
from post.job.disclosure.model import NO_DISCLOSURE, DisclosureAsked
from post.job.layer_model import CaptionFile as CaptionFile
from post.job.layer_model import Timed as Timed
from post.job.signoff.model import NO_SIGNOFF, SignoffAsked
from post.job.version_of import VersionOf
from post.picture.colour.tone_map import ToneMap
from post.picture.encode import Encode
from post.picture.grain.grain import Grain
from post.picture.made import Made
from post.picture.reframe import Reframe
from post.picture.retime import Retime
from post.picture.slate import Slate
from post.picture.watermark import Watermark
from post.receipt import Disclosure
from post.sound.stages import ClipSound, LaidSound, LoudnessTarget, ReverbRoom, RoomToneFill
from post.stage import ColourStage, FrameEffect, RepairStage, TransitionStage
from post.values.media import File
from post.values.shot_figures import ShotFigures
from post.values.time import Clock
from provenance.labels.aigc import AigcLabel

# What a crop keeps: a point, in shares from the left and from the top; "auto"; or "" where it is not said.
Focus = tuple[float, float] | str
FocusKey = tuple[str, float, float]  # when in the shot, as a duration, and what is kept then
Box = tuple[float, float, float, float]  # left, top, right, bottom, in shares of the picture


@dataclass(frozen=True, slots=True)
class TakeRef:
    """A clip that the job names.

    colour: "bt709" | "bt601" | "bt2020" | "" (what the file says, or policy); range: "limited" | "full" | "";
    accept: the reason for using a clip whose credentials fail, or ""; camera: it was shot, not generated (a
    take counts as generated unless the job says so); record: how it was generated, as (field, value, how it is
    known); sha256: of its content when it was added, or "" if the job does not say; develop: converts its
    camera's log encoding, None for video; tone_map: how it is fitted to Rec.709 where it is HDR, None for the
    usual way; rate: frames a second of an image sequence, None for the film's; fill: the colour behind what is
    transparent, #rrggbb; graphic: people drew it; made: what is made in place of a file (its path is then the
    job's); slate: its type; beat: what of the brief it was made for, or ""; tags: (tag, value).
    """

    name: str
    path: Path
    where: str
    colour: str = ""
    range: str = ""
    accept: str = ""
    camera: bool = False
    record: tuple[tuple[str, str, str], ...] = ()
    sha256: str = ""
    develop: ColourStage | None = None
    tone_map: ToneMap | None = None
    rate: Fraction | None = None
    fill: str = "#000000"
    graphic: bool = False
    made: Made | None = None
    slate: Slate | None = None
    beat: str = ""
    tags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """A repair of a shot's source. auto: only if measuring shows that it is needed; place: its dotted place in the
    job."""

    stage: RepairStage
    auto: bool
    place: str


@dataclass(frozen=True, slots=True)
class Matching:
    """The reference that a shot's colour is matched to.

    to: another shot's name, or "" if `file` (a still or a clip) is given, or `house`: the figures of the house;
    strength: the share of the found correction to apply, 0..1; when: "sure" | "likely" | "always", how sure the
    match has to be.
    """

    to: str
    file: File | None
    strength: float
    where: str
    when: str = "likely"
    house: ShotFigures | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """One shot. name: its id, where the job gives one; else its take's name, numbered from the second use on.

    Times are duration knobs ("1.5s", "36f") on the job's clock. start, stop: source times; stop and length are
    "" if not given; colour, effects: stages in the order that they run; transition: mixes it with the shot
    before, or brings the first out of black; focus: as the shot says it (a point is in `reframe` too); ending: takes
    the last shot to black; handles: "refuse" | "auto", what is done where its take is too short for it; focus_keys:
    the focus by hand, in order of time, two or more, or none; keep: boxes of the source that no crop may cut.
    """

    name: str
    take: str
    where: str
    retime: Retime
    reframe: Reframe
    colour: tuple[ColourStage, ...]
    effects: tuple[FrameEffect, ...]
    sound: ClipSound
    start: str = "0s"
    stop: str = ""
    length: str = ""
    transition: TransitionStage | None = None
    transition_length: str = "0f"
    repairs: tuple[Repair, ...] = ()
    focus: Focus = ""
    match: Matching | None = None
    ending: TransitionStage | None = None
    ending_length: str = "0f"
    handles: str = "refuse"
    focus_keys: tuple[FocusKey, ...] = ()
    keep: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class AudioClip:
    """Sound beside the shots, such as music: a file, heard from film time `at`, from source time `start` on, for
    `length`.

    A length of "" is to the end of the source or of the film, whichever is first. id: its address, or "";
    own_time: a version says when it is heard, and it does not move with a shot.
    """

    stage: LaidSound
    path: Path
    at: str
    start: str
    length: str
    where: str
    id: str = ""
    own_time: bool = False


@dataclass(frozen=True, slots=True)
class Deliver:
    """One deliverable.

    width, height: pixels; depth: bits; container, audio_codec: of post.values.files.film_container; audio_bitrate: bits
    a second, 0 for lossless; fit, fill, focus: over the shots' own fit and fill, and for the shots that say no focus;
    "" where not said; clear: what the controls of its platforms cover at the top, right, bottom and left, in percent;
    () where it names none; label_clear: the same of what policies ask labels to stay clear of; stems: whether the stems
    of its sound are made too.
    """

    name: str
    width: int
    height: int
    depth: int
    chroma: str
    container: str
    encode: Encode
    audio_codec: str
    audio_bitrate: int
    loudness: LoudnessTarget
    where: str
    fit: str = ""
    focus: Focus = ""
    clear: tuple[float, ...] = ()
    channels: int = 2
    stems: bool = False
    label_clear: tuple[float, ...] = ()
    fill: str = ""


@dataclass(frozen=True, slots=True)
class Marking:
    """The invisible mark that is asked for.

    stage: has no pattern until that is drawn, and no identifier if one is to be made from `name` ("" for the
    job's title).
    """

    stage: Watermark
    name: str
    where: str


@dataclass(frozen=True, slots=True)
class Registration:
    """The registry for signed films. folder: None for this user's own registry; iscc: their ISCC is registered too."""

    folder: Path | None
    iscc: bool
    where: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """How deliverables are signed.

    key: a key's name, or "development"; prompts: "digest" | "include"; xmp: whether a film with generated parts
    says so in XMP; aigc: who labels it under GB 45438, or None; marking: None for no invisible mark; tsa: a
    time-stamping authority's address, "" for the key's own; time: "" | "now" | "later"; identity: the name of
    the key of the person or organisation behind the films, "" for the key's own; role: their role in the films
    (CAWG), or ""; manifest: "embedded" | "sidecar" | "both"; remote: the address that the manifest can be
    fetched from, or ""; registration: None for no registry.
    """

    key: str = "development"
    disclosure: Disclosure = field(default_factory=Disclosure)
    training_mining: str = "notAllowed"
    title: str = ""
    prompts: str = "digest"
    xmp: bool = True
    aigc: AigcLabel | None = None
    marking: Marking | None = None
    tsa: str = ""
    time: str = ""
    identity: str = ""
    role: str = ""
    manifest: str = "embedded"
    remote: str = ""
    registration: Registration | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A whole job.

    beats: what the film has to tell, in the brief's order; brief: the brief's path, None where there is none;
    motion_brief: what it asks for; origins: (dotted place, value, where it came from) for every resolved value; allow:
    the warnings that are meant to be so, by their code, each with the reason; brand: brand elements, below titles;
    sounds: beside the shots, as the job's lists have them: voice, dialogue, music, ambience, effects; tone, room: of
    the whole film; version: which of the job's versions it is, None for the job as it stands; disclosure: the policies
    to meet; disclosed: what they set, as (dotted place, value, by which rule); signoff: who signs off its films.
    """

    path: Path
    title: str
    clock: Clock
    house: str
    takes: tuple[TakeRef, ...]
    cut: tuple[Cut, ...]
    grain: Grain | None
    titles: tuple[Timed, ...]
    marks: tuple[Timed, ...]
    sounds: tuple[AudioClip, ...]
    deliver: tuple[Deliver, ...]
    provenance: Provenance
    sample_rate_hz: int = 48000
    origins: tuple[tuple[str, str, str], ...] = ()
    allow: tuple[tuple[str, str], ...] = ()
    beats: tuple[Beat, ...] = ()
    brief: Path | None = None
    motion_brief: MotionBrief | None = None
    captions: tuple[CaptionFile, ...] = ()
    brand: tuple[Timed, ...] = ()
    tone: RoomToneFill = field(default_factory=RoomToneFill)
    room: ReverbRoom = field(default_factory=ReverbRoom)
    version: VersionOf | None = None
    disclosure: DisclosureAsked = NO_DISCLOSURE
    disclosed: tuple[tuple[str, str, str], ...] = ()
    signoff: SignoffAsked = NO_SIGNOFF

    @property
    def layers(self) -> tuple[Timed, ...]:
        """All layers from the lowest up: brand elements, titles, logos, AI labels, which nothing covers."""
        return (*self.brand, *self.titles, *self.marks)

    def take(self, name: str) -> TakeRef:
        """Returns the take of that name."""
        return next(take for take in self.takes if take.name == name)
