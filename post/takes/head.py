"""Decodes a picture stream from its first key packet on.

A file that was cut or joined in the middle of a group begins with packets of pictures that lean on others before it:
they fail, or draw over nothing. Whatever decodes a clip from its start leaves the same of them out.
"""

from __future__ import annotations

from collections.abc import Iterator

from av import Packet, VideoFrame
from av.container import InputContainer
from av.error import FFmpegError, InvalidDataError
from av.video.stream import VideoStream

from post.takes.container import prepare_decoder
from post.watchdog import watched_steps

# Decoders that refuse a picture whose references are missing. The others draw it over what there is, or leave it out.
REFUSES_WHAT_LEANS_ON_NOTHING = frozenset({"h264"})


def packets_from(container: InputContainer, stream: VideoStream, head: int) -> Iterator[Packet[VideoStream]]:
    """Yields the packets of a stream but for its first `head`. The last ones are empty: they end the decoding."""
    left = head
    for packet in container.demux(stream):
        if packet.size and left > 0:
            left -= 1
            continue
        yield packet


def frames_from(
    container: InputContainer, stream: VideoStream, head: int, where: str
) -> Iterator[VideoFrame]:
    """Yields the frames of a stream in the order shown, from the first that decodes.

    head: how many packets come before the first key packet. Raises FFmpegError at damage.
    """
    return watched_steps(_decoded(container, stream, head), where)


def _decoded(container: InputContainer, stream: VideoStream, head: int) -> Iterator[VideoFrame]:
    decoder = prepare_decoder(stream)
    forgiving = stream.codec_context.name in REFUSES_WHAT_LEANS_ON_NOTHING
    begun, broken = False, False
    last: int | None = None
    for packet in packets_from(container, stream, head):
        if last is not None and packet.dts is not None and packet.dts < last and not packet.is_keyframe:
            # Another recording, joined midway: its pictures would be drawn over those of the first.
            yield from decoder.decode(None)
            raise InvalidDataError(0, "a recording that does not begin with a key frame")
        last = packet.dts
        broken = broken and not packet.is_keyframe and bool(packet.size)
        if broken:
            continue
        try:
            frames = decoder.decode(packet)
        except FFmpegError:
            # The pictures right after a key packet may be shown before it, and lean on the group before.
            if begun or not forgiving:
                raise
            # What follows a broken key packet would be drawn over nothing.
            broken = packet.is_keyframe
            continue
        begun |= bool(frames)
        yield from frames
