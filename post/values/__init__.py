"""Defines the values that all rooms share: frozen, checked when made, compared by value. They do no I/O."""

from post.values.canonical import digest, from_plain, plain
from post.values.claim import Action, Finding, Ruling
from post.values.colour import BT709, Colour, Format
from post.values.media import Asset, Fact, File, Picture, Sound, Take
from post.values.plan import (
    ClipInSegment,
    EncoderSettings,
    Framed,
    LayerInSegment,
    LayerPlacement,
    Matched,
    Mix,
    Placed,
    Plan,
    Pose,
    Rendition,
    Segment,
    Shot,
    SoundEvent,
    StageCall,
    Window,
)
from post.values.time import Clock, Span, SpeedKey, TimeMap, round_half_up
from post.values.toolchain import Toolchain
from post.values.warning import JobWarning

__all__ = [
    "BT709",
    "Action",
    "Asset",
    "ClipInSegment",
    "Clock",
    "Colour",
    "EncoderSettings",
    "Fact",
    "File",
    "Finding",
    "Format",
    "Framed",
    "JobWarning",
    "LayerInSegment",
    "LayerPlacement",
    "Matched",
    "Mix",
    "Picture",
    "Placed",
    "Plan",
    "Pose",
    "Rendition",
    "Ruling",
    "Segment",
    "Shot",
    "Sound",
    "SoundEvent",
    "Span",
    "SpeedKey",
    "StageCall",
    "Take",
    "TimeMap",
    "Toolchain",
    "Window",
    "digest",
    "from_plain",
    "plain",
    "round_half_up",
]
