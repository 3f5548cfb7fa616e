"""Encodes frames into a file: one segment, one stream, a closed group of pictures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.video.stream import VideoStream

from post.errors import JobError
from post.render.canvas import Canvas, CanvasCutter, new_canvas
from post.takes.libraries import same_scheduling, without_avx512
from post.values import EncoderSettings, Format
from post.values.plan import SHORTEST_SEGMENT

# H.273 code points are FFmpeg's own numbers; its range enum is 1 limited, 2 full.
RANGES = {"limited": 1, "full": 2}


class PictureEncoder:
    """An open segment. `canvas` returns a frame to draw into; `write` encodes canvases in order."""

    def __init__(self, container: av.container.OutputContainer, film: Format, settings: EncoderSettings):
        self._container, self._film = container, film
        self._count = 0
        self._cutter = CanvasCutter(film)
        options = without_avx512(settings.codec, dict(settings.options))
        tag = options.pop("tag", "")
        # The types of av do not know, from the codec's name alone, that this is a video stream.
        stream = cast(
            VideoStream, container.add_stream(settings.codec, rate=film.clock.rate, options=options)
        )
        self._stream = stream
        _describe(stream, film)
        if tag:
            stream.codec_context.codec_tag = tag
        with same_scheduling():
            stream.codec_context.open()

    def canvas(self) -> Canvas:
        """Returns a new canvas of the film's format. Its samples are whatever memory held."""
        return new_canvas(self._film)

    def write(self, canvas: Canvas) -> None:
        """Encodes the canvas's picture as the segment's next frame."""
        frame = tag_colour(self._cutter.frame(canvas), self._film)
        frame.pts, frame.time_base = self._count, 1 / self._film.clock.rate
        self._count += 1
        self._container.mux(self._stream.encode(frame))

    def finish(self) -> None:
        """Writes what the encoder still holds. Call it once, after the last frame."""
        self._container.mux(self._stream.encode(None))


@contextmanager
def open_encoder(path: Path, film: Format, settings: EncoderSettings) -> Iterator[PictureEncoder]:
    """Yields an encoder that writes to `path`. Raises JobError if FFmpeg refuses the settings."""
    # Segments are in the deliverable's own container: mp4 refuses ProRes, mov refuses AV1.
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


def tag_colour(frame: av.VideoFrame, film: Format) -> av.VideoFrame:
    """Returns the same frame, tagged with the film's colour (H.273 code points)."""
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
    # Single-threaded encoders use the fewest CPU seconds and give the same bytes on any machine.
    context.thread_count = 1
    # One group of pictures in a segment: only the first frame is a key frame.
    context.gop_size = 1000
    if film.length < SHORTEST_SEGMENT:
        # The whole film is shorter than the encoder's reorder: x265 gives such packets wrong decoding times.
        context.max_b_frames = 0
