"""Compares blocks of two frames that show the same thing: the difference is grain.

Only blocks that stand still or moved by whole pixels are used, for resampling would smooth the grain. Slow
differences (light, focus) are fitted and taken off; blocks where something else moved are told by their
unevenness, and blocks that the codec repeated by holding the very same codes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from post.measure.frames import Frame, smaller
from post.measure.grain.spectrum import block_power
from post.measure.grain.surface import subtract_surface, survival
from post.values.array import Array

BLOCK = 32
SUB = 8
MOTION_SIDE = 480  # motion is looked for in pictures whose longer side is this to twice it
LEAST_FOR_MOTION = 32  # pixels a side; in less there is no looking for any
BLUR = 1.6  # sigma, in full-size pixels, so that motion follows the picture and not the grain
OFF_GRID, MOTION_SPREAD = 0.10, 0.25  # pixels
UNEVEN = 3.2  # a block's noisiest part over its middling one, in variance
MOST_BLOCKS, MOST_UNSURE = 400, 150  # of a pair, evenly spread
LUMA_BINS = 12
CLIPPED = (1.0, 254.0)  # 8-bit codes
# Detail of a block over what of it changes, in variance: up to this it is flat, and motion does not matter.
FLAT = 1.3
HELD = 0.6  # share of a block's samples that are the very same: the codec repeated it
ROUNDING = 1 / 12  # variance that rounding to codes adds, in codes squared


@dataclass(frozen=True, eq=False)
class Blocks:
    """The n blocks of one pair of frames, in 8-bit codes and codes squared.

    luma: (n,) mean; changing: (n,) variance of one frame's grain; tally: (n, 3, LUMA_BINS) for the pixels of
    each luma: how many, the sum of their luma, the sum of their grain squared; power: (n, 17, 17) spectra.
    colour: what Cb and Cr say, or None for a grey clip.
    sure: (n,) whether its motion was found, or is of no matter because the block is flat.
    where: (n, 2) int, the blocks' places in the first frame, y then x, and onward in the second; change:
    (n, BLOCK, BLOCK) float32, what of one frame's grain changed, less the surface.
    rounding: what rounding to codes adds to a variance.
    frame: the second frame's number; held, tried: how many blocks were the very same in both, of how many.
    """

    frame: int
    luma: Array
    changing: Array
    tally: Array
    power: Array
    colour: ChromaGrain | None
    sure: Array
    where: Array
    onward: Array
    change: Array
    rounding: float
    held: int
    tried: int

    def without_samples(self) -> Blocks:
        """Returns the blocks without the arrays that take most memory."""
        return replace(self, change=self.change[:0])


@dataclass(frozen=True, eq=False, slots=True)
class ChromaGrain:
    """The grain in Cb and Cr of the same n blocks; NaN where their samples cannot be aligned.

    energy: (n, 2) variances; power: (n, m, m) spectra, mean of both; with_luma: (n, 2) covariances with
    luma's grain as it is in chroma's larger samples, and luma: (n,) its variance there.
    """

    energy: Array
    power: Array
    with_luma: Array
    luma: Array


def bin_of(luma: Array) -> Array:
    """Returns the bin of LUMA_BINS for a luma of 0..255."""
    return np.minimum(luma * (LUMA_BINS / 256), LUMA_BINS - 1).astype(np.intp)


def compare(a: Frame, b: Frame) -> Blocks:
    """Measures grain in two frames of the same size, at least BLOCK a side.

    Motion is not to be found where there is nothing but grain to follow, and there it does not matter: such
    blocks are compared where most of the picture went.
    """
    places, shifts, sure = _blocks_to_compare(a, b)
    old = _cut(a.luma, places, BLOCK) / a.unit
    new = _cut(b.luma, places + shifts, BLOCK) / b.unit
    held = (old == new).mean((1, 2)) > HELD
    lowest, highest = np.minimum(old, new).min((1, 2)), np.maximum(old, new).max((1, 2))
    whole = np.flatnonzero(~held & (lowest > CLIPPED[0]) & (highest < CLIPPED[1]))
    change = (new[whole] - old[whole]) / np.float32(np.sqrt(2))
    usable, unsure = _even(change), np.flatnonzero(~sure[whole])
    usable[unsure] &= _flat(old[whole[unsure]], change[unsure])
    good = np.flatnonzero(usable)
    kept, rounding = whole[good], ROUNDING / a.unit**2
    rest, share = subtract_surface(change[good])
    grain = rest**2 * share - rounding
    return Blocks(
        frame=b.number,
        luma=(old[kept] + new[kept]).mean((1, 2)) / 2,
        changing=grain.mean((1, 2)).clip(0),
        tally=_tally((old[kept] + new[kept]) / 2, grain),
        power=block_power(rest) - rounding * survival(BLOCK),
        colour=_colour(a, b, (places[kept], shifts[kept]), rest) if a.chroma else None,
        sure=sure[kept],
        where=places[kept],
        onward=places[kept] + shifts[kept],
        change=rest,
        rounding=rounding,
        held=int(held.sum()),
        tried=len(places),
    )


def _tally(luma: Array, energy: Array) -> Array:
    """Returns (n, 3, LUMA_BINS) sums for blocks of luma and of grain squared, (n, BLOCK, BLOCK) each."""
    # The sum of two frames' grain says nothing of their difference, so choosing by it favours no strength.
    place = (bin_of(luma) + LUMA_BINS * np.arange(len(luma))[:, None, None]).ravel()
    weights = (None, luma.ravel(), energy.ravel())
    bins = len(luma) * LUMA_BINS
    return np.stack(
        [np.bincount(place, one, minlength=bins).reshape(len(luma), LUMA_BINS) for one in weights], 1
    )


def _blocks_to_compare(a: Frame, b: Frame) -> tuple[Array, Array, Array]:
    """Returns (places, shifts, sure): where blocks of `a` are and how far they moved in `b`, (n, 2) int each, y then
    x; and (n,) which of them moved as a whole by whole pixels."""
    middle, spread = _block_motion(a, b)
    near = np.rint(middle)
    steady = (np.abs(middle - near) < OFF_GRID).all(1) & (spread < MOTION_SPREAD).all(1)
    most = np.rint(np.median(middle[steady], 0)) if steady.any() else np.zeros(2)
    shifts = np.where(steady[:, None], near, most).astype(np.intp)[:, ::-1]
    columns = a.luma.shape[1] // BLOCK
    places = np.stack(np.divmod(np.arange(len(middle)), columns), 1) * BLOCK
    target, limits = places + shifts, np.array(b.luma.shape) - BLOCK
    inside = (target >= 0).all(1) & (target <= limits).all(1)
    kinds = ((steady, MOST_BLOCKS), (~steady, MOST_UNSURE))
    chosen = np.concatenate([_thinned(np.flatnonzero(inside & kind), most) for kind, most in kinds])
    return places[chosen], shifts[chosen], steady[chosen]


def _thinned(some: Array, most: int) -> Array:
    """Returns at most `most` of the items, evenly spread."""
    return some[:: max(1, -(-len(some) // most))]


def _block_motion(a: Frame, b: Frame) -> tuple[Array, Array]:
    """Returns the median and the spread of motion in each block, (n, 2) float in full-size pixels, x then y."""
    motion, scale = _motion(a, b)
    side = BLOCK // scale
    rows, columns = a.luma.shape[0] // BLOCK, a.luma.shape[1] // BLOCK
    whole = motion[: rows * side, : columns * side]
    mean, mean_square = (_block_means(part, rows, columns) for part in (whole, whole * whole))
    middle, spread = mean * scale, np.sqrt(np.maximum(mean_square - mean**2, 0)) * scale
    even = np.flatnonzero((spread < MOTION_SPREAD).all(1))
    parts = whole.reshape(rows, side, columns, side, 2).transpose(0, 2, 1, 3, 4)
    # Medians cost more than all the rest: only of blocks that may be of use.
    flat = parts[even // columns, even % columns].reshape(len(even), side * side, 2)
    middle[even] = np.median(flat, axis=1) * scale
    return middle, spread


def _block_means(field: Array, rows: int, columns: int) -> Array:
    import cv2

    means = cv2.resize(field, (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(means).reshape(rows * columns, 2)


def _motion(a: Frame, b: Frame) -> tuple[Array, int]:
    """Returns motion in a reduced picture, and how many full-size pixels one of its pixels spans."""
    import cv2

    cv2.setNumThreads(1)
    reduced = [smaller(frame.luma, MOTION_SIDE) for frame in (a, b)]
    scale = a.luma.shape[1] // reduced[0].shape[1]
    eight_bit = [np.rint(plane / np.float32(a.unit)).astype(np.uint8) for plane in reduced]
    soft = [cv2.GaussianBlur(plane, (0, 0), BLUR / min(scale, 2)) for plane in eight_bit]
    if min(soft[0].shape) < LEAST_FOR_MOTION:
        return np.zeros((*soft[0].shape, 2), np.float32), scale
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    return np.asarray(search.calc(soft[0], soft[1], np.zeros((*soft[0].shape, 2), np.float32))), scale


def _cut(plane: Array, places: Array, side: int) -> Array:
    """Returns the blocks at places, (n, side, side) float32, in codes."""
    every = np.lib.stride_tricks.sliding_window_view(plane, (side, side))
    return every[places[:, 0], places[:, 1]].astype(np.float32)


def _even(change: Array) -> Array:
    """Returns (n,) whether the change of a block is equally strong in all its parts."""
    parts = change.reshape(len(change), BLOCK // SUB, SUB, BLOCK // SUB, SUB)
    spreads = parts.var((2, 4)).reshape(len(change), (BLOCK // SUB) ** 2)
    return np.asarray(spreads.max(1) <= UNEVEN * (np.median(spreads, 1) + 1e-6))


def _flat(blocks: Array, change: Array) -> Array:
    """Returns (n,) whether all the detail of a block is in its change."""
    detail, changing = (_about_surface(part).mean((1, 2)) for part in (blocks, change))
    return np.asarray(detail <= FLAT * changing)


def _about_surface(blocks: Array) -> Array:
    """Returns the squared residual of a quadratic surface fitted to each block, (n, side, side)."""
    rest, share = subtract_surface(blocks)
    return np.asarray(rest**2 * share)


def _colour(a: Frame, b: Frame, laid: tuple[Array, Array], luma: Array) -> ChromaGrain:
    """Measures blocks of the chroma planes at the places and shifts of luma. luma: its change there."""
    places, shifts = laid
    fold = 2 // np.minimum(_ratio(a, a.chroma[0]), 2)
    olds, news = ([_folded(plane, fold) for plane in frame.chroma] for frame in (a, b))
    ratio = _ratio(a, olds[0])
    side = BLOCK // int(ratio.max())
    out = _nothing_of_colour(len(places), side)
    fits = np.flatnonzero((shifts % ratio == 0).all(1))
    old, new = places[fits] // ratio, (places[fits] + shifts[fits]) // ratio
    corner = luma[fits, : side * ratio[0], : side * ratio[1]]
    under = corner.reshape(len(fits), side, ratio[0], side, ratio[1]).mean((2, 4))
    under -= under.mean((1, 2), keepdims=True)
    rounding = ROUNDING / a.unit**2
    out.luma[fits] = (under**2).mean((1, 2)) - rounding / ratio.prod()
    rounding /= fold.prod()
    out.power[fits] = -rounding * survival(side)
    for plane, (before, after) in enumerate(zip(olds, news, strict=True)):
        change = (_cut(after, new, side) - _cut(before, old, side)) / np.float32(a.unit * np.sqrt(2))
        rest, share = subtract_surface(change)
        out.energy[fits, plane] = (rest**2).mean((1, 2)) * share - rounding
        out.with_luma[fits, plane] = (rest * under).mean((1, 2))
        out.power[fits] += block_power(rest) / 2
    return out


def _ratio(frame: Frame, plane: Array) -> Array:
    """Returns how many luma samples one sample of a plane spans, down and across."""
    return np.array([round(mine / its) for mine, its in zip(frame.luma.shape, plane.shape, strict=True)])


def _folded(plane: Array, fold: Array) -> Array:
    """Reduces 4:4:4 chroma to 4:2:0, as films hold it, so that colour grain measures the same in any file."""
    down, across = fold.tolist()
    if (down, across) == (1, 1):
        return plane
    height, width = plane.shape[0] // down, plane.shape[1] // across
    parts = plane[: height * down, : width * across].reshape(height, down, width, across)
    return np.asarray(parts.mean((1, 3), dtype=np.float32))


def _nothing_of_colour(count: int, side: int) -> ChromaGrain:
    shapes = ((2,), (side // 2 + 1, side // 2 + 1), (2,), ())
    return ChromaGrain(*(np.full((count, *shape), np.nan, np.float32) for shape in shapes))
