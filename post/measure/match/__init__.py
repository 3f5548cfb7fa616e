"""Matches shots: one transform that brings a shot to the colour of another, or a refusal with reasons.

    match(target, reference, when) -> Decision    each a ShotFrames (a file, its picture, which frames) or frames
    decide_spot(targets, reference, whens)        all shots that share a reference, which belong together
    decide_spot_by_figures(targets, figures, whens)    to figures, as those of a house
    find_transfer(target, reference, when)        the part of it that one shot decides alone
    measure_figures(frames)                       the figures by which shots are balanced
    open_any(path)                                a clip or a still as one of those
    match_files(target, reference, when)          the same for two files
    cube(stage, title), cdl(stage, name)          a decision's stage for other tools

Nothing is decided frame by frame, so a match adds no flicker.
"""

from __future__ import annotations

from pathlib import Path

from post.measure.match.balance_confidence import WHEN, When
from post.measure.match.decision import Decision, Method, decide_spot, decide_spot_by_figures, find_transfer
from post.measure.match.export import cdl, cube
from post.measure.match.figures import MeasuredFigures, measure_figures
from post.measure.match.frames import Frames, ShotFrames, frames_of, open_any

__all__ = [
    "WHEN", "Decision", "Frames", "MeasuredFigures", "Method", "ShotFrames", "When", "cdl", "cube",
    "decide_spot", "decide_spot_by_figures", "find_transfer", "frames_of", "match", "match_files", "measure_figures",
    "open_any",
]  # fmt: skip


def match(target: ShotFrames | Frames, reference: ShotFrames | Frames, when: When = "likely") -> Decision:
    """Returns the decision how to bring target to reference.

    Frames are (height, width, 3) float32 display-encoded R'G'B', 0..1, BT.709 primaries, any size; a
    ShotFrames is opened and a few of its frames are read. when: as in `decide_spot`. The same input gives the same
    decision. Raises SourceError if a file cannot be read.
    """
    return decide_spot([frames_of(target)], frames_of(reference), [when])[0]


def match_files(target: Path, reference: Path, when: When = "likely") -> Decision:
    """Returns the decision for two clips or stills. Raises SourceError if one cannot be read."""
    return match(open_any(target), open_any(reference), when)
