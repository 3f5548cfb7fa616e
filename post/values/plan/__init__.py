"""Defines a plan: what will be done, as pure data.

It holds what changes a pixel or a sample, and nothing else: no paths, worker counts or times of day.

    film      shots, renditions, and what was decided for them
    segment   what a worker makes of one piece of a film
    mix       what is heard; mix_notes: what was decided from the sound itself
    stems     what a mixer gets of it, file by file
    timed_text  files of captions beside the film, and tracks in it
    place     a place between two source frames
"""

from post.values.plan.film import Framed, Matched, Plan, Rendition, Shot
from post.values.plan.mix import Duck, LoudnessLimits, Mix, Room, RoomTone, SoundEvent, SoundShape
from post.values.plan.mix_notes import (
    Crossing,
    DuckNote,
    LevelNote,
    MixNotes,
    RepairNote,
    ShotLoudnessNote,
    SourceLevelNote,
    SpeechNote,
)
from post.values.plan.segment import (
    SHORTEST_SEGMENT,
    ClipInSegment,
    EncoderSettings,
    Knob,
    LayerInSegment,
    LayerPlacement,
    Placed,
    Pose,
    Segment,
    StageCall,
    Window,
)
from post.values.plan.stems import StemsOrder
from post.values.plan.timed_text import Sidecar, TextCue, TextRun, TextTrack

__all__ = [
    "SHORTEST_SEGMENT",
    "ClipInSegment",
    "Crossing",
    "Duck",
    "DuckNote",
    "EncoderSettings",
    "Framed",
    "Knob",
    "LayerInSegment",
    "LayerPlacement",
    "LevelNote",
    "LoudnessLimits",
    "Matched",
    "Mix",
    "MixNotes",
    "Placed",
    "Plan",
    "Pose",
    "Rendition",
    "RepairNote",
    "Room",
    "RoomTone",
    "Segment",
    "Shot",
    "ShotLoudnessNote",
    "Sidecar",
    "SoundEvent",
    "SoundShape",
    "SourceLevelNote",
    "SpeechNote",
    "StageCall",
    "StemsOrder",
    "TextCue",
    "TextRun",
    "TextTrack",
    "Window",
]
