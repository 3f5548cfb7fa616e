"""Measures all that is measured on the frames of a film in one pass of its decoder, as they come."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from post.measure.frames import walk
from post.qc.flash.meter import FlashMeter
from post.qc.frames.meter import FrameMeter
from post.takes.probe import probe
from post.values.sights.flash import FlashSight
from post.values.sights.frames import FrameSight


@dataclass(frozen=True, slots=True)
class FrameSights:
    """What was seen in the frames of one film."""

    flashes: FlashSight
    frames: FrameSight


def measure_frames(path: Path) -> FrameSights:
    """Returns what the frames of a film show. The file may be anything: call it in a worker. Two frames are held.

    Raises SourceError where it cannot be read as a film, or is damaged.
    """
    picture = probe(path, path.name).picture
    flashes, frames = FlashMeter(picture), FrameMeter(picture)
    for step in walk(path, picture):
        if not flashes.fault:
            flashes.see(step.frame)
        frames.see(step.frame)
    return FrameSights(flashes.found(), frames.found())


def blind_to_frames(why: str) -> FrameSights:
    """Returns the sights of a film whose frames cannot be measured, for this reason."""
    return FrameSights(FlashSight(fault=why), FrameSight(fault=why))
