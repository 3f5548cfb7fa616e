"""Decodes a still, or the frame of an image sequence: upright, in sRGB, whatever the file format and profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from av import VideoFrame

from post.takes.frame_planes import plane_codes, repeat_right_edge
from post.takes.stills.deep import decode_deep
from post.takes.stills.exr import decode_exr, exr_size
from post.takes.stills.format import format_of
from post.takes.stills.pixels import (
    ORIENTATION,
    SIDEWAYS,
    Pixels,
    by_profile,
    pixels_of,
    still_errors,
    upright,
)
from post.takes.stills.still_file import open_frames, size_of
from post.values.array import Array
from post.values.colour import BT709
from post.values.ycbcr import chroma_reach, code_range, rgb_weights
from post.watchdog import watched

if TYPE_CHECKING:
    from PIL.Image import Image

PIXEL_FORMAT, DEPTH = "yuv444p10le", 10
BITS_PER_SAMPLE, STRIPS_AND_TILES = 258, ((273, 279), (324, 325))  # tags of TIFF 6.0
ROWS = 128  # converted at a time, so that their temporary arrays stay in the cache
# PNG's and AVIF's own tags of colour that mean HDR: H.273's PQ and HLG.
HDR_TRANSFERS = (16, 18)
AVIF_HEAD = 1 << 20  # bytes in which its properties lie: they come before its picture


def decode_path(path: Path) -> Pixels:
    """Returns the still in a file, as `decode_still` does. Raises SourceError also where the file cannot be opened."""
    with still_errors(path.name, str(path)), path.open("rb") as file:
        return decode_still(file, path.name)


def decode_still(file: BinaryIO, name: str) -> Pixels:
    """Returns a still, upright; the first picture where there are several. name: the file's, for errors.

    Raises SourceError if it cannot be read, is in another format (by its content, whatever its name says), or is
    larger than the bounds of `still_file`.
    """
    with still_errors(name):
        found = format_of(file, name)
        if found is not None and found.name == "EXR":
            return decode_exr(file, name)
        with open_frames(file, name) as image:
            refuse_hdr(file, image.format or "")
            with watched(name, size_of(file)):
                deep = _is_deep(image, file)
                if not deep:
                    image.load()
                    pixels = pixels_of(image)
                orientation, pages = image.getexif().get(ORIENTATION, 1), getattr(image, "n_frames", 1)
                profile = image.info.get("icc_profile")
            if deep:
                pixels = decode_deep(file, name, str(image.format).lower())
                pixels = _deep_in_srgb(pixels, profile)
            if pages > 1 and image.format == "TIFF":
                pixels = replace(pixels, notes=(*pixels.notes, f"has {pages} pages: the first is shown"))
        return upright(pixels, orientation if isinstance(orientation, int) else 1)


def shown_size(file: BinaryIO, name: str) -> tuple[int, int]:
    """Returns the width and height of a still, upright, by its head alone.

    Raises SourceError as `decode_still` does."""
    with still_errors(name):
        found = format_of(file, name)
        if found is not None and found.name == "EXR":
            return exr_size(file)
        with open_frames(file, name) as image, watched(name):
            width, height = image.size
            return (height, width) if _orientation(image) in SIDEWAYS else (width, height)


def _orientation(image: Image) -> int | None:
    """Returns EXIF's orientation by the head alone. Pillow decodes a PNG to look behind its picture."""
    from PIL import Image as Images

    if image.format != "PNG":
        return image.getexif().get(ORIENTATION)
    exif = Images.Exif()
    exif.load(image.info.get("exif") or b"")
    return exif.get(ORIENTATION)


def frame_of_pixels(pixels: Pixels, fill: str) -> VideoFrame:
    """Returns a picture as a frame: 4:4:4 of 10 bits, BT.709, limited range; transparent parts over `fill`.

    fill: #rrggbb. Its codes are the film's own, as those of titles and logos are: no curve is applied. The arithmetic
    is of single numbers in float32, so that every processor gives the same codes.
    """
    height, width = pixels.codes.shape[:2]
    frame = VideoFrame(width, height, PIXEL_FORMAT)
    planes = [plane_codes(frame, number) for number in range(3)]
    for top in range(0, height, ROWS):
        rows = slice(top, top + ROWS)
        alpha = None if pixels.alpha is None else pixels.alpha[rows]
        part = over_fill(pixels.codes[rows], alpha, fill)
        for plane, codes in zip(planes, codes_of_rgb(part), strict=True):
            plane[rows] = codes
    repeat_right_edge(frame)
    frame.colorspace, frame.color_range = BT709.matrix, 1
    frame.color_primaries, frame.color_trc = BT709.primaries, BT709.transfer
    return frame


def over_fill(codes: Array, alpha: Array | None, fill: str) -> Array:
    """Returns R'G'B', float32, 0..1, of codes with straight alpha over a colour; encoded values are mixed."""
    top = np.float32(np.iinfo(codes.dtype).max)
    rgb = codes.astype(np.float32) / top
    if alpha is None:
        return rgb
    share = (alpha.astype(np.float32) / top)[..., None]
    return np.asarray(rgb * share + np.array(hex_rgb(fill), np.float32) * (1 - share))


def codes_of_rgb(rgb: Array) -> tuple[Array, Array, Array]:
    """Returns the 10-bit limited-range codes of BT.709 R'G'B', float32, (..., 3): luma, Cb and Cr, uint16."""
    kr, kg, kb = map(np.float32, rgb_weights(BT709))
    blue_reach, red_reach = map(np.float32, chroma_reach(BT709))
    codes = code_range("limited", DEPTH)
    red, green, blue = (rgb[..., number] for number in range(3))
    luma = red * kr + green * kg + blue * kb
    values = (
        luma * np.float32(codes.luma) + np.float32(codes.black),
        (blue - luma) / blue_reach * np.float32(codes.chroma) + np.float32(codes.neutral),
        (red - luma) / red_reach * np.float32(codes.chroma) + np.float32(codes.neutral),
    )
    y, cb, cr = (np.rint(value).astype(np.uint16) for value in values)
    return y, cb, cr


def hex_rgb(text: str) -> tuple[float, float, float]:
    """Returns #rrggbb as display-encoded R'G'B', 0..1."""
    red, green, blue = (int(text[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _is_deep(image: Image, file: BinaryIO) -> bool:
    """Returns whether Pillow would drop bits of an image: PNG and TIFF with more than 8, but for plain grey of 16."""
    if image.format == "PNG":
        return image.mode not in ("I;16", "I;16B") and _png_bits(file) == 16
    if image.format != "TIFF":
        return False
    tags = getattr(image, "tag_v2", {})
    bits = tags.get(BITS_PER_SAMPLE, (1,))
    _refuse_cut_short(tags, size_of(file))
    return image.mode not in ("I;16", "I;16B", "F", "I") and max(bits) == 16


def _refuse_cut_short(tags: Mapping[int, Any], size: int) -> None:
    """Raises ValueError for a TIFF whose strips or tiles lie past its end: FFmpeg would show what is there."""
    for starts, lengths in STRIPS_AND_TILES:
        ends = [a + b for a, b in zip(tags.get(starts, ()), tags.get(lengths, ()), strict=False)]
        if max(ends, default=0) > size:
            raise ValueError("it is cut short")


def _png_bits(file: BinaryIO) -> int:
    here = file.tell()
    file.seek(24)  # IHDR: bits a sample, after width and height
    bits = file.read(1)
    file.seek(here)
    return bits[0] if bits else 8


def _deep_in_srgb(pixels: Pixels, profile: bytes | None) -> Pixels:
    if not profile:
        return pixels
    made = by_profile(pixels.codes, profile)
    alpha = pixels.alpha
    if alpha is not None and made.codes.dtype == np.uint8:
        alpha = np.rint(alpha / 257).astype(np.uint8)
    return replace(made, alpha=alpha)


def refuse_hdr(file: BinaryIO, kind: str) -> None:
    """Raises ValueError for a PNG or an AVIF that is tagged PQ or HLG: shown as sRGB it would be grey and flat."""
    here = file.tell()
    transfer = {"PNG": _png_transfer, "AVIF": _avif_transfer}.get(kind, lambda _: 0)(file)
    file.seek(here)
    if transfer in HDR_TRANSFERS:
        raise ValueError("HDR (PQ or HLG), which is not tone-mapped for stills: export it in sRGB")


def _png_transfer(file: BinaryIO) -> int:
    """Returns the transfer of a PNG's cICP chunk (11.3.2.6), wherever in front of its picture it is; 0 for none."""
    file.seek(8)
    while len(head := file.read(8)) == 8 and head[4:] not in (b"IDAT", b"IEND"):
        if head[4:] == b"cICP":
            return int.from_bytes(file.read(2)[1:])
        file.seek(int.from_bytes(head[:4]) + 4, 1)
    return 0


def _avif_transfer(file: BinaryIO) -> int:
    """Returns the transfer of an AVIF's colour box (ISO/IEC 14496-12, 12.1.5: 2 bytes each); 0 for none."""
    file.seek(0)
    head = file.read(AVIF_HEAD)
    place = head.find(b"colrnclx")
    return int.from_bytes(head[place + 10 : place + 12]) if place >= 0 else 0
