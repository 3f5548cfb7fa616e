"""Encodes pictures and sound to bare packets, for players that are fed a piece at a time.

One call, one closed group of pictures: no packet is shown in another order than it is coded in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import cast

import av
import numpy as np
from av.codec.context import Flags
from av.video.codeccontext import VideoCodecContext

from post.errors import JobError
from post.picture.kernel import Planes
from post.render.canvas import CanvasCutter, new_canvas
from post.render.encoder import RANGES, tag_colour
from post.render.packets import Packets
from post.takes.libraries import without_avx512
from post.values import EncoderSettings, Format, Span
from post.values.array import Array

START = re.compile(rb"\x00*\x00\x00\x01")  # of a NAL unit; no unit holds one, or ends with a zero. H.264, B.1
SPS, PPS = 7, 8
AAC_FRAME = 1024  # samples


def encode_picture(
    draw: Callable[[int, Planes], None], film: Format, frames: Span, settings: EncoderSettings
) -> Packets:
    """Returns frames of a film as H.264, lengths of 4 bytes before each NAL unit; a packet lasts one tick.

    draw: writes a frame of the film, by its number, into planes. Raises JobError if the encoder refuses its settings,
    and what `draw` raises.
    """
    context = _open(film, settings)
    cutter, packets = CanvasCutter(film), list[bytes]()
    for number, frame in enumerate(frames):
        canvas = new_canvas(film)
        draw(frame, canvas.planes)
        picture = tag_colour(cutter.frame(canvas), film)
        picture.pts, picture.time_base = number, 1 / film.clock.rate
        packets += map(bytes, context.encode(picture))
    packets += map(bytes, context.encode(None))
    return Packets(_avc_setup(context.extradata or b""), 1, tuple(_lengths(packet) for packet in packets))


def _open(film: Format, settings: EncoderSettings) -> VideoCodecContext:
    context = cast(VideoCodecContext, av.CodecContext.create(settings.codec, "w"))
    context.width, context.height, context.pix_fmt = film.width, film.height, film.pixel_format
    context.color_primaries, context.color_trc = film.colour.primaries, film.colour.transfer
    context.colorspace, context.color_range = film.colour.matrix, RANGES[film.colour.range]
    context.sample_aspect_ratio = Fraction(1)
    context.framerate, context.time_base = film.clock.rate, 1 / film.clock.rate
    context.thread_count, context.gop_size, context.max_b_frames = 1, 1000, 0
    context.flags |= Flags.global_header
    context.options = without_avx512(settings.codec, dict(settings.options))
    try:
        context.open()
    except av.error.FFmpegError as fault:
        raise JobError(
            "the encoder refuses these settings", where=settings.codec, fix=f"it says: {fault.strerror}"
        ) from fault
    return context


def _units(stream: bytes) -> list[bytes]:
    """Returns the NAL units of a byte stream (H.264, annex B)."""
    return [unit for unit in START.split(stream) if unit]


def _lengths(packet: bytes) -> bytes:
    return b"".join(len(unit).to_bytes(4, "big") + unit for unit in _units(packet))


def _avc_setup(stream: bytes) -> bytes:
    """Returns an AVCDecoderConfigurationRecord. Source: ISO/IEC 14496-15:2019, 5.3.3.1."""
    units = _units(stream)
    (sps,) = [unit for unit in units if unit[0] & 31 == SPS]
    (pps,) = [unit for unit in units if unit[0] & 31 == PPS]
    profile = sps[1:4]
    sizes = [len(unit).to_bytes(2, "big") + unit for unit in (sps, pps)]
    high = b"\xfd\xf8\xf8\x00" if profile[0] in (100, 110, 122, 144) else b""  # 4:2:0 of 8 bits
    return b"\x01" + profile + b"\xff\xe1" + sizes[0] + b"\x01" + sizes[1] + high


def encode_aac(pcm: Array, rate_hz: int, bitrate: int) -> Packets:
    """Returns stereo sound as AAC-LC; a packet lasts 1024 ticks of a sample.

    pcm: (samples, 2) float32, full scale 1. The first packet starts with sample 0: the encoder's priming, which decodes
    to nothing but silence, is left out.
    """
    context = av.CodecContext.create("aac", "w")
    context.sample_rate, context.layout = rate_hz, "stereo"
    context.format = av.AudioFormat("fltp")
    # Its usual search takes ten times as long as mixing does.
    context.options = {"aac_coder": "fast"}
    context.bit_rate, context.time_base = bitrate, Fraction(1, rate_hz)
    context.flags |= Flags.global_header | Flags.bitexact
    context.open()
    packets = list[bytes]()
    for at in range(0, max(len(pcm), 1), AAC_FRAME):
        block = np.zeros((2, AAC_FRAME), np.float32)
        part = pcm[at : at + AAC_FRAME]
        block[:, : len(part)] = part.T
        frame = av.AudioFrame.from_ndarray(block, "fltp", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = rate_hz, at, Fraction(1, rate_hz)
        packets += map(bytes, context.encode(frame))
    packets += map(bytes, context.encode(None))
    return Packets(context.extradata or b"", AAC_FRAME, tuple(packets[1:]))
