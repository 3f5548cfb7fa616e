"""Writes a timeline as FCP7 XML (xmeml 5), for Premiere Pro, DaVinci Resolve and others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from post.handoff.fcp7.numbers import UNKNOWN, write_rate
from post.handoff.fcp7.track import OWN
from post.handoff.fcp7.write_items import (
    FileList,
    ItemFrames,
    clip_item,
    colour_info,
    colour_item,
    comments,
    gain_filter,
    shape,
    text_item,
    transition_item,
)
from post.handoff.format_losses import job_losses
from post.handoff.local_time import local_time
from post.handoff.losses import Loss
from post.handoff.markup.xml_tree import XmlElement, element, xml_text
from post.handoff.time_keys import PositionKey
from post.handoff.timeline import (
    HandoffText,
    Timeline,
    TimelineClip,
    TimelineMarker,
    TimelineSound,
    TimelineTransition,
)
from post.handoff.transition_names import NAMES
from post.values.time import round_half_up
from post.values.timecode import timecode

VERSION = "5"


def fcp7_text(timeline: Timeline) -> HandoffText:
    """Returns a timeline as FCP7 XML."""
    writer = _Writer(timeline)
    text = xml_text(element("xmeml", writer.sequence(), version=VERSION), "xmeml")
    return HandoffText(text, (*job_losses(timeline), *writer.lost))


@dataclass(slots=True)
class _Writer:
    timeline: Timeline
    lost: list[Loss] = field(default_factory=list)
    count: int = 0

    @property
    def rate(self) -> Fraction:
        """Returns the sequence's frames a second."""
        return self.timeline.clock.rate

    def sequence(self) -> XmlElement:
        """Returns the whole sequence."""
        timeline, files = self.timeline, FileList(self.timeline.clock.rate)
        picture, left, right = self._tracks(files)
        titles = self._titles()
        sounds = [self._sound(each, files) for each in timeline.sounds]
        form = element("format", shape(self.rate, timeline.width or 1920, timeline.height or 1080))
        video = element(
            "video", form, element("track", *picture), *([element("track", *titles)] if titles else [])
        )
        tracks = [
            element("track", *left),
            element("track", *right),
            *(element("track", each) for each in sounds),
        ]
        heard = element(
            "samplecharacteristics", element("depth", text="16"),
            element("samplerate", text=str(timeline.sample_rate_hz)),
        )  # fmt: skip
        audio = element("audio", element("numOutputChannels", text="2"), element("format", heard), *tracks)
        code = element(
            "timecode", write_rate(self.rate),
            element("string", text=timecode(timeline.start, self.rate, timeline.drop_frame)),
            element("frame", text=str(timeline.start)),
            element("displayformat", text="DF" if timeline.drop_frame else "NDF"),
        )  # fmt: skip
        return element(
            "sequence", element("name", text=timeline.name), element("duration", text=str(timeline.length)),
            write_rate(self.rate), element("media", video, audio), code,
            *(self._marker(each) for each in timeline.markers), comments(timeline.metadata, OWN), id="sequence-1",
        )  # fmt: skip

    def _identity(self) -> str:
        self.count += 1
        return f"clipitem-{self.count}"

    def _tracks(self, files: FileList) -> tuple[list[XmlElement], list[XmlElement], list[XmlElement]]:
        """Returns the items of the picture, and of the left and right of its own sound."""
        timeline = self.timeline
        across = {each.at: each for each in timeline.transitions if each.length}
        picture, left, right = list[XmlElement](), list[XmlElement](), list[XmlElement]()
        for clip in timeline.clips:
            if (into := across.get(clip.record.first)) is not None:
                picture.append(transition_item(into, self.rate))
                if into.stage not in ("dissolve", "wipe"):
                    self.lost.append(
                        Loss("transition", f"frame {into.at}", f"{into.stage} is written as a dissolve")
                    )
            sounds = [self._identity() for _ in range(2)] if self._is_heard(clip) else []
            picture.append(self._picture(clip, files, sounds))
            for number, (track, identity) in enumerate(zip((left, right), sounds, strict=False), 1):
                track.append(self._own_sound(clip, files, identity, number))
        if (out := across.get(timeline.length)) is not None and timeline.clips:
            picture.append(transition_item(out, self.rate))
            self._lose_settings(out)
        return picture, left, right

    def _lose_settings(self, each: TimelineTransition) -> None:
        where = f"transition at frame {each.at}"
        if each.stage not in NAMES:
            self.lost.append(Loss("transition", where, f"{each.stage} is written as a dissolve"))
        elif set(each.params) - {"code"}:
            self.lost.append(Loss("transition settings", where, "the editor's own take their place"))

    def _is_heard(self, clip: TimelineClip) -> bool:
        return clip.media.sound and not clip.audio.mute and not clip.media.make

    def _picture(self, clip: TimelineClip, files: FileList, sounds: Sequence[str]) -> XmlElement:
        frames, identity = self._frames(clip), self._identity()
        own = comments(clip.metadata, OWN)
        if clip.media.make:
            if clip.media.make not in ("black", "colour"):
                self.lost.append(
                    Loss("picture", clip.id, f"{clip.media.make} is drawn here; a colour takes its place")
                )
            fill = clip.media.fill if clip.media.make != "black" else "#000000"
            return colour_item(clip.name, identity, fill, self.rate, frames, own)
        if clip.sampling not in ("", "nearest", "blend"):
            self.lost.append(Loss("sampling", clip.id, f"{clip.sampling} is written as frame blending"))
        links = [
            _link(name, kind) for name, kind in [(identity, "video"), *((each, "audio") for each in sounds)]
        ]
        note = element("logginginfo", element("lognote", text=clip.notes)) if clip.notes else None
        return clip_item(
            clip.name,
            identity,
            clip.media,
            files,
            frames,
            *(links if sounds else []),
            note,
            colour_info(clip.grade),
            own,
        )

    def _frames(self, clip: TimelineClip) -> ItemFrames:
        """Returns a clip's frames. Under a transition its in and out reach as far as it is seen."""
        timeline, record = self.timeline, clip.record
        shown = timeline.shown(clip)
        start = UNKNOWN if timeline.into(clip) and shown.first != record.first else record.first
        end = UNKNOWN if timeline.out_of(clip) and shown.stop != record.stop else record.stop
        if clip.media.make or clip.media.still:
            return ItemFrames(start, end, 0, len(shown))
        local = local_time(timeline, clip)
        base = (
            Fraction(clip.media.start, 1) / clip.media.rate
            if clip.media.rate and not local.keys
            else Fraction(0)
        )
        first = (local.start - base) * self.rate + shown.first - record.first
        whole = round_half_up(first)
        if abs(first - whole) > Fraction(1, 100):
            self.lost.append(
                Loss(
                    "start",
                    clip.id,
                    f"between two frames; {float(first - whole):+.3f} frames of the sequence off",
                )
            )
        keys = tuple(
            PositionKey(key.at * self.rate, (key.source - _start(clip)) * self.rate) for key in local.keys
        )
        return ItemFrames(start, end, whole, whole + len(shown), keys, clip.sampling not in ("", "nearest"))

    def _own_sound(self, clip: TimelineClip, files: FileList, identity: str, channel: int) -> XmlElement:
        """Returns one channel of a clip's own sound, with what it leads and lags its picture by."""
        frames, audio, record = self._frames(clip), clip.audio, clip.record
        shown = self.timeline.shown(clip)
        skipped = record.first - shown.first - audio.lead
        heard = ItemFrames(
            record.first - audio.lead, record.stop + audio.lag, frames.first + skipped,
            frames.first + skipped + len(record) + audio.lead + audio.lag, frames.keys, frames.blended,
        )  # fmt: skip
        track = element(
            "sourcetrack", element("mediatype", text="audio"), element("trackindex", text=str(channel))
        )
        return clip_item(
            clip.name, identity, clip.media, files, heard, track, gain_filter(audio.gain_db), sound=True
        )

    def _titles(self) -> list[XmlElement]:
        found = list[XmlElement]()
        stop = 0
        for title in sorted(self.timeline.titles, key=lambda each: each.record.first):
            if title.record.first < stop:
                self.lost.append(
                    Loss("title", title.id, "it overlaps the title before it, and there is one track")
                )
                continue
            stop = title.record.stop
            self.lost.append(
                Loss("title style", title.id, "its text is kept; style and motion are the house's")
            )
            found.append(text_item(title, self._identity(), self.rate, comments(title.metadata, OWN)))
        return found

    def _sound(self, sound: TimelineSound, files: FileList) -> XmlElement:
        start, length = round_half_up(sound.at * self.rate), round_half_up(sound.length * self.rate)
        first = round_half_up(sound.source * self.rate)
        if sound.loop:
            self.lost.append(Loss("loop", sound.id, "it is heard once"))
        if sound.fade_in or sound.fade_out:
            self.lost.append(Loss("fade", sound.id, "its fades are the mix's"))
        own = comments({**sound.metadata, "id": sound.id, "role": sound.role}, OWN)
        frames = ItemFrames(start, start + length, first, first + length)
        return clip_item(
            sound.id,
            self._identity(),
            sound.media,
            files,
            frames,
            gain_filter(sound.gain_db),
            own,
            sound=True,
        )

    def _marker(self, each: TimelineMarker) -> XmlElement:
        return element(
            "marker", element("name", text=each.name), element("comment", text=each.note),
            element("in", text=str(each.at)),
            element("out", text=str(each.at + each.length) if each.length > 1 else str(UNKNOWN)),
        )  # fmt: skip


def _start(clip: TimelineClip) -> Fraction:
    return clip.media.start / clip.media.rate if clip.media.rate else Fraction(0)


def _link(identity: str, kind: str) -> XmlElement:
    return element("link", element("linkclipref", text=identity), element("mediatype", text=kind))
