"""Takes the images out of a Lottie file: decodes them within bounds, and writes each as the PNG that ThorVG reads."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

from post.picture.lottie.reading import Json, LottieReading
from post.takes.stills.still_file import LONGEST_SIDE, open_frames
from post.watchdog import watched

if TYPE_CHECKING:
    from PIL.Image import Image

PRECOMP, IMAGE = 0, 2  # types of layers
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MOST_PIXELS = 72_000_000  # of all images of a file; twice those of the largest still
EMBED = "export it with its images embedded"


def rewrite_image(reading: LottieReading, asset: Json, images: Mapping[str, bytes]) -> Json | None:
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


def has_moving_image(made: Json) -> bool:
    """Returns whether an image moves in a rewritten file: by itself, with a parent, or with its precomp."""
    comps = {asset["id"]: asset["layers"] for asset in made["assets"] if "layers" in asset}
    todo: list[tuple[list[Json], bool]] = [(made["layers"], False)]
    seen: set[tuple[str, bool]] = set()
    while todo:
        layers, carried = todo.pop()
        numbers = {layer.get("ind"): layer for layer in layers}
        for layer in layers:
            moves = carried or _moves(layer, numbers)
            if layer["ty"] == IMAGE and moves:
                return True
            key = (str(layer.get("refId")), moves)
            if layer["ty"] == PRECOMP and key not in seen:
                seen.add(key)
                todo.append((comps[layer["refId"]], moves))
    return False


def _moves(layer: Json, numbers: Mapping[object, Json]) -> bool:
    at: Json | None = layer
    while at is not None:
        place = at["ks"]["p"]
        parts = [at["ks"][key] for key in ("a", "s", "r")] + (
            [place["x"], place["y"]] if "x" in place else [place]
        )
        if any(part["a"] for part in parts):
            return True
        at = numbers.get(at["parent"]) if "parent" in at else None
    return False


def _decoded(reading: LottieReading, text: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return reading.broken("an image that is no base64", "base64", text[:16])


def _as_png(reading: LottieReading, data: bytes, size: list[int]) -> tuple[str, int, int]:
    """Returns an image as PNG in base64, with its width and height: those that the file gives, filled as players do."""
    try:
        with watched("an image"), open_frames(io.BytesIO(data), "an image", FORMATS) as image:
            _count_pixels(reading, max(image.width * image.height, size[0] * size[1]))
            drawn = _filled(image.convert("RGBA"), size)
    except (OSError, SyntaxError, ValueError) as fault:
        reading.broken("an image that cannot be read", " | ".join(FORMATS), str(fault))
    out = io.BytesIO()
    drawn.save(out, "PNG", compress_level=1)
    return base64.b64encode(out.getvalue()).decode("ascii"), *drawn.size


def _count_pixels(reading: LottieReading, more: int) -> None:
    reading.pixels += more
    if reading.pixels > MOST_PIXELS:
        reading.broken("images of too many pixels together", f"at most {MOST_PIXELS}", reading.pixels)


def _filled(image: Image, size: list[int]) -> Image:
    """Returns an image scaled to fill a size, with what is beyond it cut off evenly."""
    from PIL import ImageOps

    width, height = (given or own for given, own in zip(size, image.size, strict=True))
    if (width, height) == image.size:
        return image
    # Scaled premultiplied: clear pixels lend no colour.
    return ImageOps.fit(image.convert("RGBa"), (width, height)).convert("RGBA")
