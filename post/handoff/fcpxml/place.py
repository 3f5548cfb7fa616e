"""Where the local time of an element lies on the timeline, and what of it is seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from post.handoff.fcpxml.conform_rate import RATES, conformed_speed
from post.handoff.fcpxml.resources import Resources
from post.handoff.fcpxml.time_map import SAMPLING, read_time_map
from post.handoff.fcpxml.times import time_of
from post.handoff.layers import Height
from post.handoff.markup.xml_tree import XmlElement
from post.handoff.time_keys import PositionKey

# Elements that have a place on the timeline.
ANCHORED = (
    "asset-clip", "audio", "video", "clip", "title", "caption", "mc-clip", "ref-clip", "sync-clip", "audition", "spine",
    "gap",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A local time. origin: where its 0 lies on the timeline; scale: timeline seconds in one of its seconds; first,
    stop: what of the timeline its container shows; height: of its track; rate: frames a second of its container."""

    origin: Fraction
    scale: Fraction
    first: Fraction
    stop: Fraction
    height: Height
    rate: Fraction

    def at(self, local: Fraction) -> Fraction:
        """Returns the timeline's time of a local time."""
        return self.origin + self.scale * local

    def within(self, first: Fraction, stop: Fraction) -> Place:
        """Returns the same time, of which no more is seen than from `first` to `stop`."""
        low = min(max(self.first, first), self.stop)
        return replace(self, first=low, stop=max(low, min(self.stop, stop)))


@dataclass(frozen=True, slots=True)
class PlacedTime:
    """An element on the timeline. first, stop: its time there; start: its own time at `first`; speed: its content's
    seconds in one of its own; keys: its time map in its own time, in place of `speed`; sampling: as our job says it."""

    first: Fraction
    stop: Fraction
    start: Fraction
    speed: Fraction
    keys: tuple[PositionKey, ...] = ()
    sampling: str = ""

    def content(self, place: Place) -> tuple[Fraction, Fraction] | None:
        """Returns where its content's 0 lies on the timeline, and its scale; None where it has no one speed above 0.

        place: where the element itself is.
        """
        speed, shift = self.speed, self.start - self.start * self.speed
        if self.keys:
            lines = {(b.source - a.source) / (b.at - a.at) for a, b in pairwise(self.keys)}
            if len(lines) != 1 or min(lines) <= 0:
                return None
            speed = lines.pop()
            shift = self.keys[0].source - self.keys[0].at * speed
        # Content time c is shown at own time (c - shift) / speed.
        scale = place.scale / speed
        return self.first - scale * (self.start * speed + shift), scale


def timing(
    each: XmlElement, place: Place, resources: Resources, base: Fraction, offsets: Place, cursor: Fraction
) -> PlacedTime:
    """Returns the timing of an element.

    place: the time that its length is in; base: its start where it says none; offsets: the time that its offset is in;
    cursor: its offset where it says none.

    Raises SourceError for times that are none.
    """
    label = resources.label
    first = offsets.at(time_of(each, "offset", label, cursor))
    length = time_of(each, "duration", label, _asset_length(each, resources))
    start = time_of(each, "start", label, base)
    stop = first + length * place.scale
    found = each.child("timeMap")
    if found is not None:
        keys = read_time_map(found, label)
        return PlacedTime(first, stop, start, Fraction(1), keys, SAMPLING.get(found.get("frameSampling"), ""))
    conform = each.child("conform-rate")
    if conform is None or conform.get("scaleEnabled") == "0":
        return PlacedTime(first, stop, start, Fraction(1))
    rate = RATES.get(conform.get("srcFrameRate"), place.rate)
    sampling = SAMPLING.get(conform.get("frameSampling"), "")
    return PlacedTime(first, stop, start, conformed_speed(rate, place.rate), (), sampling)


def inside(timed: PlacedTime, place: Place) -> Place:
    """Returns the time that marks and offsets within an element are in: its own, which a conformed rate stretches."""
    scale = place.scale / timed.speed
    return replace(place, origin=timed.first - scale * timed.start, scale=scale)


def _asset_length(each: XmlElement, resources: Resources) -> Fraction | None:
    """Returns how long an element lasts where it does not say so; None where it must."""
    if each.tag == "spine":
        return Fraction(0)  # as long as its clips
    asset = resources.assets.get(each.get("ref"))
    return asset.length if asset is not None else None
