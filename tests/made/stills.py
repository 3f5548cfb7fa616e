"""Makes stills and animations of odd kinds for tests: what a kind needs that Pillow does not write."""

from __future__ import annotations

import struct
import zlib
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av import VideoFrame
from av.codec import CodecContext
from av.video.codeccontext import VideoCodecContext
from PIL import ImageCms

from post.values.array import Array

Box = tuple[int, int, int, int]
RED, GREEN, BLUE, YELLOW = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)


def encoded(frame: VideoFrame, codec: str) -> bytes:
    """Returns a frame encoded by one of FFmpeg's encoders of stills."""
    context = CodecContext.create(codec, "w")
    assert isinstance(context, VideoCodecContext)
    context.width, context.height, context.pix_fmt = frame.width, frame.height, frame.format.name
    context.time_base, frame.pts = Fraction(1, 24), 0
    return b"".join(bytes(packet) for packet in [*context.encode(frame), *context.encode(None)])


def deep(path: Path, codes: Array) -> Path:
    """Writes uint16 R'G'B' or R'G'B'A, (height, width, channels), as a PNG or a TIFF of 16 bits, by its suffix."""
    height, width, channels = codes.shape
    codec, order = ("png", "be") if path.suffix == ".png" else ("tiff", "le")
    frame = VideoFrame(width, height, f"{'rgb48' if channels == 3 else 'rgba64'}{order}")
    rows = np.frombuffer(memoryview(frame.planes[0]), ">u2" if order == "be" else "<u2").reshape(height, -1)
    rows[:, : width * channels] = codes.reshape(height, -1)
    path.write_bytes(encoded(frame, codec))
    return path


def exr(path: Path, light: Array) -> Path:
    """Writes float32 light, (height, width, 3 or 4), as OpenEXR."""
    height, width, channels = light.shape
    frame = VideoFrame(width, height, "gbrpf32le" if channels == 3 else "gbrapf32le")
    for number, channel in enumerate((1, 2, 0, 3)[:channels]):
        plane = frame.planes[number]
        rows = np.frombuffer(memoryview(plane), "<f4").reshape(height, -1)
        rows[:, :width] = light[..., channel]
    path.write_bytes(encoded(frame, "exr"))
    return path


def with_chromaticities(data: bytes, xy: tuple[float, ...]) -> bytes:
    """Returns an OpenEXR file's head with that attribute put first: enough to be refused by."""
    attribute = b"chromaticities\0chromaticities\0" + struct.pack("<i8f", 32, *xy)
    return data[:8] + attribute + data[8:]


def png_chunk(name: bytes, content: bytes) -> bytes:
    """Returns a PNG's chunk with its checksum."""
    return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")


def with_chunk(data: bytes, name: bytes, content: bytes) -> bytes:
    """Returns a PNG with a chunk after its head."""
    return data[:33] + png_chunk(name, content) + data[33:]


def interlaced(path: Path, codes: Array) -> Path:
    """Writes uint8 R'G'B' as a PNG in Adam7's order. Source: PNG (ISO/IEC 15948), 8.2."""
    height, width, _ = codes.shape
    passes = (
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    )
    rows = [b"\0" + row.tobytes() for x, y, dx, dy in passes for row in codes[y::dy, x::dx] if row.size]
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 1)
    parts = (
        png_chunk(b"IHDR", head),
        png_chunk(b"IDAT", zlib.compress(b"".join(rows))),
        png_chunk(b"IEND", b""),
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))
    return path


def by_ffmpeg(path: Path) -> list[Array]:
    """Returns every frame of an animation as FFmpeg decodes it: (height, width, 4) uint8 R'G'B'A."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgba") for frame in container.decode(video=0)]


def display_p3() -> bytes:
    """An RGB profile of P3-D65's primaries (SMPTE EG 432-1) with sRGB's curve, version 2.1, D50 as ICC asks."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    columns = {b"rXYZ": (0.51512, 0.24120, -0.00105), b"gXYZ": (0.29198, 0.69225, 0.04189),
               b"bXYZ": (0.15710, 0.06657, 0.78407)}  # fmt: skip
    made, count = bytearray(srgb), int.from_bytes(srgb[128:132], "big")
    for at in range(132, 132 + 12 * count, 12):
        name, place = bytes(made[at : at + 4]), int.from_bytes(made[at + 4 : at + 8], "big")
        for n, value in enumerate(columns.get(name, ())):
            made[place + 8 + 4 * n : place + 12 + 4 * n] = round(value * 65536).to_bytes(
                4, "big", signed=True
            )
    return bytes(made)
