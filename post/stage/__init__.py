"""Defines stages, which are what can be done to a film: frozen values that each do one thing and declare it.

registry  finds them by name, those of plug-ins too
kinds     what a stage of each kind is given, and what it gives back
"""

from post.stage.kinds import (
    ColourStage,
    FieldStage,
    FinishStage,
    FlatRaster,
    FrameEffect,
    LayerStage,
    Planes16,
    Raster,
    RepairStage,
    Setting,
    TransitionStage,
)
from post.stage.registry import (
    REGISTRY,
    RENAMED,
    Does,
    Stage,
    call_of,
    find,
    open_call,
    parameters,
    release_of,
    stage,
    stage_names,
)
from post.values.plan import Pose

__all__ = [
    "REGISTRY",
    "RENAMED",
    "ColourStage",
    "Does",
    "FieldStage",
    "FinishStage",
    "FlatRaster",
    "FrameEffect",
    "LayerStage",
    "Planes16",
    "Pose",
    "Raster",
    "RepairStage",
    "Setting",
    "Stage",
    "TransitionStage",
    "call_of",
    "find",
    "open_call",
    "parameters",
    "release_of",
    "stage",
    "stage_names",
]
