"""Decodes stills with FFmpeg: PNG and TIFF of 16 bits a channel, of which Pillow keeps 8."""

from __future__ import annotations

from typing import BinaryIO

import av
import numpy as np
from av import VideoFrame
from av.codec import CodecContext
from av.video.codeccontext import VideoCodecContext

from post.takes.stills.pixels import Pixels
from post.takes.stills.still_file import MOST_PIXELS, check_size
from post.values.array import Array
from post.watchdog import watched


def decode_deep(file: BinaryIO, name: str, codec: str) -> Pixels:
    """Returns a PNG or a TIFF of 16 bits a channel, as it is stored: by FFmpeg's decoder of that name.

    Raises ValueError where it holds other samples, FFmpegError where it does not decode.
    """
    frame = decode_frame(file, name, codec)
    bits = {part.bits for part in frame.format.components}
    if bits != {16} or len(frame.planes) != 1:
        raise ValueError(f"samples in an order that is not read ({frame.format.name})")
    samples = _packed(frame)
    grey, alpha = samples.shape[2] < 3, samples.shape[2] in (2, 4)
    codes = samples[..., :1].repeat(3, 2) if grey else samples[..., :3]
    clear = alpha and int(samples[..., -1].min()) < 65535
    return Pixels(codes, samples[..., -1] if clear else None)


def decode_frame(file: BinaryIO, name: str, codec: str) -> VideoFrame:
    """Returns the one frame of a still. Raises ValueError where none decodes, FFmpegError as the decoder does."""
    file.seek(0)
    data = file.read()
    context = CodecContext.create(codec, "r")
    if not isinstance(context, VideoCodecContext):
        raise TypeError(f"{codec} is no picture codec")
    context.options = {"max_pixels": str(MOST_PIXELS)}
    if codec != "tiff":  # there it refuses strips that are padded, as many writers pad them
        context.options["err_detect"] = "explode"
    context.thread_count = 1
    with watched(name, len(data)):
        frames = [*context.decode(av.Packet(data)), *context.decode(None)]
    if not frames or not isinstance(frames[0], VideoFrame):
        raise ValueError("no picture decodes")
    check_size(frames[0].width, frames[0].height)
    return frames[0]


def _packed(frame: VideoFrame) -> Array:
    """Returns samples of 16 bits, (height, width, channels) uint16."""
    order, channels = ">" if frame.format.name.endswith("be") else "<", len(frame.format.components)
    plane = frame.planes[0]
    rows = np.frombuffer(memoryview(plane), f"{order}u2").reshape(plane.height, -1)
    wide = rows[:, : frame.width * channels].reshape(frame.height, frame.width, channels)
    return wide.astype(np.uint16)
