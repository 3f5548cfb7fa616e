"""Measures banding by CAMBI, the contrast-aware multiscale banding index, over a few frames of a clip.

A pixel counts if its surroundings are flat except for one small step: many neighbours have its own level, and
many have a level one to four 10-bit codes away, a difference that the eye sees at that luminance. 0 is no
banding; about 5 begins to annoy; 24 is unwatchable.

Source: P. Tandon, M. Afonso, J. Sole, L. Krasula, "CAMBI: Contrast-aware Multiscale Banding Index", PCS
2021, as refined in libvmaf 2 and 3 (modes taken along rows, then columns; window by width and height).
Within 1e-5 of libvmaf 3's own on every picture of tests/measure/test_banding.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from post.measure.fact import ClipLength, Known, Measure, Unmeasured, measure
from post.measure.frames import Step
from post.values.array import Array

SAMPLES = 3
LEAST_SIDE = 216  # libvmaf's own limit; in smaller pictures a degree of view has too few pixels
SCALE_WEIGHTS = (16, 8, 4, 2, 1)
CONTRAST_WEIGHTS = (1, 2, 3, 4)  # for steps of one to four 10-bit codes
POOLED = 0.6  # share of the pixels, the worst, that are averaged
WINDOW = 65  # pixels in about one degree of view of a 4K picture
VISIBLE = 0.019  # the smallest visible step in luminance, as a share of that luminance
MASK_SIDE = 7
TILE = 64  # pixels: counting goes level by level, and a tile of a flat area has few levels

# The display that visibility is judged on: BT.1886, white 300 cd/m2, black .01 cd/m2.
WHITE, BLACK, GAMMA = 300.0, 0.01, 2.4
FOOT, HEAD = 64, 940


@dataclass(frozen=True, slots=True)
class Banding:
    """The banding of a clip, 0 upward. cambi: mean over the sampled frames; worst: the highest of them."""

    cambi: float
    worst: float


@measure("banding", version=1, gives=Banding)
class BandingMeasure(Measure):
    def __init__(self, footage: ClipLength) -> None:
        at = (np.arange(SAMPLES) * 2 + 1) * footage.length // (2 * SAMPLES)
        self._wanted = {int(number) for number in at}
        self._scores: list[tuple[int, float]] = []

    def see(self, step: Step) -> None:
        frame = step.frame
        if frame.number in self._wanted and max(frame.luma.shape) >= LEAST_SIDE:
            self._scores.append((frame.number, cambi(frame.luma, frame.depth)))

    def found(self, known: Known) -> Banding | Unmeasured:  # noqa: ARG002  needs no other fact
        if not self._scores:
            return Unmeasured(f"CAMBI is defined for pictures of {LEAST_SIDE} pixels or more along a side")
        scores = [score for _, score in self._scores]
        return Banding(float(np.mean(scores)), max(scores))

    @property
    def scores(self) -> tuple[tuple[int, float], ...]:
        """The frames that were sampled so far, with their CAMBI."""
        return tuple(self._scores)


def cambi(luma: Array, depth: int) -> float:
    """Returns the index of one picture, 0 upward. luma: (height, width) codes of `depth` bits, 8 to 16."""
    picture = _ten_bit(luma, depth)
    height, width = picture.shape
    window = WINDOW * (width + height) // 375 >> 4
    reach = window >> 1
    mask = _flat(picture)
    total = 0.0
    for i, weight in enumerate(SCALE_WEIGHTS):
        if i:
            picture, mask = picture[::2, ::2], mask[::2, ::2]
        picture = _modes(picture)
        total += weight * _pooled(_contrast(picture, mask, reach))
    return float(total / (2 * reach + 1) ** 2)


def _ten_bit(luma: Array, depth: int) -> Array:
    if depth >= 10:
        shift = depth - 10
        return ((luma.astype(np.uint32) + ((1 << shift) >> 1)) >> shift).astype(np.uint16)
    picture = luma.astype(np.uint16) << (10 - depth)
    return _undithered(picture)


def _undithered(picture: Array) -> Array:
    """Averages each pixel with its right and lower neighbours, because 8-bit dither has steps as large as a band's."""
    out = picture.copy()
    down = picture[:-1] + picture[1:]
    out[:-1, :-1] = (down[:, :-1] + down[:, 1:]) >> 2
    out[:-1, -1] = down[:, -1] >> 1
    out[-1, :-1] = (picture[-1, :-1] + picture[-1, 1:]) >> 1
    return out


def _flat(picture: Array) -> Array:
    """Returns a mask (uint8): 1 if most pixels around equal their right and lower neighbours, so without texture."""
    import cv2

    height, width = picture.shape
    still = np.ones(picture.shape, np.uint8)
    still[:, :-1] &= picture[:, :-1] == picture[:, 1:]
    still[:-1] &= picture[:-1] == picture[1:]
    count = cv2.boxFilter(
        still, cv2.CV_16U, (MASK_SIDE, MASK_SIDE), normalize=False, borderType=cv2.BORDER_CONSTANT
    )
    # Smaller pictures need fewer equal pixels: 3/2 fewer for each halving of the area below 3840x2160.
    size = max((width >> 6) * (height >> 6) - 1, 0).bit_length()
    asked = (MASK_SIDE**2 + 3 * (size - 11) - 1) >> 1
    return np.asarray(count > asked, np.uint8)


def _mode(a: Array, b: Array, c: Array) -> Array:
    """Returns the value that at least two of three share, or the least if all differ."""
    least = np.minimum(np.minimum(a, b), c)
    return np.where((a == b) | (a == c), a, np.where(b == c, b, least))


def _modes(picture: Array) -> Array:
    out = picture.copy()
    out[:, 1:-1] = _mode(picture[:, :-2], picture[:, 1:-1], picture[:, 2:])
    inner = _mode(out[:-2], out[1:-1], out[2:])
    out[1:-1], out[0], out[-1] = inner, picture[0], picture[-1]
    return out


def _contrast(picture: Array, mask: Array, reach: int) -> Array:
    """Returns the contrast of a band at each pixel, (height, width) float32; 0 outside the mask."""
    out = np.zeros(picture.shape, np.float32)
    height, width = picture.shape
    for top in range(0, height, TILE):
        for left in range(0, width, TILE):
            if mask[top : top + TILE, left : left + TILE].any():
                out[top : top + TILE, left : left + TILE] = _tile(picture, mask, top, left, reach)
    return out


def _tile(picture: Array, mask: Array, top: int, left: int, reach: int) -> Array:
    """Returns the contrasts of the tile at (top, left), computed from the tile and its surroundings."""
    above, before = min(reach, top), min(reach, left)
    rows = slice(top - above, top + TILE + reach)
    columns = slice(left - before, left + TILE + reach)
    near, open_here = picture[rows, columns], mask[rows, columns]
    inside = (slice(above, above + TILE), slice(before, before + TILE))
    levels = near[inside].ravel()
    counts = _Counts(near, open_here, reach, inside)
    out = np.zeros(levels.shape, np.float32)
    wanted = np.flatnonzero(open_here[inside])
    # Sorting puts the pixels of one level together. Searching for each level's pixels took a third of the time.
    wanted = wanted[np.argsort(levels[wanted], kind="stable")]
    found, starts = np.unique(levels[wanted], return_index=True)
    for level, here in zip(found, np.split(wanted, starts[1:]), strict=True):
        out[here] = _response(counts, int(level), here)
    return out.reshape(near[inside].shape)


def _response(counts: _Counts, level: int, here: Array) -> Array:
    """Returns, for the pixels of a level, the strongest weighted contrast with levels one to four codes away."""
    own = counts.of(level)[here]
    best = np.zeros(own.shape, np.float32)
    for step, weight in enumerate(CONTRAST_WEIGHTS, 1):
        if level > _highest_visible(step):
            continue
        for other in (level + step, level - step):
            if other in counts:
                them = counts.of(other)[here]
                np.maximum(best, weight * own * them / (own + them), out=best)
    return best


class _Counts:
    """Counts, for each pixel of a tile, the pixels of a level inside the mask in the window around it.

    The pixels of a tile are numbered row by row.
    """

    def __init__(self, near: Array, open_here: Array, reach: int, inside: tuple[slice, slice]) -> None:
        self._levels = np.where(open_here != 0, near.astype(np.int16), np.int16(-1))
        self._inside, self._side = inside, 2 * reach + 1
        self._present = set(np.unique(self._levels).tolist())
        self._made: dict[int, Array] = {}

    def __contains__(self, level: int) -> bool:
        return level in self._present

    def of(self, level: int) -> Array:
        if level not in self._made:
            import cv2

            window = (self._side, self._side)
            found = (self._levels == level).astype(np.uint8)
            every = cv2.boxFilter(found, cv2.CV_32F, window, normalize=False, borderType=cv2.BORDER_CONSTANT)
            self._made[level] = every[self._inside].ravel()
        return self._made[level]


@cache
def _highest_visible(step: int) -> int:
    """Returns the highest 10-bit level at which a step up by `step` codes is visible; 0 if at none."""
    levels = np.arange(FOOT, HEAD - step)
    low, high = _luminance(levels), _luminance(levels + step)
    seen = high - low > VISIBLE * low
    if seen.all():
        return 1023
    return int(levels[np.argmin(seen) - 1]) if seen[0] else 0


def _luminance(levels: Array) -> Array:
    """Returns the luminance in cd/m2 of limited-range 10-bit codes. Source: BT.1886, Annex 1."""
    white, black = WHITE ** (1 / GAMMA), BLACK ** (1 / GAMMA)
    signal = np.clip((levels - FOOT) / (HEAD - FOOT), 0, 1)
    return np.asarray((signal * (white - black) + black) ** GAMMA)


def _pooled(contrasts: Array) -> float:
    """Returns the mean over the worst POOLED share of the pixels."""
    flat = contrasts.ravel()
    kept = min(max(int(POOLED * flat.size), 1), flat.size)
    # Most pixels are of no band, and numpy is slow to part many equal values: those zeros only count.
    seen = flat[flat > 0]
    worst = seen if seen.size <= kept else np.partition(seen, seen.size - kept)[seen.size - kept :]
    return float(worst.sum(dtype=np.float64)) / kept
