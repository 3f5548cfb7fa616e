"""Writes the story elements of an FCPXML file: clips, gaps, transitions, and what is anchored to them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from post.handoff.fcpxml.conform_rate import rate_name
from post.handoff.fcpxml.dialects import Dialect
from post.handoff.fcpxml.found import CLIP_KEY, TITLE_KEY
from post.handoff.fcpxml.time_map import SAMPLING_NAMES, write_time_map
from post.handoff.fcpxml.write_resources import AUDIO_FADE, DISSOLVE, TITLE, ResourceList
from post.handoff.local_time import LocalTime, local_time
from post.handoff.losses import Loss
from post.handoff.markup.xml_tree import XmlElement, element
from post.handoff.media import media_start
from post.handoff.timeline import (
    Timeline,
    TimelineClip,
    TimelineMarker,
    TimelineSound,
    TimelineTitle,
    TimelineTransition,
)

ROLES = {
    "voice": "dialogue.voice-over",
    "dialogue": "dialogue",
    "music": "music",
    "effects": "effects",
    "ambience": "effects.ambience",
}


@dataclass(slots=True)
class Story:
    """What the story elements of a file are written from. lost: gathers what has no form in it."""

    timeline: Timeline
    resources: ResourceList
    dialect: Dialect
    lost: list[Loss]

    def spine(self) -> XmlElement:
        """Returns the primary storyline, with all that is anchored to it."""
        timeline = self.timeline
        across = {each.at: each for each in timeline.transitions if each.length}
        sounds = {each.id: lane for lane, each in _lanes(timeline.sounds, _sound_ends)}
        titles = {each.id: lane for lane, each in _lanes(timeline.titles, _title_ends)}
        rows = list[XmlElement]()
        for clip in timeline.clips:
            if clip.record.first in across:
                rows.append(self._transition(across[clip.record.first]))
            local = local_time(timeline, clip)
            anchored = [self._title(each, clip, local, titles[each.id]) for each in timeline.titles
                        if each.record.first in clip.record]  # fmt: skip
            anchored += [self._heard(each, clip, local, -sounds[each.id]) for each in timeline.sounds
                         if self._starts_in(each, clip)]  # fmt: skip
            marks = [self._marker(each, clip, local) for each in timeline.markers if each.at in clip.record]
            rows.append(self._clip(clip, local, [*anchored, *marks]))
        if timeline.length in across and timeline.clips:
            rows.append(self._transition(across[timeline.length]))
        return element("spine", *rows)

    def _at(self, frame: int) -> str:
        """Returns the timeline's own time of a frame, which begins at its start timecode."""
        return self.dialect.time(self.timeline.clock.seconds(self.timeline.start + frame))

    def _clip(self, clip: TimelineClip, local: LocalTime, anchored: Sequence[XmlElement]) -> XmlElement:
        time, length = self.dialect.time, self.timeline.clock.seconds(len(clip.record))
        common = {
            "offset": self._at(clip.record.first), "name": clip.name, "start": time(local.start),
            "duration": time(length), "enabled": "1" if self.dialect.switched else "",
        }  # fmt: skip
        note = element("note", text=clip.notes) if clip.notes else None
        own = own_metadata_element(
            CLIP_KEY, clip.metadata, [("com.apple.proapps.studio.reel", clip.media.reel)]
        )
        if clip.media.make:
            if clip.media.make != "black":
                why = f"{clip.media.make} is drawn here; a gap takes its place"
                self.lost.append(Loss("picture", clip.id, why))
            # A gap's name is the editor's own; ours stands in its metadata.
            return element("gap", note, *anchored, own, **{**common, "name": "Gap"})
        ref = self.resources.asset(clip.media, self.timeline.clock.rate)
        keywords = [
            element("keyword", start=time(local.start), duration=time(length), value=word)
            for word in clip.keywords
            if self.dialect.keywords
        ]
        fitted = element("adjust-conform", type="fill") if self.dialect.fitted else None
        if clip.media.still:
            shown = element(
                "video", ref=ref, offset=time(local.start), name=clip.media.name, start=time(local.start),
                duration=time(length),
            )  # fmt: skip
            return element("clip", note, fitted, shown, *anchored, *keywords, own, **common)
        audio = clip.audio
        around = {}
        if audio.lead or audio.lag:
            clock = self.timeline.clock
            around = {
                "audioStart": time(local.start - clock.seconds(audio.lead)),
                "audioDuration": time(length + clock.seconds(audio.lead + audio.lag)),
            }
        return element(
            "asset-clip", note, *self._timing(clip, local), fitted, _volume(clip), *anchored, *keywords, own,
            ref=ref, **common, format=self._format(ref), tcFormat="DF" if clip.media.drop_frame else "NDF",
            audioRole=ROLES[audio.role] if clip.media.sound else "", srcEnable="video" if audio.mute else "", **around,
        )  # fmt: skip

    def _format(self, ref: str) -> str:
        return next(each.get("format") for each in self.resources.rows if each.get("id") == ref)

    def _timing(self, clip: TimelineClip, local: LocalTime) -> list[XmlElement]:
        """Returns the elements that say how a clip's time runs: none where frames and speed are the timeline's."""
        if local.keys:
            return [write_time_map(local.keys, clip.sampling, clip.audio.pitch)]
        rate = clip.media.rate
        if rate is None or rate == self.timeline.clock.rate:
            return []
        sampling = SAMPLING_NAMES.get(clip.sampling, "")
        return [
            element("conform-rate", scaleEnabled="0", srcFrameRate=rate_name(rate), frameSampling=sampling)
        ]

    def _local(self, clip: TimelineClip, local: LocalTime, frame: Fraction | int) -> str:
        """Returns the time of a clip at a frame of the timeline."""
        return self.dialect.time(local.start + self.timeline.clock.seconds(frame - clip.record.first))

    def _transition(self, each: TimelineTransition) -> XmlElement:
        name, uid = DISSOLVE
        if each.stage != "dissolve":
            self.lost.append(Loss("transition", f"frame {each.at}", f"{each.stage} is written as a dissolve"))
        own = {"stage": each.stage, "wipe": each.wipe, "params": dict(each.params)}
        return element(
            "transition",
            element("filter-video", ref=self.resources.effect((name, uid)), name=name),
            element("filter-audio", ref=self.resources.effect(AUDIO_FADE), name=AUDIO_FADE[0]),
            own_metadata_element(CLIP_KEY, own),
            name=name, offset=self._at(each.at - each.before),
            duration=self.dialect.time(self.timeline.clock.seconds(each.length)),
        )  # fmt: skip

    def _title(self, title: TimelineTitle, clip: TimelineClip, local: LocalTime, lane: int) -> XmlElement:
        clock, style = self.timeline.clock, f"ts-{title.id}"
        self.lost.append(Loss("title style", title.id, "its text is kept; style and motion are the house's"))
        return element(
            "title",
            element("text", element("text-style", text=title.text, ref=style)),
            element(
                "text-style-def",
                element("text-style", font="Helvetica", fontSize="63", fontColor="1 1 1 1", alignment="center"),
                id=style,
            ),
            own_metadata_element(TITLE_KEY, title.metadata),
            ref=self.resources.effect(TITLE), lane=lane, offset=self._local(clip, local, title.record.first),
            name=_first_line(title), start=self.dialect.time(Fraction(3600)),
            duration=self.dialect.time(clock.seconds(len(title.record))),
        )  # fmt: skip

    def _starts_in(self, sound: TimelineSound, clip: TimelineClip) -> bool:
        at = (sound.at * self.timeline.clock.rate).__floor__()
        return at in clip.record

    def _heard(self, sound: TimelineSound, clip: TimelineClip, local: LocalTime, lane: int) -> XmlElement:
        time = self.dialect.time
        if sound.loop:
            self.lost.append(Loss("loop", sound.id, "it is heard once"))
        fades = [
            element(name, type="easeIn" if name == "fadeIn" else "easeOut", duration=time(fade))
            for name, fade in (("fadeIn", sound.fade_in), ("fadeOut", sound.fade_out))
            if fade
        ]
        volume = element(
            "adjust-volume", element("param", *fades, name="amount") if fades else None,
            amount=f"{sound.gain_db:g}dB",
        )  # fmt: skip
        return element(
            "asset-clip", volume if fades or sound.gain_db else None, own_metadata_element(CLIP_KEY, sound.metadata),
            ref=self.resources.asset(sound.media, self.timeline.clock.rate), lane=lane,
            offset=self._local(clip, local, sound.at * self.timeline.clock.rate), name=sound.id,
            start=time(media_start(sound.media) + sound.source), duration=time(sound.length),
            audioRole=ROLES.get(sound.role, "effects"),
        )  # fmt: skip

    def _marker(self, each: TimelineMarker, clip: TimelineClip, local: LocalTime) -> XmlElement:
        clock, kind = self.timeline.clock, "chapter-marker" if each.kind == "chapter" else "marker"
        return element(
            kind, start=self._local(clip, local, each.at), duration=self.dialect.time(clock.seconds(each.length)),
            value=each.name, note=each.note, completed={"todo": "0", "done": "1"}.get(each.kind, ""),
        )  # fmt: skip


def _volume(clip: TimelineClip) -> XmlElement | None:
    gain = clip.audio.gain_db
    return element("adjust-volume", amount=f"{gain:g}dB") if gain else None


def own_metadata_element(
    key: str, own: Mapping[str, Any], more: Sequence[tuple[str, str]] = ()
) -> XmlElement | None:
    """Returns metadata: ours as JSON under our own key, and the editor's own fields."""
    rows = [element("md", key=name, value=value) for name, value in more if value]
    if own:
        rows.append(element("md", key=key, value=json.dumps(own, ensure_ascii=False, separators=(",", ":"))))
    return element("metadata", *rows) if rows else None


def _sound_ends(sound: TimelineSound) -> tuple[Fraction, Fraction]:
    return sound.at, sound.at + sound.length


def _title_ends(title: TimelineTitle) -> tuple[Fraction, Fraction]:
    return Fraction(title.record.first), Fraction(title.record.stop)


def _lanes(rows: Sequence[Any], ends: Any) -> list[tuple[int, Any]]:
    """Returns each row with a lane, from 1, on which it meets no other."""
    free, found = list[Fraction](), []
    for row in sorted(rows, key=lambda each: ends(each)[0]):
        first, stop = ends(row)
        lane = next((number for number, until in enumerate(free) if until <= first), len(free))
        free[lane : lane + 1] = [stop]
        found.append((lane + 1, row))
    return found


def _first_line(title: TimelineTitle) -> str:
    lines = title.text.strip().splitlines()
    return lines[0] if lines else title.id
