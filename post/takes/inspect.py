"""A first look at a clip's picture: a few frames decoded, and what they say of themselves."""

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
from numpy.typing import NDArray

from post.takes.container import open_container, prepare_decoder, undecodable
from post.takes.tags import SAYS_NOTHING, ColourTags
from post.values.colour import Chroma

# Which frames are looked at: the first, and two that are past a fade or a flash.
LOOKED_AT: tuple[int, ...] = (0, 8, 16)
# Luma codes that a limited-range picture does not hold in bulk: half of the foot- and of the headroom.
FOOT, HEAD = 8 / 255, 247 / 255
# A pixel shape beyond this is a broken tag. Anamorphic film is 2, DV 16:9 from 720 pixels 1.46.
WIDEST_PIXEL = Fraction(4)


@dataclass(frozen=True, slots=True)
class PictureInspection:
    """said: its tags and luma; rotation: degrees clockwise to show it upright; depth: bits a sample;
    pixel: its shape, width over height."""

    said: ColourTags
    pixel_format: str
    depth: int
    chroma: Chroma
    rotation: int
    pixel: Fraction
    warnings: tuple[str, ...]


def inspect_picture(path: Path, stream_index: int) -> PictureInspection:
    """Decode a few frames. Raises SourceError where none of the first ones decodes."""
    with open_container(path) as container:
        stream = container.streams[stream_index]
        if not isinstance(stream, VideoStream):
            raise TypeError(f"stream {stream_index} is no picture")
        header = _codes(stream.codec_context)
        prepare_decoder(stream)
        shape = stream.sample_aspect_ratio or Fraction(1)
        frames = list(_some_frames(container, stream, path.name))
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
    )


def is_rgb(form: VideoFormat) -> bool:
    """RGB or a palette of RGB: there is no luma plane."""
    return form.is_rgb or form.has_palette or form.name.startswith(("gbr", "bayer", "xyz"))


def is_full_by_name(form: VideoFormat) -> bool:
    """FFmpeg's old way to say full range: the pixel format."""
    return form.name.startswith("yuvj")


def chroma_of(form: VideoFormat) -> Chroma:
    """The subsampling in use nearest to a format's own (4:4:0 loses nothing as 4:4:4, nor 4:1:1 as 4:2:2)."""
    if is_rgb(form):
        return "444"
    if len(form.components) < 3:
        return "420"
    across, down = form.chroma_width(16), form.chroma_height(16)
    if across == 16:
        return "444"
    return "422" if down == 16 else "420"


def _some_frames(container: InputContainer, stream: VideoStream, where: str) -> Iterator[VideoFrame]:
    """The frames of LOOKED_AT that decode, fewer where the range is said; the very first that does, where no
    other does."""
    seen, places = 0, LOOKED_AT
    try:
        for frame in container.decode(stream):
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
    """Its codes need not tell the range, only not speak against it."""
    return bool(_codes(frame)["range"] or _codes(stream.codec_context)["range"])


def _codes(of: object) -> dict[str, int]:
    """H.273 codes of a frame or a decoder; FFmpeg numbers them as the standard does."""
    names = {
        "primaries": "color_primaries",
        "transfer": "color_trc",
        "matrix": "colorspace",
        "range": "color_range",
    }
    return {name: int(getattr(of, attribute)) for name, attribute in names.items()}


def _said(frame: VideoFrame, header: dict[str, int], outside: float) -> ColourTags:
    """What the frame says, and where it says nothing, what the file's header does."""
    codes = _codes(frame)
    rgb = is_rgb(frame.format)
    said = {
        name: header[name] if code in SAYS_NOTHING and name != "range" else code
        for name, code in codes.items()
    }
    said["range"] = 2 if is_full_by_name(frame.format) else codes["range"] or header["range"]
    return ColourTags(width=frame.width, height=frame.height, outside=outside, rgb=rgb, **said)


def luma(frame: VideoFrame) -> NDArray[np.unsignedinteger]:
    """The luma plane, (height, width), uint8 or uint16, without a copy. For planar formats."""
    return plane_codes(frame, 0)


def plane_codes(frame: VideoFrame, number: int) -> NDArray[np.unsignedinteger]:
    """One plane of a planar frame, (height, width), uint8 or uint16: the frame's own memory, writable."""
    plane = frame.planes[number]
    kind = np.uint8 if frame.format.components[number].bits == 8 else np.uint16
    codes: NDArray[np.unsignedinteger] = np.frombuffer(memoryview(plane), kind)
    return codes.reshape(plane.height, plane.line_size // codes.itemsize)[:, : plane.width]


def _outside(frame: VideoFrame) -> float:
    """Share of luma that a limited-range picture would not hold, 0..1; 0 where luma has no own plane."""
    if is_rgb(frame.format) or not frame.format.is_planar:
        return 0.0
    codes = luma(frame)
    top = (1 << frame.format.components[0].bits) - 1
    return float(np.mean((codes < FOOT * top) | (codes > HEAD * top)))


def _turn(frame: VideoFrame) -> tuple[int, tuple[str, ...]]:
    """Degrees clockwise to show the frame upright: 0, 90, 180 or 270."""
    angle = -frame.rotation % 360
    turn = round(angle / 90) * 90 % 360
    warnings = []
    if turn != angle:
        warnings.append(f"tagged to be turned by {angle} degrees: shown at {turn}")
    if _mirrored(frame):
        warnings.append("tagged to be mirrored: shown as it is stored")
    return turn, tuple(warnings)


def _mirrored(frame: VideoFrame) -> bool:
    """Its display matrix turns left into right (its determinant is below 0)."""
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
