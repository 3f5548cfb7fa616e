"""Makes a film that browsers play from one that they do not: H.264 of 8 bits, 4:2:0, with the same frame numbers."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.audio.stream import AudioStream
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter
from av.video.stream import VideoStream

from post.render.sound import decode_sound
from post.takes.libraries import without_avx512
from post.takes.open_picture import open_picture
from post.takes.still import MATRICES, RANGES
from post.values import Colour, Picture
from post.values.array import Array

SIDE = 1280  # pixels of the longer side, at most
RATE_HZ, BLOCK, BITRATE = 48000, 1024, 192_000
OPTIONS = {"crf": "18", "preset": "veryfast", "bf": "0", "tune": "fastdecode"}


def make_proxy(path: Path, picture: Picture, sound: bool, out: Path) -> None:
    """Writes a film as MP4: each frame of its grid once, at its own time, upright and in square pixels; at most 1280
    pixels wide or high; with its first two channels where it has sound.

    A film in PQ or HLG keeps its colour tags: the browser maps its tones. Raises SourceError for a damaged film.
    """
    rate, size = picture.grid.rate, _size(picture)
    heard = decode_sound(path) if sound else None
    with av.open(out, "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = cast(
            VideoStream,
            container.add_stream("libx264", rate=rate, options=without_avx512("libx264", dict(OPTIONS))),
        )
        _describe(stream, picture.colour, size)
        stream.gop_size = max(1, round(rate))  # a seek decodes a second at most
        track = _sound_track(container, heard) if heard is not None else None
        scaler, turned = VideoReformatter(), picture.rotation % 180 != 0
        with open_picture(path, picture) as reader:
            for number in range(picture.length):
                frame = scaler.reformat(
                    reader.frame(number), *(reversed(size) if turned else size), format="yuv420p",
                    src_colorspace=MATRICES[picture.colour.matrix], dst_colorspace=MATRICES[picture.colour.matrix],
                    src_color_range=RANGES[picture.colour.range], dst_color_range=ColorRange.MPEG,
                    interpolation=Interpolation.AREA | Interpolation.ACCURATE_RND, threads=1,
                )  # fmt: skip
                frame = frame if picture.upright else _upright(frame, picture)
                frame.pts, frame.time_base = number, 1 / rate
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if track is not None and heard is not None:
            _mux_sound(container, track, heard)


def _size(picture: Picture) -> tuple[int, int]:
    """Returns the proxy's width and height: even, upright, in square pixels."""
    wide, high = picture.shown
    scale = min(Fraction(1), SIDE / max(wide, Fraction(high)))
    return max(2, round(wide * scale / 2) * 2), max(2, round(high * scale / 2) * 2)


def _describe(stream: VideoStream, colour: Colour, size: tuple[int, int]) -> None:
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.color_primaries, context.color_trc = colour.primaries, colour.transfer
    context.colorspace, context.color_range = colour.matrix, 1
    context.thread_count = 1


def _upright(frame: av.VideoFrame, picture: Picture) -> av.VideoFrame:
    """Returns a frame of planes turned as it is shown."""
    planes = [
        np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
        for plane in frame.planes
    ]
    turned = [
        np.rot90(each[:, ::-1] if picture.flipped else each, -(picture.rotation // 90)) for each in planes
    ]
    made = av.VideoFrame(turned[0].shape[1], turned[0].shape[0], "yuv420p")
    for plane, rows in zip(made.planes, turned, strict=True):
        room = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
        room[:, : plane.width] = rows
    return made


def _sound_track(container: av.container.OutputContainer, heard: Array) -> AudioStream:
    layout = "mono" if heard.shape[1] == 1 else "stereo"
    track = cast(AudioStream, container.add_stream("aac", rate=RATE_HZ, layout=layout))
    track.bit_rate = BITRATE
    return track


def _mux_sound(container: av.container.OutputContainer, track: AudioStream, heard: Array) -> None:
    channels = np.ascontiguousarray(heard[:, :2].T, np.float32)
    layout = "mono" if len(channels) == 1 else "stereo"
    for first in range(0, channels.shape[1], BLOCK):
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(channels[:, first : first + BLOCK]), "fltp", layout
        )
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, first, Fraction(1, RATE_HZ)
        container.mux(track.encode(frame))
    container.mux(track.encode(None))
