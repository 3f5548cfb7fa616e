"""Stills for people: frames of a film or of a take, decoded exactly, small enough to stand in a page."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path

from av import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from PIL import Image

from post.takes.picture import PictureReader
from post.values import Colour, Format, Picture, Span

MOST_FRAMES = 24
NEAREST = Fraction(1, 2)  # seconds between two frames of a sheet: closer ones look alike
QUALITY = 78  # WebP; grain costs most of a still's bytes and is the first to go below 70
# H.273 matrix codes by swscale's names for them; it knows 5 and 6 as one, which they are.
MATRICES = {
    1: Colorspace.ITU709,
    5: Colorspace.ITU601,
    6: Colorspace.ITU601,
    9: Colorspace.BT2020,
}
RANGES = {"limited": ColorRange.MPEG, "full": ColorRange.JPEG}
# Pillow turns anticlockwise, rotations in files are clockwise.
TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}
SCALING = Interpolation.AREA | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT


@dataclass(frozen=True, slots=True)
class Still:
    """A picture as a page holds it. uri: `data:image/webp;base64,...`; width, height: its pixels."""

    uri: str
    width: int
    height: int


def sheet_frames(shots: Sequence[Span], rate: Fraction, most: int = MOST_FRAMES) -> tuple[int, ...]:
    """Which frames stand for a film: one of each shot at least; up to `most` in all, evenly spread over
    every shot and no closer than half a second.

    shots: spans that do not overlap, in order, none empty; rate: frames a second.
    """
    counts = [1] * len(shots)
    while sum(counts) < most:
        widest = max(range(len(shots)), key=lambda n: Fraction(len(shots[n]), counts[n]))
        if len(shots[widest]) < (counts[widest] + 1) * NEAREST * rate:
            break
        counts[widest] += 1
    return tuple(frame for span, count in zip(shots, counts, strict=True) for frame in _spread(span, count))


def _spread(span: Span, count: int) -> list[int]:
    """`count` frames of a span, each in the middle of an equal part of it."""
    return [span.first + (2 * part + 1) * len(span) // (2 * count) for part in range(count)]


def timecode(frame: int, rate: Fraction) -> str:
    """HH:MM:SS:FF of a frame, counted without dropping numbers. Source: SMPTE ST 12-1, 5.2."""
    base = -(-rate.numerator // rate.denominator)
    seconds, frames = divmod(frame, base)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}:{frames:02}"


def film_picture(film: Format, codec: str) -> Picture:
    """A finished film described as a take is, so that its frames can be read as exactly."""
    return Picture(
        stream=0,
        codec=codec,
        width=film.width,
        height=film.height,
        sar=Fraction(1),
        rotation=0,
        depth=film.depth,
        chroma=film.chroma,
        pixel_format=film.pixel_format,
        colour=film.colour,
        grid=film.clock,
        length=film.length,
        decoded=film.length,
        start=Fraction(0),
    )


def images(
    path: Path, picture: Picture, frames: Iterable[int], area: int
) -> Iterator[tuple[int, Image.Image]]:
    """Frames of a clip, upright and in square pixels, each once and in rising order.

    frames: places on the clip's grid; area: about how many pixels an image has, never more than the clip.
    Raises SourceError where the file is damaged or is not the one `picture` was probed from.
    """
    wanted = sorted(set(frames))
    if not wanted:
        return
    with PictureReader(path, picture) as reader:
        for number in wanted:
            yield number, _upright(reader.frame(number), picture, area)


def still(image: Image.Image, area: int = 0) -> Still:
    """An image as a page holds it, made smaller first where `area` (pixels) is less than it has."""
    if 0 < area < image.width * image.height:
        image = image.resize(_size(Fraction(image.width, image.height), area), Image.Resampling.LANCZOS)
    file = BytesIO()
    image.save(file, "WEBP", quality=QUALITY, method=4)
    return Still(
        f"data:image/webp;base64,{b64encode(file.getvalue()).decode('ascii')}", image.width, image.height
    )


def _upright(frame: VideoFrame, picture: Picture, area: int) -> Image.Image:
    wide, high = picture.shown
    width, height = _size(wide / high, min(area, round(wide * high)))
    turned = picture.rotation % 180 != 0
    rgb = _rgb(frame, picture.colour, (height, width) if turned else (width, height))
    turn = TURNS.get(picture.rotation)
    return rgb.transpose(turn) if turn is not None else rgb


def _rgb(frame: VideoFrame, colour: Colour, size: tuple[int, int]) -> Image.Image:
    """The frame scaled to `size` (width, height) in 8-bit R'G'B', by the colour it is read as."""
    scaled = VideoReformatter().reformat(
        frame,
        *size,
        format="rgb24",
        src_colorspace=MATRICES[colour.matrix],
        dst_colorspace=MATRICES[colour.matrix],
        interpolation=SCALING,
        src_color_range=RANGES[colour.range],
        dst_color_range=ColorRange.JPEG,
        threads=1,
    )
    return Image.fromarray(scaled.to_ndarray())


def _size(shape: Fraction, area: int) -> tuple[int, int]:
    """Width and height of about `area` pixels in that shape (width over height)."""
    height = max(1, round((area / float(shape)) ** 0.5))
    return max(1, round(height * shape)), height
