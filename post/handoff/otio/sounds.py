"""Reads the sound of an OpenTimelineIO timeline: its pictures' own, with J and L cuts, and what lies beside them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from post.handoff.losses import Refusal
from post.handoff.otio.exact import read_plain
from post.handoff.otio.flat import FlatPiece, flat_track
from post.handoff.otio.library import open_otio, own_metadata
from post.handoff.otio.references import media_of
from post.handoff.timeline import TimelineClip, TimelineMedia, TimelineSound
from post.printable import printable
from post.values.time import Clock, round_half_up

Clips = tuple[TimelineClip, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Heard:
    """A part of an audio track. at, stop: seconds of the timeline; source: media time of its first sample, in seconds;
    linked: it lies on the track that our own hand-off made for the pictures' sound; leaf: the library's clip."""

    media: TimelineMedia
    at: Fraction
    stop: Fraction
    source: Fraction
    speed: Fraction
    linked: bool
    leaf: Any

    def is_of(self, clip: TimelineClip, clock: Clock) -> bool:
        """Returns whether it is of a clip's file, in step with it, and heard while that is seen."""
        frame, first, stop = 1 / clock.rate, clock.seconds(clip.record.first), clock.seconds(clip.record.stop)
        if clip.media.make or _file_of(clip.media) != _file_of(self.media):
            return False
        if self.speed != 1 or clip.retimed:  # its steps cannot be compared
            return clip.retimed and first - 1 <= self.at < stop
        in_step = abs((self.source - self.at) - (clip.source - first)) < frame
        return in_step and self.at < stop and self.stop > first


def read_sounds(
    opened: Any, clips: Clips, clock: Clock, where: str
) -> tuple[Clips, tuple[TimelineSound, ...], tuple[Refusal, ...]]:
    """Returns the clips of the picture with their own sound, the sounds beside them, and what cannot be used of them.

    A clip whose file is heard out of step, or not as long, or not at all, is silent itself where the timeline has any
    sound. Of clips that our own metadata tells of, that decides. Raises SourceError for a clip without a range.
    """
    kind = open_otio().schema.TrackKind.Audio
    tracks = [each for each in opened.tracks if getattr(each, "kind", "") == kind]
    sounds, refused, laid = list[TimelineSound](), list[Refusal](), list[_Heard]()
    for track in (each for each in tracks if each.enabled):
        row = flat_track(track, where)
        refused += [Refusal(each.where, f"sound: {each.why}") for each in row.refused]
        laid += _heard(track, row.pieces, clock, where)
    own = _own_sounds(laid, clips, clock)
    used = set(own.values())
    for heard in (each for each in laid if each not in used and not each.linked):
        if heard.speed != 1:
            place = f"{where}: sound {printable(heard.leaf.name or '')!r}"
            refused.append(Refusal(place, "sound at another speed: render it in the editor"))
            continue
        number, length = len(sounds) + 1, heard.stop - heard.at
        made = TimelineSound(f"sound-{number}", heard.media, heard.at, length, heard.source)
        sounds.append(_with_own(made, own_metadata(heard.leaf).get("sound"), clock))
    if any(len(track) for track in tracks):
        clips = tuple(_with_sound(clip, own.get(clip.id), clock) for clip in clips)
    return clips, tuple(sounds), tuple(refused)


def _own_sounds(laid: Sequence[_Heard], clips: Clips, clock: Clock) -> dict[str, _Heard]:
    """Returns the own sound of each clip that has one, by the clip's id.

    It is as long as its picture, or longer; or what it lacks is the lead or the lag of its neighbour.
    """
    firsts, own = [clip.record.first for clip in clips], dict[str, _Heard]()
    for heard in laid:
        low, high = bisect_right(firsts, heard.at * clock.rate), bisect_left(firsts, heard.stop * clock.rate)
        for clip in clips[max(low - 1, 0) : high]:
            if heard.is_of(clip, clock):
                own.setdefault(clip.id, heard)
    waiting = list(range(len(clips)))
    while waiting:
        number = waiting.pop()
        clip, around = clips[number], [n for n in (number - 1, number + 1) if 0 <= n < len(clips)]
        if clip.id in own and not _is_whole(clip, [clips[n] for n in around], own, clock):
            del own[clip.id]
            waiting += around  # what they lack may have been its lead or lag
    return own


def _is_whole(
    clip: TimelineClip, around: Sequence[TimelineClip], own: Mapping[str, _Heard], clock: Clock
) -> bool:
    """Returns whether a clip's own sound lasts as long as its picture, but for what its neighbours' sound takes."""
    if clip.retimed:
        return True
    near, heard = 1 / clock.rate / 2, own[clip.id]
    first, stop = clock.seconds(clip.record.first), clock.seconds(clip.record.stop)
    others = [own[each.id] for each in around if each.id in own]
    head = heard.at <= first + near or any(each.at < heard.at <= each.stop + near for each in others)
    tail = heard.stop >= stop - near or any(each.at - near <= heard.stop < each.stop for each in others)
    return head and tail


def _heard(track: Any, pieces: Iterable[FlatPiece], clock: Clock, where: str) -> Iterator[_Heard]:
    linked = own_metadata(track).get("linked") is True
    for piece in pieces:
        if piece.leaf is not None:
            media = media_of(piece.leaf, where, picture=False)
            source = piece.at - Fraction(media.start) / (media.rate or clock.rate)
            yield _Heard(media, piece.first, piece.stop, source, piece.speed, linked, piece.leaf)


def _file_of(media: TimelineMedia) -> str:
    return media.path or media.name


def _with_sound(clip: TimelineClip, heard: _Heard | None, clock: Clock) -> TimelineClip:
    """Returns a clip that is heard as an editor laid its sound."""
    if clip.metadata or clip.media.make:
        return clip
    if heard is None:
        return replace(clip, audio=replace(clip.audio, mute=True))
    if clip.retimed:
        return clip
    lead = round_half_up((clock.seconds(clip.record.first) - heard.at) * clock.rate)
    lag = round_half_up((heard.stop - clock.seconds(clip.record.stop)) * clock.rate)
    return replace(clip, audio=replace(clip.audio, lead=max(lead, 0), lag=max(lag, 0)))


def _with_own(sound: TimelineSound, kept: Any, clock: Clock) -> TimelineSound:
    """Returns a sound as our metadata has it, where the file still says when it is heard, and how long."""
    try:
        own = read_plain(TimelineSound, kept)
    except (KeyError, TypeError, ValueError):
        return sound
    near = Fraction(1, 1000)
    same = all(
        abs(a - b) * clock.rate < near
        for a, b in ((own.at, sound.at), (own.length, sound.length), (own.source, sound.source))
    )
    return own if same else replace(own, at=sound.at, length=sound.length, source=sound.source)
