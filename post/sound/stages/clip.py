"""The stage of a shot's own sound."""

from __future__ import annotations

from post.knob import knob
from post.sound.stages.placed import NO_TIME, PlacedSound, is_any
from post.stage import parameters, stage
from post.values.claim import ALGORITHMIC, HUMAN_EDITS, Action
from post.values.time import Span

TAPE, KEEP = "tape", "keep"  # what a shot's speed does to the pitch of its sound
CLIP = "clip"
SHAPED = ("gain", "level", "pan", "tilt", "duck", "speech")  # 0 leaves the sound as it is


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

    stem: str = knob(
        default=CLIP, choices=(CLIP, "dialogue", "ambience", "effects"),
        doc="the stem that it belongs to; clip: its own, keyed as voice where speech is found in it",
    )  # fmt: skip
    speech: float = knob(
        default=0.0,
        lo=0,
        hi=12,
        unit="dB",
        doc="how much speech that is found in it is raised over the rest of it",
    )

    def declare(self, where: Span) -> Action | None:
        moved = [is_any(text) for text in (self.fade_in, self.fade_out, self.lead, self.lag)]
        stretched = self.pitch == KEEP and not self.mute
        if self.mute or any(moved) or stretched or any(getattr(self, name) for name in SHAPED):
            what = "clip sound left out" if self.mute else "clip sound mixed"
            words = f"{what}, stretched with its pitch kept" if stretched else what
            return Action("c2pa.mixed", HUMAN_EDITS, where, parameters(self), words)
        if is_any(self.declick):
            return Action("c2pa.mixed", ALGORITHMIC, where, parameters(self), "clip sound faded at its edits")
        return None
