"""WAVE files written byte by byte: heads that are rare, wrong or lying."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

from post.values.array import Array

PCM, EXTENSIBLE = 1, 0xFFFE
GUID_TAIL = bytes.fromhex("000000001000800000aa00389b71")  # behind the format tag, of every sub-format
UNKNOWN = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class WaveRecipe:
    """A WAVE file of integers.

    bits: of a sample as stored; valid: of those, the upper ones that count, 0 for a head that is not extensible; mask:
    of the loudspeakers; claimed: bytes of samples by the head, None for the truth; opening: RIFF, RF64 or BW64; before:
    chunks before the format.
    """

    rate_hz: int = 48_000
    bits: int = 16
    valid: int = 0
    mask: int = 0
    claimed: int | None = None
    opening: bytes = b"RIFF"
    before: bytes = b""

    def build(self, pcm: Array) -> bytes:
        """Returns the file. pcm: (samples, channels), full scale 1."""
        data = self._integers(pcm)
        channels = pcm.shape[1]
        frame = channels * self.bits // 8
        tag = EXTENSIBLE if self.valid else PCM
        form = struct.pack("<HHIIHH", tag, channels, self.rate_hz, self.rate_hz * frame, frame, self.bits)
        if self.valid:
            form += struct.pack("<HHIH", 22, self.valid, self.mask, PCM) + GUID_TAIL
        size = len(data) if self.claimed is None else self.claimed
        long = b""
        if self.opening != b"RIFF":
            long = b"ds64" + struct.pack("<IQQQI", 28, len(data) + 80, len(data), len(pcm), 0)
            size = UNKNOWN
        body = b"WAVE" + long + self.before + b"fmt " + struct.pack("<I", len(form)) + form
        body += b"data" + struct.pack("<I", size) + data
        return self.opening + struct.pack("<I", UNKNOWN if size == UNKNOWN else len(body)) + body

    def _integers(self, pcm: Array) -> bytes:
        unused = self.bits - (self.valid or self.bits)
        steps = 2.0 ** (self.bits - 1)
        whole = (
            np.clip(np.rint(pcm.astype(np.float64) * steps), -steps, steps - 1).astype("<i8")
            >> unused
            << unused
        )
        return whole.reshape(-1, 1).view("u1")[:, : self.bits // 8].tobytes()


def bext(start: int) -> bytes:
    """Returns the chunk that makes a WAVE file a BWF (EBU Tech 3285). start: its first sample since midnight."""
    texts = b"A boom".ljust(256, b"\0") + b"Studio".ljust(32, b"\0") + b"1".ljust(32, b"\0")
    body = texts + b"2026-11-3010:00:00" + struct.pack("<IIH", start, 0, 1) + bytes(254)
    return b"bext" + struct.pack("<I", len(body)) + body
