"""Walks through the story elements of an FCPXML file.

Local times are rational, and each element's place is worked out from its container's; nothing is rounded here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from post.errors import SourceError
from post.handoff.fcpxml import leaves, nested
from post.handoff.fcpxml.found import FoundStory
from post.handoff.fcpxml.place import ANCHORED, Place, PlacedTime, inside, timing
from post.handoff.fcpxml.resources import Resources
from post.handoff.fcpxml.times import time_of
from post.handoff.fcpxml.transitions import Beside, add_transition
from post.handoff.found import Marked
from post.handoff.layers import TrackPiece
from post.handoff.markup.xml_tree import XmlElement

ZERO = Fraction(0)
MOST_ITEMS = 50_000  # a compound clip counts each time that it is opened
LEAVES: dict[str, Callable[[FoundStory, XmlElement, Place, PlacedTime], TrackPiece | None]] = {
    "asset-clip": leaves.asset_clip,
    "video": leaves.video,
    "audio": leaves.audio,
    "title": leaves.title,
    "caption": leaves.caption,
    "gap": leaves.gap,
}
NESTED: dict[str, Callable[[nested.Walker, XmlElement, Place, PlacedTime], TrackPiece | None]] = {
    "clip": nested.container,
    "sync-clip": nested.container,
    "ref-clip": nested.ref_clip,
    "mc-clip": nested.mc_clip,
    "spine": nested.storyline,
}


class Walk:
    """Walks from a sequence's spine down, and gathers what it finds."""

    def __init__(self, resources: Resources) -> None:
        self.found = FoundStory(resources.label, resources=resources)
        self.depth = 0
        self.count = 0
        self.stop = ZERO  # of the primary storyline, in seconds of the timeline

    def spine(
        self, items: Sequence[XmlElement], place: Place, base: Fraction, bounds: Place | None = None
    ) -> None:
        """Walks along a spine, an angle, or what lies within a clip.

        base: the offset of its start; bounds: what is seen of parts on another lane, as of those that are anchored to a
        clip, None for as much as of the others.
        """
        around = place if bounds is None else replace(place, first=bounds.first, stop=bounds.stop)
        cursor, row = base, list[Beside | XmlElement]()
        for item in items:
            if item.tag == "transition":
                row.append(item)
            elif item.tag in ANCHORED:
                timed, piece = self.item(item, around if item.get("lane") else place, place, cursor)
                if timed is not None and not item.get("lane"):
                    row.append(Beside(item, timed, piece))
                    cursor = (timed.stop - place.origin) / place.scale
                    self.stop = max(self.stop, timed.stop) if not self.depth else self.stop
            elif item.tag == "live-drawing":
                self.found.refuse(item, "it is drawn by the editor; render it to a clip first")
        for number, each in enumerate(row):
            if isinstance(each, XmlElement):
                before = next((x for x in reversed(row[:number]) if isinstance(x, Beside)), None)
                after = next((x for x in row[number + 1 :] if isinstance(x, Beside)), None)
                add_transition(self.found, each, place, before, after)

    def item(
        self, item: XmlElement, place: Place, offsets: Place, cursor: Fraction
    ) -> tuple[PlacedTime | None, TrackPiece | None]:
        """Walks through one element and all that is anchored to it. offsets, cursor: as in `timing`."""
        self.count += 1
        if self.count > MOST_ITEMS:
            where = f"{self.found.label}:{item.line}"
            raise SourceError(
                "too many clips", where=where, expected=f"up to {MOST_ITEMS}, those within clips too"
            )
        if item.tag == "audition":
            return self.audition(item, place, offsets, cursor)
        lane = item.get("lane", "0")
        number = int(lane) if lane.lstrip("-").isdecimal() and len(lane) < 6 else 0
        placed = replace(place, height=(*place.height, number))
        timed = timing(item, placed, self.found.resources, self._start(item), offsets, cursor)
        piece = None
        if item.get("enabled") == "0":
            self.found.lose("clip", item, "it is switched off")
        elif item.tag in LEAVES:
            piece = LEAVES[item.tag](self.found, item, placed, timed)
        else:
            piece = NESTED[item.tag](self, item, placed, timed)
        own = inside(timed, place)
        for child in item.children if item.tag not in ("clip", "sync-clip", "spine") else ():
            if child.tag in ANCHORED:
                self.item(child, place, own, ZERO)
        self._marks(item, own, timed)
        return timed, piece

    def audition(
        self, item: XmlElement, place: Place, offsets: Place, cursor: Fraction
    ) -> tuple[PlacedTime | None, TrackPiece | None]:
        """Several takes for one place: the first is the one that is picked."""
        picks = [each for each in item.children if each.tag in ANCHORED]
        if not picks:
            return None, None
        rest = [each.get("name") for each in picks[1:]]
        if rest:
            self.found.lose("audition", item, f"{picks[0].get('name')!r} is picked, not {', '.join(rest)}")
        around = {name: item.get(name) for name in ("lane", "offset") if item.get(name)}
        pick = XmlElement(
            picks[0].tag, {**picks[0].attributes, **around}, picks[0].children, "", picks[0].line
        )
        return self.item(pick, place, offsets, cursor)

    def _start(self, item: XmlElement) -> Fraction:
        """Returns the local time at which an element starts where it does not say so."""
        ref = item.get("ref")
        if ref in self.found.resources.assets:
            return self.found.resources.assets[ref].start
        nested = self.found.resources.media.get(ref)
        content = nested.children[0] if nested is not None and nested.children else item
        return time_of(content, "tcStart", self.found.resources.label, ZERO)

    def _marks(self, item: XmlElement, own: Place, timed: PlacedTime) -> None:
        """Adds the markers of an element. Those outside it are not shown in the editor either."""
        for mark in item.all("marker", "chapter-marker"):
            at = own.at(time_of(mark, "start", self.found.resources.label))
            length = time_of(mark, "duration", self.found.resources.label, ZERO) * own.scale
            done = {"0": "todo", "1": "done"}.get(mark.get("completed"), "note")
            kind = "chapter" if mark.tag == "chapter-marker" else done
            if timed.first <= at < timed.stop:
                marked = Marked(mark.get("value"), mark.get("note"), kind, at, length)
                self.found.markers.append(marked)
            else:
                self.found.lose("marker", mark, f"{mark.get('value')!r} lies outside its clip")
