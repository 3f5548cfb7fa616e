"""Transitions of an FCPXML file."""

from __future__ import annotations

from typing import NamedTuple

from post.handoff.fcpxml.found import CLIP_KEY, FoundStory, own_metadata
from post.handoff.fcpxml.place import Place, PlacedTime
from post.handoff.fcpxml.times import time_of
from post.handoff.layers import Passage, TrackPiece
from post.handoff.markup.xml_tree import XmlElement
from post.handoff.transition_names import stage_of


class Beside(NamedTuple):
    """An element beside a transition, with its timing, and its own picture where it has one."""

    item: XmlElement
    timed: PlacedTime
    piece: TrackPiece | None


def add_transition(
    found: FoundStory, item: XmlElement, place: Place, before: Beside | None, after: Beside | None
) -> None:
    """Adds a transition between the elements beside it, or from or to nothing at the ends of its storyline."""
    cut = after.timed.first if after else before.timed.stop if before else None
    if cut is None:
        found.refuse(item, "no clip beside it")
        return
    label = found.resources.label
    first = place.at(time_of(item, "offset", label, (cut - place.origin) / place.scale))
    length = time_of(item, "duration", label) * place.scale
    if any(each is not None and each.item.tag == "title" for each in (before, after)):
        found.lose("transition", item, "it leads into or out of a title; write the title's own fades")
        return
    filtered = item.child("filter-video")
    if filtered is None and item.child("filter-audio") is not None:
        found.lose("transition", item, "of sound alone; sound fades with its picture")
        return
    effect = found.resources.effects.get(filtered.get("ref")) if filtered is not None else None
    name = item.get("name") or (effect.get("name") if effect is not None else "")
    own = own_metadata(item, CLIP_KEY)
    stage, wipe = stage_of(str(own.get("stage") or name))
    if not stage:
        found.lose("transition", item, "nothing here is like it; a dissolve takes its place")
    params = own.get("params")
    found.passages.append(
        Passage(
            cut, cut - first, first + length - cut, found.where(item), before.piece if before else None,
            after.piece if after else None, stage or "dissolve", name, wipe, params if isinstance(params, dict) else {},
        )
    )  # fmt: skip
