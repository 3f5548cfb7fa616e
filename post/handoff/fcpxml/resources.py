"""Reads the resources of an FCPXML file: formats, assets, effects and nested media."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

from post.handoff.fcpxml.times import time_of
from post.handoff.markup.xml_tree import XmlElement
from post.handoff.timeline import TimelineMedia

# Names of formats that carry their own rate: FFVideoFormat1080p2398.
_NAMED = re.compile(r"FFVideoFormat.*?(\d+)[ip](\d{2})(\d{2})?$")


@dataclass(frozen=True, slots=True)
class VideoFormat:
    """A format. rate: frames a second, None where it says none; width, height: pixels, 0 where it says none."""

    rate: Fraction | None = None
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class StoryAsset:
    """A media file. start: its first frame's time, in seconds, in the time that clips of it use."""

    media: TimelineMedia
    start: Fraction
    length: Fraction


@dataclass(slots=True)
class Resources:
    """What clips refer to, by id."""

    label: str
    formats: dict[str, VideoFormat] = field(default_factory=dict)
    assets: dict[str, StoryAsset] = field(default_factory=dict)
    effects: dict[str, XmlElement] = field(default_factory=dict)
    media: dict[str, XmlElement] = field(default_factory=dict)

    def rate(self, name: str, default: Fraction) -> Fraction:
        """Returns the rate of a format, `default` where it has none."""
        found = self.formats.get(name)
        return (found.rate if found is not None else None) or default


def read_resources(root: XmlElement, label: str) -> Resources:
    """Returns the resources of a file. Raises SourceError for times that are none."""
    found = Resources(label)
    block = root.child("resources")
    for each in block.children if block is not None else []:
        if each.tag == "format":
            found.formats[each.get("id")] = _format(each, label)
        elif each.tag == "effect":
            found.effects[each.get("id")] = each
        elif each.tag == "media":
            found.media[each.get("id")] = each
    for each in block.all("asset") if block is not None else []:
        found.assets[each.get("id")] = _asset(each, found)
    return found


def _format(each: XmlElement, label: str) -> VideoFormat:
    rate: Fraction | None = None
    if each.get("frameDuration"):
        step = time_of(each, "frameDuration", label)
        rate = 1 / step if step > 0 else None
    elif named := _NAMED.search(each.get("name")):
        whole, part = named[2], named[3]
        rate = Fraction(-(-int(whole + part) // 100) * 1000, 1001) if part else Fraction(int(whole))
    return VideoFormat(rate, *(_pixels(each.get(name)) for name in ("width", "height")))


def _pixels(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _asset(each: XmlElement, found: Resources) -> StoryAsset:
    label = found.label
    form = found.formats.get(each.get("format"), VideoFormat())
    start = time_of(each, "start", label, Fraction(0))
    length = time_of(each, "duration", label, Fraction(0))
    original = next((rep for rep in each.all("media-rep") if rep.get("kind") != "proxy-media"), each)
    own = {md.get("key"): md.get("value") for block in each.all("metadata") for md in block.all("md")}
    picture = each.get("hasVideo") == "1"
    still = picture and length == 0
    media = TimelineMedia(
        name=each.get("name") or each.get("id"),
        path=original.get("src"),
        sha256=own.get("answerprint.sha256", ""),
        reel=own.get("com.apple.proapps.studio.reel", ""),
        rate=form.rate,
        start=int(start * form.rate) if form.rate else 0,
        length=None if still else length,
        width=form.width,
        height=form.height,
        picture=picture,
        sound=each.get("hasAudio") == "1",
        still=still,
    )
    return StoryAsset(media, start, length)
