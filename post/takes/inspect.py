"""Decodes a few frames of a clip and returns their format, colour tags, rotation and pixel shape."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from av import VideoFrame
from av.container import InputContainer
from av.error import FFmpegError
from av.video.format import VideoFormat
from av.video.stream import VideoStream

from post.takes.container import open_container, prepare_decoder, undecodable
from post.takes.frame_planes import luma
from post.takes.head import frames_from
from post.takes.tags import SAYS_NOTHING, ColourTags
from post.values.colour import Chroma

# The frames that are decoded: the first, and two that are past a fade or a flash.
LOOKED_AT: tuple[int, ...] = (0, 8, 16)
# Luma codes that a limited-range picture does not hold in bulk: half of the foot- and of the headroom.
FOOT, HEAD = 8 / 255, 247 / 255
# A pixel shape beyond this is a broken tag. Anamorphic film is 2, DV 16:9 from 720 pixels 1.46.
WIDEST_PIXEL = Fraction(4)


@dataclass(frozen=True, slots=True)
class PictureInspection:
    """The format of a picture as its first frames show it.

    said: colour tags and luma statistics; rotation: degrees clockwise that show it upright; depth: bits a
    sample; pixel: width over height of a pixel; first: the time of the first frame that decodes, in the
    stream's ticks.
    """

    said: ColourTags
    pixel_format: str
    depth: int
    chroma: Chroma
    rotation: int
    pixel: Fraction
    warnings: tuple[str, ...]
    first: int | None


def inspect_picture(path: Path, stream_index: int, head: int = 0) -> PictureInspection:
    """Decodes up to three frames of a stream. Raises SourceError if none of the first frames decodes.

    head: how many packets come before its first key packet.
    """
    with open_container(path) as container:
        stream = container.streams[stream_index]
        if not isinstance(stream, VideoStream):
            raise TypeError(f"stream {stream_index} is no picture")
        header = _codes(stream.codec_context)
        prepare_decoder(stream)
        shape = stream.sample_aspect_ratio or Fraction(1)
        frames = list(_some_frames(container, stream, head, path.name))
    first = frames[0]
    turn, warnings = _turn(first)
    sane = 1 / WIDEST_PIXEL <= shape <= WIDEST_PIXEL
    return PictureInspection(
        _said(first, header, max(_outside(frame) for frame in frames)),
        first.format.name,
        max(part.bits for part in first.format.components),
        chroma_of(first.format),
        turn,
        shape if sane else Fraction(1),
        (*warnings, *([] if sane else [f"has pixels of shape {shape}: read as square"]), *_oddities(first)),
        first.pts,
    )


def is_rgb(form: VideoFormat) -> bool:
    """Returns whether a format holds RGB, or a palette of RGB, and so no luma plane."""
    return form.is_rgb or form.has_palette or form.name.startswith(("gbr", "bayer", "xyz"))


def is_full_by_name(form: VideoFormat) -> bool:
    """Returns whether a pixel format itself means full range (the old yuvj formats of FFmpeg)."""
    return form.name.startswith("yuvj")


def chroma_of(form: VideoFormat) -> Chroma:
    """Returns the supported subsampling that loses nothing of a format: 4:4:4 for 4:4:0, 4:2:2 for 4:1:1."""
    if is_rgb(form):
        return "444"
    if len(form.components) < 3:
        return "420"
    across, down = form.chroma_width(16), form.chroma_height(16)
    if across == 16:
        return "444"
    return "422" if down == 16 else "420"


def _some_frames(
    container: InputContainer, stream: VideoStream, head: int, where: str
) -> Iterator[VideoFrame]:
    """Yields the frames of LOOKED_AT that decode: two where the range is tagged, and at least the first."""
    seen, places = 0, LOOKED_AT
    try:
        for frame in frames_from(container, stream, head, where):
            if seen == 0 and _range_is_said(frame, stream):
                places = LOOKED_AT[:2]
            if seen in places:
                yield frame
            seen += 1
            if seen > places[-1]:
                return
    except FFmpegError as fault:
        if not seen:
            raise undecodable(where) from fault
    if not seen:
        raise undecodable(where)


def _range_is_said(frame: VideoFrame, stream: VideoStream) -> bool:
    """Returns whether the frame or the header tags the range; then fewer frames need decoding."""
    return bool(_codes(frame)["range"] or _codes(stream.codec_context)["range"])


def _codes(of: object) -> dict[str, int]:
    """Returns the H.273 codes of a frame or a decoder; FFmpeg numbers them as the standard does."""
    names = {
        "primaries": "color_primaries",
        "transfer": "color_trc",
        "matrix": "colorspace",
        "range": "color_range",
    }
    return {name: int(getattr(of, attribute)) for name, attribute in names.items()}


def _said(frame: VideoFrame, header: dict[str, int], outside: float) -> ColourTags:
    """Returns the tags of the frame; a tag that the frame leaves open comes from the header."""
    codes = _codes(frame)
    rgb = is_rgb(frame.format)
    said = {
        name: header[name] if code in SAYS_NOTHING and name != "range" else code
        for name, code in codes.items()
    }
    said["range"] = 2 if is_full_by_name(frame.format) else codes["range"] or header["range"]
    return ColourTags(width=frame.width, height=frame.height, outside=outside, rgb=rgb, **said)


def _outside(frame: VideoFrame) -> float:
    """Returns the share of luma outside limited range, 0..1; 0 for a format without a luma plane."""
    if is_rgb(frame.format) or not frame.format.is_planar:
        return 0.0
    codes = luma(frame)
    top = (1 << frame.format.components[0].bits) - 1
    return float(np.mean((codes < FOOT * top) | (codes > HEAD * top)))


def _turn(frame: VideoFrame) -> tuple[int, tuple[str, ...]]:
    """Returns the degrees clockwise that show the frame upright (0, 90, 180 or 270), and warnings."""
    angle = -frame.rotation % 360
    turn = round(angle / 90) * 90 % 360
    warnings = []
    if turn != angle:
        warnings.append(f"tagged to be turned by {angle} degrees: shown at {turn}")
    if _mirrored(frame):
        warnings.append("tagged to be mirrored: shown as it is stored")
    return turn, tuple(warnings)


def _mirrored(frame: VideoFrame) -> bool:
    """Returns whether the display matrix mirrors the picture (its determinant is below 0)."""
    # PyAV's own stub calls what it iterates over keys; they are the side data.
    entries: Iterable[Any] = frame.side_data
    matrix = next((bytes(entry) for entry in entries if entry.type.name == "DISPLAYMATRIX"), None)
    if matrix is None:
        return False
    a, b, _, c, d = struct.unpack_from("<5i", matrix)
    return bool(a * d < b * c)


def _oddities(frame: VideoFrame) -> tuple[str, ...]:
    found = {
        "is interlaced: read as it is, without deinterlacing": frame.interlaced_frame,
        "has transparency, which is dropped": "a"
        in frame.format.name.removesuffix("le").removesuffix("be")[:5]
        and len(frame.format.components) == 4,
    }
    return tuple(text for text, is_so in found.items() if is_so)
