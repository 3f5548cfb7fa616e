"""Asks for all that is measured on every frame of a film: flashes, and what single frames and runs of frames show."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from post.qc.film_reader import FilmFrame, FilmReader
from post.qc.flash.meter import FlashMeter
from post.qc.frames.meter import FrameMeter
from post.values import Picture
from post.values.sights.flash import FlashSight
from post.values.sights.frames import FrameSight


@dataclass(frozen=True, slots=True)
class FrameSights:
    """What was seen in the frames of one film."""

    flashes: FlashSight
    frames: FrameSight


@dataclass(frozen=True, slots=True)
class FrameQuestion:
    """Asks what every frame shows. Its sight is a `FrameSights`."""

    def meter(self, picture: Picture) -> EveryFrameMeter:
        """Returns what measures it."""
        return EveryFrameMeter(picture)

    def blind(self, why: str) -> FrameSights:
        """Returns the sights of a film whose frames cannot be measured."""
        return FrameSights(FlashSight(fault=why), FrameSight(fault=why))


class EveryFrameMeter:
    """Takes every frame of one film."""

    look_back = Fraction(0)

    def __init__(self, picture: Picture) -> None:
        self.numbers = range(picture.length)
        self._flashes, self._frames = FlashMeter(picture), FrameMeter(picture)

    def see(self, frame: FilmFrame, _: FilmReader) -> None:
        """Takes the next frame."""
        if not self._flashes.fault:
            self._flashes.see(frame.planes)
        self._frames.see(frame.planes)

    def found(self, _: FilmReader) -> FrameSights:
        """Returns what was seen."""
        return FrameSights(self._flashes.found(), self._frames.found())
