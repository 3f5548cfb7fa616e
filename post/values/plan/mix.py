"""Defines a film's sound: its pieces, and the mix of them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from post.values.media import File, Sound
from post.values.time import Span, TimeMap


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
