"""Makes a film that browsers play from one that they do not: H.264 of 8 bits, 4:2:0, with the same frame numbers."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter
from av.video.stream import VideoStream

from post.render.sound import decode_sound
from post.takes.libraries import without_avx512
from post.takes.open_picture import open_picture
from post.takes.still import MATRICES, RANGES
from post.values import Colour, Picture, Sound
from post.values.array import Array
from post.values.files.film_container import LAYOUT_NAMES

SIDE = 1280  # pixels of the longer side, at most
RATE_HZ, BLOCK, BITRATE = 48000, 1024, 192_000
OPTIONS = {"crf": "18", "preset": "veryfast", "bf": "0", "tune": "fastdecode"}


def make_proxy(path: Path, picture: Picture, sound: Sound | None, out: Path) -> None:
    """Writes a film as MP4: each frame of its grid once, at its own time, upright and in square pixels; at most 1280
    pixels wide or high; its sound in mono or stereo.

    A film in PQ or HLG keeps its colour tags: the browser maps its tones. Raises SourceError for a damaged film.
    """
    rate, size = picture.grid.rate, _size(picture)
    with av.open(out, "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=rate, options=without_avx512("libx264", dict(OPTIONS)))
        _describe(stream, picture.colour, size)
        stream.gop_size = max(1, round(rate))  # a seek decodes a second at most
        layout = "mono" if sound is not None and sound.channels == 1 else "stereo"
        track = container.add_stream("aac", rate=RATE_HZ, layout=layout) if sound is not None else None
        with open_picture(path, picture) as reader:
            scaler = VideoReformatter()
            for number in range(picture.length):
                frame = _scaled(reader.frame(number), picture, size, scaler)
                frame.pts, frame.time_base = number, 1 / rate
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if track is not None and sound is not None:
            track.bit_rate = BITRATE
            _mux_sound(container, track, _heard(path, sound), sound.rate_hz)


def _scaled(
    frame: av.VideoFrame, picture: Picture, size: tuple[int, int], scaler: VideoReformatter
) -> av.VideoFrame:
    """Returns a frame as the proxy has it."""
    width, height = size if picture.rotation % 180 == 0 else size[::-1]
    matrix = MATRICES[picture.colour.matrix]
    made = scaler.reformat(
        frame,
        width,
        height,
        "yuv420p",
        src_colorspace=matrix,
        dst_colorspace=matrix,
        interpolation=Interpolation.AREA | Interpolation.ACCURATE_RND,
        src_color_range=RANGES[picture.colour.range],
        dst_color_range=ColorRange.MPEG,
        threads=1,
    )
    return made if picture.upright else _upright(made, picture)


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


def _heard(path: Path, sound: Sound) -> Array:
    """Returns the sound from the picture's first frame on: (samples, channels) float32."""
    heard, first = decode_sound(path), round(sound.start * sound.rate_hz)
    if first <= 0:
        return heard[-first:]
    return np.concatenate([np.zeros((first, heard.shape[1]), np.float32), heard])


def _mux_sound(container: OutputContainer, track: AudioStream, heard: Array, rate_hz: int) -> None:
    """Encodes sound. PyAV brings it to the track's rate and channels. Of channels in an unknown layout, two are heard."""
    layout = LAYOUT_NAMES.get(heard.shape[1])
    channels = np.ascontiguousarray((heard if layout else heard[:, :2]).T, np.float32)
    for first in range(0, channels.shape[1], BLOCK):
        part = np.ascontiguousarray(channels[:, first : first + BLOCK])
        frame = av.AudioFrame.from_ndarray(part, "fltp", layout or "stereo")
        frame.sample_rate, frame.pts, frame.time_base = rate_hz, first, Fraction(1, rate_hz)
        container.mux(track.encode(frame))
    container.mux(track.encode(None))
