"""Says what a pixel format of FFmpeg holds."""

from __future__ import annotations

from typing import Any

from av.video.format import VideoFormat
from av.video.reformatter import ColorRange, Colorspace

from post.values.colour import Chroma

# How a frame of RGB is reformatted to limited-range YUV of BT.709; unless told, FFmpeg takes BT.601.
RGB_AS_BT709: dict[str, Any] = {"dst_colorspace": Colorspace.ITU709, "dst_color_range": ColorRange.MPEG}


def is_rgb(form: VideoFormat) -> bool:
    """Returns whether a format holds RGB, or a palette of RGB, and so no luma plane."""
    return form.is_rgb or form.has_palette or form.name.startswith(("gbr", "bayer", "xyz"))


def has_alpha(form: VideoFormat) -> bool:
    """Returns whether a format holds transparency."""
    return form.has_palette or any(part.is_alpha for part in form.components)


def is_full_by_name(form: VideoFormat) -> bool:
    """Returns whether a pixel format itself means full range (the old yuvj formats of FFmpeg)."""
    return form.name.startswith("yuvj")


def chroma_step(pixel_format: str) -> tuple[int, int]:
    """Returns how many pixels one chroma sample covers, across and down."""
    form = VideoFormat(pixel_format)
    if is_rgb(form) or len(form.components) < 3:
        return 1, 1
    return 16 // form.chroma_width(16), 16 // form.chroma_height(16)


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
