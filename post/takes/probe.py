"""Probes a file and returns what it holds: a Take, or the sound of a file."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

from av.container import InputContainer
from av.video.stream import VideoStream

from post.atomic import checksum
from post.errors import SourceError
from post.takes.container import open_container, open_handle
from post.takes.duration import duration_is_wrong, wrong_duration
from post.takes.index import PacketIndex, index_packets, picture_streams
from post.takes.inspect import inspect_picture
from post.takes.picture import PictureReader
from post.takes.pictures.read_picture import clip_picture, picture_stream
from post.takes.sound.bounds import MOST_VALUES
from post.takes.sound.choose import ChosenSound, choose_sound, default_sound
from post.takes.stills.describe import describe
from post.takes.stills.format import format_at, format_of
from post.takes.tags import choose_colour, refuse_other_matrix, select_tags
from post.values.media import File, Picture, Sound, Take
from post.values.time import Clock
from post.values.warning import JobWarning

LONGEST_RENEWAL = 300  # frames; encoders renew a picture within some seconds
# More than a day of grid is a broken time stamp, not a clip.
LONGEST_S = 24 * 3600
LONGEST_FRAMES = LONGEST_S * 60


def probe(
    path: Path,
    name: str,
    *,
    colour: str = "",
    range: str = "",  # noqa: A002  the job's word
    clock: Clock | None = None,
) -> Take:
    """Returns the take in a file: a clip, a still, an animation, a packed sequence or a made source.

    Its credential fields keep their defaults.

    colour, range: overrides of the job; "" takes what the file says, or the policy of post.takes.tags.
    clock: the film's, for what has no rate of its own.
    Raises SourceError for a file that is missing, no media, encrypted, cut short by half or more, or without picture.
    """
    still = format_at(path)
    if still is not None:
        return describe(path, name, still, clock)
    with open_container(path) as container:
        stream = picture_stream(container, path.name)
        index = index_packets(container, stream, path)
        look = inspect_picture(path, stream.index, index.head)
        index = index if look.first is None else index.starting_at(look.first)
        _refuse_what_is_cut_short(container, stream, index, path.name)
        refuse_other_matrix(look.said, colour, path.name)
        ruling = choose_colour(look.said, colour, range)
        picture = clip_picture(stream, index, look, ruling)
        if index.skipped:
            index = _from_first_whole(path, picture, index)
            picture = clip_picture(stream, index, look, ruling)
        tags = select_tags(container.metadata, stream.metadata)
        warnings = _warnings(container, stream, index)
        kind = container.format.name
    sound, left_out, more = _sound(path, picture.start)
    return Take(
        name=name,
        file=File(checksum(path).sha256, path.name, path),
        bytes=path.stat().st_size,
        container=kind,
        picture=picture,
        sound=sound,
        tags=tags,
        warnings=(*warnings, *look.warnings, *ruling.warnings, *more),
        sound_left_out=left_out,
    )


def _from_first_whole(path: Path, picture: Picture, index: PacketIndex) -> PacketIndex:
    """Returns the index of a clip that starts midway from its first frame on that leans on nothing that is missing.

    Where pictures are renewed bit by bit (H.264's intra refresh), a decoder gives frames before they are whole.
    """
    with PictureReader(path, picture) as reader:
        for i in range(min(picture.length, LONGEST_RENEWAL)):
            with suppress(SourceError):
                reader.frame(i)
                return index.starting_at(index.stamps[index.grid.shown_at(i)])
    return index


def look_for_picture(file: BinaryIO, name: str) -> None:
    """Raises the SourceError of `probe` for an open file that is no media or has no picture. Decodes nothing.

    name: the file's own.
    """
    if format_of(file, name) is not None:
        return
    with open_handle(file, name) as container:
        picture_stream(container, name)


def look_for_sound(file: BinaryIO, name: str) -> None:
    """Raises the SourceError of `probe_sound_file` for an open file that is no media or has no sound."""
    with open_handle(file, name) as container:
        default_sound(container, name)


def probe_sound_file(path: Path) -> Sound:
    """Returns the sound of a sound file or a clip, with `start` 0. Raises SourceError if none decodes."""
    return probe_sound(path)[0]


def probe_sound(path: Path) -> tuple[Sound, tuple[JobWarning, ...]]:
    """Returns what `probe_sound_file` does, and what was chosen, dropped or joined to have it."""
    chosen = choose_sound(path)
    return _heard(chosen, Fraction(0)), chosen.said


def _refuse_what_is_cut_short(
    container: InputContainer, stream: VideoStream, index: PacketIndex, where: str
) -> None:
    whole, promised = _held(container, index), stream.frames
    if 2 * whole < promised:
        raise SourceError(
            "is cut short", where=where, expected=f"{promised} frames", got=f"{whole}", fix="fetch it again"
        )
    grid = index.grid
    if grid.length > LONGEST_FRAMES or grid.clock.seconds(grid.length) > LONGEST_S:
        raise SourceError(
            "has time stamps that make no sense", where=where, expected="less than a day",
            got=f"{grid.length} frames at {float(grid.clock.rate):g} fps", fix="export it again",
        )  # fmt: skip


def _held(container: InputContainer, index: PacketIndex) -> int:
    """Returns how many of the frames that the header counts are there. AVI counts those too that were dropped."""
    last = max((entry.dts or 0 for entry in index.entries), default=0)
    return last + 1 if container.format.name == "avi" else len(index.entries)


def _warnings(container: InputContainer, stream: VideoStream, index: PacketIndex) -> tuple[JobWarning, ...]:
    grid, others = index.grid, len(picture_streams(container)) - 1
    held = _held(container, index)
    lost = stream.frames - held
    rate = f"{float(grid.clock.rate):g} fps"
    more = "1 more picture stream, which is" if others == 1 else f"{others} more picture streams, which are"
    found = {
        JobWarning(
            "cut-short", "is cut short", f"{held} of {stream.frames} frames", "fetch it again"
        ): lost > 0,
        JobWarning(
            "damaged", "is damaged: reading stopped before its end", f"{len(index.entries)} frames",
            "fetch it again",
        ): index.cut_short and lost <= 0,
        JobWarning(
            "starts-midway", f"starts midway: {index.skipped} frames at its head cannot be decoded, and are left out"
        ): index.skipped > 0,
        JobWarning("picture-left-out", f"has {more} left out"): others > 0,
        JobWarning(
            "varying-rate", "has a varying frame rate",
            f"{len(grid.stamps)} frames on a grid of {grid.length} at {rate}",
        ): grid.variable,
        JobWarning("rate-untagged", f"does not say its frame rate: read at {rate}"): not grid.known,
        wrong_duration(container, index): duration_is_wrong(container, index),
    }  # fmt: skip
    return tuple(warning for warning, is_so in found.items() if is_so)


def _sound(path: Path, picture_start: Fraction) -> tuple[Sound | None, str, tuple[JobWarning, ...]]:
    """Returns the sound of a clip or None, why it is left out or "", and what is said of it."""
    with open_container(path) as container:
        if not container.streams.audio:
            return None, "", ()
    try:
        chosen = choose_sound(path)
    except SourceError as fault:
        why = f"its sound is left out: {fault.what}"
        return None, why, (JobWarning("sound-left-out", why),)
    start = chosen.decoded.start - picture_start
    if abs(start) * chosen.decoded.rate_hz * chosen.decoded.samples.shape[1] > MOST_VALUES:
        why = "its sound is left out: it begins hours from its picture"
        return None, why, (JobWarning("sound-left-out", why, fix="export it again"),)
    return _heard(chosen, start), "", chosen.said


def _heard(chosen: ChosenSound, start: Fraction) -> Sound:
    track, (stream, *beside) = chosen.decoded, chosen.streams
    return Sound(
        stream=stream,
        codec=track.codec,
        rate_hz=track.rate_hz,
        channels=track.samples.shape[1],
        samples=len(track.samples),
        start=start,
        silent=not track.samples.any(),
        speakers=track.speakers,
        beside=tuple(beside),
    )
