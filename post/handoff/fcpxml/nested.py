"""Elements of an FCPXML file that hold others: clips of several parts, compound and multicam clips, storylines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Protocol

from post.handoff.fcpxml.found import CLIP_KEY, FoundStory, own_metadata
from post.handoff.fcpxml.looks import decibels, lose_looks
from post.handoff.fcpxml.place import ANCHORED, Place, PlacedTime
from post.handoff.fcpxml.times import time_of
from post.handoff.layers import TrackPiece
from post.handoff.markup.xml_tree import XmlElement

ZERO = Fraction(0)
DEEPEST = 24  # clips within each other


class Walker(Protocol):
    """What walks on through the parts of an element. depth: of clips within each other."""

    found: FoundStory
    depth: int

    def spine(
        self, items: Sequence[XmlElement], place: Place, base: Fraction, bounds: Place | None = None
    ) -> None:
        """Walks along elements that follow each other.

        base: the offset of their start; bounds: what is seen of those on another lane, None for as much as of them.
        """


def container(walk: Walker, item: XmlElement, place: Place, timed: PlacedTime) -> TrackPiece | None:
    """A clip of several parts. Its own picture is that of its part without a lane."""
    count = len(walk.found.pieces)
    _contents(walk, item, [each for each in item.children if each.tag in ANCHORED], place, timed, ZERO)
    own, audio = own_metadata(item, CLIP_KEY), decibels(item)
    for number, piece in enumerate(walk.found.pieces[count:], count):
        name = item.get("name") or piece.name
        walk.found.pieces[number] = replace(
            piece, name=name, metadata=piece.metadata or own, id=piece.id or str(own.get("id") or ""),
            notes=piece.notes or item.word("note"),
            audio=replace(piece.audio, gain_db=piece.audio.gain_db + audio),
        )  # fmt: skip
    inner = walk.found.pieces[count:]
    return inner[0] if len(inner) == 1 else None


def ref_clip(walk: Walker, item: XmlElement, place: Place, timed: PlacedTime) -> None:
    """A compound clip."""
    nested = walk.found.resources.media.get(item.get("ref"))
    sequence = nested.child("sequence") if nested is not None else None
    spine = sequence.child("spine") if sequence is not None else None
    if sequence is None or spine is None:
        walk.found.refuse(item, f"it refers to no compound clip: {item.get('ref')!r}")
        return
    rate = walk.found.resources.rate(sequence.get("format"), place.rate)
    base = time_of(sequence, "tcStart", walk.found.resources.label, ZERO)
    _contents(walk, item, spine.children, replace(place, rate=rate), timed, base)


def mc_clip(walk: Walker, item: XmlElement, place: Place, timed: PlacedTime) -> None:
    """A multicam clip: the angle that is switched on for the picture."""
    nested = walk.found.resources.media.get(item.get("ref"))
    cameras = nested.child("multicam") if nested is not None else None
    angles = {each.get("angleID"): each for each in cameras.all("mc-angle")} if cameras is not None else {}
    chosen = [
        s.get("angleID") for s in item.all("mc-source") if s.get("srcEnable", "all") in ("all", "video")
    ]
    angle = next((angles[name] for name in chosen if name in angles), next(iter(angles.values()), None))
    if angle is None or cameras is None:
        walk.found.refuse(item, f"it refers to no multicam clip: {item.get('ref')!r}")
        return
    rest = [each.get("name") for each in angles.values() if each is not angle]
    if rest:
        walk.found.lose("angles", item, f"the angle {angle.get('name')!r} is seen, not {', '.join(rest)}")
    rate = walk.found.resources.rate(cameras.get("format"), place.rate)
    base = time_of(cameras, "tcStart", walk.found.resources.label, ZERO)
    _contents(walk, item, angle.children, replace(place, rate=rate), timed, base)


def storyline(walk: Walker, item: XmlElement, place: Place, timed: PlacedTime) -> None:
    """A storyline that is connected to another clip. It lasts as long as its clips."""
    walk.spine(item.children, replace(place, origin=timed.first), ZERO)


def _contents(
    walk: Walker,
    item: XmlElement,
    parts: Sequence[XmlElement],
    place: Place,
    timed: PlacedTime,
    base: Fraction,
) -> None:
    """Walks through what lies within an element, at its speed, as far as it shows it."""
    where = timed.content(place)
    if where is None:
        walk.found.refuse(item, "a ramp or a reverse over several clips; retime each of them, or render it")
        return
    if walk.depth >= DEEPEST:
        walk.found.refuse(item, f"clips within each other, more than {DEEPEST} deep")
        return
    lose_looks(walk.found, item)
    walk.depth += 1
    origin, scale = where
    inner = replace(place.within(timed.first, timed.stop), origin=origin, scale=scale)
    walk.spine(parts, inner, base, place if item.tag in ("clip", "sync-clip") else None)
    walk.depth -= 1
