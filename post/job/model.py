"""The job as it was asked for: presets merged, every stage made and checked, nothing measured yet.

`where` is always "file:line" of the job file, for errors found later on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from post.picture.encode import Encode
from post.picture.grain.grain import Grain
from post.picture.reframe import Reframe
from post.picture.retime import Retime
from post.picture.watermark import Watermark
from post.receipt import Disclosure
from post.sound.stages import ClipSound, Effect, LoudnessTarget, Music
from post.stage import ColourStage, FrameEffect, LayerStage, RepairStage, TransitionStage
from post.values.media import File
from post.values.time import Clock
from provenance.labels.aigc import AigcLabel


@dataclass(frozen=True, slots=True)
class TakeRef:
    """A clip the job names. colour: "bt709" | "bt601" | "bt2020" | "" (what the file says, or policy);
    range: "limited" | "full" | ""; accept: reason for taking a clip whose credentials fail, or "";
    camera: it was shot, not generated (a take is taken for generated unless the job says so);
    record: how it was generated, as (field, value, how it is known); sha256: its content when it was
    taken in, or "" where the job does not say; develop: how its camera encoded it, None where as video."""

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


@dataclass(frozen=True, slots=True)
class Repair:
    """Something to mend in a shot's source. auto: only where measuring finds it needed; place: its dotted
    place in the job."""

    stage: RepairStage
    auto: bool
    place: str


@dataclass(frozen=True, slots=True)
class Matching:
    """What a shot's colour is matched to. to: another shot's name, or "" where `file` (a still or a clip)
    is given; strength: 0..1, of what matching finds right."""

    to: str
    file: File | None
    strength: float
    where: str


@dataclass(frozen=True, slots=True)
class Cut:
    """One shot. Times are duration knobs ("1.5s", "36f") on the job's clock, source times for start
    and stop; stop and length are "" where not given. colour, effects: stages in the order they work;
    transition mixes it with the shot before."""

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
    match: Matching | None = None


@dataclass(frozen=True, slots=True)
class Timed:
    """A layer on the film from `at` for `length`; length "" is to the end."""

    layer: LayerStage
    at: str
    length: str
    where: str


@dataclass(frozen=True, slots=True)
class AudioClip:
    """Music or an effect: a file laid from film time `at`, from source time `start`, for `length`
    ("" is to the end of the source or of the film, whichever is first)."""

    stage: Music | Effect
    path: Path
    at: str
    start: str
    length: str
    where: str


@dataclass(frozen=True, slots=True)
class Deliver:
    """One deliverable. width, height: pixels; depth: bits; audio: FFmpeg encoder and bits a second
    (0 for lossless)."""

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


@dataclass(frozen=True, slots=True)
class Marking:
    """The invisible mark that is asked for. stage: without its pattern until that is drawn, and without an
    identifier where one is to be made of `name` ("": the job's title)."""

    stage: Watermark
    name: str
    where: str


@dataclass(frozen=True, slots=True)
class Registration:
    """Where signed films are registered. folder: None for this user's own registry; iscc: with their ISCC."""

    folder: Path | None
    iscc: bool
    where: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """How deliverables are signed. key: a key's name, or "development"; prompts: "digest" | "include";
    xmp: whether a film with generated parts says so in XMP; aigc: who labels it under GB 45438, or None;
    marking: None for no invisible mark; tsa: a time-stamping authority's address, "" for the key's own;
    time: "" | "now" | "later"; identity: the name of the key that says whose the films are, "" for the key's
    own; role: what they are to the films (CAWG), or ""; manifest: "embedded" | "sidecar" | "both"; remote: an
    address the manifest can be fetched at, or ""; registration: None for no registry."""

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
    """A whole job. origins: (dotted place, value, where it came from) for every resolved value."""

    path: Path
    title: str
    clock: Clock
    house: str
    takes: tuple[TakeRef, ...]
    cut: tuple[Cut, ...]
    grain: Grain | None
    titles: tuple[Timed, ...]
    marks: tuple[Timed, ...]
    music: tuple[AudioClip, ...]
    effects: tuple[AudioClip, ...]
    deliver: tuple[Deliver, ...]
    provenance: Provenance
    sample_rate_hz: int = 48000
    origins: tuple[tuple[str, str, str], ...] = ()

    def take(self, name: str) -> TakeRef:
        """Returns the take of that name."""
        return next(take for take in self.takes if take.name == name)
