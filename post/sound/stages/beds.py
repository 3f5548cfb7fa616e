"""The stages of a film's sound as a whole: the tone under it, the room that sounds are sent to, what was mended."""

from __future__ import annotations

from post.knob import knob
from post.stage import Setting, parameters, stage
from post.values.claim import ALGORITHMIC, HUMAN_EDITS, Action
from post.values.plan import Room, RoomTone
from post.values.time import Span

# What is mended, as post.sound.repair notes it, in words.
REPAIRS = {"dc": "DC offset", "hum": "mains hum", "clicks": "clicks", "overs": "clipped peaks"}


@stage("room-tone", version=1)
class RoomToneFill(Setting):
    """Room tone where shots have no sound, made from the quiet parts of the film's own clips: no edit falls silent.

    It fills what is digitally silent for 20 ms or more: shots without sound or muted, sound that starts late or ends
    early, holes. Within a shot it is that shot's own; between two shots it crosses from the one to the other. Music and
    voice over a gap do not change that: they pause, and the room goes on. Where an ambience is laid, that is the room.
    Where shots have sound, they have their own room, and nothing is added. Music and tones have no quiet part; where no
    clip of the film has one, nothing is laid. Tone is as loud as the quiet parts, and at most -45 LUFS before `gain`,
    unless the clip is steady noise as a whole, such as rain.
    """

    does = "sound"
    off: bool = knob(default=False, doc="true leaves digital silence where shots have no sound")
    gain: float = knob(
        default=0.0, lo=-40, hi=12, unit="dB", doc="over the level of the quiet parts it is made from"
    )

    @property
    def planned(self) -> RoomTone | None:
        """Returns it as the plan has it; None where it is off."""
        return None if self.off else RoomTone(self.gain)

    def declare(self, where: Span) -> Action | None:
        """Returns what its claim says; None where it is off."""
        if self.off:
            return None
        return Action(
            "c2pa.mixed",
            ALGORITHMIC,
            where,
            parameters(self),
            "room tone where shots have no sound, made from the quiet parts of the clips that have one",
        )


@stage("sound-repair", version=1)
class SoundRepair(Setting):
    """What was mended in a sound as it was read. A job sets it by `repair` of each sound; a film declares what was
    done."""

    does = "sound"
    mended: str = knob(default="", doc="what was mended: dc, hum, clicks, overs, with spaces between them")

    def declare(self, where: Span) -> Action | None:
        """Returns what its claim says; None where nothing was mended."""
        if not self.mended:
            return None
        what = ", ".join(REPAIRS.get(each, each) for each in self.mended.split())
        return Action("c2pa.filtered", ALGORITHMIC, where, parameters(self), f"sound mended: {what}")


@stage("room", version=1)
class ReverbRoom(Setting):
    """The room that sounds are sent to, so that sounds of many makes stand in one place."""

    does = "sound"
    decay: float = knob(
        default=0.4,
        lo=0.1,
        hi=6,
        unit="s",
        doc="how long it takes to fall by 60 dB",
        source="ISO 3382-1: T60",
    )
    predelay: float = knob(default=8.0, lo=0, hi=100, unit="ms", doc="how long its first answer takes")
    damping: float = knob(
        default=5000.0, lo=500, hi=20000, unit="Hz", doc="above this its answer dies twice as fast"
    )

    @property
    def planned(self) -> Room:
        """Returns it as the plan has it."""
        return Room(self.decay, self.predelay, self.damping)

    def declare(self, where: Span) -> Action:
        """Returns what its claim says."""
        return Action("c2pa.mixed", HUMAN_EDITS, where, parameters(self), "sound sent to a room")
