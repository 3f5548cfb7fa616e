"""Takes the images out of a Lottie file: decodes them within bounds, and writes each as the PNG that ThorVG reads."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

from post.picture.lottie.reading import Json, Reading
from post.takes.stills.still_file import LONGEST_SIDE, open_frames
from post.watchdog import watched

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
EMBED = "export it with its images embedded"


def rewrite_image(reading: Reading, asset: Json, images: Mapping[str, bytes]) -> Json | None:
    """Returns an image of the file as ThorVG reads it; None, with the fault noted, where it stands elsewhere."""
    place = asset.get("p")
    if not isinstance(place, str):
        reading.broken("an image without a place", "`p`", place)
    size = [round(reading.number(asset.get(key, 0), key)) for key in ("w", "h")]
    if not all(0 <= side <= LONGEST_SIDE for side in size):
        reading.broken("an image of that size", f"at most {LONGEST_SIDE} a side", size)
    if place.startswith("data:"):
        head, _, text = place.partition(",")
        if not head.startswith("data:image/") or not head.endswith(";base64"):
            reading.lacks(f"an embedded file of the type {head[5:40]}", EMBED)
            return None
        data = _decoded(reading, text)
    elif place in images:
        data = images[place]
    else:
        reading.lacks("an image in another file", EMBED)
        return None
    png, width, height = _as_png(reading, data, size)
    return {"id": asset["id"], "w": width, "h": height, "u": "", "e": 1, "p": f"data:image/png;base64,{png}"}


def _decoded(reading: Reading, text: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return reading.broken("an image that is no base64", "base64", text[:16])


def _as_png(reading: Reading, data: bytes, size: list[int]) -> tuple[str, int, int]:
    """Returns an image as PNG in base64, with its width and height: those that the file gives, filled as players do."""
    try:
        with watched("an image"), open_frames(io.BytesIO(data), "an image", FORMATS) as image:
            drawn = _filled(image.convert("RGBA"), size)
    except (OSError, SyntaxError, ValueError) as fault:
        reading.broken("an image that cannot be read", " | ".join(FORMATS), str(fault))
    out = io.BytesIO()
    drawn.save(out, "PNG", compress_level=1)
    return base64.b64encode(out.getvalue()).decode("ascii"), *drawn.size


def _filled(image: Image, size: list[int]) -> Image:
    """Returns an image scaled to fill a size, with what is beyond it cut off evenly."""
    from PIL import ImageOps

    width, height = (given or own for given, own in zip(size, image.size, strict=True))
    if (width, height) == image.size:
        return image
    # Scaled premultiplied: clear pixels lend no colour.
    return ImageOps.fit(image.convert("RGBa"), (width, height)).convert("RGBA")
