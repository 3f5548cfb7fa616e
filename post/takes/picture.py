"""Reads the frames of a take by their number on its grid: exact, in any order, cheapest in rising order."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from av import Packet, VideoFrame
from av.error import FFmpegError
from av.video.stream import VideoStream

from post.errors import SourceError
from post.takes.container import ffmpeg_errors, open_media, prepare_decoder
from post.takes.decoded.cropping import Cropper
from post.takes.decoded.tagless import without_tags
from post.takes.decoded.transparency import OverBlack
from post.takes.head import packets_from
from post.takes.index import PacketIndex, index_packets
from post.values.media import Picture
from post.values.time import Span, round_half_up
from post.watchdog import watched, watched_steps

# A key packet this close ahead is reached sooner by decoding on: after a seek a decoder needs as many packets
# before it outputs the first frame.
DELAY = 6
# Frames kept after they were given: blending reads two neighbours again.
KEPT = 3
# Bytes of frames kept while a clip is read backwards, so that its groups are decoded once and not for each frame:
# 60 frames of 1080p. A step back of at most so many frames is taken for that: 16x, with its neighbours.
KEPT_BACKWARDS, STEP_BACK = 192 << 20, 40
# How many key packets back to start from before starting over at the head of the file.
TRIES = 2


class PictureReader:
    """Reads frames of one clip; a context manager.

    path, picture: the file, and the picture that `probe` returned for it; thread_count: decoder threads, one by
    default because the workers run in parallel. Raises SourceError if the file is not the one that was probed.
    """

    def __init__(self, path: Path, picture: Picture, *, thread_count: int = 1) -> None:
        self._path, self._picture, self._threads = path, picture, thread_count
        self._kept: OrderedDict[int, VideoFrame] = OrderedDict()
        self._asked, self._backwards = -1, False
        self._cropper, self._over_black = Cropper(picture.crop), OverBlack(picture)
        self._open()
        try:
            index = index_packets(self._container, self._stream, path)
            self._index = self._checked(index.starting_at(round_half_up(picture.start / index.tick)))
        except SourceError:
            self._container.close()
            raise
        self._stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file and drops the frames that are held."""
        self._kept.clear()
        self._ready.clear()
        self._container.close()

    def frame(self, i: int) -> VideoFrame:
        """Returns frame `i` of the grid as decoded, cropped and laid over black, in its own size, format and colour.

        The frame is shared: copy it before a change. Raises IndexError outside 0..length-1, and SourceError
        that names the frame if the file is damaged there.
        """
        number = self._index.grid.shown_at(i)
        before, self._asked = self._asked, number
        if number in self._kept:
            self._kept.move_to_end(number)
            return self._kept[number]
        self._backwards = before - STEP_BACK <= number < before
        for start in self._starts(number):
            self._go(start)
            found = self._decode_to(number)
            if found is not None:
                return found
        raise self._damaged(i)

    def keys(self, span: Span) -> list[int]:
        """Returns the frames of a span that decode without any other frame."""
        if self._index.counted:
            return []
        alone = {entry.pts for entry in self._index.entries if entry.key and entry.shown}
        shown = [self._index.grid.shown_at(i) for i in span]
        return [i for i, number in zip(span, shown, strict=True) if self._index.stamps[number] in alone]

    # Where to decode from.

    def _starts(self, number: int) -> Iterator[int | None]:
        """Yields the packets to start at, best first: None means go on from here, -1 the head of the file."""
        keys = [] if self._index.counted else list(islice(self._keys(number), TRIES))
        near = keys[0] if keys else -1
        if self._last < number and self._last >= 0 and near <= self._fed + DELAY:
            yield None
        yield from keys
        yield -1

    def _keys(self, number: int) -> Iterator[int]:
        return self._index.keys_before(self._index.stamps[number])

    def _go(self, start: int | None) -> None:
        if start is None:
            return
        if start >= 0 and self._seek(start):
            return
        self._container.close()
        self._open()
        self._start_reading(self._index.head, packets_from(self._container, self._stream, self._index.head))

    def _seek(self, start: int) -> bool:
        entry = self._index.entries[start]
        try:
            # The time shown: FFmpeg's MP4 reader takes the reordering off by itself.
            with watched(self._path.name):
                self._container.seek(entry.pts or 0, stream=self._stream)
                self._decoder.flush_buffers()
        except FFmpegError:
            return False
        self._start_reading(start, self._container.demux(self._stream))
        return True

    # The decoder.

    def _open(self) -> None:
        self._container = open_media(self._path)
        self._stream = self._find_stream()
        self._decoder = prepare_decoder(self._stream, self._threads)

    def _find_stream(self) -> VideoStream:
        streams = self._container.streams
        at = self._picture.stream
        found = streams[at] if at < len(streams) else None
        if not isinstance(found, VideoStream):
            self._container.close()
            raise self._changed(f"no picture in stream {at}")
        return found

    def _checked(self, index: PacketIndex) -> PacketIndex:
        if index.grid.length != self._picture.length:
            raise self._changed(f"{index.grid.length} frames")
        return index

    def _stop(self) -> None:
        self._packets: Iterator[Packet[VideoStream]] = iter(())
        self._ready: deque[VideoFrame] = deque()
        self._fed, self._last = 0, -1
        self._bad: list[int] = []

    def _start_reading(self, start: int, packets: Iterator[Packet[VideoStream]]) -> None:
        self._stop()
        self._fed = start
        self._packets = watched_steps(packets, self._path.name)

    def _decode_to(self, number: int) -> VideoFrame | None:
        """Decodes until the frame comes out. Returns None if it does not."""
        while self._last < number:
            frame = self._next()
            if frame is None:
                return None
            at = self._last + 1 if self._index.counted else self._numbers.get(frame.pts, -1)
            if at < 0:
                continue
            self._last = max(self._last, at)
            if self._whole(frame, at):
                self._keep(at, self._over_black.frame(self._cropper.frame(without_tags(frame))))
        return self._kept.get(number)

    def _next(self) -> VideoFrame | None:
        while not self._ready:
            packet = self._next_packet()
            if packet is None:
                return None
            self._ready.extend(self._decode(packet))
        return self._ready.popleft()

    def _next_packet(self) -> Packet[VideoStream] | None:
        with ffmpeg_errors(self._path.name):
            packet = next(self._packets, None)
        if packet is not None and packet.size:
            self._fed = self._index.order.get((packet.pts, packet.dts), self._fed) + 1
        return packet

    def _decode(self, packet: Packet[VideoStream]) -> list[VideoFrame]:
        try:
            with watched(self._path.name):
                return self._decoder.decode(packet)
        except FFmpegError:
            if self._index.counted and self._last < 0:
                return []  # a picture at the head, which is none of those that were counted
            # With frame threads the fault is that of a packet given that many packets ago.
            self._bad.append(max(0, self._fed - self._threads))
            return []

    def _keep(self, number: int, frame: VideoFrame) -> None:
        self._kept[number] = frame
        self._kept.move_to_end(number)
        most = max(KEPT, KEPT_BACKWARDS // _bytes_of(frame)) if self._backwards else KEPT
        while len(self._kept) > most:
            self._kept.popitem(last=False)

    @cached_property
    def _numbers(self) -> dict[int | None, int]:
        return {pts: number for number, pts in enumerate(self._index.stamps)}

    # Damage.

    def _whole(self, frame: VideoFrame, number: int) -> bool:
        """Returns whether neither the frame nor any frame that it may depend on is damaged."""
        return not frame.is_corrupt and not (self._bad and self._leans_on_damage(number))

    def _leans_on_damage(self, number: int) -> bool:
        if self._index.counted:
            return True
        group = next(self._keys(number), self._index.head)
        return any(
            group <= bad <= self._index.packet_of(number) and not self._is_harmless(bad, group)
            for bad in self._bad
        )

    def _is_harmless(self, packet: int, group: int) -> bool:
        """Returns whether no frame from its group's key packet on leans on a packet that does not decode."""
        if packet == self._index.unmarking and self._picture.codec == "h264":
            return True
        shown, key = self._index.entries[packet].pts, self._index.entries[group].pts
        return shown is not None and key is not None and shown < key

    def _damaged(self, i: int) -> SourceError:
        bad = f"damage in packet {self._bad[0]}" if self._bad else "no such frame decoded"
        return SourceError(
            f"frame {i} cannot be decoded",
            where=self._path.name,
            expected=f"{self._picture.length} whole frames at {float(self._picture.grid.rate):g} fps",
            got=bad,
            fix="fetch or export the clip again, or trim the cut to leave that frame out",
        )

    def _changed(self, got: str) -> SourceError:
        return SourceError(
            "is not the file that was probed",
            where=self._path.name,
            expected=f"stream {self._picture.stream} with {self._picture.length} frames",
            got=got,
            fix="ingest it again",
        )


def _bytes_of(frame: VideoFrame) -> int:
    return max(1, sum(plane.buffer_size for plane in frame.planes))
