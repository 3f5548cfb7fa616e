"""Finds which packet holds which frame of a clip, by reading its packets without decoding them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import islice, pairwise
from pathlib import Path

from av import Packet
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.stream import VideoStream

from post.caching import shared
from post.errors import SourceError
from post.takes.container import ffmpeg_errors, open_container, undecodable
from post.takes.head import frames_from
from post.takes.timing import UNKNOWN_RATE, Grid, choose_grid
from post.takes.track_table import MOST_PACKETS
from post.watchdog import watched_steps

# Codecs where every packet that is kept is one frame. Elsewhere (VP8's hidden references, fields on their
# own, "not coded" frames) only decoding tells.
ONE_FRAME_A_PACKET = frozenset(
    """
    h264 hevc vvc av1 libdav1d vp9 libvpx-vp9 mpeg4 mpeg2video prores dnxhd cfhd mjpeg png jpeg2000
    ffv1 ffvhuff huffyuv utvideo magicyuv qtrle hap rawvideo v210 v410 r210 dvvideo gif apng
    """.split()  # noqa: SIM905  a list of forty quoted words reads worse
)
# An MPEG-4 Part 2 packet this small is "not coded": it repeats a frame and decodes to nothing.
NOT_CODED_BYTES = 16
PACKETS_TOGETHER = 64  # are watched as one: a packet is read in microseconds
# Codecs that show pictures in another order than they are decoded in. A container that keeps one time for each packet
# (AVI, and Matroska in its compatible mode) keeps the time of decoding.
REORDERED = frozenset({"h264", "hevc", "vvc", "mpeg4", "mpeg2video"})
LONGEST_LEAD = (
    32  # packets after a key packet that may be shown before it: two fields for each of 16 pictures
)
PICTURE_START = b"\0\0\1\xb6"  # of MPEG-4 Part 2 (ISO/IEC 14496-2, table 6-3)


@dataclass(frozen=True, slots=True)
class PacketEntry:
    """A packet, in the order of the file. shown: the decoder outputs a frame for it; packed: it holds two."""

    pts: int | None
    dts: int | None
    duration: int
    key: bool
    shown: bool
    packed: bool = False


@dataclass(frozen=True)
class PacketIndex:
    """Every packet of a clip's picture, and its frames in the order shown.

    counted: the frames were found by decoding, because packets could not tell; such a clip is read from
    its start on. cut_short: reading stopped at damage before the stream's end. declared: the rate that the
    file states, if it does; skipped: frames at the head that cannot be decoded, and are no part of `stamps`.
    """

    entries: tuple[PacketEntry, ...]
    stamps: tuple[int, ...]
    last_shown: int
    tick: Fraction
    counted: bool
    cut_short: bool
    declared: Fraction | None = None
    skipped: int = 0

    @cached_property
    def grid(self) -> Grid:
        """The constant grid over the frames."""
        return choose_grid(self.stamps, self.last_shown, self.tick, self.declared)

    @cached_property
    def head(self) -> int:
        """How many packets come before the first key packet; 0 where no packet is one."""
        return _head(self.entries)

    @cached_property
    def unmarking(self) -> int | None:
        """The first packet that is shown after the first key packet, if pictures before that packet were cut away.

        It may mark such pictures as unused. FFmpeg's H.264 decoder calls that damage, though it decodes all of it.
        """
        key = self.entries[self.head].pts or 0
        early = self.head > 0 or any((e.pts or 0) < key for e in self.entries[: self.head + LONGEST_LEAD])
        later = (i for i, e in enumerate(self.entries) if i > self.head and (e.pts or 0) > key)
        return next(later, None) if early else None

    def starting_at(self, first: int) -> PacketIndex:
        """Returns the index without the frames that are shown before `first`, the time of the first that decodes."""
        kept = tuple(stamp for stamp in self.stamps if stamp >= first)
        lost = len(self.stamps) - len(kept)
        # The frames of a counted clip are those that decode.
        if not kept or not lost or self.counted:
            return self
        return replace(self, stamps=kept, skipped=self.skipped + lost)

    @cached_property
    def order(self) -> dict[tuple[int | None, int | None], int]:
        """The position of each packet in the file, by its pts and dts."""
        return {(entry.pts, entry.dts): i for i, entry in enumerate(self.entries)}

    @cached_property
    def _holder(self) -> dict[int, int]:
        return {e.pts: i for i, e in enumerate(self.entries) if e.shown and e.pts is not None}

    def packet_of(self, number: int) -> int:
        """Returns which packet holds frame `number`. Not for a counted clip."""
        return self._holder[self.stamps[number]]

    def keys_before(self, pts: int) -> Iterator[int]:
        """Yields the key packets from which the frame shown at `pts` can be decoded, nearest first.

        A key packet that is itself shown later is left out: a frame ahead of it may depend on the group before.
        """
        for i in range(self._holder[pts], -1, -1):
            entry = self.entries[i]
            if entry.key and entry.pts is not None and entry.pts <= pts:
                yield i


def index_packets(container: InputContainer, stream: VideoStream, path: Path) -> PacketIndex:
    """Reads every packet of the stream and returns the index. The container is then at its end.

    Raises SourceError for an encrypted stream, or one of which nothing can be read.
    """
    entries, cut_short = _entries(container, stream, path.name)
    shown = sorted((e.pts, e.duration) for e in entries if e.shown and e.pts is not None)
    stamps = [pts for pts, _ in shown]
    if not entries:
        raise undecodable(path.name)
    if _packets_tell(container, stream, entries, stamps):
        rate = stream.average_rate
        return PacketIndex(tuple(entries), tuple(stamps), shown[-1][1], _tick(stream), False, cut_short, rate)
    return _counted(container, stream, path, tuple(entries))


def picture_streams(container: InputContainer) -> list[VideoStream]:
    """Returns the streams that are moving pictures: no cover art, no thumbnails."""
    still = Disposition.attached_pic | Disposition.timed_thumbnails
    return [s for s in container.streams.video if not s.disposition & still]


def _tick(stream: VideoStream) -> Fraction:
    return stream.time_base or Fraction(1, 90000)


def _entries(container: InputContainer, stream: VideoStream, where: str) -> tuple[list[PacketEntry], bool]:
    entries: list[PacketEntry] = []
    try:
        with ffmpeg_errors(where):
            packets = watched_steps(container.demux(stream), where, PACKETS_TOGETHER)
            held = (packet for packet in packets if packet.size)
            entries.extend(_entry(packet, where) for packet in islice(held, MOST_PACKETS + 1))
    except SourceError:
        if not entries:
            raise
        return entries, True
    if len(entries) > MOST_PACKETS:
        raise _too_many(len(entries), where)
    return entries, False


def _too_many(count: int, where: str) -> SourceError:
    return SourceError(
        "has too many frames",
        where=where,
        expected=f"up to {MOST_PACKETS}",
        got=count,
        fix="cut it into clips",
    )


def _entry(packet: Packet[VideoStream], where: str) -> PacketEntry:
    if packet.has_sidedata("encryption_info"):
        raise SourceError(
            "is encrypted", where=where, expected="an open file", got="common encryption",
            fix="get the clip without copy protection",
        )  # fmt: skip
    part2 = packet.stream.codec_context.name == "mpeg4"
    empty = part2 and packet.size <= NOT_CODED_BYTES
    packed = part2 and bytes(packet).count(PICTURE_START) > 1
    shown = not (packet.is_discard or packet.is_corrupt or empty)
    return PacketEntry(packet.pts, packet.dts, packet.duration or 0, packet.is_keyframe, shown, packed)


def _head(entries: Iterable[PacketEntry]) -> int:
    return next((i for i, entry in enumerate(entries) if entry.key), 0)


def _packets_tell(
    container: InputContainer, stream: VideoStream, entries: Sequence[PacketEntry], stamps: list[int]
) -> bool:
    """Returns whether each packet that is shown is one frame, at the packet's own time."""
    shown = [entry for entry in entries if entry.shown]
    if not stamps or len(stamps) < len(shown) or any(b <= a for a, b in pairwise(stamps)):
        return False
    if stream.codec_context.name not in ONE_FRAME_A_PACKET or any(entry.packed for entry in entries):
        return False
    decoded = [entry.dts for entry in shown if entry.dts is not None]
    # Recordings joined end to end: the times of one may lie between those of another.
    if any(b < a for a, b in pairwise(decoded)):
        return False
    return not _are_times_of_decoding(
        container, stream, [entry.pts for entry in shown if entry.pts is not None]
    )


def _are_times_of_decoding(container: InputContainer, stream: VideoStream, times: list[int]) -> bool:
    """Returns whether packets of a codec that reorders say when each is decoded, and not when it is shown.

    times: in the order of the file.
    """
    if stream.codec_context.name not in REORDERED or not stream.codec_context.has_b_frames:
        return False
    if container.format.name.startswith("mov"):  # its packets always say when they are shown
        return False
    rising = len(times) > 2 and all(a < b for a, b in pairwise(times))
    return rising or container.format.name == "avi"


def _counted(
    container: InputContainer, stream: VideoStream, path: Path, entries: tuple[PacketEntry, ...]
) -> PacketIndex:
    """Returns an index made by decoding all frames."""
    found = path.stat()
    version = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
    times, cut_short = _decoded_times(path, version, stream.index, _head(entries))
    if not times:
        raise undecodable(path.name)
    for stamps in (_slots(container, entries), times):
        rising = [time for time in stamps if time is not None]
        if len(rising) == len(times) and all(a < b for a, b in pairwise(rising)):
            rate, tick = stream.average_rate, _tick(stream)
            return PacketIndex(entries, tuple(rising), 0, tick, True, cut_short, rate, _head(entries))
    # No usable stamps: frames follow each other at the rate that the stream or its container declares.
    rate = stream.guessed_rate or stream.average_rate or UNKNOWN_RATE
    return PacketIndex(entries, tuple(range(len(times))), 1, 1 / rate, True, cut_short, rate, _head(entries))


def _slots(container: InputContainer, entries: Iterable[PacketEntry]) -> list[int]:
    """Returns the times of an AVI's packets: its n-th frame is shown at the n-th of them, whichever packet holds it."""
    if container.format.name != "avi":
        return []
    return sorted(entry.dts for entry in entries if entry.dts is not None)


@shared(4)
def _decoded_times(
    path: Path,
    version: tuple[int, ...],  # noqa: ARG001  part of what the answer is kept by
    stream_index: int,
    head: int,
) -> tuple[tuple[int | None, ...], bool]:
    """Returns the time of each frame that decodes, in the order shown, and whether damage ended it.

    version: of the file, so that a changed one is decoded again. The container is one of its own: not every such file
    can seek back.
    """
    times: list[int | None] = []
    with open_container(path) as container:
        stream = container.streams[stream_index]
        if not isinstance(stream, VideoStream):
            raise TypeError(f"stream {stream_index} is no picture")
        try:
            times.extend(frame.pts for frame in frames_from(container, stream, head, path.name))
        except FFmpegError:
            return tuple(times), True
    return tuple(times), False
