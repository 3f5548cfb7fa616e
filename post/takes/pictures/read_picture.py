"""Finds the picture of a clip, and says what it is: the stream, its grid, its form and its colour."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from av.container import InputContainer
from av.stream import Disposition
from av.video.format import VideoFormat
from av.video.stream import VideoStream

from post.errors import SourceError
from post.takes.container import MOST_PIXELS, open_container, undecodable
from post.takes.decoded.pixel_format import has_alpha
from post.takes.decoded.transparency import LAID_FORMAT
from post.takes.index import PacketIndex, index_packets, picture_streams
from post.takes.inspect import PictureInspection, inspect_picture
from post.takes.tags import ColourChoice, choose_colour, refuse_other_matrix
from post.values.media import Picture

LARGEST_SIDE = 16384
LEAST_SIDE = 2


def read_picture(path: Path) -> Picture:
    """Returns the picture of a clip, by what the file says and the policy of post.takes.tags.

    Raises SourceError where there is none, or it cannot be read.
    """
    with open_container(path) as container:
        stream = picture_stream(container, path.name)
        index = index_packets(container, stream, path)
        look = inspect_picture(path, stream.index, index.head)
        index = index if look.first is None else index.starting_at(look.first)
        refuse_other_matrix(look.said, "", path.name)
        return clip_picture(stream, index, look, choose_colour(look.said, "", ""))


def picture_stream(container: InputContainer, where: str) -> VideoStream:
    """Returns the picture stream marked default, else the first. Raises SourceError if there is none."""
    streams = picture_streams(container)
    if not streams:
        heard = bool(container.streams.audio)
        raise SourceError(
            "holds no picture", where=where, expected="a clip with a picture stream",
            got="only sound" if heard else "neither picture nor sound",
            fix="sound is named under `sound:` in the job" if heard else "fetch or export it again",
        )  # fmt: skip
    marked = (stream for stream in streams if stream.disposition & Disposition.default)
    stream = next(marked, streams[0])
    _refuse_what_has_no_decoder(stream, where)
    _refuse_absurd_sizes(stream, where)
    return stream


def _refuse_what_has_no_decoder(stream: VideoStream, where: str) -> None:
    # PyAV's stubs do not know that a stream in an unknown codec has no decoder.
    context: object = stream.codec_context
    if context is None:
        raise SourceError(
            "is in a codec that cannot be decoded here, or is encrypted", where=where,
            expected="a codec FFmpeg knows", got="none", fix="get an open file, or convert it to ProRes",
        )  # fmt: skip


def _refuse_absurd_sizes(stream: VideoStream, where: str) -> None:
    width, height = stream.codec_context.width, stream.codec_context.height
    sides = LEAST_SIDE <= width <= LARGEST_SIDE and LEAST_SIDE <= height <= LARGEST_SIDE
    if sides and width * height > MOST_PIXELS:
        raise SourceError(
            "has more pixels than any codec's levels allow", where=where,
            expected=f"up to {MOST_PIXELS} pixels (8192x4352)", got=f"{width}x{height}",
            fix="export it in 8K or less",
        )  # fmt: skip
    if sides:
        return
    if not width or not height:
        raise undecodable(where)  # nothing in it says how large its pictures are
    raise SourceError(
        "has an impossible frame size", where=where,
        expected=f"{LEAST_SIDE} to {LARGEST_SIDE} pixels a side", got=f"{width}x{height}",
        fix="fetch or export it again",
    )  # fmt: skip


def clip_picture(
    stream: VideoStream, index: PacketIndex, look: PictureInspection, ruling: ColourChoice
) -> Picture:
    """Returns a clip's picture as its parts say it. look: its first frames; ruling: its colour as it is read."""
    grid, clear = index.grid, has_alpha(VideoFormat(look.pixel_format))
    return Picture(
        stream=stream.index,
        codec=stream.codec_context.codec.canonical_name,
        width=look.said.width,
        height=look.said.height,
        sar=look.pixel,
        rotation=look.laid.rotation,
        depth=look.depth,
        chroma="444" if clear else look.chroma,
        pixel_format=LAID_FORMAT if clear else look.pixel_format,
        # RGB with transparency is read as Y'CbCr.
        colour=replace(ruling.colour, range="limited") if clear and look.said.rgb else ruling.colour,
        grid=grid.clock,
        length=grid.length,
        decoded=len(grid.stamps),
        start=grid.start,
        variable=grid.variable,
        assumed=ruling.assumed if grid.known else (*ruling.assumed, "rate"),
        flipped=look.laid.flipped,
        crop=look.crop,
        clear_format=look.pixel_format if clear else "",
    )
