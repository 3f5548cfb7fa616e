"""Says which file a clip of an AAF shows: its master's name, and where the essence lies."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from post.handoff.aaf.library import property_of
from post.handoff.timeline import TimelineMedia

LONGEST_CHAIN = 16


def media_of_master(master: Any, slot_id: int, *, picture: bool) -> tuple[TimelineMedia, Fraction]:
    """Returns the media of a master mob's slot, and the seconds by which the master begins after the file's first.

    The names are the master's and, where a locator has one, the file's.
    """
    offset, path, reel = Fraction(0), "", ""
    for clip, mob, rate in _chain(master, slot_id):
        if not path:
            offset += Fraction(int(clip.start or 0)) / rate
        found = _locator(mob)
        path = path or found
        if found == "" and path and not reel:
            reel = str(mob.name or "")
    name = str(master.name or "") or "clip"
    return TimelineMedia(name, path, reel=reel, picture=picture, sound=not picture), offset


def _chain(master: Any, slot_id: int) -> Iterator[tuple[Any, Any, Fraction]]:
    """Returns the source clips from a master down to what it was digitised from, each with its mob and its rate."""
    mob, slot = master, slot_id
    for _ in range(LONGEST_CHAIN):
        found = next((each for each in mob.slots if each.slot_id == slot), None)
        clip = _source_clip(found.segment) if found is not None else None
        if found is None or clip is None or clip.mob is None:
            return
        yield clip, clip.mob, Fraction(found.edit_rate)
        mob, slot = clip.mob, clip.slot_id


def _source_clip(segment: Any) -> Any:
    """Returns the first source clip of a segment; None for none."""
    for _ in range(LONGEST_CHAIN):
        kind = type(segment).__name__
        if kind == "SourceClip":
            return segment
        if kind == "Sequence":
            segment = next(iter(segment.components), None)
        elif kind == "EssenceGroup":
            segment = next(iter(property_of(segment, "Choices") or ()), None)
        elif kind == "Pulldown":
            segment = property_of(segment, "InputSegment")
        else:
            return None
    return None


def _locator(mob: Any) -> str:
    descriptor = property_of(mob, "EssenceDescription")
    locators = property_of(descriptor, "Locator") if descriptor is not None else None
    texts = (property_of(each, "URLString") for each in locators or ())
    return next((str(text) for text in texts if text), "")
