"""Finds which packet holds which frame of a clip, by reading its packets without decoding them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import islice, pairwise
from pathlib import Path

from av import Packet, VideoFrame
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.stream import VideoStream

from post.errors import SourceError
from post.takes.container import ffmpeg_errors, open_container, prepare_decoder, undecodable
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


@dataclass(frozen=True, slots=True)
class PacketEntry:
    """A packet, in the order of the file. shown: the decoder outputs a frame for it."""

    pts: int | None
    dts: int | None
    duration: int
    key: bool
    shown: bool


@dataclass(frozen=True)
class PacketIndex:
    """Every packet of a clip's picture, and its frames in the order shown.

    counted: the frames were found by decoding, because packets could not tell; such a clip is read from
    its start on. cut_short: reading stopped at damage before the stream's end.
    """

    entries: tuple[PacketEntry, ...]
    stamps: tuple[int, ...]
    last_shown: int
    tick: Fraction
    counted: bool
    cut_short: bool

    @cached_property
    def grid(self) -> Grid:
        """The constant grid over the frames."""
        return choose_grid(self.stamps, self.last_shown, self.tick)

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
    if _packets_tell(stream, entries, stamps):
        return PacketIndex(tuple(entries), tuple(stamps), shown[-1][1], _tick(stream), False, cut_short)
    return _counted(path, stream, tuple(entries))


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
    empty = packet.stream.codec_context.name == "mpeg4" and packet.size <= NOT_CODED_BYTES
    shown = not (packet.is_discard or packet.is_corrupt or empty)
    return PacketEntry(packet.pts, packet.dts, packet.duration or 0, packet.is_keyframe, shown)


def _packets_tell(stream: VideoStream, entries: Iterable[PacketEntry], stamps: list[int]) -> bool:
    if not stamps or any(b <= a for a, b in pairwise(stamps)):
        return False
    if any(entry.pts is None for entry in entries if entry.shown):
        return False
    return stream.codec_context.name in ONE_FRAME_A_PACKET


def _counted(path: Path, stream: VideoStream, entries: tuple[PacketEntry, ...]) -> PacketIndex:
    """Returns an index made by decoding all frames, in a container of its own: not every such file can seek back."""
    stamps: list[int | None] = []
    cut_short = False
    with open_container(path) as container:
        again = container.streams[stream.index]
        if isinstance(again, VideoStream):
            prepare_decoder(again)
        try:
            frames = watched_steps(container.decode(again), path.name)
            stamps.extend(frame.pts for frame in frames if isinstance(frame, VideoFrame))
        except FFmpegError:
            cut_short = True
    if not stamps:
        raise undecodable(path.name)
    rising = [pts for pts in stamps if pts is not None]
    if len(rising) == len(stamps) and all(a < b for a, b in pairwise(rising)):
        return PacketIndex(entries, tuple(rising), 0, _tick(stream), True, cut_short)
    # No usable stamps: frames follow each other at the rate the container declares.
    rate = stream.average_rate or stream.guessed_rate or UNKNOWN_RATE
    return PacketIndex(entries, tuple(range(len(stamps))), 1, 1 / rate, True, cut_short)
