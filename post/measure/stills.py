"""Reads a still as colour: upright, in sRGB and full range, whatever the file format and profile."""

from __future__ import annotations

import struct
import warnings
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from post.errors import SourceError
from post.os_faults import retry_of
from post.picture.still_file import STILLS, open_still
from post.values.array import Array

if TYPE_CHECKING:
    from PIL.Image import Image

# Grey of 16 bits, as Pillow names it by its byte order; converting it to RGB would clip it to white.
DEEP_GREY = ("I;16", "I;16L", "I;16B", "I;16N")
# Of 32 bits: nothing in the file says which number is white.
NO_WHITE = ("I", "F")
PLAIN_GREY = ("1", "L", "LA", "La")


def read_still(path: Path) -> Array:
    """Returns a still, upright, as (height, width, 3) float32 R'G'B' of sRGB, 0..1, at its own size.

    By the profile it carries, sRGB where it carries none; 8 bits a channel. Transparency is left out.
    Raises SourceError if it cannot be read, is in another format (by its content, whatever its name says), or is
    larger than the bounds of `post.picture.still_file`.
    """
    from PIL import ImageCms, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of damaged tags, which it then leaves out
            with open_still(path) as image:
                rgb = _srgb(ImageOps.exif_transpose(image))
    except (OSError, ValueError, SyntaxError, struct.error, ImageCms.PyCMSError) as fault:
        raise (
            retry_of(fault, path.name)
            or SourceError(
                "cannot be read as a still",
                where=path.name,
                expected=f"a picture ({' '.join(STILLS)})",
                got=str(fault).partition("\n")[0].replace(str(path), path.name) or type(fault).__name__,
                fix="check the path, or export it again as PNG in sRGB",
            )
        ) from fault
    return np.asarray(rgb, np.float32) / np.float32(255)


def _srgb(image: Image) -> Image:
    """Returns the image in mode RGB. Raises ValueError, or PyCMSError if its profile does not fit its mode."""
    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    image = _of_8_bits(image)
    if not profile:
        return image.convert("RGB")
    source = ImageCms.ImageCmsProfile(BytesIO(profile))
    # Grey pictures carry the RGB profile of where they were made more often than one of their own.
    if source.profile.xcolor_space.strip() == "RGB" and image.mode != "CMYK":
        image = image.convert("RGB")
    made = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    assert made is not None  # None is of conversion in place only
    return made


def _of_8_bits(image: Image) -> Image:
    """Returns the image without a palette, and grey with 8 bits. Raises ValueError for samples of 32 bits."""
    from PIL import Image as Images

    if image.mode in NO_WHITE:
        raise ValueError(f"samples of 32 bits (mode {image.mode}), of which none is known to be white")
    if image.mode in DEEP_GREY:
        return Images.fromarray(np.rint(np.asarray(image) / 257).astype(np.uint8))
    if image.mode in PLAIN_GREY:
        return image.convert("L")
    return image if image.mode in ("RGB", "CMYK") else image.convert("RGB")
