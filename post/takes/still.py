"""Reads single frames of a clip as pictures for people: upright, in square pixels, 8-bit R'G'B'."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from av import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from PIL import Image

from post.takes.decoded.orientation import upright_array
from post.takes.open_picture import open_picture
from post.values import Colour, Picture
from post.values.array import Array
from post.values.colour import BY_PRIMARIES_MATRIX

Convert = Callable[[Array, Colour], Array]
# swscale's names for the matrix codes of H.273; it knows 5 and 6 as one, which they are.
MATRICES = {
    1: Colorspace.ITU709,
    4: Colorspace.FCC,
    5: Colorspace.ITU601,
    6: Colorspace.ITU601,
    7: Colorspace.SMPTE240M,
    9: Colorspace.BT2020,
    # It does not know weights made from primaries. Those of Display P3 are within .02 of these.
    BY_PRIMARIES_MATRIX: Colorspace.ITU709,
}
RANGES = {"limited": ColorRange.MPEG, "full": ColorRange.JPEG}
SCALING = Interpolation.AREA | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT


def read_stills(
    path: Path, picture: Picture, frames: Iterable[int], area: int, convert: Convert | None = None
) -> Iterator[tuple[int, Image.Image]]:
    """Yields frames of a clip by their number, each once and in rising order.

    frames: places on the clip's grid; area: about how many pixels an image has, never more than the clip;
    convert: makes (n, 3) R'G'B', 0..1, of the clip's colour what a BT.709 display shows; None where it is that.
    Raises SourceError if the file is damaged or is not the one that `picture` was probed from.
    """
    wanted = sorted(set(frames))
    if not wanted:
        return
    with open_picture(path, picture) as reader:
        for number in wanted:
            yield number, _upright(reader.frame(number), picture, area, convert)


def show_frame(frame: VideoFrame, picture: Picture) -> Array:
    """Returns a frame at its own size, upright, in square pixels: (height, width, 3) uint8 R'G'B'."""
    wide, high = picture.shown
    return np.asarray(_upright(frame, picture, round(wide * high), None))


def size_of_area(shape: Fraction, area: int) -> tuple[int, int]:
    """Returns the width and height of about `area` pixels in that shape (width over height)."""
    height = max(1, round((area / float(shape)) ** 0.5))
    return max(1, round(height * shape)), height


def _upright(frame: VideoFrame, picture: Picture, area: int, convert: Convert | None) -> Image.Image:
    wide, high = picture.shown
    width, height = size_of_area(wide / high, min(area, round(wide * high)))
    turned = picture.rotation % 180 != 0
    rgb = _rgb(frame, picture.colour, (height, width) if turned else (width, height), convert)
    return Image.fromarray(np.ascontiguousarray(upright_array(rgb, picture)))


def _rgb(frame: VideoFrame, colour: Colour, size: tuple[int, int], convert: Convert | None) -> Array:
    """Returns the frame in 8-bit R'G'B', (height, width, 3), scaled to `size` (width, height). colour: its own."""
    scaled = VideoReformatter().reformat(
        frame,
        *size,
        # Not rgb48le: swscale writes wrong red and blue into it.
        format="gbrp16le" if convert else "rgb24",
        src_colorspace=MATRICES[colour.matrix],
        dst_colorspace=MATRICES[colour.matrix],
        interpolation=SCALING,
        src_color_range=RANGES[colour.range],
        dst_color_range=ColorRange.JPEG,
        threads=1,
    )
    rgb = scaled.to_ndarray()
    if convert:
        shown = convert(rgb.reshape(-1, 3) / 65535, colour).reshape(rgb.shape)
        rgb = np.rint(np.clip(shown, 0, 1) * 255).astype(np.uint8)
    return np.asarray(rgb)
