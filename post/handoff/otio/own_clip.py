"""Brings back what our own metadata says of a clip, where the file still says the same, and follows it elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from post.handoff.durations import exact_fraction
from post.handoff.media import file_name
from post.handoff.otio.exact import read_plain
from post.handoff.otio.references import media_url
from post.handoff.time_keys import PositionKey
from post.handoff.timeline import ClipAudio, ColourDecisions, TimelineClip, TimelineMedia
from post.values.time import Clock, SpeedKey, TimeMap

NEAR = 1e-6  # frames by which a floating-point number may differ after another program has written it


def own_clip(
    clip: TimelineClip, kept: Mapping[str, Any], seen: tuple[float, float], clock: Clock
) -> TimelineClip:
    """Returns a clip as read, with what our metadata keeps of it.

    kept: our metadata; seen: the start of its range in frames of the timeline, and its speed, as the file says them.
    Metadata that does not hold what it should is left out.
    """
    try:
        words = own_words(kept)
        return replace(_followed(clip, kept, seen, clock), metadata=words)
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return clip


def own_words(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the job's own words that our metadata keeps; {} for none."""
    try:
        words = json.loads(kept["words"])
    except (KeyError, TypeError, ValueError, RecursionError):
        return {}
    return words if isinstance(words, dict) else {}


def _followed(
    clip: TimelineClip, exact: Mapping[str, Any], seen: tuple[float, float], clock: Clock
) -> TimelineClip:
    start, scalar = seen
    media = _same_media(clip.media, read_plain(TimelineMedia, exact["media"]))
    grade = exact.get("grade")
    made = replace(
        clip,
        id=str(exact["id"]),
        media=media,
        sampling=str(exact.get("sampling") or ""),
        audio=read_plain(ClipAudio, exact["audio"]),
        grade=read_plain(ColourDecisions, grade) if grade else None,
        notes=str(exact.get("notes") or ""),
        keywords=tuple(map(str, exact.get("keywords") or ())),
    )
    if abs(scalar - float(exact["scalar"])) > NEAR:
        return made  # the editor gave it another speed
    source = exact_fraction(exact["source"])
    positions = tuple(read_plain(PositionKey, each) for each in exact.get("positions") or ())
    speeds = tuple(read_plain(SpeedKey, each) for each in exact.get("speeds") or ())
    if media.still or abs(start - float(exact["start"])) <= NEAR:
        return replace(made, source=source, positions=positions, speeds=speeds)
    return _trimmed(
        made, (source, speeds), (start - float(exact["start"])) / scalar if scalar else 0.0, clock
    )


def _same_media(seen: TimelineMedia, own: TimelineMedia) -> TimelineMedia:
    """Returns our media, wherever the file says that it lies now; or the file's, if an editor put other media there."""
    if own.make or seen.make:
        return own if own.make == seen.make else seen
    if not seen.path or seen.path in (own.path, media_url(own)):
        return own
    return replace(own, path=seen.path) if file_name(seen) == file_name(own) else seen


def _trimmed(
    clip: TimelineClip, own: tuple[Fraction, tuple[SpeedKey, ...]], frames: float, clock: Clock
) -> TimelineClip:
    """Returns a clip whose start was moved by some frames, with its keys where they were. own: its source and keys."""
    source, speeds = own
    moved = round(frames)
    if len({key.speed for key in speeds}) <= 1 or abs(frames - moved) > 1e-3:
        return clip  # a constant speed, which the file says itself
    run = TimeMap(Fraction(0), Fraction(1), speeds)
    keys = tuple(replace(key, at=key.at - moved) for key in speeds)
    return replace(clip, source=source + clock.seconds(run(moved)), speeds=keys, positions=())
