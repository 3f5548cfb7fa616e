"""Walks through the tracks of a sequence in FCP7 XML."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from post.errors import SourceError
from post.handoff.fcp7.effects import decibels, fill_of, grade_of, lose_effects, stacked, title_text
from post.handoff.fcp7.files import MADE, Files
from post.handoff.fcp7.numbers import UNKNOWN, is_true, read_number, read_rate
from post.handoff.fcp7.time_remap import find_remap, read_remap
from post.handoff.found import Found, HeardSound, Marked, ShownTitle
from post.handoff.layers import Height, Passage, TrackPiece
from post.handoff.markup.xml_tree import XmlElement
from post.handoff.own_keys import made_media
from post.handoff.time_keys import PositionKey
from post.handoff.timeline import BLACK, ClipAudio, TimelineMedia
from post.handoff.transition_names import stage_of

ITEMS = ("clipitem", "generatoritem", "transitionitem")
OWN = "mastercomment4"  # where our metadata travels
DEEPEST = 24
MOST_SEQUENCES = 2_000  # a nested one counts each time that it is opened


@dataclass(frozen=True, slots=True)
class Level:
    """A sequence's place. origin: where its frame 0 lies on the timeline; first, stop: what of the timeline is seen of
    it: all seconds; height: of its tracks; rate: its frames a second."""

    origin: Fraction
    first: Fraction
    stop: Fraction
    height: Height
    rate: Fraction

    def at(self, frame: Fraction | int) -> Fraction:
        """Returns the timeline's time of one of its frames, in seconds."""
        return self.origin + Fraction(frame) / self.rate


@dataclass(frozen=True, slots=True)
class ItemTime:
    """An item's frames in its sequence. first, stop: between its cuts; seen: the first that it is seen in, with a
    transition; start: the clip's own frame there, at its own rate."""

    first: Fraction
    stop: Fraction
    seen: Fraction
    start: Fraction
    rate: Fraction


class Tracks:
    """Gathers what the tracks of a sequence, and of those within it, show and play."""

    def __init__(self, found: Found, files: Files) -> None:
        self.found, self.files, self.label = found, files, found.label
        self.depth = 0
        self.count = 0

    def sequence(self, sequence: XmlElement, level: Level) -> None:
        """Walks through a sequence."""
        self.count += 1
        if self.count > MOST_SEQUENCES:
            where = f"{self.label}:{sequence.line}"
            raise SourceError(
                "too many sequences", where=where, expected=f"up to {MOST_SEQUENCES} in each other"
            )
        media = sequence.child("media")
        video, audio = (media.child(tag) if media is not None else None for tag in ("video", "audio"))
        for number, track in enumerate(video.all("track") if video is not None else []):
            self._track(track, replace(level, height=(*level.height, number)))
        for track in audio.all("track") if audio is not None else []:
            self._heard(track, level)
        for mark in sequence.all("marker"):
            self._mark(mark, level, level.at(0), level.rate)

    def _track(self, track: XmlElement, level: Level) -> None:
        items = track.all(*ITEMS)
        if track.word("enabled", "TRUE").upper() == "FALSE":
            self.found.lose("track", track, "it is switched off")
            return
        pieces = dict[int, TrackPiece | None]()
        for number, item in enumerate(items):
            if item.tag != "transitionitem":
                pieces[number] = self._item(item, self._time(items, number, level), level)
        for number, item in enumerate(items):
            if item.tag == "transitionitem":
                self._transition(item, level, pieces.get(number - 1), pieces.get(number + 1))

    def _time(self, items: Sequence[XmlElement], number: int, level: Level) -> ItemTime:
        """Returns an item's frames. Where its start lies under a transition, its in point is where that starts."""
        item = items[number]
        rate = read_rate(item, self.label, level.rate)
        start, end = (read_number(item, tag, self.label) for tag in ("start", "end"))
        source = read_number(item, "in", self.label, Fraction(0))
        before = items[number - 1] if number and items[number - 1].tag == "transitionitem" else None
        after = next((each for each in items[number + 1 : number + 2] if each.tag == "transitionitem"), None)
        seen = start
        if start == UNKNOWN and before is not None:
            seen, start = read_number(before, "start", self.label), self._cut(before)
        if end == UNKNOWN and after is not None:
            end = self._cut(after)
        if UNKNOWN in (start, end):
            length = read_number(item, "out", self.label) - source
            start, end = (end - length, end) if start == UNKNOWN else (start, start + length)
            seen = start
        return ItemTime(start, end, seen, source, rate)

    def _cut(self, transition: XmlElement) -> Fraction:
        first, stop = (read_number(transition, tag, self.label) for tag in ("start", "end"))
        alignment = transition.word("alignment", "center").lower()
        if alignment.startswith("start"):
            return first
        return stop if alignment.startswith("end") else first + ((stop - first) / 2).__floor__()

    def _item(self, item: XmlElement, time: ItemTime, level: Level) -> TrackPiece | None:
        """Adds what an item of the picture shows."""
        if not is_true(item, "enabled", True):
            self.found.lose("clip", item, "it is switched off")
            return None
        first, stop = max(level.at(time.first), level.first), min(level.at(time.stop), level.stop)
        if first >= stop:
            return None
        nested = self.files.whole(item, "sequence")
        if nested is not None:
            self._nested(item, nested, time, level)
            return None
        media = self._media(item, level, (first, stop))
        if media is None or stacked(self.found, item, level.height):
            return None
        lose_effects(self.found, item)
        piece = self._piece(item, media, time, level, (first, stop))
        self.found.pieces.append(piece)
        for mark in item.all("marker"):
            self._mark(mark, level, level.at(time.seen) - time.start / time.rate, time.rate)
        return piece

    def _piece(
        self,
        item: XmlElement,
        media: TimelineMedia,
        time: ItemTime,
        level: Level,
        shown: tuple[Fraction, Fraction],
    ) -> TrackPiece:
        own = own_metadata(item)
        seen = level.at(time.seen)
        keys, sampling = self._keys(item, time, seen)
        source = time.start / time.rate + shown[0] - seen
        logged = item.child("logginginfo")
        return TrackPiece(
            name=item.word("name") or media.name, media=media, first=shown[0], stop=shown[1],
            where=self.found.where(item), height=level.height, source=source, keys=keys, sampling=sampling,
            audio=ClipAudio(mute=True), notes=logged.word("lognote") if logged is not None else "", metadata=own,
            id=str(own.get("id") or ""), grade=grade_of(item),
        )  # fmt: skip

    def _keys(self, item: XmlElement, time: ItemTime, seen: Fraction) -> tuple[tuple[PositionKey, ...], str]:
        """Returns an item's time map in seconds, () for none, and how frames are mixed."""
        effect = find_remap(item)
        if effect is None:
            return (), ""
        remap = read_remap(effect, self.label)
        if remap.dropped:
            self.found.lose("time keys", item, f"{remap.dropped} without a value")
        keys = tuple(
            PositionKey(seen + (key.at - time.start) / time.rate, key.source / time.rate)
            for key in remap.keys
        )
        return keys, "blend" if remap.blended else ""

    def _media(
        self, item: XmlElement, level: Level, shown: tuple[Fraction, Fraction]
    ) -> TimelineMedia | None:
        """Returns what an item shows: a file, or what can be made here. Type becomes a title, and shows nothing."""
        described = self.files.whole(item)
        own = own_metadata(item)
        if own.get("made"):
            return made_media(own)
        text = title_text(item)
        if text:
            name = item.word("name")
            self.found.titles.append(ShownTitle(name, text, *shown, own))
            if not own:
                self.found.lose("title style", item, "its text is kept; its style is the house's")
            return None
        if fill := fill_of(item):
            made = TimelineMedia(f"colour-{fill[1:]}", make="colour", fill=fill, still=True)
            return BLACK if fill == BLACK.fill else made
        if described is not None and described.word("pathurl"):
            return self.files.media(described, item, level.rate)
        name = (described or item).word("name")
        known = MADE.get(name.lower())
        if known is None:
            self.found.refuse(
                item, f"the generator {name!r} is drawn by the editor; render it to a clip first"
            )
        return known

    def _nested(self, item: XmlElement, nested: XmlElement, time: ItemTime, level: Level) -> None:
        """Walks through a sequence within a sequence, as far as its clip shows it."""
        if find_remap(item) is not None:
            self.found.refuse(item, "a retime of a sequence; retime its clips, or render it")
            return
        if self.depth >= DEEPEST:
            self.found.refuse(item, f"sequences within each other, more than {DEEPEST} deep")
            return
        if stacked(self.found, item, level.height):
            return
        lose_effects(self.found, item)
        self.depth += 1
        rate = read_rate(nested, self.label, level.rate)
        first, stop = max(level.at(time.first), level.first), min(level.at(time.stop), level.stop)
        origin = level.at(time.seen) - time.start / time.rate
        self.sequence(nested, Level(origin, first, max(first, stop), level.height, rate))
        self.depth -= 1

    def _transition(
        self, item: XmlElement, level: Level, out: TrackPiece | None, into: TrackPiece | None
    ) -> None:
        effect = item.child("effect")
        name = effect.word("name") if effect is not None else ""
        stage, wipe = stage_of(name)
        if not stage:
            self.found.lose("transition", item, f"nothing here is like {name!r}; a dissolve takes its place")
        first, stop = (level.at(read_number(item, tag, self.label)) for tag in ("start", "end"))
        cut = level.at(self._cut(item))
        code = effect.word("wipecode") if effect is not None else ""
        wipe = int(code) if code.isdecimal() and 0 < len(code) < 4 and code != "0" else wipe
        where = self.found.where(item)
        self.found.passages.append(
            Passage(cut, cut - first, stop - cut, where, out, into, stage or "dissolve", name, wipe)
        )

    def _heard(self, track: XmlElement, level: Level) -> None:
        """Adds the sounds of a track."""
        items = track.all(*ITEMS)
        for number, item in enumerate(items):
            if item.tag != "clipitem" or not is_true(item, "enabled", True):
                continue
            if item.child("sequence") is not None:
                continue  # its own sounds are found where its picture is
            described, time = self.files.whole(item), self._time(items, number, level)
            first, stop = max(level.at(time.first), level.first), min(level.at(time.stop), level.stop)
            if described is None or not described.word("pathurl") or first >= stop:
                continue
            keys, _ = self._keys(item, time, level.at(time.seen))
            source = time.start / time.rate + first - level.at(time.seen)
            media = self.files.media(described, item, level.rate)
            role = str(own_metadata(item).get("role") or "effects")
            self.found.sounds.append(
                HeardSound(
                    media, first, stop, source, role if role in ("music", "voice", "ambience") else "effects",
                    decibels(item), self.found.where(item), bool(keys), own_metadata(item),
                )
            )  # fmt: skip

    def _mark(self, mark: XmlElement, level: Level, origin: Fraction, rate: Fraction) -> None:
        """Adds a marker. origin: the timeline's time of the frame that it counts from, in seconds."""
        at = read_number(mark, "in", self.label, Fraction(0))
        stop = read_number(mark, "out", self.label, Fraction(UNKNOWN))
        seconds = origin + at / rate
        if level.first <= seconds < level.stop:
            length = (stop - at) / rate if stop > at else Fraction(0)
            self.found.markers.append(
                Marked(mark.word("name"), mark.word("comment"), "note", seconds, length)
            )


def own_metadata(item: XmlElement) -> dict[str, Any]:
    """Returns what of ours travelled with an item, {} where nothing did."""
    comments = item.child("comments")
    try:
        read = json.loads(comments.word(OWN)) if comments is not None and comments.word(OWN) else {}
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}
