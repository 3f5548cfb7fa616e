"""Reads the composition of an AAF file as a timeline."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from post.errors import JobError, SourceError, unknown
from post.handoff.aaf.library import opened, property_of
from post.handoff.aaf.spot import Spot
from post.handoff.aaf.walk import AafWalk
from post.handoff.layers import Laid, TrackPiece, lay
from post.handoff.losses import Loss
from post.handoff.timeline import ReadTimeline, Timeline, TimelineSound
from post.printable import printable
from post.values.time import Clock
from post.values.timecode import can_drop


def read_aaf(path: Path, composition: str = "") -> ReadTimeline:
    """Returns the timeline of an AAF file.

    composition: its name where a file holds several. Raises SourceError for a file that cannot be read, that shows no
    picture, or whose picture would be another one here, with where and why; JobError where none or several are meant.
    """
    with opened(path) as file:
        top = _chosen(file, str(path), composition)
        slots = [slot for slot in top.slots if getattr(slot, "segment", None) is not None]
        pictures = sorted((each for each in slots if str(each.media_kind) == "Picture"), key=_track)
        if not pictures:
            raise SourceError("a composition without picture", where=str(path), got=printable(str(top.name)))
        clock = Clock(Fraction(pictures[0].edit_rate))
        walk = _walked(pictures, AafWalk(str(path), clock.rate))
        stop = max(Fraction(int(each.segment.length)) / Fraction(each.edit_rate) for each in pictures)
        laid = lay(walk.pieces, walk.passages, stop, clock)
        if all(clip.media.make for clip in laid.clips):
            reasons = (
                "; ".join(dict.fromkeys(each.why for each in walk.refused)) or "muted clips and fillers alone"
            )
            raise SourceError("a composition that shows nothing", where=str(path), got=reasons)
        heard = _walked(
            [each for each in slots if str(each.media_kind) == "Sound"],
            AafWalk(str(path), clock.rate, picture=False),
        )
        sounds, lost = _sounds(heard, laid)
        start, drop = _start(slots, clock)
        name = str(top.name or path.stem)
        timeline = Timeline(
            name,
            clock,
            laid.clips,
            laid.transitions,
            sounds,
            start=start,
            drop_frame=drop and can_drop(clock.rate),
        )
        curved = [
            Loss("curves of a retime", place, "straight lines, eight between two points")
            for place in walk.curved
        ]
        refused = dict.fromkeys((*walk.refused, *heard.refused, *laid.refused))
        return ReadTimeline(timeline, tuple(refused), (*laid.lost, *curved, *lost))


def _chosen(file: Any, where: str, composition: str) -> Any:
    """Returns the composition to conform: the one at the top, or that of the asked name."""
    tops = list(file.content.toplevel())
    if not tops:
        tops = [each for each in file.content.compositionmobs() if "LowerLevel" not in str(each.usage)]
    if composition:
        tops = [each for each in tops if str(each.name) == composition]
    if not tops and composition:
        raise unknown(
            composition, [str(each.name) for each in file.content.compositionmobs()], where, "composition"
        )
    if not tops:
        raise SourceError("an AAF without a composition", where=where)
    if len(tops) > 1:
        raise JobError(
            "several compositions", where=where, got=", ".join(printable(repr(str(each.name))) for each in tops),
            fix="name one with --project",
        )  # fmt: skip
    return tops[0]


def _track(slot: Any) -> tuple[int, int]:
    return int(property_of(slot, "PhysicalTrackNumber") or 0), int(slot.slot_id)


def _walked(slots: list[Any], walk: AafWalk) -> AafWalk:
    """Returns a walk after it has gone through slots, the lowest track first."""
    for number, slot in enumerate(slots):
        rate = Fraction(slot.edit_rate)
        scale = rate / walk.rate
        spot = Spot(Fraction(0), Fraction(int(slot.segment.length)) / scale, Fraction(0), scale)
        walk.segment(slot.segment, spot, (number,), rate)
    return walk


def _start(slots: list[Any], clock: Clock) -> tuple[int, bool]:
    """Returns the composition's first timecode in frames, and whether it drops numbers: that of its first track which
    counts at the composition's rate."""
    for slot in sorted((each for each in slots if "imecode" in str(each.media_kind)), key=_track):
        segment = slot.segment
        if type(segment).__name__ == "Timecode" and int(segment.fps) == round(clock.rate):
            return int(segment.start), bool(segment.drop)
    return 0, False


@dataclass(frozen=True, slots=True)
class _HeardPiece:
    """Sound that is told apart by what it is and when, not by its track: stereo lies on two."""

    name: str
    first: Fraction
    stop: Fraction
    source: Fraction


def _sounds(heard: AafWalk, laid: Laid) -> tuple[tuple[TimelineSound, ...], tuple[Loss, ...]]:
    """Returns the sounds that are not the pictures' own."""
    pictures = [piece for piece in laid.pieces if piece is not None]
    sounds, seen = list[TimelineSound](), set[_HeardPiece]()
    for piece in heard.pieces:
        key = _HeardPiece(piece.name, piece.first, piece.stop, piece.source)
        if key in seen or any(_is_linked(piece, picture) for picture in pictures):
            continue
        seen.add(key)
        length = piece.stop - piece.first
        sounds.append(
            TimelineSound(f"sound-{len(sounds) + 1}", piece.media, piece.first, length, piece.source)
        )
    lost = tuple(
        Loss("transition of sound", each.where, "sounds begin and end without it") for each in heard.passages
    )
    return tuple(sounds), lost


def _is_linked(sound: TrackPiece, picture: TrackPiece) -> bool:
    """Says whether sound is that of a picture: of one master, and heard while that is seen."""
    return sound.name == picture.name and sound.first < picture.stop and sound.stop > picture.first
