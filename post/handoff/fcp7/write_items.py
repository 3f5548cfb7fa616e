"""Writes clips, generators, transitions and files as FCP7 XML has them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from post.handoff.durations import decimal_text
from post.handoff.fcp7.numbers import write_rate
from post.handoff.fcp7.time_remap import write_remap
from post.handoff.markup.xml_tree import XmlElement, element
from post.handoff.media import file_url
from post.handoff.time_keys import PositionKey
from post.handoff.timeline import ColourDecisions, TimelineMedia, TimelineTitle, TimelineTransition
from post.handoff.transition_names import NAMES
from post.values.time import round_half_up
from post.values.timecode import timecode


@dataclass(frozen=True, slots=True)
class ItemFrames:
    """Where a clip lies, in frames of the sequence. start, end: as the item says them, -1 under a transition; first,
    stop: its in and out, in its own frames; keys: its time map, seen frame to media frame, () for none."""

    start: int
    end: int
    first: int
    stop: int
    keys: tuple[PositionKey, ...] = ()
    blended: bool = False


@dataclass(slots=True)
class FileList:
    """Files as they are named: whole the first time, by their id after that. rate: the sequence's."""

    rate: Fraction
    ids: dict[TimelineMedia, str] = field(default_factory=dict)

    def named(self, media: TimelineMedia) -> tuple[XmlElement, str]:
        """Returns a file, and the id of its master clip."""
        known = self.ids.get(media)
        number = len(self.ids) + 1 if known is None else int(known.removeprefix("file-"))
        name = self.ids.setdefault(media, f"file-{number}")
        return element(
            "file", *(self._whole(media) if known is None else []), id=name
        ), f"masterclip-{number}"

    def length(self, media: TimelineMedia) -> int:
        """Returns a media's length in frames of the sequence; an hour of what stands still."""
        return round_half_up((media.length if media.length is not None else Fraction(3600)) * self.rate)

    def _whole(self, media: TimelineMedia) -> list[XmlElement]:
        rate = media.rate or self.rate
        length = media.length if media.length is not None else Fraction(3600)
        code = element(
            "timecode", write_rate(rate), element("string", text=timecode(media.start, rate, media.drop_frame)),
            element("frame", text=str(media.start)), element("displayformat", text="DF" if media.drop_frame else "NDF"),
            element("reel", element("name", text=media.reel)) if media.reel else None,
        )  # fmt: skip
        picture = element("video", shape(rate, media.width, media.height)) if media.picture else None
        sound = None
        if media.sound:
            heard = element(
                "samplecharacteristics", element("depth", text="16"), element("samplerate", text="48000")
            )
            sound = element("audio", heard, element("channelcount", text="2"))
        return [
            element("name", text=media.name), element("pathurl", text=file_url(media.path)), write_rate(rate),
            element("duration", text=str(round_half_up(length * rate))), code,
            element("media", picture, sound),
        ]  # fmt: skip


def shape(rate: Fraction, width: int, height: int) -> XmlElement:
    """Returns the characteristics of a picture. Without them Resolve does not see a sequence's format."""
    sizes = [element(tag, text=str(size)) for tag, size in (("width", width), ("height", height)) if size]
    return element(
        "samplecharacteristics", write_rate(rate), *sizes, element("anamorphic", text="FALSE"),
        element("pixelaspectratio", text="square"), element("fielddominance", text="none"),
    )  # fmt: skip


def clip_item(
    name: str, identity: str, media: TimelineMedia, files: FileList, frames: ItemFrames, *more: XmlElement | None,
    sound: bool = False,
) -> XmlElement:  # fmt: skip
    """Returns a clip. identity: its own id; more: what follows its file: links, filters, comments."""
    named, master = files.named(media)
    length = files.length(media)
    remap = None
    if frames.keys:
        remap = write_remap(frames.keys, frames.first, frames.stop, length, frames.blended, sound=sound)
        length = int(frames.keys[-1].at)
    return element(
        "clipitem", element("masterclipid", text=master), element("name", text=name),
        element("enabled", text="TRUE"), element("duration", text=str(length)), write_rate(files.rate),
        *_numbers(start=frames.start, end=frames.end, in_=frames.first, out=frames.stop),
        element("stillframe", text="TRUE") if media.still else None, named, remap, *more, id=identity,
    )  # fmt: skip


def colour_item(
    name: str, identity: str, fill: str, rate: Fraction, frames: ItemFrames, *more: XmlElement | None
) -> XmlElement:
    """Returns a colour that is made. fill: #rrggbb."""
    codes = [int(fill[at : at + 2], 16) for at in (1, 3, 5)]
    value = element(
        "value", element("alpha", text="255"), *_numbers(red=codes[0], green=codes[1], blue=codes[2])
    )
    effect = element(
        "effect", element("name", text="Color"), element("effectid", text="Color"),
        element("effectcategory", text="Matte"), element("effecttype", text="generator"),
        element("mediatype", text="video"),
        element("parameter", element("parameterid", text="fillcolor"), element("name", text="Color"), value),
    )  # fmt: skip
    return _generator(name, identity, rate, frames, effect, more)


def text_item(title: TimelineTitle, identity: str, rate: Fraction, *more: XmlElement | None) -> XmlElement:
    """Returns a title as the text generator of Final Cut Pro 7."""
    effect = element(
        "effect", element("name", text="Text"), element("effectid", text="Text"),
        element("effectcategory", text="Text"), element("effecttype", text="generator"),
        element("mediatype", text="video"),
        element(
            "parameter", element("parameterid", text="str"), element("name", text="Text"),
            element("value", text=title.text),
        ),
    )  # fmt: skip
    span = title.record
    frames = ItemFrames(span.first, span.stop, 0, len(span))
    return _generator(title.id, identity, rate, frames, effect, more)


def _generator(
    name: str,
    identity: str,
    rate: Fraction,
    frames: ItemFrames,
    effect: XmlElement,
    more: Sequence[XmlElement | None],
) -> XmlElement:
    return element(
        "generatoritem", element("name", text=name), element("enabled", text="TRUE"),
        element("duration", text=str(frames.stop)), write_rate(rate),
        *_numbers(start=frames.start, end=frames.end, in_=frames.first, out=frames.stop), effect, *more, id=identity,
    )  # fmt: skip


def transition_item(each: TimelineTransition, rate: Fraction) -> XmlElement:
    """Returns a transition. A wipe says its SMPTE code."""
    name = NAMES.get(each.stage, NAMES["dissolve"])
    alignment = "start" if not each.before else "end" if not each.after else "center"
    span = each.span
    effect = element(
        "effect", element("name", text=name), element("effectid", text=name),
        element("effectcategory", text="Dissolve" if name.endswith("Dissolve") else "Wipe"),
        element("effecttype", text="transition"), element("mediatype", text="video"),
        element("wipecode", text=str(each.wipe or 0)), element("wipeaccuracy", text="100"),
        element("startratio", text="0"), element("endratio", text="1"), element("reverse", text="FALSE"),
    )  # fmt: skip
    return element(
        "transitionitem", write_rate(rate), *_numbers(start=span.first, end=span.stop),
        element("alignment", text=alignment), effect,
    )  # fmt: skip


def gain_filter(gain_db: float) -> XmlElement | None:
    """Returns the filter that sets a sound's level, None at 0 dB."""
    if not gain_db:
        return None
    level = decimal_text(Fraction(10 ** (gain_db / 20)).limit_denominator(10**9))[:14]
    parameter = element(
        "parameter", element("parameterid", text="level"), element("name", text="Level"),
        element("valuemin", text="0"), element("valuemax", text="3.98109"), element("value", text=level),
    )  # fmt: skip
    return element(
        "filter",
        element(
            "effect", element("name", text="Audio Levels"), element("effectid", text="audiolevels"),
            element("effectcategory", text="audiolevels"), element("effecttype", text="audiolevels"),
            element("mediatype", text="audio"), parameter,
        ),
    )  # fmt: skip


def comments(own: Mapping[str, Any], tag: str) -> XmlElement | None:
    """Returns our own metadata as a comment of an item, None where there is none."""
    if not own:
        return None
    return element("comments", element(tag, text=json.dumps(own, ensure_ascii=False, separators=(",", ":"))))


def colour_info(grade: ColourDecisions | None) -> XmlElement | None:
    """Returns an ASC CDL as Premiere Pro writes it beside a clip."""
    if grade is None:
        return None
    rows = "".join(
        "(" + " ".join(f"{number:.6g}" for number in row) + ")"
        for row in (grade.slope, grade.offset, grade.power)
    )
    return element(
        "colorinfo", element("asc_sop", text=rows), element("asc_sat", text=f"{grade.saturation:.6g}")
    )


def _numbers(**numbers: int) -> list[XmlElement]:
    return [element(tag.rstrip("_"), text=str(number)) for tag, number in numbers.items()]
