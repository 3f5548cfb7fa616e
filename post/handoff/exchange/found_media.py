"""Says which files a timeline's media are: by content, then by name, then by a stem that one file alone has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path, PurePath

from post.errors import AnswerprintError, Problems, SourceError
from post.handoff.media import TakesFolder, file_name
from post.handoff.timeline import Timeline, TimelineClip, TimelineMedia
from post.printable import printable
from post.values.media import Take
from post.values.timecode import can_drop, read_timecode

PICTURES = frozenset(
    (
        ".mp4", ".mov", ".mkv", ".webm", ".avi", ".mxf", ".m4v", ".mpg", ".mpeg", ".ts", ".gif", ".webp", ".png",
        ".apng", ".jpg", ".jpeg", ".tif", ".tiff", ".exr", ".avif", ".bmp",
    )
)  # fmt: skip
SOUNDS = frozenset((".wav", ".flac", ".mp3", ".m4a", ".aac", ".ogg", ".opus", ".aif", ".aiff", ".w64"))
LONGEST_REEL = 32
_NO_REEL = re.compile(r"[^A-Za-z0-9_.-]+", re.ASCII)


def find_media(timeline: Timeline, takes: TakesFolder, known: Mapping[str, str] | None = None) -> Timeline:
    """Returns a timeline whose media are files of a folder, each with its path and its content's sha256.

    known: the sha256 of clips' media by the clips' id, for formats that say none. Raises Problems with a fault for each
    media that is missing, ambiguous, or has other content than was handed off; nothing is written.
    """
    by_id = known or {}
    wanted = {
        clip.media: replace(clip.media, sha256=clip.media.sha256 or by_id.get(clip.id, ""))
        for clip in timeline.clips
    }
    wanted |= {sound.media: sound.media for sound in timeline.sounds}
    found: dict[TimelineMedia, TimelineMedia] = {}
    faults: list[AnswerprintError] = []
    for media, asked in wanted.items():
        if media.make:
            continue
        try:
            path = _file(asked, takes)
        except SourceError as fault:
            faults.append(fault)
        else:
            found[media] = replace(media, path=str(path), sha256=takes.sha256(path))
    if faults:
        raise Problems(list({str(fault): fault for fault in faults}.values()))
    return replace(
        timeline,
        clips=tuple(replace(clip, media=found.get(clip.media, clip.media)) for clip in timeline.clips),
        sounds=tuple(replace(sound, media=found.get(sound.media, sound.media)) for sound in timeline.sounds),
    )


def _file(media: TimelineMedia, takes: TakesFolder) -> Path:
    where = f"media {printable(file_name(media))!r}"
    named = [path for name in _names(media) for path in takes.named(name)]
    if media.sha256:
        same = [path for path in named if takes.sha256(path) == media.sha256]
        if same:
            return same[0]
        if named:
            raise SourceError(
                "the file has changed since the hand-off", where=where, expected=f"sha256 {media.sha256[:12]}...",
                got=f"{named[0]}: {takes.sha256(named[0])[:12]}...", fix="bring back the file that was handed off",
            )  # fmt: skip
        same = [path for path in _media_files(takes, media) if takes.sha256(path) == media.sha256]
        if same:
            return same[0]
    found = named or list(_of_stem(media, takes))
    if not found:
        raise SourceError(
            "no such media", where=where, expected=f"a file of this name in {takes.folder}",
            got=f"reel {printable(media.reel)}" if media.reel else None,
            fix="an image sequence is named in the job by hand" if "%" in file_name(media) else "check --takes",
        )  # fmt: skip
    if len({takes.sha256(path) for path in found}) > 1:
        raise SourceError(
            "several files have this name", where=where, got=", ".join(map(str, found[:5])),
            expected="one, or files of one content", fix="rename or move the others",
        )  # fmt: skip
    return found[0]


def _names(media: TimelineMedia) -> list[str]:
    return [name for name in dict.fromkeys((file_name(media), media.name, media.reel)) if name]


def _of_stem(media: TimelineMedia, takes: TakesFolder) -> Iterator[Path]:
    """Returns the files whose stem is one of a media's names, or makes the same reel as one of them."""
    files = list(_media_files(takes, media))
    for name in _names(media):
        stems = {name.casefold()}
        if PurePath(name).suffix.lower() in PICTURES | SOUNDS:
            stems.add(PurePath(name).stem.casefold())
        if found := [path for path in files if path.stem.casefold() in stems]:
            yield from found
            return
    for name in _names(media):
        reels = {_reel(name), _reel(PurePath(name).stem)}
        if found := [path for path in files if {_reel(path.stem), _reel(path.name)} & reels]:
            yield from found
            return


def _reel(name: str) -> str:
    return _NO_REEL.sub("_", name).strip("_")[:LONGEST_REEL].casefold()


def _media_files(takes: TakesFolder, media: TimelineMedia) -> Iterator[Path]:
    wanted = PICTURES if media.picture else SOUNDS | PICTURES
    return (path for path in takes.files() if path.suffix.lower() in wanted)


def place_sources(timeline: Timeline, takes: Mapping[str, Take]) -> Timeline:
    """Returns a timeline whose media times count from the first frame of each file.

    takes: what the files hold, by path. A list names source timecode and does not say where its media begin: that is
    the file's own timecode, else 00:00:00:00, else the whole hour that editors give files without one; whichever the
    clips fit. Raises Problems with a fault for each file whose clips fit none.
    """
    unsaid = [clip for clip in timeline.clips if clip.media.path in takes and clip.media.length is None]
    starts: dict[str, Fraction] = {}
    faults: list[AnswerprintError] = []
    for path in dict.fromkeys(clip.media.path for clip in unsaid):
        mine = [clip for clip in unsaid if clip.media.path == path]
        try:
            starts[path] = _start(timeline, mine, takes[path])
        except SourceError as fault:
            faults.append(fault)
    if faults:
        raise Problems(faults)
    return replace(timeline, clips=tuple(_placed(clip, takes, starts) for clip in timeline.clips))


def _placed(clip: TimelineClip, takes: Mapping[str, Take], starts: Mapping[str, Fraction]) -> TimelineClip:
    take = takes.get(clip.media.path)
    if take is None:
        return clip
    picture = take.picture
    media = replace(
        clip.media, rate=picture.grid.rate, length=picture.grid.seconds(picture.length), still=picture.stands_still,
        sound=take.sound is not None,
    )  # fmt: skip
    if media.still:
        return replace(clip, media=media, source=Fraction(0), positions=(), speeds=())
    by = starts.get(clip.media.path, Fraction(0))
    keys = tuple(replace(key, source=key.source - by) for key in clip.positions)
    return replace(clip, media=media, source=clip.source - by, positions=keys)


def _start(timeline: Timeline, clips: Sequence[TimelineClip], take: Take) -> Fraction:
    """Returns the media time, as a list counts it, of a file's first frame."""
    picture = take.picture
    if picture.stands_still:
        return Fraction(0)
    frame = 1 / timeline.clock.rate
    shown = [_shown(timeline, clip) for clip in clips]
    first, stop = min(low for low, _ in shown), max(high for _, high in shown)
    length = picture.grid.seconds(picture.length)
    tagged = _tagged(take)
    drop = timeline.drop_frame and can_drop(timeline.clock.rate)
    hour = read_timecode("01:00:00:00", timeline.clock.rate, drop) * frame
    tries = [*([tagged] if tagged is not None else []), Fraction(0), first // hour * hour]
    for start in tries:
        if first - start >= -frame and stop - start <= length + frame:
            return min(start, first)
    raise SourceError(
        "source times that the file does not have", where=f"{take.file.name} ({clips[0].name})",
        expected=f"within its {float(length):.3f} s"
        + (f", which begin at {float(tagged):.3f} s" if tagged is not None else ""),
        got=f"{float(first):.3f} to {float(stop):.3f} s",
        fix="a transition needs frames beyond its cut; else give the file its timecode, or check --rate and --takes",
    )  # fmt: skip


def _shown(timeline: Timeline, clip: TimelineClip) -> tuple[Fraction, Fraction]:
    """Returns the first media time that a clip shows and the end of its last frame."""
    span = timeline.shown(clip)
    last = max(span.stop - 1, span.first)
    edges = [clip.at(frame - clip.record.first, timeline.clock) for frame in (span.first, last)]
    return min(edges), max(edges) + 1 / timeline.clock.rate


def _tagged(take: Take) -> Fraction | None:
    """Returns the timecode that a file says it begins at, in seconds; None for none."""
    text = dict(take.tags).get("timecode", "")
    rate = take.picture.grid.rate
    try:
        return read_timecode(text, rate, ";" in text and can_drop(rate)) / rate
    except ValueError:
        return None
