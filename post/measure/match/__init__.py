"""Matches shots: one transform that brings a shot to the colour of another, or a refusal with reasons.

    match(target, reference) -> Decision      each a Footage (a file, its picture, which frames) or frames
    open_any(path)                            a clip or a still as one of those
    match_files(target, reference)            the same for two files
    cube(stage, title), cdl(stage, name)      a decision's stage for other tools

Nothing is decided frame by frame, so a match adds no flicker.
"""

from __future__ import annotations

from pathlib import Path

from post.measure.match.decision import Decision, Method, decide
from post.measure.match.export import cdl, cube
from post.measure.match.frames import Frames, ShotFrames, frames_of, open_any

__all__ = [
    "Decision", "Frames", "Method", "ShotFrames", "cdl", "cube", "frames_of", "match", "match_files", "open_any",
]  # fmt: skip


def match(target: ShotFrames | Frames, reference: ShotFrames | Frames) -> Decision:
    """Returns the decision how to bring target to reference.

    Frames are (height, width, 3) float32 display-encoded R'G'B', 0..1, BT.709 primaries, any size; a
    ShotFrames is opened and a few of its frames are read. The same input gives the same decision. Raises
    SourceError if a file cannot be read.
    """
    return decide(frames_of(target), frames_of(reference))


def match_files(target: Path, reference: Path) -> Decision:
    """Returns the decision for two clips or stills. Raises SourceError if one cannot be read."""
    return match(open_any(target), open_any(reference))
