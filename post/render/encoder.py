"""Frames into an encoded file: one segment, one stream, a closed group of pictures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
from av.video.stream import VideoStream

from post.errors import JobError
from post.values import EncoderSettings, Format
from post.values.plan import SHORTEST_SEGMENT

# H.273 code points are FFmpeg's own numbers; its range enum is 1 limited, 2 full.
RANGES = {"limited": 1, "full": 2}


class PictureEncoder:
    """An open segment. `blank()` gives a frame to draw into; `write` takes them in order."""

    def __init__(self, container: av.container.OutputContainer, film: Format, settings: EncoderSettings):
        self._container, self._film = container, film
        self._count = 0
        options = dict(settings.options)
        tag = options.pop("tag", "")
        stream = container.add_stream(settings.codec, rate=film.clock.rate, options=options)
        assert isinstance(stream, VideoStream)
        self._stream = stream
        _describe(stream, film)
        if tag:
            stream.codec_context.codec_tag = tag
        stream.codec_context.open()

    def blank(self) -> av.VideoFrame:
        """A new frame of the film's format; its samples are whatever memory held."""
        frame = av.VideoFrame(self._film.width, self._film.height, self._film.pixel_format)
        return tagged(frame, self._film)

    def write(self, frame: av.VideoFrame) -> None:
        frame.pts, frame.time_base = self._count, 1 / self._film.clock.rate
        self._count += 1
        self._container.mux(self._stream.encode(frame))

    def finish(self) -> None:
        self._container.mux(self._stream.encode(None))


@contextmanager
def open_encoder(path: Path, film: Format, settings: EncoderSettings) -> Iterator[PictureEncoder]:
    """An encoder writing to `path`. Raises JobError where FFmpeg refuses the settings."""
    # Of the deliverable's own kind: mp4 refuses ProRes, mov refuses AV1.
    with av.open(path, "w", format=settings.container) as container:
        try:
            encoder = PictureEncoder(container, film, settings)
        except av.error.FFmpegError as fault:
            raise JobError(
                "the encoder refuses these settings",
                where=settings.codec,
                got=", ".join(f"{key}={value}" for key, value in settings.options),
                fix=f"it says: {fault.strerror}",
            ) from fault
        yield encoder
        encoder.finish()


def tagged(frame: av.VideoFrame, film: Format) -> av.VideoFrame:
    """The frame, saying in its own tags what the film's colour is."""
    frame.colorspace = film.colour.matrix
    frame.color_range = RANGES[film.colour.range]
    frame.color_primaries = film.colour.primaries
    frame.color_trc = film.colour.transfer
    return frame


def _describe(stream: VideoStream, film: Format) -> None:
    stream.width, stream.height, stream.pix_fmt = film.width, film.height, film.pixel_format
    context = stream.codec_context
    context.color_primaries, context.color_trc = film.colour.primaries, film.colour.transfer
    context.colorspace, context.color_range = film.colour.matrix, RANGES[film.colour.range]
    context.sample_aspect_ratio = Fraction(1)
    context.time_base = 1 / film.clock.rate
    # Single-threaded encoders use the fewest CPU seconds and give one answer on any machine.
    context.thread_count = 1
    # One group a segment: no key frame but the first.
    context.gop_size = 1000
    if film.length < SHORTEST_SEGMENT:
        # A whole film shorter than a reorder: x265 gives such packets no sane decoding times.
        context.max_b_frames = 0
