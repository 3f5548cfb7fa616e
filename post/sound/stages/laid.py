"""The stages of sound that lies beside the shots: voice-over, dialogue, music, ambience, effects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from post.knob import knob
from post.sound.stages.placed import PlacedSound
from post.stage import parameters, stage
from post.values.claim import HUMAN_EDITS, Action
from post.values.time import Span


@dataclass(frozen=True)
class LaidSound(PlacedSound):
    """Sound from a file of its own. words: what a claim calls it; stem: where it belongs."""

    words: ClassVar[str] = ""
    stem: ClassVar[str] = ""
    loop: bool = knob(
        default=False,  # as a keyword: mypy would take a positional one for a required field
        doc="true repeats it, from its start time to its end, for as long as it is laid",
    )

    def declare(self, where: Span) -> Action | None:
        """Returns what its claim says; None where it is left out."""
        if self.mute:
            return None
        return Action("c2pa.mixed", HUMAN_EDITS, where, parameters(self), self.words)


@stage("voice", version=1)
class VoiceOver(LaidSound):
    """A voice that tells. Music and other sounds duck under it."""

    words, stem = "voice-over", "voice"


@stage("dialogue", version=1)
class Dialogue(LaidSound):
    """What people in the picture say, recorded or made apart. Music and other sounds duck under it."""

    words, stem = "dialogue", "dialogue"


@stage("music", version=1)
class Music(LaidSound):
    """Music under the film."""

    words, stem = "music", "music"


@stage("ambience", version=1)
class Ambience(LaidSound):
    """The sound of a place."""

    words, stem = "ambience", "ambience"


@stage("effect", version=1)
class Effect(LaidSound):
    """One sound effect."""

    words, stem = "sound effect", "effects"
