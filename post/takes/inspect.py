"""Decodes a few frames of a clip and returns their format, colour tags, rotation and pixel shape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from av import VideoFrame
from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from post.takes.container import ffmpeg_errors, open_container, undecodable
from post.takes.decoded.cropping import Cropper, Edges, edges_within
from post.takes.decoded.orientation import Orientation, read_display_matrix
from post.takes.decoded.pixel_format import chroma_of, has_alpha, is_full_by_name, is_rgb
from post.takes.decoded.tagless import without_tags
from post.takes.frame_planes import luma
from post.takes.head import frames_from
from post.takes.side_data import dolby_vision_warnings, read_side_data, refuse_dolby_vision
from post.takes.tags import SAYS_NOTHING, ColourTags
from post.values.colour import Chroma
from post.values.media import NO_CROP
from post.values.warning import JobWarning

# The frames that are decoded: the first, and two that are past a fade or a flash.
LOOKED_AT: tuple[int, ...] = (0, 8, 16)
# Luma codes that a limited-range picture does not hold in bulk: half of the foot- and of the headroom.
FOOT, HEAD = 8 / 255, 247 / 255
# A pixel shape beyond this is a broken tag. Anamorphic film is 2, DV 16:9 from 720 pixels 1.46.
WIDEST_PIXEL = Fraction(4)


@dataclass(frozen=True, slots=True)
class PictureInspection:
    """The format of a picture as its first frames show it.

    said: colour tags and luma statistics, of the picture as it is cropped; laid: how it is shown upright; crop:
    what is cut away; depth: bits a sample; pixel: width over height of a pixel; first: the time of the first frame
    that decodes, in the stream's ticks.
    """

    said: ColourTags
    pixel_format: str
    depth: int
    chroma: Chroma
    laid: Orientation
    crop: Edges
    pixel: Fraction
    warnings: tuple[JobWarning, ...]
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
        beside = read_side_data(container, stream_index)
        refuse_dolby_vision(beside, path.name)
        shape = stream.sample_aspect_ratio or Fraction(1)
        whole = list(_some_frames(container, stream, head, path.name))
    first = whole[0]
    crop = edges_within(beside.crop, first.width, first.height, first.format.name)
    cropper = Cropper(crop)
    with ffmpeg_errors(path.name):
        frames = [cropper.frame(frame) for frame in whole]
    laid = _orientation(first)
    said = _said(frames[0], header, max(_outside(frame) for frame in frames))
    sane = 1 / WIDEST_PIXEL <= shape <= WIDEST_PIXEL
    found = {
        JobWarning("turned", "is to be turned by no quarter turn, or skewed: shown at the nearest of them"): (
            not laid.exact
        ),
        JobWarning("crop-ignored", "is to be cropped to nothing: shown whole", str(beside.crop)): (
            crop == NO_CROP != beside.crop
        ),
        JobWarning("pixel-shape", f"has pixels of shape {shape}: read as square"): not sane,
    }
    return PictureInspection(
        said,
        first.format.name,
        max(part.bits for part in first.format.components),
        chroma_of(first.format),
        laid,
        crop,
        shape if sane else Fraction(1),
        (
            *(warning for warning, is_so in found.items() if is_so),
            *_oddities(frames, path.name),
            *dolby_vision_warnings(beside),
        ),
        first.pts,
    )


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


def _orientation(frame: VideoFrame) -> Orientation:
    # PyAV's own stub calls what it iterates over keys; they are the side data.
    entries: Iterable[Any] = frame.side_data
    matrix = next((bytes(entry) for entry in entries if entry.type.name == "DISPLAYMATRIX"), None)
    return read_display_matrix(matrix) if matrix else Orientation()


def _oddities(frames: Sequence[VideoFrame], where: str) -> Iterator[JobWarning]:
    """Yields what is odd about the frames, whose tags are taken off."""
    if frames[0].interlaced_frame:
        yield JobWarning("interlaced", "is interlaced: read as it is, without deinterlacing")
    if not has_alpha(frames[0].format):
        return
    with ffmpeg_errors(where):
        clear = any(_is_transparent(frame) for frame in frames)
    # Frames that were not looked at may be transparent where these are not.
    said = (
        "has transparency: it is laid over black"
        if clear
        else "has an alpha channel: what is transparent is laid over black"
    )
    yield JobWarning("alpha-flattened", said)


def _is_transparent(frame: VideoFrame) -> bool:
    """Returns whether black shows through anywhere in the frame."""
    return bool((without_tags(frame).to_ndarray(format="rgba")[..., 3] < 255).any())
