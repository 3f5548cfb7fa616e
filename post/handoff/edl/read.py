"""Makes a timeline of the events of an EDL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import groupby

from post.errors import SourceError
from post.handoff.edl.events import CdlLines, EdlEvent, EventList
from post.handoff.losses import Refusal
from post.handoff.time_keys import PositionKey
from post.handoff.timeline import (
    BLACK,
    ColourDecisions,
    Timeline,
    TimelineClip,
    TimelineMedia,
    TimelineTransition,
)
from post.unused_name import unused_name
from post.values.time import Clock, Span, SpeedKey
from post.values.timecode import can_drop, read_timecode

# M2 has one decimal in most lists, and 29.97 is written 30 in some. Frames a second.
SPEED_ROUNDED = Fraction(1, 10)


@dataclass(frozen=True, slots=True)
class _ListLine:
    """An event's line with its timecodes as frames."""

    event: EdlEvent
    first: int
    frames: int
    at: int
    length: int


def timeline_of_events(listed: EventList, clock: Clock, where: str) -> tuple[Timeline, tuple[Refusal, ...]]:
    """Returns the timeline of an EDL, and what of it is not in that. clock: the record's; where: its name, for errors.

    Media times are the source timecodes from 00:00:00:00 on: an EDL does not say where its media begin.
    Raises SourceError, with the line, for timecode that the clock does not have, for events that overlap, for lengths
    that contradict each other, and for pictures over pictures.
    """
    build = _ListBuilder(clock, where)
    pictures = [event for event in listed.events if event.shows_picture]
    above = next(
        (each for each in pictures if each.tracks.partition("V")[2].strip("/AB ") not in ("", "1")), None
    )
    if above is not None:
        raise SourceError(
            "a picture track above the first", where=f"{where}:{above.line}", expected="V", got=above.tracks,
            fix="flatten the picture to one track in the editor",
        )  # fmt: skip
    if not pictures:
        raise SourceError("an EDL without picture", where=where, expected="events of track V")
    groups = [
        [build.line(each) for each in group] for _, group in groupby(pictures, lambda each: each.number)
    ]
    ordered = sorted(_passages(groups), key=lambda passage: passage[-1].at)
    for passage in ordered:
        build.add(passage)
    start = ordered[0][0].at
    drop = any(event.drop for event in pictures) and can_drop(clock.rate)
    made = Timeline(
        listed.title or "EDL",
        clock,
        tuple(build.clips),
        tuple(build.transitions),
        start=start,
        drop_frame=drop,
    )
    return made, (*build.refused, *_left_out(listed, where))


def _passages(groups: Iterable[Sequence[_ListLine]]) -> Iterable[tuple[_ListLine, ...]]:
    """Returns lines that belong together: two for a transition whose first line says what it comes from, else one."""
    for group in groups:
        lines = list(group)
        while lines:
            line = lines.pop(0)
            if (
                line.event.transition == "C"
                and lines
                and lines[0].event.transition != "C"
                and lines[0].at == line.at
            ):
                yield line, lines.pop(0)
            else:
                yield (line,)


@dataclass
class _ListBuilder:
    """The clips and transitions so far."""

    clock: Clock
    where: str
    clips: list[TimelineClip] = field(default_factory=list)
    transitions: list[TimelineTransition] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    start: int | None = None
    used: set[str] = field(default_factory=set)

    def line(self, event: EdlEvent) -> _ListLine:
        """Returns a line's times as frames. Raises SourceError where the clock has them not, or they contradict."""
        place = f"{self.where}:{event.line}"
        a, b = (self._frame(each, place, event) for each in event.source)
        c, d = (self._frame(each, place, event) for each in event.record)
        if b < a or d < c:
            raise SourceError(
                "an event ends before it starts", where=place, got=f"{event.source} {event.record}"
            )
        if event.speed is None and not event.is_black and b - a != d - c:
            raise SourceError(
                "source and record do not last as long as each other", where=place,
                expected=f"{d - c} frames of source", got=b - a,
                fix="export the list with M2 lines, or check its frame rate (--rate)",
            )  # fmt: skip
        return _ListLine(event, a, b - a, c, d - c)

    def add(self, passage: tuple[_ListLine, ...]) -> None:
        """Adds an event: a clip, and the transition into it. Raises SourceError where it overlaps what there is."""
        into, event = passage[-1], passage[-1].event
        if self.start is None:
            self.start = into.at
        at, here = into.at - self.start, self._stop()
        place = f"{self.where}:{event.line}"
        if at < here:
            raise SourceError(
                "two events at one time of the record", where=place, got=event.record[0],
                expected="each event from where the one before it ends",
            )  # fmt: skip
        if at > here:
            self._append(BLACK, Span(here, at))
        frames = min(event.frames, into.length) if event.transition != "C" else 0
        if event.frames > into.length and event.transition != "C":
            raise SourceError(
                "a transition longer than its event", where=place, expected=f"at most {into.length} frames",
                got=event.frames,
            )  # fmt: skip
        if into.length:
            self._clip(passage, at, frames)

    def _clip(self, passage: tuple[_ListLine, ...], at: int, frames: int) -> None:
        into, event = passage[-1], passage[-1].event
        clip = self._made(into, Span(at, at + into.length))
        if frames and len(passage) == 2 and not self._goes_on(passage[0]):
            # What it comes from is nowhere before: it gets the first half of the transition for its own.
            half = max(1, frames // 2)
            self.clips.append(self._made(passage[0], Span(at, at + half)))
            clip = _later(clip, half, self.clock)
            self._transition(event, at + half, half, frames - half)
        elif frames:
            self._transition(event, at, 0, frames)
        if len(clip.record):
            self.clips.append(clip)

    def _goes_on(self, line: _ListLine) -> bool:
        """Says whether the first line of a transition is the clip before it, which goes on."""
        if not self.clips or line.length:
            return False
        before = self.clips[-1]
        if line.event.is_black or before.media.make:
            return line.event.is_black and bool(before.media.make)
        near = abs(before.at(len(before.record), self.clock) * self.clock.rate - line.first)
        return before.media.reel == line.event.reel and (near <= 1 or before.retimed)

    def _transition(self, event: EdlEvent, at: int, before: int, after: int) -> None:
        if not self.clips:
            raise SourceError(
                "a transition before the first clip", where=f"{self.where}:{event.line}",
                fix="export the list with two lines for each transition",
            )  # fmt: skip
        wipe = int(event.transition[1:]) if event.transition.startswith("W") else None
        stage = "dissolve" if wipe is None else "wipe"
        self.transitions.append(TimelineTransition(at, before, after, stage, wipe, event.transition))

    def _made(self, line: _ListLine, record: Span) -> TimelineClip:
        event = line.event
        if event.is_black:
            name = event.name or "black"
            return TimelineClip(self._id(event.clip_id or name), name, BLACK, record)
        name = event.name or event.file or event.reel
        media = TimelineMedia(event.file or event.name or event.reel, event.file, reel=event.reel)
        clip = TimelineClip(
            self._id(event.clip_id or name), name, media, record, self.clock.seconds(line.first),
            grade=_grade(event.cdl),
        )  # fmt: skip
        return _retimed(clip, line, self._start_of(line), self.clock) if event.speed is not None else clip

    def _start_of(self, line: _ListLine) -> int:
        """Returns the source frame that a retimed event shows first: in a reverse that is its last."""
        speed = line.event.speed
        if speed is None or speed.rate >= 0:
            return line.first
        at = self._frame(speed.at, f"{self.where}:{speed.line}", line.event)
        last = line.first + max(line.frames - 1, 0)
        return min(at, last) if at > line.first else last

    def _frame(self, text: str, place: str, event: EdlEvent) -> int:
        """Returns a timecode as frames. A list in drop frame counts so whichever mark its timecodes have."""
        try:
            return read_timecode(text, self.clock.rate, event.drop or ";" in text)
        except ValueError as fault:
            raise SourceError(
                "bad timecode", where=place, got=text, expected=str(fault),
                fix="--rate says the frames a second of the list",
            ) from fault  # fmt: skip

    def _append(self, media: TimelineMedia, record: Span) -> None:
        self.clips.append(TimelineClip(self._id(media.name), media.name, media, record))

    def _stop(self) -> int:
        return self.clips[-1].record.stop if self.clips else 0

    def _id(self, name: str) -> str:
        given = unused_name(name, self.used)
        self.used.add(given)
        return given


def _retimed(clip: TimelineClip, line: _ListLine, start: int, clock: Clock) -> TimelineClip:
    speed = _speed(line, clock)
    source = clock.seconds(start)
    if speed > 0:
        return replace(clip, source=source, speeds=(SpeedKey(Fraction(0), speed),))
    length = Fraction(max(line.length, 1))
    keys = [PositionKey(Fraction(0), source)]
    if speed < 0:
        keys.append(PositionKey(length, source + clock.seconds(length * speed)))
    return replace(clip, source=source, positions=tuple(keys))


def _speed(line: _ListLine, clock: Clock) -> Fraction:
    """Returns the speed of a retimed event: the ratio of its lengths where M2 says the same, rounded; else M2's."""
    assert line.event.speed is not None
    rate = line.event.speed.rate
    if not rate or not line.length:
        return Fraction(0)
    ratio = Fraction(line.frames, line.length) * (1 if rate > 0 else -1)
    return ratio if ratio and abs(ratio * clock.rate - rate) <= SPEED_ROUNDED else rate / clock.rate


def _later(clip: TimelineClip, frames: int, clock: Clock) -> TimelineClip:
    """Returns a clip without its first frames."""
    keys = tuple(replace(key, at=key.at - frames) for key in clip.positions)
    record = Span(clip.record.first + frames, clip.record.stop)
    return replace(clip, record=record, source=clip.at(frames, clock), positions=keys)


def _grade(lines: CdlLines) -> ColourDecisions | None:
    if not lines.sop and lines.saturation is None:
        return None
    made = ColourDecisions() if lines.saturation is None else ColourDecisions(saturation=lines.saturation)
    if not lines.sop:
        return made
    (a, b, c, d, e, f, g, h, i) = lines.sop
    return replace(made, slope=(a, b, c), offset=(d, e, f), power=(g, h, i))


def _left_out(listed: EventList, where: str) -> Iterable[Refusal]:
    pictures = {(each.number, each.record) for each in listed.events if each.shows_picture}
    for each in listed.events:
        if not each.shows_picture and (each.number, each.record) not in pictures:
            yield Refusal(f"{where}:{each.line}", "sound apart from its picture: place it in the job by hand")
