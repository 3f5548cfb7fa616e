"""Finding the mark in pictures of unknown size, place and grade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from post.values.array import Array
from provenance.durable import watermark_ecc
from provenance.durable.watermark_pattern import waves
from provenance.durable.watermark_search import Found, Search, chance

# Over keys, a picture without the mark is taken for one with it less than once in 20 million: of some 30 million
# places one stands out by LEAST_Z in 1 of 1,400 pictures, and of 2^32 identifiers with their checksums one fits by
# LEAST_FIT_Z in 1 of 18,000, on other waves. Both are bounds, see `chance`; tests/bench/watermark measures.
LEAST_Z, LEAST_FIT_Z = 7.0, 8.0
LINES = 720  # of the shorter side; more are not looked at: cells of larger films are larger
SMALLEST_SIDE = 64  # pixels: in less there is nothing to be found
FINE, NEAR, FAR = 9, 9, 15  # pixels a side: of detail; of what is around it in a frame, and in their sum


@dataclass(frozen=True, slots=True)
class Detected:
    """A mark that was read. identifier: 32 bits; z: how far it stands out, in standard deviations of chance;
    corrected: coded bits that were read wrong and put right; scale: pixels shown to a cell of the pattern."""

    identifier: int
    z: float
    corrected: int
    scale: float


@dataclass(frozen=True, slots=True)
class Likeliest:
    """The mark that is likeliest, be there one or not. fit_z: as z, of the waves that carry the identifier;
    checked: its checksum holds."""

    mark: Detected
    fit_z: float
    checked: bool

    @property
    def sure(self) -> bool:
        return self.mark.z >= LEAST_Z and self.fit_z >= LEAST_FIT_Z and self.checked


def detect(frames: Sequence[Array], key: bytes) -> Detected | None:
    """The mark of this key in frames of one film; None where there is none to be sure of.

    frames: luma as shown, (h, w) uint8 of one size; any will do, best some 48 from all over the film. It is found
    at 0.4 to 1.6 pixels to a cell (a pixel of a film of up to 720 lines), both axes alike within three percent,
    wherever the picture was cut out. Raises ValueError for frames that differ in size, or of another kind.
    """
    found = likeliest(frames, key)
    return found.mark if found is not None and found.sure else None


def likeliest(frames: Sequence[Array], key: bytes) -> Likeliest | None:
    """The likeliest mark, however unlikely; None where there is nothing to look at."""
    if not frames:
        return None
    residual, shrunk = _residual(frames)
    if min(residual.shape) < SMALLEST_SIDE or not residual.any():
        return None
    mine = waves(key)
    return _read(Search(residual, mine).best(), mine.bit, shrunk)


def _read(found: Found, bit: Array, shrunk: float) -> Likeliest:
    carrying = bit >= 0
    turned = found.turned[carrying]
    soft = np.bincount(bit[carrying], turned.real, watermark_ecc.LENGTH)
    identifier, checked = watermark_ecc.decode(soft)
    signs = watermark_ecc.encode(identifier)
    fit_z = float(soft @ signs) / chance(turned)
    corrected = int(((soft < 0) != (signs < 0)).sum())
    scale = float(np.sqrt(found.down * found.across)) * shrunk
    return Likeliest(Detected(identifier, found.z, corrected, scale), fit_z, checked)


def _residual(frames: Sequence[Array]) -> tuple[Array, float]:
    """What all frames have alike once their shapes are taken away, and how many times smaller it is than they."""
    shape = frames[0].shape
    if any(frame.shape != shape or frame.dtype != np.uint8 or frame.ndim != 2 for frame in frames):
        raise ValueError("frames must be (h, w) uint8, all of one size")
    shrunk = max(1.0, min(shape) / LINES)
    size = (round(shape[1] / shrunk), round(shape[0] / shrunk))
    total = np.zeros(size[::-1], np.float32)
    for frame in frames:
        total += _detail(frame, size)
    around = _mean(np.abs(total), FAR)
    return np.clip(total / (around + 0.5 * around.mean() + 1e-6), -2, 2), shrunk


def _detail(frame: Array, size: tuple[int, int]) -> Array:
    """Fine detail, evened out: a mark lies in it by the square root of how much there is."""
    import cv2

    if frame.shape != size[::-1]:
        frame = cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
    luma = frame.astype(np.float32)
    fine = luma - _mean(luma, FINE)
    around = _mean(np.abs(fine), NEAR) + 1
    return np.asarray(np.clip(fine / around, -2, 2) / np.sqrt(around))


def _mean(values: Array, side: int) -> Array:
    import cv2

    return np.asarray(cv2.blur(values, (side, side)))
