"""Filters and generators of FCP7 XML: what of them a job has, and what it has not."""

from __future__ import annotations

import math
import re

from post.handoff.fcp7.time_remap import NAME as TIME_REMAP
from post.handoff.found import Found
from post.handoff.layers import Height
from post.handoff.markup.xml_tree import XmlElement
from post.handoff.timeline import ColourDecisions

LEVELS = "audiolevels"
TEXT_EFFECTS = (
    "text",
    "outlinetext",
    "outline text",
    "title 3d",
    "title crawl",
    "scrolling text",
    "lower third",
)
GRAPHIC = "graphicandtype"  # Premiere Pro's type: the effect's name is its text
QUIETEST, LOUDEST = -60.0, 24.0
_NUMBER = re.compile(r"-?\d{1,6}(?:\.\d{1,18})?(?:[eE]-?\d{1,2})?", re.ASCII)
# What lies over another picture, and shows it: with these a clip is a part of the picture.
_OVER = ("basic", "opacity", "crop")


def _effects(item: XmlElement) -> list[XmlElement]:
    filters = [each for each in item.all("filter") if each.word("enabled", "TRUE").upper() != "FALSE"]
    return [effect for each in filters for effect in each.all("effect")]


def lose_effects(found: Found, item: XmlElement) -> None:
    """Notes the filters of a clip, which a job does not take over."""
    for effect in _effects(item):
        if effect.word("effectid").lower() not in (TIME_REMAP, LEVELS, GRAPHIC):
            found.lose("effect", item, f"{effect.word('name')!r} is the editor's own")


def stacked(found: Found, item: XmlElement, height: Height) -> bool:
    """Returns whether a clip lies over another as a part of the picture, which is then refused: a job has one layer."""
    if height[-1] == 0:
        return False
    used = [effect.word("name") for effect in _effects(item) if effect.word("effectid").lower() in _OVER]
    mode = item.word("compositemode", "normal").lower()
    if mode not in ("normal", ""):
        used.append(mode)
    if used:
        found.refuse(item, f"a picture over a picture ({', '.join(used)}); render it to one clip first")
    return bool(used)


def decibels(item: XmlElement) -> float:
    """Returns a clip's gain in dB, from silence at -60 to 24."""
    for effect in _effects(item):
        if effect.word("effectid").lower() == LEVELS:
            for each in effect.all("parameter"):
                matched = _NUMBER.fullmatch(each.word("value"))
                if each.word("parameterid").lower() == "level" and matched:
                    level = float(matched[0])
                    return min(max(20 * math.log10(level), QUIETEST), LOUDEST) if level > 0 else QUIETEST
    return 0.0


def title_text(item: XmlElement) -> str:
    """Returns the text of a text generator or of Premiere Pro's type, "" for anything else."""
    own = item.child("effect")
    if own is not None and own.word("effectid").lower() in TEXT_EFFECTS:
        return next((p.word("value") for p in own.all("parameter") if p.word("parameterid") == "str"), "")
    for effect in _effects(item):
        if effect.word("effectid").lower() == GRAPHIC:
            return effect.word("name").replace("\r", "\n")
    return ""


def fill_of(item: XmlElement) -> str:
    """Returns the colour of a colour generator as #rrggbb, "" for anything else."""
    own = item.child("effect")
    if own is None or own.word("effectid").lower() != "color":
        return ""
    parameter = next((p for p in own.all("parameter") if p.word("parameterid") == "fillcolor"), None)
    value = parameter.child("value") if parameter is not None else None
    if value is None:
        return "#000000"
    codes = [value.word(tag) for tag in ("red", "green", "blue")]
    numbers = [min(int(code), 255) if code.isdecimal() and len(code) < 4 else 0 for code in codes]
    return "#" + "".join(f"{number:02x}" for number in numbers)


def grade_of(item: XmlElement) -> ColourDecisions | None:
    """Returns the ASC CDL that a clip carries, None where it carries none."""
    info = item.child("colorinfo")
    if info is None or not info.word("asc_sop"):
        return None
    numbers = [float(each) for each in _NUMBER.findall(info.word("asc_sop"))]
    if len(numbers) != 9:
        return None
    saturation = _NUMBER.fullmatch(info.word("asc_sat"))
    slope, offset, power = (tuple(numbers[at : at + 3]) for at in (0, 3, 6))
    return ColourDecisions(
        (slope[0], slope[1], slope[2]),
        (offset[0], offset[1], offset[2]),
        (power[0], power[1], power[2]),
        float(saturation[0]) if saturation else 1.0,
    )
