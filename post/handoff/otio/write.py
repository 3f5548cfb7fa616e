"""Writes a timeline as OpenTimelineIO, with our exact data beside what the format has words for.

Ranges are as DaVinci Resolve's own export has them: the timeline's start is its global start time, media begin at their
timecode and count their own frames, a clip's range lasts as long as it does on the timeline (its speed is beside it),
and gaps begin at 0.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from post.handoff.losses import Loss
from post.handoff.otio.exact import plain
from post.handoff.otio.library import open_otio
from post.handoff.otio.references import media_url
from post.handoff.otio.unseen import unseen_losses
from post.handoff.timeline import (
    NAMESPACE,
    Metadata,
    Timeline,
    TimelineClip,
    TimelineMedia,
    TimelineSound,
    TimelineTransition,
)
from post.values.time import Span

VERSION = "Exact.1"
GENERATORS = {"colour": "SolidColor", "bars": "SMPTEBars", "slate": "Slate"}
COLOURS = {"note": "BLUE", "todo": "RED", "done": "GREEN", "chapter": "ORANGE"}


def write_timeline(timeline: Timeline) -> tuple[str, tuple[Loss, ...]]:
    """Returns the JSON of a timeline, and what of it editors do not see. Nothing of it is lost to our own reader.

    Raises JobError where the library is not installed.
    """
    writing = _OtioWriter(open_otio(), timeline)
    made = writing.timeline_object()
    return writing.library.adapters.write_to_string(made, "otio_json"), tuple(writing.lost)


def start_value(clip: TimelineClip, timeline: Timeline) -> Fraction:
    """Returns the start of a clip's source range, in frames of the timeline: its first media time, with the media's
    own start. Of a clip that runs backwards it is the last that is shown."""
    if clip.media.still:
        return Fraction(0)
    clock, media = timeline.clock, clip.media
    first = clip.at(0, clock) * clock.rate
    speed = average_scalar(clip, timeline)
    if speed < 0:
        first += speed * len(clip.record) + 1
    return first + Fraction(media.start) / (media.rate or clock.rate) * clock.rate


def average_scalar(clip: TimelineClip, timeline: Timeline) -> Fraction:
    """Returns the speed of a clip between its cuts, on average: media seconds in one second of the timeline."""
    if clip.media.still:
        return Fraction(1)
    frames = max(len(clip.record), 1)
    run = clip.at(frames, timeline.clock) - clip.at(0, timeline.clock)
    return run * timeline.clock.rate / frames


@dataclass
class _OtioWriter:
    library: Any
    timeline: Timeline
    lost: list[Loss] = field(default_factory=list)

    def timeline_object(self) -> Any:
        """Returns the library's timeline."""
        timeline, schema = self.timeline, self.library.schema
        made = schema.Timeline(name=timeline.name, global_start_time=self._time(Fraction(timeline.start)))
        made.metadata[NAMESPACE] = {
            "version": VERSION,
            "words": _words(timeline.metadata),
        } | self._of_timeline()
        picture = schema.Track(name="V1", kind=schema.TrackKind.Video)
        for clip in timeline.clips:
            if (into := timeline.into(clip)) is not None:
                picture.append(self._transition(into))
            picture.append(self._item(clip))
        if timeline.clips and (ending := timeline.out_of(timeline.clips[-1])) is not None:
            picture.append(self._transition(ending))
        made.tracks.append(picture)
        for track in self._sound_tracks():
            made.tracks.append(track)
        for marker in timeline.markers:
            made.tracks.markers.append(
                schema.Marker(
                    name=marker.name,
                    marked_range=self._range(Fraction(marker.at), Fraction(marker.length)),
                    color=COLOURS[marker.kind],
                    metadata={NAMESPACE: plain(marker)},
                )
            )
        self.lost += unseen_losses(timeline)
        return made

    def _of_timeline(self) -> dict[str, Any]:
        timeline = self.timeline
        return {
            "clock": str(timeline.clock.rate), "start": timeline.start,
            "drop_frame": timeline.drop_frame, "width": timeline.width, "height": timeline.height,
            "sample_rate_hz": timeline.sample_rate_hz, "titles": _json(timeline.titles),
        }  # fmt: skip

    def _time(self, frames: Fraction) -> Any:
        return self.library.opentime.RationalTime(float(frames), float(self.timeline.clock.rate))

    def _range(self, start: Fraction, length: Fraction) -> Any:
        return self.library.opentime.TimeRange(self._time(start), self._time(length))

    def _item(self, clip: TimelineClip) -> Any:
        schema, length = self.library.schema, Fraction(len(clip.record))
        metadata = {NAMESPACE: {"version": VERSION, "words": _words(clip.metadata)} | self._of_clip(clip)}
        if clip.media.make == "black":
            gap = schema.Gap(name=clip.name, source_range=self._range(Fraction(0), length))
            gap.metadata.update(metadata)
            return gap
        item = schema.Clip(
            name=clip.name,
            media_reference=self._media(clip.media),
            source_range=self._range(start_value(clip, self.timeline), length),
            metadata=metadata,
        )
        item.effects.extend(self._effects(clip))
        return item

    def _of_clip(self, clip: TimelineClip) -> dict[str, Any]:
        return {
            "id": clip.id, "source": str(clip.source), "media": plain(clip.media),
            "start": float(start_value(clip, self.timeline)), "scalar": float(average_scalar(clip, self.timeline)),
            "length": len(clip.record), "positions": plain(clip.positions), "speeds": plain(clip.speeds),
            "sampling": clip.sampling, "audio": plain(clip.audio),
            "grade": plain(clip.grade) if clip.grade is not None else None,
            "notes": clip.notes, "keywords": list(clip.keywords),
        }  # fmt: skip

    def _media(self, media: TimelineMedia) -> Any:
        schema = self.library.schema
        if media.make:
            return schema.GeneratorReference(
                name=media.name,
                generator_kind=GENERATORS[media.make],
                parameters={"fill": media.fill, "text": media.text},
            )
        if not media.path:
            return schema.MissingReference(name=media.name)
        reference = schema.ExternalReference(target_url=media_url(media))
        reference.name = media.name
        if media.length is not None:
            rate = media.rate or self.timeline.clock.rate
            ends = [
                self.library.opentime.RationalTime(float(each), float(rate))
                for each in (Fraction(media.start), media.length * rate)
            ]
            reference.available_range = self.library.opentime.TimeRange(*ends)
        return reference

    def _effects(self, clip: TimelineClip) -> Iterator[Any]:
        if not clip.retimed or clip.media.still:
            return
        schema, scalar = self.library.schema, average_scalar(clip, self.timeline)
        if len({key.speed for key in clip.speeds}) > 1 or len(clip.positions) > 2:
            why = f"OTIO has one speed for a clip: the average, {float(scalar):.3f}; ours are in its metadata"
            self.lost.append(Loss("speed ramp", clip.id, why))
        if scalar:
            yield schema.LinearTimeWarp(name="speed", time_scalar=float(scalar))
        else:
            yield schema.FreezeFrame(name="freeze")

    def _transition(self, each: TimelineTransition) -> Any:
        types = self.library.schema.TransitionTypes
        is_dissolve = each.stage == "dissolve"
        return self.library.schema.Transition(
            name=each.name or each.stage,
            transition_type=types.SMPTE_Dissolve if is_dissolve else types.Custom,
            in_offset=self._time(Fraction(each.before)),
            out_offset=self._time(Fraction(each.after)),
            metadata={NAMESPACE: {**plain(each), "stage": each.stage, "version": VERSION}},
        )

    def _sound_tracks(self) -> Iterator[Any]:
        """Returns the clips' own sound on a track, then all other sound on as many as it needs."""
        schema = self.library.schema
        if any(_is_heard(clip) for clip in self.timeline.clips):
            own = schema.Track(name="A1", kind=schema.TrackKind.Audio)
            own.metadata[NAMESPACE] = {"version": VERSION, "linked": True}
            for clip in self.timeline.clips:
                own.append(self._own_sound(clip))
            yield own
        for number, row in enumerate(_rows(self.timeline.sounds), 2):
            track = schema.Track(name=f"A{number}", kind=schema.TrackKind.Audio)
            here = Fraction(0)
            for sound in row:
                at, length = (each * self.timeline.clock.rate for each in (sound.at, sound.length))
                if at > here:
                    track.append(schema.Gap(source_range=self._range(Fraction(0), at - here)))
                here = at + length
                track.append(
                    schema.Clip(
                        name=sound.id,
                        media_reference=self._media(sound.media),
                        source_range=self._range(sound.source * self.timeline.clock.rate, length),
                        metadata={NAMESPACE: {"version": VERSION, "sound": plain(sound)}},
                    )
                )
            yield track

    def _own_sound(self, clip: TimelineClip) -> Any:
        schema, span = self.library.schema, Span(0, len(clip.record))
        if not _is_heard(clip):
            return schema.Gap(source_range=self._range(Fraction(0), Fraction(len(span))))
        heard = schema.Clip(
            name=clip.name,
            media_reference=self._media(clip.media),
            source_range=self._range(start_value(clip, self.timeline), Fraction(len(span))),
        )
        if clip.retimed and (scalar := average_scalar(clip, self.timeline)):
            heard.effects.append(schema.LinearTimeWarp(name="speed", time_scalar=float(scalar)))
        return heard


def _words(metadata: Metadata) -> str:
    """Returns a job's own words as one text: the library sorts the keys of mappings, and reads some as objects."""
    return _json(dict(metadata))


def _json(value: Any) -> str:
    return json.dumps(plain(value), ensure_ascii=False)


def _is_heard(clip: TimelineClip) -> bool:
    return clip.media.sound and not clip.audio.mute and not clip.media.make


def _rows(sounds: tuple[TimelineSound, ...]) -> list[list[TimelineSound]]:
    """Returns sounds in rows: in each, none begins before the one before it has ended."""
    rows: list[list[TimelineSound]] = []
    for sound in sorted(sounds, key=lambda each: (each.at, each.id)):
        row = next((row for row in rows if row[-1].at + row[-1].length <= sound.at), None)
        if row is None:
            rows.append([sound])
        else:
            row.append(sound)
    return rows
