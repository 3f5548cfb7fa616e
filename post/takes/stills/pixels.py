"""Turns what Pillow opened into R'G'B' of sRGB: whatever mode, profile and transparency it has."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from struct import error as struct_error
from typing import TYPE_CHECKING

import numpy as np
from av.error import FFmpegError

from post.errors import SourceError
from post.os_faults import retry_of
from post.takes.stills.still_file import STILLS
from post.values.array import Array

if TYPE_CHECKING:
    from PIL.Image import Image

# Grey of 16 bits, as Pillow names it by its byte order; converting it to RGB would clip it to white.
DEEP_GREY = ("I;16", "I;16L", "I;16B", "I;16N")
# Of 32 bits: nothing in the file says which number is white.
NO_WHITE = ("I", "F")
PLAIN_GREY = ("1", "L", "LA", "La")
ORIENTATION = 0x0112  # EXIF 2.3, 4.6.4
SIDEWAYS = (5, 6, 7, 8)  # values of it in which rows are shown as columns
# What Pillow raises over damaged files, beside errors of its own.
FAULTS = (
    OSError, ValueError, TypeError, LookupError, ArithmeticError, SyntaxError, EOFError, RuntimeError, struct_error,
    FFmpegError, MemoryError,
)  # fmt: skip
LATTICE = 9  # nodes a side of the colours that tell whether a profile is sRGB's


@dataclass(frozen=True, slots=True, eq=False)
class Pixels:
    """A decoded picture. codes: (height, width, 3) uint8 or uint16, R'G'B' of sRGB, full range; alpha: (height, width)
    of the same type, straight, None where all is opaque; notes: what was done to it, for people."""

    codes: Array
    alpha: Array | None = None
    notes: tuple[str, ...] = ()

    @property
    def top(self) -> int:
        """The code of white."""
        return int(np.iinfo(self.codes.dtype).max)


@contextmanager
def still_errors(name: str, path: str = "") -> Iterator[None]:
    """Raises what Pillow and FFmpeg say of a still in the block as a SourceError that names the file.

    path: where it lies, which is taken out of what they say. A damaged tag, which is then left out, is no fault.
    """
    from PIL.Image import DecompressionBombError, DecompressionBombWarning
    from PIL.ImageCms import PyCMSError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of damaged tags
            warnings.simplefilter("ignore", DecompressionBombWarning)  # sizes are bounded here
            yield
    except SourceError:
        raise
    except (*FAULTS, PyCMSError, DecompressionBombError) as fault:
        words = fault.strerror if isinstance(fault, FFmpegError) else str(fault)
        said = (words or "").partition("\n")[0]
        raise (
            retry_of(fault, name)
            or SourceError(
                "cannot be read as a still",
                where=name,
                expected=f"a picture ({' '.join(STILLS)})",
                got=(said.replace(path, name) if path else said) or type(fault).__name__,
                fix="check the path, or export it again as PNG in sRGB",
            )
        ) from fault


def pixels_of(image: Image) -> Pixels:
    """Returns the frame that an image stands at, as it is stored: not turned upright.

    By the profile it carries, sRGB where it carries none; 8 bits a channel, 16 for grey of 16. Raises ValueError, or
    PyCMSError if its profile does not fit its mode.
    """
    if image.mode in NO_WHITE:
        raise ValueError(f"samples of 32 bits (mode {image.mode}), of which none is known to be white")
    if image.mode in DEEP_GREY:
        return _deep_grey(image)
    alpha = _alpha(image)
    opaque = _without_alpha(image)
    profile = image.info.get("icc_profile")
    if profile:
        return replace(_by_profile(opaque, profile), alpha=alpha)
    notes = ("is CMYK without a profile: its colours are a guess",) if opaque.mode == "CMYK" else ()
    return Pixels(np.asarray(opaque.convert("RGB")), alpha, notes)


def upright(pixels: Pixels, orientation: int) -> Pixels:
    """Returns the picture turned and mirrored as EXIF's orientation says (1 to 8; any other leaves it as it is)."""
    alpha = None if pixels.alpha is None else _turned(pixels.alpha, orientation)
    return replace(pixels, codes=_turned(pixels.codes, orientation), alpha=alpha)


def is_srgb(profile: bytes) -> bool:
    """Returns whether a profile of R'G'B' gives every colour as sRGB does, to a code of 8 bits."""
    try:
        return _is_srgb(profile)
    except (OSError, ValueError):
        return False


def by_profile(codes: Array, profile: bytes) -> Pixels:
    """Returns R'G'B' codes brought from a profile to sRGB; by 8 bits, where the profile is not sRGB's own."""
    from PIL import Image as Images

    if is_srgb(profile):
        return Pixels(codes)
    eight = codes if codes.dtype == np.uint8 else np.rint(codes / 257).astype(np.uint8)
    made = _by_profile(Images.fromarray(eight), profile)
    deep = codes.dtype != np.uint8
    return replace(made, notes=(*made.notes, *(["is converted with 8 bits a channel"] if deep else [])))


def _turned(plane: Array, orientation: int) -> Array:
    if orientation in (5, 7):
        plane = plane.swapaxes(0, 1)
        return plane if orientation == 5 else plane[::-1, ::-1]
    if orientation in (6, 8):
        return np.rot90(plane, -1 if orientation == 6 else 1)
    across = slice(None, None, -1 if orientation in (2, 3) else 1)
    down = slice(None, None, -1 if orientation in (3, 4) else 1)
    return plane[down, across]


def _deep_grey(image: Image) -> Pixels:
    grey = np.asarray(image).astype(np.uint16)
    clear = image.info.get("transparency")  # PNG, 11.3.2.1 tRNS: the one grey that is clear
    alpha = None if clear is None else np.where(grey == clear, 0, 65535).astype(np.uint16)
    return Pixels(grey[..., None].repeat(3, 2), alpha)


def _alpha(image: Image) -> Array | None:
    """Returns straight alpha; None where all is opaque."""
    if not image.has_transparency_data and image.mode not in ("RGBa", "La"):
        return None
    alpha = np.asarray(image.convert("RGBA"))[..., 3]
    return None if alpha.min() == 255 else alpha


def _without_alpha(image: Image) -> Image:
    """Returns the image in mode L, RGB or CMYK."""
    if image.mode in ("RGBa", "La"):  # premultiplied
        image = image.convert("RGBA" if image.mode == "RGBa" else "LA")
    if image.mode in PLAIN_GREY:
        return image.convert("L")
    if image.mode in ("RGB", "CMYK"):
        return image
    # A palette with transparency goes by way of RGBA, where its colours stay as they are.
    return image.convert("RGBA").convert("RGB") if image.has_transparency_data else image.convert("RGB")


def _by_profile(image: Image, profile: bytes) -> Pixels:
    """Returns an image of mode L, RGB or CMYK in sRGB. Raises PyCMSError if its profile does not fit its mode."""
    from PIL import ImageCms

    source = ImageCms.ImageCmsProfile(BytesIO(profile))
    space = source.profile.xcolor_space.strip()
    if space == "RGB" and image.mode != "CMYK":
        # Grey pictures carry the RGB profile of where they were made more often than one of their own.
        image = image.convert("RGB")
        if _is_srgb(profile):
            return Pixels(np.asarray(image))
    made = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    assert made is not None  # None is of conversion in place only
    name = (source.profile.profile_description or "without a name").strip()
    return Pixels(np.asarray(made), notes=(f"is converted to sRGB from its profile ({name[:60]})",))


@cache
def _is_srgb(profile: bytes) -> bool:
    from PIL import Image as Images
    from PIL import ImageCms

    nodes = np.rint(np.linspace(0, 255, LATTICE)).astype(np.uint8)
    grid = np.stack(np.meshgrid(nodes, nodes, nodes, indexing="ij"), -1).reshape(LATTICE, -1, 3)
    source = ImageCms.ImageCmsProfile(BytesIO(profile))
    made = ImageCms.profileToProfile(
        Images.fromarray(grid), source, ImageCms.createProfile("sRGB"), outputMode="RGB"
    )
    return bool(np.abs(np.asarray(made).astype(int) - grid).max() <= 1)
