"""Defines a film's sound: its pieces, and the mix of them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from post.values.media import File, Sound
from post.values.time import Span, TimeMap


@dataclass(frozen=True, slots=True)
class SoundShape:
    """What is done to a sound as such. level_lufs: the loudness that it is brought to before its gain, None leaves it;
    pan: -1 left to 1 right; tilt_db: its top over its bottom; send_db: what of it goes to the room, None: nothing."""

    level_lufs: float | None = None
    pan: float = 0.0
    tilt_db: float = 0.0
    send_db: float | None = None


@dataclass(frozen=True, slots=True)
class Duck:
    """How a sound gives way to the voice. below_db: how far below it stands while there is voice, in LU; dip_db: of its
    speech band."""

    below_db: float
    dip_db: float = 0.0


@dataclass(frozen=True, slots=True)
class Room:
    """A room that sounds are sent to. decay_s: T60; damping_hz: above it, its answer dies twice as fast."""

    decay_s: float
    predelay_ms: float
    damping_hz: float


@dataclass(frozen=True, slots=True)
class RoomTone:
    """Room tone where shots have no sound. gain_db: over the quiet parts of the clips that it is made from."""

    gain_db: float = 0.0


AS_RECORDED = SoundShape()


@dataclass(frozen=True, slots=True)
class SoundEvent:
    """A piece of sound in the film. Positions are samples at the mix rate.

    at: its start in the film; length: how long it plays; offset: source time of its first sample, in seconds;
    map: its speed, as source time by film time; pitch: "tape" moves it with the speed, "keep" keeps it; fades: samples;
    declick: the shortest fade, in samples, where it begins or ends without a fade, 0 for none; stem: "clip",
    "dialogue", "voice", "music", "ambience" or "effects"; speech_db: how much speech that is found in it is raised;
    repair: its DC offset, hum, clicks and overs are mended.
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
    stem: str = "clip"
    shape: SoundShape = AS_RECORDED
    duck: Duck | None = None
    speech_db: float = 0.0
    repair: bool = True


@dataclass(frozen=True, slots=True)
class LoudnessLimits:
    """What a finished film's sound is held to, beside its target and its ceiling.

    profile: a name for warnings, "" for none; tolerance_lu: how far from the target it may be; momentary_lufs,
    short_term_lufs: the highest that is allowed, None for any. Where both are set, one of them is enough.
    """

    profile: str = ""
    tolerance_lu: float = 0.2
    momentary_lufs: float | None = None
    short_term_lufs: float | None = None


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Mix:
    """One deliverable's sound.

    length: samples; loudness_lufs: None leaves the level as it is; toolchain: what makes it, as (library, release);
    part: the samples that are delivered, at the level that they have in the whole; None for all; tone: fills the gaps
    between the shots' own sounds, None leaves them silent; room: where sounds are sent, None where none is.
    gate: what loudness_lufs is the loudness of, "programme" or "dialogue"; sparse_lufs: the programme's, in its place,
    where the gate is dialogue and there is little of it; None for the same.
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
    tone: RoomTone | None = None
    room: Room | None = None
    gate: str = "programme"
    sparse_lufs: float | None = None
    limits: LoudnessLimits = LoudnessLimits()

    @property
    def delivered(self) -> Span:
        """Returns the samples of the mix that are delivered."""
        return self.part or Span(0, self.length)
