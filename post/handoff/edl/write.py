"""Writes a timeline as an EDL: CMX 3600's columns with File32's reel names of up to 32 characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from post.errors import JobError
from post.handoff.losses import Loss
from post.handoff.media import file_name
from post.handoff.timeline import BLACK, Timeline, TimelineClip, TimelineMedia, TimelineTransition
from post.printable import printable
from post.values.time import Span, round_half_up
from post.values.timecode import can_drop, timecode

MOST_EVENTS, LONGEST_REEL, LONGEST_NAME = 999, 32, 200
_NO_REEL = re.compile(r"[^A-Za-z0-9_.-]+", re.ASCII)


def write_events(timeline: Timeline) -> tuple[str, tuple[Loss, ...]]:
    """Returns the text of an EDL, and what of the timeline it does not hold.

    Each clip is one event from where it is first seen; a transition has two lines. Source timecode counts frames of the
    record's rate. Raises JobError for more than 999 events: numbers have three digits.
    """
    count = len(timeline.clips) + any(each.at == timeline.length for each in timeline.transitions)
    if count > MOST_EVENTS:
        raise JobError(
            "too many events for an EDL", where="--to edl", expected=f"at most {MOST_EVENTS}", got=count,
            fix="hand off as otio or fcpxml, or in two jobs",
        )  # fmt: skip
    writing = _ListWriter(timeline, reels_of(timeline))
    drop = "DROP FRAME" if timeline.drop_frame and can_drop(timeline.clock.rate) else "NON-DROP FRAME"
    rate = timeline.clock.rate
    head = [
        f"TITLE: {_line(timeline.name)}",
        f"FCM: {drop}",
        f"* FRAME RATE: {rate.numerator}/{rate.denominator}",
    ]
    body = [line for number, clip in enumerate(timeline.clips, 1) for line in writing.event(number, clip)]
    body += writing.ending() if timeline.clips else []
    return "\n".join([*head, "", *body, ""]), (*dict.fromkeys(writing.lost), *_beside(timeline))


def reels_of(timeline: Timeline) -> Mapping[TimelineMedia, str]:
    """Returns the reel of each file: its own, or its name in a reel's letters. No two files have one reel."""
    reels: dict[TimelineMedia, str] = {}
    for media in dict.fromkeys(clip.media for clip in timeline.clips if not clip.media.make):
        name = media.reel or media.name
        base = _NO_REEL.sub("_", name).strip("_")[:LONGEST_REEL] or "REEL"
        reel, count = base, 1
        while reel in reels.values() or reel.upper() in ("BL", "AX"):
            count += 1
            reel = f"{base[: LONGEST_REEL - 4]}_{count}"
        reels[media] = reel
    return reels


@dataclass
class _ListWriter:
    timeline: Timeline
    reels: Mapping[TimelineMedia, str]
    lost: list[Loss] = field(default_factory=list)

    def event(self, number: int, clip: TimelineClip) -> Iterator[str]:
        """Returns the lines of a clip's event, with those of the transition into it."""
        into, out = self.timeline.into(clip), self.timeline.out_of(clip)
        first = clip.record.first - (into.before if into else 0)
        stop = clip.record.stop - (out.before if out else 0)
        if into is not None:
            yield self._row(number, self._before(clip), "C", Span(first, first))
            yield self._row(number, clip, self._code(into, clip), Span(first, stop))
        else:
            yield self._row(number, clip, "C", Span(first, stop))
        yield from self._speed(clip, Span(first, stop))
        yield from self._comments(clip, into)

    def ending(self) -> Iterator[str]:
        """Returns the lines of the event that takes the last clip to black; none where it ends as it is."""
        last = self.timeline.clips[-1]
        out = self.timeline.out_of(last)
        if out is not None:
            black = TimelineClip(
                "black", "black", BLACK, Span(last.record.stop - out.length, last.record.stop)
            )
            number = len(self.timeline.clips) + 1
            yield self._row(number, last, "C", Span(black.record.first, black.record.first))
            yield self._row(number, black, self._code(out, last), black.record)

    def _before(self, clip: TimelineClip) -> TimelineClip:
        """Returns the clip before one; black before the first."""
        found = (each for each in self.timeline.clips if each.record.stop == clip.record.first)
        return next(found, TimelineClip("black", "black", BLACK, Span(0, 0)))

    def _row(self, number: int, clip: TimelineClip, code: str, record: Span) -> str:
        reel = self.reels.get(clip.media, "BL")
        first, frames = self._source(clip, record)
        start = self.timeline.start
        frames_of = (first, first + frames, start + record.first, start + record.stop)
        times = [self._time(each) for each in frames_of]
        return f"{number:03}  {reel:32} V     {code:8} {' '.join(times)}"

    def _time(self, frame: int) -> str:
        rate = self.timeline.clock.rate
        return timecode(max(frame, 0), rate, self.timeline.drop_frame and can_drop(rate))

    def _source(self, clip: TimelineClip, record: Span) -> tuple[int, int]:
        """Returns the first source frame of some record frames, and how many there are."""
        clock, media = self.timeline.clock, clip.media
        if media.make:
            return 0, len(record)
        begin = clock.frames(Fraction(media.start) / (media.rate or clock.rate))
        start = record.first - clip.record.first
        first = clip.at(start, clock) * clock.rate
        if media.still or not clip.retimed:
            return begin + self._whole(first, clip, record), len(record)
        speed = average_speed(clip, record, self.timeline)
        frames = max(round_half_up(abs(speed) * len(record)), 1) if len(record) else 0
        # A reverse shows its last source frame first.
        low = first if speed >= 0 or not len(record) else first - frames + 1
        return begin + max(self._whole(low, clip, record), 0), frames

    def _whole(self, frame: Fraction, clip: TimelineClip, record: Span) -> int:
        whole = round_half_up(frame)
        if whole != frame and len(record):
            why = f"an EDL counts whole frames: moved by {float(whole - frame):+.2f} of a frame"
            self.lost.append(Loss("source position", clip.id, why))
        return whole

    def _speed(self, clip: TimelineClip, record: Span) -> Iterator[str]:
        if not clip.retimed or clip.media.still or clip.media.make or not len(record):
            return
        clock = self.timeline.clock
        speed = average_speed(clip, record, self.timeline)
        if not _is_constant(clip):
            why = f"an event of an EDL has one speed: the average, {float(speed):.3f}"
            self.lost.append(Loss("speed ramp", clip.id, why))
        first, frames = self._source(clip, record)
        at = first if speed >= 0 else first + frames - 1
        rate = float(speed * clock.rate)
        sign = "-" if rate < 0 else ""
        yield f"M2   {self.reels[clip.media]:32} {sign}{abs(rate):05.1f}                {self._time(at)}"
        if not speed:
            yield "* FREEZE FRAME"

    def _code(self, into: TimelineTransition, clip: TimelineClip) -> str:
        code = "D"
        if into.wipe is not None and 0 <= into.wipe <= 999 and into.stage == "wipe":
            code = f"W{into.wipe:03}"
        elif into.stage != "dissolve":
            why = f"an EDL has cuts, dissolves and wipes: {into.stage or into.name} became a dissolve"
            self.lost.append(Loss("transition", clip.id, why))
        if into.params:
            self.lost.append(
                Loss("transition settings", clip.id, "an EDL has the length of a transition alone")
            )
        return f"{code:4} {into.length:03}"

    def _comments(self, clip: TimelineClip, into: TimelineTransition | None) -> Iterator[str]:
        if into is not None:
            before = self._before(clip)
            yield f"* FROM CLIP NAME: {_line(before.name)}"
            yield f"* TO CLIP NAME: {_line(clip.name)}"
            if not before.media.make:
                yield f"* SOURCE FILE: {_line(file_name(before.media))}"
        else:
            yield f"* FROM CLIP NAME: {_line(clip.name)}"
        if clip.media.make not in ("", "black"):
            why = "an EDL knows black alone of pictures that are made"
            self.lost.append(Loss(clip.media.make, clip.id, why))
        elif not clip.media.make:
            yield f"* SOURCE FILE: {_line(file_name(clip.media))}"
        yield f"* ANSWERPRINT ID: {_line(clip.id)}"
        if clip.grade is not None:
            rows = (clip.grade.slope, clip.grade.offset, clip.grade.power)
            yield "* ASC_SOP " + "".join(f"({' '.join(f'{part:.6f}' for part in row)})" for row in rows)
            yield f"* ASC_SAT {clip.grade.saturation:.6f}"


def average_speed(clip: TimelineClip, record: Span, timeline: Timeline) -> Fraction:
    """Returns the speed of a clip over some record frames, on average; below 0 backwards."""
    start, stop = (each - clip.record.first for each in (record.first, record.stop))
    run = clip.at(stop, timeline.clock) - clip.at(start, timeline.clock)
    return run * timeline.clock.rate / len(record) if len(record) else Fraction(0)


def _is_constant(clip: TimelineClip) -> bool:
    if clip.speeds:
        return len({key.speed for key in clip.speeds}) == 1
    return len(clip.positions) <= 2 and all(key.way == "linear" for key in clip.positions)


def _beside(timeline: Timeline) -> Iterator[Loss]:
    """Returns what stands beside the picture, of which an EDL has nothing."""
    if any(clip.media.sound for clip in timeline.clips):
        yield Loss("clip sound", timeline.name, "this list has events of the picture alone")
    for sound in timeline.sounds:
        yield Loss("sound", sound.id, "this list has events of the picture alone")
    for title in timeline.titles:
        yield Loss("title", title.id, "an EDL has no type")
    if timeline.markers:
        yield Loss(
            "markers", timeline.name, f"an EDL has no place for notes: {len(timeline.markers)} are left out"
        )


def _line(text: str) -> str:
    """Returns a text as a comment holds it: one line, safe to show, not too long."""
    return printable(text)[:LONGEST_NAME]
