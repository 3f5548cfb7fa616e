"""Decodes stills of more than 8 bits with FFmpeg: PNG and TIFF of 16, and OpenEXR. Pillow keeps 8 of their bits.

OpenEXR holds light, not codes: 1.0 is read as the white of the screen and encoded by sRGB's curve; more than 1.0 is
clipped, and said. Colour is that of BT.709's primaries, which a file without `chromaticities` has; others are refused.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

import av
import numpy as np
from av import VideoFrame
from av.codec import CodecContext

from post.takes.stills.pixels import Pixels
from post.takes.stills.still_file import MOST_PIXELS, check_size
from post.values.array import Array
from post.watchdog import watched

# OpenEXR's header: no real one is longer; a preview image has 64 kB.
LONGEST_HEADER = 1 << 20
DEEP_DATA = 0x800  # a flag of the version field: several samples a pixel
# Red, green, blue and white of BT.709, x and y each: what a file without `chromaticities` has (OpenEXR, Standard
# Attributes). Writers round to three digits.
BT709_XY = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290)
SAME_XY = 0.002


def decode_deep(file: BinaryIO, name: str, codec: str) -> Pixels:
    """Returns a PNG or a TIFF of 16 bits a channel, as it is stored: by FFmpeg's decoder of that name.

    Raises ValueError where it holds other samples, FFmpegError where it does not decode.
    """
    frame = _decoded(file, name, codec)
    bits = {part.bits for part in frame.format.components}
    if bits != {16} or len(frame.planes) != 1:
        raise ValueError(f"samples in an order that is not read ({frame.format.name})")
    samples = _packed(frame)
    grey, alpha = samples.shape[2] < 3, samples.shape[2] in (2, 4)
    codes = samples[..., :1].repeat(3, 2) if grey else samples[..., :3]
    clear = alpha and int(samples[..., -1].min()) < 65535
    return Pixels(codes, samples[..., -1] if clear else None)


def decode_exr(file: BinaryIO, name: str) -> Pixels:
    """Returns an OpenEXR picture, its light encoded by sRGB's curve in 16 bits.

    Raises ValueError where it is too large, or in other primaries; FFmpegError where it does not decode.
    """
    found = dict(_attributes(file))
    _window(found, "dataWindow")
    _window(found, "displayWindow")
    _refuse_primaries(found)
    frame = _decoded(file, name, "exr")
    planes = [_floats(frame, number) for number in range(len(frame.planes))]
    if len(planes) < 3:  # luma alone
        light, alpha = np.stack(planes[:1] * 3, -1), None
    else:
        green, blue, red = planes[:3]
        light, alpha = np.stack((red, green, blue), -1), planes[3] if len(planes) > 3 else None
    light, cover = np.nan_to_num(light, nan=0.0, posinf=65504.0, neginf=0.0), None
    if alpha is not None and alpha.min() < 1:
        share = np.clip(np.nan_to_num(alpha), 0, 1)
        # Its colour is multiplied by its alpha (OpenEXR, Interpreting the Alpha Channel).
        light = np.where(share[..., None] > 0, light / np.maximum(share, 1e-6)[..., None], 0)
        cover = np.rint(share * 65535).astype(np.uint16)
    notes = ["is scene-linear: light of 1.0 is shown as white, by the curve of sRGB"]
    over = float(np.mean(light.max(-1) > 1))
    if over:
        notes.append(f"holds light above 1.0 in {over:.1%} of its picture, which is clipped to white")
    return Pixels(np.rint(srgb_signal(light) * 65535).astype(np.uint16), cover, tuple(notes))


def exr_size(file: BinaryIO) -> tuple[int, int]:
    """Returns the width and height of an OpenEXR picture. Raises ValueError as `decode_exr` does."""
    return _window(dict(_attributes(file)), "displayWindow")


def srgb_signal(light: Array) -> Array:
    """Returns display-encoded values, 0..1, of linear light, clipped to 0..1. Source: IEC 61966-2-1, 5.2."""
    light = np.clip(light.astype(np.float64), 0, 1)
    return np.asarray(np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055))


def _decoded(file: BinaryIO, name: str, codec: str) -> VideoFrame:
    file.seek(0)
    data = file.read()
    context = CodecContext.create(codec, "r")
    context.options = {"max_pixels": str(MOST_PIXELS)}
    if codec != "tiff":  # there it refuses strips that are padded, as many writers pad them
        context.options["err_detect"] = "explode"
    context.thread_count = 1
    with watched(name, len(data)):
        frames = [*context.decode(av.Packet(data)), *context.decode(None)]
    if not frames or not isinstance(frames[0], VideoFrame):
        raise ValueError("no picture decodes")
    check_size(frames[0].width, frames[0].height)
    return frames[0]


def _packed(frame: VideoFrame) -> Array:
    """Returns samples of 16 bits, (height, width, channels) uint16."""
    order, channels = ">" if frame.format.name.endswith("be") else "<", len(frame.format.components)
    plane = frame.planes[0]
    rows = np.frombuffer(memoryview(plane), f"{order}u2").reshape(plane.height, -1)
    wide = rows[:, : frame.width * channels].reshape(frame.height, frame.width, channels)
    return wide.astype(np.uint16)


def _floats(frame: VideoFrame, number: int) -> Array:
    if not frame.format.name.endswith("f32le"):
        raise ValueError(f"samples in an order that is not read ({frame.format.name})")
    plane = frame.planes[number]
    return np.frombuffer(memoryview(plane), "<f4").reshape(plane.height, -1)[:, : frame.width]


def _window(found: dict[str, bytes], key: str) -> tuple[int, int]:
    """Returns the width and height of a window. Raises ValueError for one that is not there, or past the bounds."""
    if len(found.get(key, b"")) != 16:
        raise ValueError(f"a header without {key}")
    left, top, right, bottom = struct.unpack("<4i", found[key])
    check_size(right - left + 1, bottom - top + 1)
    return right - left + 1, bottom - top + 1


def _refuse_primaries(found: dict[str, bytes]) -> None:
    stated = found.get("chromaticities")
    if stated is None or len(stated) != 32:
        return
    xy = struct.unpack("<8f", stated)
    if any(abs(a - b) > SAME_XY for a, b in zip(xy, BT709_XY, strict=True)):
        red = f"red at {xy[0]:.4f}, {xy[1]:.4f}"
        raise ValueError(f"light in other primaries than BT.709's ({red}): export it in linear BT.709 (sRGB)")


def _attributes(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """Yields the attributes of an OpenEXR file's first header. Source: OpenEXR File Layout."""
    file.seek(4)
    head = file.read(LONGEST_HEADER)
    if len(head) < 4:
        raise ValueError("it is cut short")
    if int.from_bytes(head[:4], "little") & DEEP_DATA:
        raise ValueError("deep data, of several samples a pixel")
    at = 4
    while at < len(head) and head[at]:
        name, _, rest = head[at:].partition(b"\0")
        kind, _, rest = rest.partition(b"\0")
        size = int.from_bytes(rest[:4], "little", signed=True)
        if not 0 <= size <= len(rest):
            raise ValueError("a header that is damaged")
        yield name.decode("latin-1"), rest[4 : 4 + size]
        at += len(name) + len(kind) + 2 + 4 + size
