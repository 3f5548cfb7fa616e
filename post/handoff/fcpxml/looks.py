"""What an editor does to the look and level of a clip: what of it a job has, and what it has not."""

from __future__ import annotations

import re
from fractions import Fraction

from post.handoff.fcpxml.found import FoundStory
from post.handoff.layers import Height
from post.handoff.markup.xml_tree import XmlElement

_VOICE_OVER = re.compile(r"(voice[ -]?over|vo|narration)([ -]?\d+)?")
_DECIBELS = re.compile(r"\s*([+-]?\d{1,4}(?:\.\d{1,9})?)\s*(?:dB)?\s*", re.ASCII)
QUIETEST, LOUDEST = -60.0, 24.0
# Adjustments that change nothing where they say so, with the values that change nothing.
_NEUTRAL = {
    "adjust-transform": {"position": "0 0", "scale": "1 1", "rotation": "0", "anchor": "0 0", "enabled": "1"},
    "adjust-blend": {"amount": "1.0", "mode": "0"},
    "adjust-corners": {
        "botLeft": "0 0",
        "topLeft": "0 0",
        "topRight": "0 0",
        "botRight": "0 0",
        "enabled": "1",
    },
}
# How a picture is fitted to the frame, and in which colours it was shot: the job has its own ways for both.
_OUR_OWN = ("adjust-conform", "adjust-colorConform", "adjust-volume", "adjust-panner")


def lose_looks(found: FoundStory, item: XmlElement) -> None:
    """Notes the filters and adjustments of a clip, which a job does not take over."""
    for each in item.children:
        if each.tag in ("filter-video", "filter-video-mask", "filter-audio") and each.get("enabled") != "0":
            found.lose("effect", each, f"the editor's own effect on {item.get('name')!r}")
        elif each.tag.startswith("adjust-") and each.tag not in _OUR_OWN and _changes(each):
            found.lose("adjustment", each, f"of {item.get('name')!r}; frame and grade are the job's")


def stacked(found: FoundStory, item: XmlElement, height: Height) -> bool:
    """Returns whether a clip lies over another as a part of the picture, which is then refused: a job has one layer."""
    if height[-1] == 0:
        return False
    over = ("adjust-transform", "adjust-crop", "adjust-corners", "adjust-blend")
    used = [each.tag for each in item.children if each.tag in over and _changes(each)]
    if used:
        found.refuse(item, f"a picture over a picture ({', '.join(used)}); render it to one clip first")
    return bool(used)


def decibels(item: XmlElement) -> float:
    """Returns a clip's gain in dB, from silence at -60 to 24."""
    volume = item.child("adjust-volume")
    matched = _DECIBELS.fullmatch(volume.get("amount", "0dB")) if volume is not None else None
    return min(max(float(Fraction(matched[1])), QUIETEST), LOUDEST) if matched else 0.0


def role_of(role: str) -> str:
    """Returns the role of a sound as a job knows it, of a role or a subrole such as "effects.ambience"."""
    head, _, sub = role.strip().lower().partition(".")
    if head == "dialogue" and _VOICE_OVER.fullmatch(sub):
        return "voice"
    if head == "effects" and sub.startswith("ambien"):
        return "ambience"
    return head if head in ("dialogue", "music", "effects", "ambience") else "effects"


def _changes(each: XmlElement) -> bool:
    if each.get("enabled") == "0":
        return False
    neutral = _NEUTRAL.get(each.tag)
    if neutral is None or each.children:
        return True
    return any(neutral.get(name, value) != value for name, value in each.attributes.items())
