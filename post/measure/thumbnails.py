"""Keeps a very small picture of every frame, for questions that no other measure foresees."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass

import numpy as np

from post.measure.fact import ClipLength, Known, Measure, Unmeasured, measure
from post.measure.frames import Step
from post.values.array import Array

SIDE = 64  # pixels of the longer side: a capital of a title covers one or two
MOST_BYTES = 64 << 20  # unpacked: 2.5 hours at 24 frames a second need more


@dataclass(frozen=True, slots=True)
class Thumbnails:
    """Every frame of a clip, in order, as it is stored: not turned, its pixels as wide as they are.

    from_rgb: converted from RGB to limited range by BT.709, and not in the file's own colour; packed: Y', Cb and Cr as
    uint8 codes, (frames, height, width, 3), by zlib in base64.
    """

    frames: int
    height: int
    width: int
    from_rgb: bool
    packed: str

    def unpacked(self) -> Array:
        """Returns the codes, (frames, height, width, 3) uint8. Raises ValueError where they are not all there."""
        shape = (self.frames, self.height, self.width, 3)
        size = int(np.prod(shape))
        data = zlib.decompressobj().decompress(b64decode(self.packed), min(size, MOST_BYTES) + 1)
        if len(data) != size:
            raise ValueError("thumbnails of another size than they say")
        return np.frombuffer(data, np.uint8).reshape(shape)


@measure("thumbnails", version=1, gives=Thumbnails)
class ThumbnailsMeasure(Measure):
    def __init__(self, footage: ClipLength) -> None:  # noqa: ARG002  it reads frames alone
        self._codes: list[Array] = []
        self._from_rgb = False
        self._fault = ""

    def see(self, step: Step) -> None:
        import cv2

        small = step.frame.small
        height, width = small.luma.shape
        share = min(1.0, SIDE / max(height, width))
        size = max(1, round(width * share)), max(1, round(height * share))
        planes = [
            cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in (small.luma, small.cb, small.cr)
        ]
        self._from_rgb |= step.frame.from_rgb
        codes = np.clip(np.rint(np.stack(planes, -1)), 0, 255).astype(np.uint8)
        if self._codes and codes.shape != self._codes[0].shape:
            self._fault = "its frames change their size"
        self._codes.append(codes)

    def found(self, known: Known) -> Thumbnails | Unmeasured:  # noqa: ARG002  it needs no other measure
        if self._fault or not self._codes:
            return Unmeasured(self._fault or "it has no frames")
        codes = np.stack(self._codes)
        if codes.nbytes > MOST_BYTES:
            return Unmeasured("it is too long")
        packed = b64encode(zlib.compress(codes.tobytes(), 1)).decode()
        return Thumbnails(len(codes), codes.shape[1], codes.shape[2], self._from_rgb, packed)
