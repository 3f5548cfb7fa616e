"""The stages of sound. The planner makes sound events and the level of the mix from their knobs."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from post.knob import duration_seconds, knob
from post.stage import Does, Setting, parameters, stage
from post.values.claim import ALGORITHMIC, HUMAN_EDITS, Action
from post.values.time import Clock, Span, round_half_up

NO_TIME = "0s"
DECLICK = "0.005s"
TAPE, KEEP = "tape", "keep"  # what a shot's speed does to the pitch of its sound


@dataclass(frozen=True)
class PlacedSound(Setting):
    """Sound placed on the film: its gain and its fades."""

    does: ClassVar[Does] = "sound"
    gain: float = knob(default=0.0, lo=-60, hi=24, unit="dB", doc="0 leaves it as it was recorded")
    fade_in: str = knob(default=NO_TIME, kind="duration", doc="how long it takes to come in (equal power)")
    fade_out: str = knob(default=NO_TIME, kind="duration", doc="how long it takes to go (equal power)")
    mute: bool = knob(default=False, doc="true leaves it out")
    declick: str = knob(
        default=DECLICK, kind="duration",
        doc="the shortest fade at an end without one, so that no edit clicks; longer where low tones ask for it;"
        " 0s for none",
    )  # fmt: skip

    def shortest_fade(self, clock: Clock, rate_hz: int) -> int:
        """Returns `declick` in samples."""
        return _samples(self.declick, clock, rate_hz)

    def fades(self, clock: Clock, rate_hz: int) -> tuple[int, int]:
        """Returns fade-in and fade-out in samples."""
        return _samples(self.fade_in, clock, rate_hz), _samples(self.fade_out, clock, rate_hz)


def _samples(duration: str, clock: Clock, rate_hz: int) -> int:
    return round_half_up(duration_seconds(duration, clock) * rate_hz)


def _is_any(duration: str) -> bool:
    return duration_seconds(duration, Clock(Fraction(24))) > 0


@stage("clip-sound", version=1)
class ClipSound(PlacedSound):
    """A shot's own sound. It follows the shot's speed, and is silent where the picture stands still."""

    pitch: str = knob(
        default=TAPE,
        choices=(TAPE, KEEP),
        doc="what the shot's speed does to its pitch: tape moves it, keep stretches the sound and keeps it",
    )
    lead: str = knob(
        default=NO_TIME, kind="duration",
        doc="how long before its picture it starts (a J cut); the sound of the shot before ends there",
    )  # fmt: skip
    lag: str = knob(
        default=NO_TIME, kind="duration",
        doc="how long after its picture it goes on (an L cut); the sound of the shot after starts there",
    )  # fmt: skip

    def declare(self, where: Span) -> Action | None:
        moved = [_is_any(text) for text in (self.fade_in, self.fade_out, self.lead, self.lag)]
        stretched = self.pitch == KEEP and not self.mute
        if self.gain or self.mute or any(moved) or stretched:
            what = "clip sound left out" if self.mute else "clip sound mixed"
            words = f"{what}, stretched with its pitch kept" if stretched else what
            return Action("c2pa.mixed", HUMAN_EDITS, where, parameters(self), words)
        if _is_any(self.declick):
            return Action("c2pa.mixed", ALGORITHMIC, where, parameters(self), "clip sound faded at its edits")
        return None


@stage("music", version=1)
class Music(PlacedSound):
    """Music under the film."""

    loop: bool = knob(
        default=False,  # as a keyword: mypy would take a positional one for a required field
        doc="true repeats it, from its start time to its end, for as long as it is laid",
    )

    def declare(self, where: Span) -> Action | None:
        return None if self.mute else Action("c2pa.mixed", HUMAN_EDITS, where, parameters(self), "music")


@stage("effect", version=1)
class Effect(PlacedSound):
    """One sound effect."""

    def declare(self, where: Span) -> Action | None:
        return (
            None if self.mute else Action("c2pa.mixed", HUMAN_EDITS, where, parameters(self), "sound effect")
        )


@stage("loudness", version=1)
class LoudnessTarget(Setting):
    """How loud the finished film is, as decoded by its listener: one gain and a true-peak limiter."""

    does = "sound"
    target: float = knob(
        default=-14.0, lo=-40, hi=-5, unit="LUFS", doc="integrated loudness",
        source="EBU R 128: -23; ATSC A/85: -24; platforms play social video at about -14, podcasts at -16",
    )  # fmt: skip
    true_peak: float = knob(
        default=-1.0, lo=-9, hi=0, unit="dBTP", doc="the highest true peak",
        source="EBU R 128: -1; ATSC A/85: -2; measured as in ITU-R BS.1770-5 Annex 2",
    )  # fmt: skip
    off: bool = knob(default=False, doc="true leaves the loudness as it was mixed; the true-peak limit holds")

    @property
    def target_lufs(self) -> float | None:
        """Returns the value for `Mix.loudness_lufs`: the target, or None where `off`."""
        return None if self.off else self.target

    def declare(self, where: Span) -> Action:
        what = "true peaks limited" if self.off else "loudness set and true peaks limited"
        return Action("c2pa.mastered", ALGORITHMIC, where, parameters(self), what)
