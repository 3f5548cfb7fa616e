"""Chooses the frames of a contact sheet and packs stills into a page."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO

from PIL import Image

from post.takes.still import size_of_area
from post.values import Format, Picture, Span

MOST_FRAMES = 24
NEAREST = Fraction(1, 2)  # seconds between two frames of a sheet: closer ones look alike
QUALITY = 78  # WebP: grain takes most of a still's bytes, and is lost first, below 70


@dataclass(frozen=True, slots=True)
class Still:
    """A picture inside a page. uri: `data:image/webp;base64,...`; width, height: its pixels."""

    uri: str
    width: int
    height: int


def sheet_frames(shots: Sequence[Span], rate: Fraction, most: int = MOST_FRAMES) -> tuple[int, ...]:
    """Returns the frames that represent a film: at least one of each shot, up to `most` in all.

    They are evenly spread over every shot, and no closer than half a second.
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
    """Returns `count` frames of a span, each in the middle of an equal part of it."""
    return [span.first + (2 * part + 1) * len(span) // (2 * count) for part in range(count)]


def film_picture(film: Format, codec: str) -> Picture:
    """Describes a finished film as a take is described, so that its frames can be read as exactly."""
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


def pack_still(image: Image.Image, area: int = 0) -> Still:
    """Returns an image packed for a page, first scaled down where it has more than `area` pixels (0: any)."""
    if 0 < area < image.width * image.height:
        size = size_of_area(Fraction(image.width, image.height), area)
        image = image.resize(size, Image.Resampling.LANCZOS)
    file = BytesIO()
    image.save(file, "WEBP", quality=QUALITY, method=4)
    uri = f"data:image/webp;base64,{b64encode(file.getvalue()).decode('ascii')}"
    return Still(uri, image.width, image.height)
