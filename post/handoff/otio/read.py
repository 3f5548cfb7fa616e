"""Reads an OpenTimelineIO timeline, of ours or of any editor."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from post.errors import SourceError
from post.handoff.durations import exact_fraction
from post.handoff.losses import Refusal
from post.handoff.otio.exact import read_plain
from post.handoff.otio.flat import FlatPassage, FlatPiece, FlatRow, flatten
from post.handoff.otio.library import exact_number, exact_rate, open_otio, own_metadata, read_timeline
from post.handoff.otio.own_clip import own_clip, own_words
from post.handoff.otio.references import media_of
from post.handoff.otio.sounds import read_sounds
from post.handoff.time_keys import PositionKey
from post.handoff.timeline import (
    BLACK,
    Timeline,
    TimelineClip,
    TimelineMarker,
    TimelineTitle,
    TimelineTransition,
)
from post.printable import printable
from post.unused_name import unused_name
from post.values.time import Clock, Span, SpeedKey, round_half_up


def timeline_of_otio(text: bytes, where: str) -> tuple[Timeline, tuple[Refusal, ...]]:
    """Returns the timeline in a file, and what of it has no right meaning here. where: the file's name, for errors.

    Raises SourceError for a file that cannot be read, and for a picture that would be another one here: an unknown
    schema, a retime that is no constant speed, a clip without a range.
    """
    opened = read_timeline(text, where)
    row = flatten(opened.tracks, where)
    if not row.pieces:
        raise SourceError("a timeline without picture", where=where, expected="a video track with clips")
    kept = own_metadata(opened)
    clock = Clock(_rate(opened, kept, where))
    reading = _OtioReader(where, clock)
    clips = reading.clips(row)
    transitions = tuple(reading.transitions(row, clips))
    clips, sounds, refused = read_sounds(opened, clips, clock, where)
    made = Timeline(
        name=opened.name or "Untitled",
        clock=clock,
        clips=clips,
        transitions=transitions,
        sounds=sounds,
        markers=tuple(_markers(opened.tracks, clock, where)),
        metadata=own_words(kept),
        start=reading.frames(opened.global_start_time) if opened.global_start_time is not None else 0,
    )
    return _with_own(made, kept), (*row.refused, *reading.refused, *refused)


@dataclass
class _OtioReader:
    where: str
    clock: Clock
    refused: list[Refusal] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def frames(self, time: Any) -> int:
        """Returns a time of the file in whole frames of the timeline."""
        rate = exact_rate(time.rate, self.where)
        return round_half_up(exact_number(time.value, self.where) / rate * self.clock.rate)

    def clips(self, row: FlatRow) -> tuple[TimelineClip, ...]:
        """Returns the clips of a row, from frame 0 on. Those that are shorter than half a frame are left out."""
        made = []
        for piece in row.pieces:
            first, stop = (round_half_up(each * self.clock.rate) for each in (piece.first, piece.stop))
            if stop > first:
                made.append(self._clip(piece, Span(first, stop)))
        return tuple(made)

    def _clip(self, piece: FlatPiece, record: Span) -> TimelineClip:
        leaf = piece.leaf
        if leaf is None:
            kept = own_metadata(piece.gap) if piece.gap is not None else {}
            name = (piece.gap.name if piece.gap is not None else "") or "black"
            return self._named(
                own_clip(TimelineClip(name, name, BLACK, record), kept, (0.0, 1.0), self.clock)
            )
        name = leaf.name or "clip"
        place = f"{self.where}: clip {printable(name)!r}"
        media = media_of(leaf, self.where)
        for effect in leaf.effects:
            if not isinstance(effect, open_otio().schema.TimeEffect):
                label = printable(effect.effect_name or effect.name or "effect")
                self.refused.append(Refusal(place, f"the effect {label}: make it in the job, or render it"))
        start = Fraction(media.start) / (media.rate or self.clock.rate)
        source = Fraction(0) if media.still else piece.at - start
        clip = TimelineClip(name, name, media, record, source)
        clip = clip if media.still else _at_speed(clip, piece.speed, self.clock)
        kept = own_metadata(leaf)
        low = piece.at + min(piece.speed, Fraction(0)) * (piece.stop - piece.first)
        low += 1 / self.clock.rate if piece.speed < 0 else 0
        seen = float(low * self.clock.rate), float(piece.speed)
        return self._named(own_clip(clip, kept, seen, self.clock))

    def _named(self, clip: TimelineClip) -> TimelineClip:
        """Returns a clip with an id that no other has. The second part of one that was split is a shot of its own."""
        given = unused_name(clip.id, self.used)
        self.used.add(given)
        cut = clip.metadata.get("cut")
        if given == clip.id or not isinstance(cut, dict):
            return replace(clip, id=given)
        renamed = {key: value for key, value in cut.items() if key not in ("id", "name")} | {"name": given}
        return replace(clip, id=given, metadata={**clip.metadata, "id": given, "cut": renamed})

    def transitions(self, row: FlatRow, clips: tuple[TimelineClip, ...]) -> Iterator[TimelineTransition]:
        """Returns the transitions that lie across a cut; what does not is refused."""
        cuts = {edge for clip in clips for edge in (clip.record.first, clip.record.stop)}
        for each in row.passages:
            at = round_half_up(each.at * self.clock.rate)
            place = f"{self.where}: transition at frame {at}"
            if at not in cuts:
                self.refused.append(Refusal(place, "a transition without a clip on either side: left out"))
            elif made := self._transition(each, at, place):
                yield made

    def _transition(self, passage: FlatPassage, at: int, place: str) -> TimelineTransition | None:
        before, after = (round_half_up(each * self.clock.rate) for each in (passage.before, passage.after))
        if not before + after:
            return None
        item, kept = passage.item, own_metadata(passage.item)
        if isinstance(kept.get("stage"), str):
            try:
                own = read_plain(TimelineTransition, kept)
            except (KeyError, TypeError, ValueError):
                pass
            else:
                return replace(own, at=at, before=before, after=after)
        if item.transition_type == open_otio().schema.TransitionTypes.SMPTE_Dissolve:
            return TimelineTransition(at, before, after, name=item.name or "")
        label = printable(item.name or item.transition_type or "transition")
        self.refused.append(
            Refusal(place, f"the transition {label} is not known here: a dissolve in its place")
        )
        return TimelineTransition(at, before, after, stage="", name=item.name or item.transition_type or "")


def _at_speed(clip: TimelineClip, speed: Fraction, clock: Clock) -> TimelineClip:
    if speed == 1:
        return clip
    if speed > 0:
        return replace(clip, speeds=(SpeedKey(Fraction(0), speed),))
    keys = [PositionKey(Fraction(0), clip.source)]
    if speed:
        length = Fraction(len(clip.record))
        keys.append(PositionKey(length, clip.source + speed * clock.seconds(length)))
    return replace(clip, positions=tuple(keys))


def _rate(opened: Any, kept: Mapping[str, Any], where: str) -> Fraction:
    """Returns a timeline's frames a second: what we kept, its global start's, or its first clip's that says any."""
    said = kept.get("clock")
    try:
        if said is not None and 1 <= exact_fraction(said) <= 1000:
            return exact_fraction(said)
    except ValueError:
        pass
    if opened.global_start_time is not None:
        return exact_rate(opened.global_start_time.rate, where)
    library = open_otio()
    for item in opened.find_children(descended_from_type=library.core.Item):
        if item.source_range is not None:
            return exact_rate(item.source_range.duration.rate, where)
    for clip in opened.find_clips():
        return exact_rate(clip.trimmed_range().duration.rate, where)
    raise SourceError("a timeline that says no rate", where=where)


def _markers(tracks: Any, clock: Clock, where: str) -> Iterator[TimelineMarker]:
    for marker in tracks.markers:
        kept = own_metadata(marker)
        found = marker.marked_range
        at, length = (
            round_half_up(exact_number(each.value, where) / exact_rate(each.rate, where) * clock.rate)
            for each in (found.start_time, found.duration)
        )
        try:
            own = read_plain(TimelineMarker, kept)
        except (KeyError, TypeError, ValueError):
            own = TimelineMarker(at, marker.name or "")
        yield replace(own, at=max(at, 0), length=max(length, 1), name=marker.name or "")


def _with_own(timeline: Timeline, exact: Mapping[str, Any]) -> Timeline:
    """Returns a timeline with what only our metadata says of it."""
    try:
        return replace(
            timeline,
            titles=tuple(read_plain(TimelineTitle, each) for each in json.loads(exact["titles"])),
            drop_frame=bool(exact["drop_frame"]),
            width=int(exact["width"]),
            height=int(exact["height"]),
            sample_rate_hz=int(exact["sample_rate_hz"]),
        )
    except (KeyError, TypeError, ValueError):
        return timeline
