"""What every sound that is placed on the film can be set to: its level, its place in the room, its ends."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from post.knob import duration_seconds, knob
from post.stage import Does, Setting
from post.values.plan import Duck, SoundShape
from post.values.time import Clock, round_half_up

NO_TIME = "0s"
DECLICK = "0.005s"
NO_SEND = -60.0


@dataclass(frozen=True)
class PlacedSound(Setting):
    """Sound placed on the film: its level, its tone, its place in the stereo image and in the room, its fades."""

    does: ClassVar[Does] = "sound"
    gain: float = knob(
        default=0.0, lo=-60, hi=24, unit="dB", doc="over its level as recorded, or over `level`"
    )
    level: float = knob(
        default=0.0, lo=-70, hi=0, unit="LUFS",
        doc="the loudness that it is brought to before its gain; 0 leaves it as it was recorded",
        source="ITU-R BS.1770-5, gated, of what is heard of it",
    )  # fmt: skip
    pan: float = knob(
        default=0.0, lo=-1, hi=1, doc="its place from left, -1, to right, 1; at equal power, 0 leaves it"
    )
    tilt: float = knob(
        default=0.0, lo=-12, hi=12, unit="dB",
        doc="how much louder its top is than its bottom, around 1 kHz; below 0 it is darker",
    )  # fmt: skip
    room: float = knob(
        default=NO_SEND, lo=NO_SEND, hi=0, unit="dB", doc="how much of it is sent to the room; -60 is nothing"
    )
    duck: float = knob(
        default=0.0, lo=0, hi=40, unit="dB",
        doc="how far below the voice it stands while there is voice, each sound by itself; 0 leaves it; it is never"
        " raised",
        source="ITU-R BS.1770-5 without a gate, over the samples with voice",
    )  # fmt: skip
    dip: float = knob(
        default=3.0, lo=0, hi=12, unit="dB",
        doc="how much its speech band, around 2.5 kHz, gives way to the voice while it is ducked",
    )  # fmt: skip
    fade_in: str = knob(default=NO_TIME, kind="duration", doc="how long it takes to come in (equal power)")
    fade_out: str = knob(default=NO_TIME, kind="duration", doc="how long it takes to go (equal power)")
    mute: bool = knob(default=False, doc="true leaves it out")
    repair: bool = knob(default=True, doc="false leaves its DC offset, hum, clicks and overs as they are")
    declick: str = knob(
        default=DECLICK, kind="duration",
        doc="the shortest fade at an end without one, so that no edit clicks; longer where low tones ask for it;"
        " 0s for none",
    )  # fmt: skip

    @property
    def shape(self) -> SoundShape:
        """Returns its level, pan, tilt and send, as the plan has them."""
        send = None if self.room <= NO_SEND else self.room
        return SoundShape(self.level or None, self.pan, self.tilt, send)

    @property
    def ducking(self) -> Duck | None:
        """Returns how it gives way to the voice, as the plan has it; None where it does not."""
        return Duck(self.duck, self.dip) if self.duck else None

    def shortest_fade(self, clock: Clock, rate_hz: int) -> int:
        """Returns `declick` in samples."""
        return _samples(self.declick, clock, rate_hz)

    def fades(self, clock: Clock, rate_hz: int) -> tuple[int, int]:
        """Returns fade-in and fade-out in samples."""
        return _samples(self.fade_in, clock, rate_hz), _samples(self.fade_out, clock, rate_hz)


def is_any(duration: str) -> bool:
    """Returns whether a duration is longer than nothing."""
    return duration_seconds(duration, Clock(Fraction(24))) > 0


def _samples(duration: str, clock: Clock, rate_hz: int) -> int:
    return round_half_up(duration_seconds(duration, clock) * rate_hz)
