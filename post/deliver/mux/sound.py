"""Joins a film's encoded sound, so that its first sample is heard with the first frame, and its last one is its last.

A decoder of AAC or Opus gives samples before the first one (priming), and fills its last packet up. What of that is
heard is said by the container:

    mp4, mov   an edit list (ISO/IEC 14496-12, 8.6.6), in samples
    mkv        CodecDelay of the track and DiscardPadding of its last packet (RFC 9559), in nanoseconds
"""

from __future__ import annotations

import struct
from typing import Any, cast

from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet, PacketSideData

from post.values import Rendition
from post.values.files.film_container import FILM_CONTAINERS, LAYOUT_NAMES, SOUND_CODECS

SKIP_SAMPLES = 11  # AV_PKT_DATA_SKIP_SAMPLES of FFmpeg's AVPacketSideDataType
SKIP = struct.Struct("<IIBB")  # samples cut off at the start and at the end of a packet, and why


def add_sound(out: OutputContainer, heard: AudioStream, rendition: Rendition) -> AudioStream:
    """Adds the track of a film's sound to a file that is still to be written, and returns it.

    heard: the encoded sound, in a file of its own. Raises RuntimeError (a bug) where it is not encoded as planned.
    """
    mix, boxes = rendition.mix, FILM_CONTAINERS[rendition.container].boxes
    codec = SOUND_CODECS[mix.codec]
    if boxes or not codec.delayed:
        return out.add_stream_from_template(heard)
    # A template leaves out the delay of AAC, which its mov says in an edit list: sound would be 1,024 samples late. An
    # encoder that is set as the one that made the track knows its delay.
    added = out.add_stream(codec.encoder, rate=mix.rate_hz, layout=LAYOUT_NAMES[mix.channels])
    track = cast(AudioStream, added)
    track.bit_rate = mix.bitrate
    track.codec_context.open()
    if track.codec_context.extradata != heard.codec_context.extradata:
        raise RuntimeError(f"a track of {mix.codec} is not set up as its encoder is")
    return track


def write_sound(
    out: OutputContainer, heard: InputContainer, track: AudioStream, rendition: Rendition
) -> None:
    """Copies the packets of a film's encoded sound into the track that `add_sound` added."""
    codec = SOUND_CODECS[rendition.mix.codec]
    padded = codec.delayed and not FILM_CONTAINERS[rendition.container].boxes
    held: Packet[AudioStream] | None = None
    for packet in heard.demux(heard.streams.audio[0]):
        if packet.dts is None:
            continue
        if held is not None:
            out.mux(held)
        packet.stream, held = track, packet
    if held is None:
        return
    if padded and held.duration:
        _discard(held, codec.packet - held.duration)
    out.mux(held)


def _discard(packet: Packet[AudioStream], samples: int) -> None:
    """Says that the last samples of a packet are not heard."""
    if samples > 0:
        make = cast(Any, PacketSideData)  # the types of av do not know that it can be made
        side = make(SKIP_SAMPLES, SKIP.size)
        side.update(SKIP.pack(0, samples, 0, 0))
        side.to_packet(packet)
