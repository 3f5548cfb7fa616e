"""Detects the watermark in pictures whose size, crop and grade are unknown.

frames -> fine detail, evened out and summed -> where and how large the pattern is (`watermark_search`)
       -> soft bits -> identifier (`watermark_ecc`) -> is it certain?
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from post.values.array import Array
from post.values.watermark_geometry import cell_size
from provenance.durable import watermark_ecc
from provenance.durable.watermark_pattern import make_waves
from provenance.durable.watermark_search import PatternFit, PatternSearch, chance

# Over keys, a watermark is found in a picture without one less than once in 20 million. Of some 30 million places
# one reaches MIN_Z in 1 of 1,400 pictures; and of 2^32 identifiers with their checksums one reaches MIN_FIT_Z in 1 of
# 18,000, on other waves. Both are bounds, see `chance`; tests/bench/watermark measures.
MIN_Z, MIN_FIT_Z = 7.0, 8.0
MIN_SIDE = 64  # pixels; a smaller picture holds too little of the pattern
# Pixels, sides of box filters: for detail; for its level in a frame, and in the sum.
FINE, NEAR, FAR = 9, 9, 15


@dataclass(frozen=True, slots=True)
class DetectedWatermark:
    """A watermark that was read.

    identifier: 32 bits; z: how far it stands out, in standard deviations of chance; corrected: coded bits that were
    read wrong and corrected; scale: pixels to a cell of the pattern.
    """

    identifier: int
    z: float
    corrected: int
    scale: float


@dataclass(frozen=True, slots=True)
class LikeliestWatermark:
    """The likeliest watermark, whether there is one or not.

    fit_z: how well the waves that carry the identifier agree with it, as z; checked: its checksum is right.
    """

    watermark: DetectedWatermark
    fit_z: float
    checked: bool

    @property
    def is_certain(self) -> bool:
        """True if it stands out, its identifier fits, and its checksum is right."""
        return self.watermark.z >= MIN_Z and self.fit_z >= MIN_FIT_Z and self.checked


def detect(frames: Sequence[Array], key: bytes) -> DetectedWatermark | None:
    """Returns this key's watermark in frames of one film; None if there is none that is certain.

    frames: luma as shown, (h, w) uint8, all of one size; about 48 from all over the film are best. A watermark is
    found at 0.4 to 1.6 pixels to a cell (a cell is a pixel of a film of up to 720 lines), with both axes alike within
    three percent, in any crop. Raises ValueError if frames differ in size, or are of another type.
    """
    found = find_likeliest(frames, key)
    return found.watermark if found is not None and found.is_certain else None


def find_likeliest(frames: Sequence[Array], key: bytes) -> LikeliestWatermark | None:
    """Returns the likeliest watermark, however unlikely; None for no frames, tiny frames or flat frames.

    frames: as for `detect`. Raises ValueError as `detect` does.
    """
    if not frames:
        return None
    residual, shrunk = _residual(frames)
    if min(residual.shape) < MIN_SIDE or not residual.any():
        return None
    waves = make_waves(key)
    return _read(PatternSearch(residual, waves).find_best(), waves.bit, shrunk)


def _read(fit: PatternFit, bit: Array, shrunk: float) -> LikeliestWatermark:
    """Returns the watermark at a place. bit: of each wave; shrunk: how many times smaller the picture was made."""
    carrying = bit >= 0
    phases = fit.phases[carrying]
    soft = np.bincount(bit[carrying], phases.real, watermark_ecc.LENGTH)
    identifier, checked = watermark_ecc.decode(soft)
    signs = watermark_ecc.encode(identifier)
    fit_z = float(soft @ signs) / chance(phases)
    corrected = int(((soft < 0) != (signs < 0)).sum())
    scale = float(np.sqrt(fit.down * fit.across)) * shrunk
    return LikeliestWatermark(DetectedWatermark(identifier, fit.z, corrected, scale), fit_z, checked)


def _residual(frames: Sequence[Array]) -> tuple[Array, float]:
    """Returns what frames have in common without their shapes, (h, w) float32 within -2..2, and how much it shrank."""
    shape = frames[0].shape
    if any(frame.shape != shape or frame.dtype != np.uint8 or frame.ndim != 2 for frame in frames):
        raise ValueError("frames must be (h, w) uint8, all of one size")
    # Down to a pixel a cell: no more is looked at.
    shrunk = cell_size(shape)
    size = (round(shape[1] / shrunk), round(shape[0] / shrunk))
    total = np.zeros(size[::-1], np.float32)
    for frame in frames:
        total += _detail(frame, size)
    around = _mean(np.abs(total), FAR)
    return np.clip(total / (around + 0.5 * around.mean() + 1e-6), -2, 2), shrunk


def _detail(frame: Array, size: tuple[int, int]) -> Array:
    """Returns a frame's fine detail, evened out. size: width, height.

    The watermark's strength follows the square root of the detail around it, so dividing by that makes it even.
    """
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
