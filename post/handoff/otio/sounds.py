"""Reads the sound of an OpenTimelineIO timeline that is not its pictures' own."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from post.handoff.losses import Refusal
from post.handoff.otio.exact import read_plain
from post.handoff.otio.flat import flat_track
from post.handoff.otio.library import open_otio, own_metadata
from post.handoff.otio.references import media_of
from post.handoff.timeline import TimelineClip, TimelineSound
from post.printable import printable
from post.values.time import Clock


def read_sounds(
    opened: Any, clips: tuple[TimelineClip, ...], clock: Clock, where: str
) -> tuple[tuple[TimelineSound, ...], tuple[Refusal, ...]]:
    """Returns the sounds of a timeline's audio tracks, without those that are the pictures' own, and what cannot be
    used of them. clips: of the picture.

    Raises SourceError for a clip without a range.
    """
    library = open_otio()
    sounds: list[TimelineSound] = []
    refused: list[Refusal] = []
    kind = library.schema.TrackKind.Audio
    for track in [each for each in opened.tracks if getattr(each, "kind", "") == kind and each.enabled]:
        row = flat_track(track, where)
        refused += [Refusal(each.where, f"sound: {each.why}") for each in row.refused]
        for piece in row.pieces:
            if piece.leaf is None or own_metadata(track).get("linked") is True:
                continue
            media = media_of(piece.leaf, where, picture=False)
            at, length = piece.first, piece.stop - piece.first
            source = piece.at - Fraction(media.start) / (media.rate or clock.rate)
            if any(_is_linked(clip, media.path, at, clock) for clip in clips):
                continue
            if piece.speed != 1:
                place = f"{where}: sound {printable(piece.leaf.name or '')!r}"
                refused.append(Refusal(place, "sound at another speed: render it in the editor"))
                continue
            made = TimelineSound(f"sound-{len(sounds) + 1}", media, at, length, source)
            sounds.append(_with_own(made, own_metadata(piece.leaf).get("sound"), clock))
    return tuple(sounds), tuple(refused)


def _is_linked(clip: TimelineClip, path: str, at: Fraction, clock: Clock) -> bool:
    """Says whether sound is that of a clip: of the same file, and heard while it is seen."""
    first, stop = clock.seconds(clip.record.first), clock.seconds(clip.record.stop)
    return bool(path) and clip.media.path == path and first - 1 <= at < stop


def _with_own(sound: TimelineSound, kept: Any, clock: Clock) -> TimelineSound:
    """Returns a sound as our metadata has it, where the file still says when it is heard, and how long."""
    try:
        own = read_plain(TimelineSound, kept)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return sound
    near = Fraction(1, 1000)
    same = all(
        abs(a - b) * clock.rate < near
        for a, b in ((own.at, sound.at), (own.length, sound.length), (own.source, sound.source))
    )
    return own if same else replace(own, at=sound.at, length=sound.length, source=sound.source)
