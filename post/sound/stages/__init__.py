"""The stages of sound. The planner makes sound events and the mix from their knobs."""

from post.sound.stages.beds import ReverbRoom, RoomToneFill, SoundRepair
from post.sound.stages.clip import CLIP, KEEP, TAPE, ClipSound
from post.sound.stages.laid import Ambience, Dialogue, Effect, LaidSound, Music, VoiceOver
from post.sound.stages.loudness import LoudnessTarget
from post.sound.stages.placed import DECLICK, NO_TIME, PlacedSound

__all__ = [
    "CLIP",
    "DECLICK",
    "KEEP",
    "NO_TIME",
    "TAPE",
    "Ambience",
    "ClipSound",
    "Dialogue",
    "Effect",
    "LaidSound",
    "LoudnessTarget",
    "Music",
    "PlacedSound",
    "ReverbRoom",
    "RoomToneFill",
    "SoundRepair",
    "VoiceOver",
]
