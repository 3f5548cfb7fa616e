"""Reads the platforms that a deliverable is for: what their controls cover of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from post.job.diagnostics import Diagnostics
from post.job.reader import Section
from presets import Node

SAME_SHAPE = 0.03  # how far the shape of a film may be from that of a zone: 1080x1920 is 9:16, so is 720x1278
_SHAPE = re.compile(r"([1-9]\d{0,2}):([1-9]\d{0,2})\Z", re.ASCII)
SIDES = ("top", "right", "bottom", "left")


@dataclass(frozen=True, slots=True)
class Zone:
    """What a platform covers of one shape of film. shape: width over height; clear: top, right, bottom, left, in
    percent of the height or the width."""

    shape: float
    said: str
    clear: tuple[float, ...]
    what: str
    date: str
    confidence: str


def read_clear(diagnostics: Diagnostics, deliver: Section, size: tuple[int, int]) -> tuple[float, ...]:
    """Returns what the controls of a deliverable's platforms cover: the most at each side, in percent; () for none.

    size: width and height, in pixels. Reports a platform that has no zone for the film's shape.
    """
    node = deliver.part("platform")
    if node is None or not all(size):
        return ()
    several = node.items if isinstance(node.value, tuple) else (node,)
    found = [
        zone
        for index, item in enumerate(several)
        if (zone := _zone_for(diagnostics, item, (deliver.spot("platform"), index, len(several)), size))
    ]
    if not found:
        return ()
    return tuple(max(zone.clear[side] for zone in found) for side in range(len(SIDES)))


def clear_of(
    diagnostics: Diagnostics, platforms: Sequence[str], by: Node, at: tuple[str, str], size: tuple[int, int]
) -> tuple[float, ...]:
    """Returns what the controls of platforms cover of a film of that size, as `read_clear` does; platforms that show
    no film of its shape cover nothing.

    by: the node that faults are reported at; at: a dotted place, and who asks for it.
    """
    found = list[Zone]()
    place, why = at
    aside = diagnostics.of_version()  # what zones are not of this film is nobody's concern
    for name in platforms:
        preset = aside.preset("platform", Node(name, by.line, by.file, name), place)
        zones = _zones(aside, Section(aside, "platform", preset, place)) if preset else None
        zone = _of_shape(zones or (), size)
        if zone is not None:
            found.append(zone)
            value = ", ".join(f"{side} {share:g} %" for side, share in zip(SIDES, zone.clear, strict=True))
            diagnostics.credit(
                place, f"{name}: {value}", f"{why} ({zone.date}, confidence {zone.confidence})"
            )
    return tuple(max(zone.clear[side] for zone in found) for side in range(len(SIDES))) if found else ()


def _of_shape(zones: Sequence[Zone], size: tuple[int, int]) -> Zone | None:
    width, height = size
    return next((each for each in zones if abs(width / height / each.shape - 1) <= SAME_SHAPE), None)


def _zone_for(
    diagnostics: Diagnostics, item: Node, at: tuple[str, int, int], size: tuple[int, int]
) -> Zone | None:
    """Returns the zone of one platform for a film of that size; None, with a fault, where there is none."""
    key, index, count = at
    place = key if count == 1 else f"{key}[{index}]"
    preset = diagnostics.preset("platform", item, place)
    if preset is None:
        return None
    zones = _zones(diagnostics, Section(diagnostics, "platform", preset, place))
    if zones is None:
        return None
    width, height = size
    zone = _of_shape(zones, size)
    if zone is None:
        diagnostics.say(
            "nothing is known of what this platform covers in a film of this shape",
            item,
            place,
            expected=" | ".join(each.said for each in zones),
            got=f"{width}x{height}",
            fix="give another width and height, leave `platform` out, or write a platform file of your own",
        )
        return None
    value = ", ".join(f"{side} {share:g} %" for side, share in zip(SIDES, zone.clear, strict=True))
    origin = f"{preset.origin} ({zone.date}, confidence {zone.confidence})"
    diagnostics.credit(place, f"{item.text or 'written here'}: {value}", origin)
    return zone


def _zones(diagnostics: Diagnostics, platform: Section) -> list[Zone] | None:
    """Returns a platform's zones; None, with faults, where one is wrong."""
    made, sound = [], True
    for node, place in platform.items("zones"):
        section = Section(diagnostics, "zone", node, place)
        said = section.text("shape")
        shape = _SHAPE.fullmatch(said)
        if said and shape is None:
            diagnostics.say(
                "not a shape", node.mapping.get("shape", node), section.spot("shape"),
                expected="width to height, such as 9:16", got=repr(said),
            )  # fmt: skip
        clear = tuple(section.number(side, -1) for side in SIDES)
        known = section.text("date"), section.text("confidence")
        if shape is None or min(clear) < 0:
            sound = False
            continue
        made.append(Zone(int(shape[1]) / int(shape[2]), said, clear, section.text("what"), *known))
    return made if sound and made else None
