"""Decodes OpenEXR, which holds light and not codes.

Light of 1.0 is read as the white of the screen and encoded by sRGB's curve; more than 1.0 is clipped, and said. Colour
is that of BT.709's primaries, which a file without `chromaticities` has; others are refused. Source: OpenEXR, File
Layout and Standard Attributes.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from av import VideoFrame

from post.takes.stills.deep import decode_frame
from post.takes.stills.pixels import Pixels
from post.takes.stills.still_file import check_bytes, check_size, size_of
from post.values.array import Array

LONGEST_HEADER = 1 << 20  # bytes: no real one is longer; a preview image has 64 kB
MOST_ATTRIBUTES = 1000
DEEP_DATA = 0x800  # a flag of the version: several samples a pixel
# Scan lines in each part that is compressed as one, by the compression's number.
LINES_A_PART = {0: 1, 1: 1, 2: 1, 3: 16, 4: 32, 5: 16, 6: 32, 7: 32, 8: 32, 9: 256}
# Red, green, blue and white of BT.709, x and y each. Writers round to three digits.
BT709_XY = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290)
SAME_XY = 0.002
ROWS = 128  # encoded at a time
BRIGHTEST = 65504.0  # of a half float: infinite light


@dataclass(frozen=True, slots=True)
class Header:
    """An OpenEXR file's first header. attributes: values by name; end: where it ends in the file."""

    attributes: dict[str, bytes]
    end: int

    def window(self, key: str) -> tuple[int, int]:
        """Returns the width and height of a window. Raises ValueError if it is not there, or past the bounds."""
        held = self.attributes.get(key, b"")
        if len(held) != 16:
            raise ValueError(f"a header without {key}")
        left, top, right, bottom = struct.unpack("<4i", held)
        width, height = right - left + 1, bottom - top + 1
        if min(width, height) < 1:
            raise ValueError(f"a {key} of {width}x{height} pixels")
        check_size(width, height)
        return width, height


def decode_exr(file: BinaryIO, name: str) -> Pixels:
    """Returns an OpenEXR picture, its light encoded by sRGB's curve in 16 bits.

    Raises ValueError where it is too large, cut short or in other primaries; FFmpegError where it does not decode.
    """
    check_bytes(size_of(file))
    header = _header(file)
    header.window("displayWindow")
    _refuse_primaries(header)
    _refuse_cut_short(file, header)
    codes, alpha, over = _encoded(decode_frame(file, name, "exr"))
    notes = ["is scene-linear: light of 1.0 is shown as white, by the curve of sRGB"]
    if over:
        notes.append(f"holds light above 1.0 in {over:.1%} of its picture, which is clipped to white")
    return Pixels(codes, alpha, tuple(notes))


def exr_size(file: BinaryIO) -> tuple[int, int]:
    """Returns the width and height of an OpenEXR picture. Raises ValueError where they are past the bounds."""
    return _header(file).window("displayWindow")


def srgb_signal(light: Array) -> Array:
    """Returns display-encoded values, 0..1, of linear light, clipped to 0..1. Source: IEC 61966-2-1, 5.2."""
    light = np.clip(light.astype(np.float64), 0, 1)
    return np.asarray(np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055))


def _encoded(frame: VideoFrame) -> tuple[Array, Array | None, float]:
    """Returns codes, (height, width, 3) uint16; straight alpha, uint16, or None where all is opaque; and the share of
    pixels that are brighter than white. A few rows at a time: the curve takes six times the memory of the picture."""
    planes = [_floats(frame, number) for number in range(len(frame.planes))]
    if len(planes) < 3:  # luma alone
        planes = planes[:1] * 3
    height, width = planes[0].shape
    clear = len(planes) > 3 and bool(planes[3].min() < 1)
    codes, bright = np.empty((height, width, 3), np.uint16), 0
    alpha = np.empty((height, width), np.uint16) if clear else None
    for top in range(0, height, ROWS):
        rows = slice(top, top + ROWS)
        light, share = _light([plane[rows] for plane in planes[: 4 if clear else 3]])
        codes[rows] = np.rint(srgb_signal(light) * 65535)
        bright += int((light.max(-1) > 1).sum())
        if alpha is not None and share is not None:
            alpha[rows] = np.rint(share * 65535)
    return codes, alpha, bright / (height * width)


def _light(planes: Sequence[Array]) -> tuple[Array, Array | None]:
    """Returns light, (height, width, 3) float32, of green, blue, red and alpha; and alpha, 0..1, where it is given."""
    green, blue, red = planes[:3]
    light = np.nan_to_num(np.stack((red, green, blue), -1), nan=0.0, posinf=BRIGHTEST, neginf=0.0)
    if len(planes) < 4:
        return light, None
    share = np.clip(np.nan_to_num(planes[3]), 0, 1)
    # Colour is multiplied by alpha (OpenEXR, Interpreting the Alpha Channel).
    return np.where(share[..., None] > 0, light / np.maximum(share, 1e-6)[..., None], 0), share


def _floats(frame: VideoFrame, number: int) -> Array:
    if not frame.format.name.endswith("f32le"):
        raise ValueError(f"samples in an order that is not read ({frame.format.name})")
    plane = frame.planes[number]
    return np.frombuffer(memoryview(plane), "<f4").reshape(plane.height, -1)[:, : frame.width]


def _refuse_primaries(header: Header) -> None:
    stated = header.attributes.get("chromaticities", b"")
    if len(stated) != 32:
        return
    xy = struct.unpack("<8f", stated)
    if any(abs(a - b) > SAME_XY for a, b in zip(xy, BT709_XY, strict=True)):
        red = f"red at {xy[0]:.4f}, {xy[1]:.4f}"
        raise ValueError(f"light in other primaries than BT.709's ({red}): export it in linear BT.709 (sRGB)")


def _refuse_cut_short(file: BinaryIO, header: Header) -> None:
    """Raises ValueError where the last part of scan lines is past the file's end: FFmpeg leaves what is lost black."""
    lines = LINES_A_PART.get(int.from_bytes(header.attributes.get("compression", b""), "little"))
    _, height = header.window("dataWindow")
    if lines is None or "tiles" in header.attributes:
        return
    count = -(-height // lines)
    file.seek(header.end)
    table = file.read(8 * count)
    starts = [at for (at,) in struct.iter_unpack("<Q", table[: len(table) // 8 * 8])]
    size, last = size_of(file), max(starts, default=0)
    file.seek(min(last + 4, size))  # after the number of its first line
    length = int.from_bytes(file.read(4), "little", signed=True)
    if len(table) < 8 * count or last + 8 + max(length, 0) > size:
        raise ValueError("it is cut short")


def _header(file: BinaryIO) -> Header:
    file.seek(4)
    head = file.read(LONGEST_HEADER)
    if int.from_bytes(head[:4], "little") & DEEP_DATA:
        raise ValueError("deep data, of several samples a pixel")
    found: dict[str, bytes] = {}
    at = 4
    while head[at : at + 1] not in (b"", b"\0"):
        name_end = head.find(b"\0", at)
        kind_end = head.find(b"\0", name_end + 1)
        size = int.from_bytes(head[kind_end + 1 : kind_end + 5], "little", signed=True)
        value = kind_end + 5
        if min(name_end, kind_end) < 0 or not 0 <= size <= len(head) - value or len(found) >= MOST_ATTRIBUTES:
            raise ValueError("a header that is damaged, or cut short")
        found[head[at:name_end].decode("latin-1")] = head[value : value + size]
        at = value + size
    return Header(found, 4 + at + 1)
