"""Shared by tests of brand elements: pictures with alpha whose every pixel is known, as files of each kind."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.stream import VideoStream
from PIL import Image

from post.values import File
from post.values.array import Array

WIDTH, HEIGHT, COUNT = 96, 64, 12
# Colour under what is clear, which shows as a fringe wherever alpha is not taken into account.
ORANGE, UNSEEN = (255, 120, 0), (0, 255, 0)


def picture(number: int) -> Array:
    """Returns an orange disc with a soft edge that moves to the right: (height, width, 4) uint8, straight alpha."""
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    away = np.hypot(x - 20 - 5 * number, y - HEIGHT / 2)
    alpha = np.clip((18 - away) / 8, 0, 1)
    rgb = np.where(alpha[..., None] > 0, np.array(ORANGE), np.array(UNSEEN))
    return np.asarray(np.dstack([rgb, alpha * 255]).round(), np.uint8)


def multiplied(rgba: Array) -> Array:
    """Returns uint8 pixels with colour multiplied by alpha, float32, 0..1."""
    out = rgba.astype(np.float32) / 255
    out[..., :3] *= out[..., 3:]
    return out


def filed(path: Path) -> File:
    """Returns a file by its content."""
    return File(hashlib.sha256(path.read_bytes()).hexdigest(), path.name, path)


def clip(
    path: Path, codec: str, pixel_format: str, rate: Fraction = Fraction(24), already: bool = False
) -> File:
    """Writes the pictures as a clip with alpha. already: with colour multiplied by alpha."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=rate)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, pixel_format
        if codec == "libvpx-vp9":
            stream.options = {"crf": "4", "b": "0"}
        for number in range(COUNT):
            rgba = picture(number)
            if already:
                rgba = np.rint(multiplied(rgba) * 255).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(rgba, "rgba")
            if pixel_format.startswith("yuva"):
                frame = frame.reformat(format=pixel_format, dst_colorspace="ITU709", dst_color_range="MPEG")
                frame.colorspace, frame.color_range, frame.color_primaries, frame.color_trc = 1, 1, 1, 1
                stream.codec_context.colorspace, stream.codec_context.color_range = 1, 1
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return filed(path)


def animation(path: Path) -> File:
    """Writes the pictures as a WebP or APNG of 25 frames a second, without loss."""
    first, *rest = [Image.fromarray(picture(number)) for number in range(COUNT)]
    how = {"lossless": True, "exact": True} if path.suffix == ".webp" else {"blend": 0}
    first.save(path, save_all=True, append_images=rest, duration=40, **how)
    return filed(path)
