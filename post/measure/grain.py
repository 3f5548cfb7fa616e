"""Grain: how strong it is at each luma, from what two frames that show the same thing differ by.

Blocks that moved by whole pixels (or not at all) are laid over each other: what is left is the grain of
both frames. Slow differences (light, focus) are fitted and taken off; blocks where something else moved
are told by their unevenness. Texture stays out of it; it is what a measure of single frames reads 29 %
too much from.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from post.measure.cuts import Cuts
from post.measure.fact import Footage, Known, Measure, Unmeasured, measure
from post.measure.frames import Frame, Step, smaller
from post.stage import Array

PAIRS, MOST_PAIRS = 6, 12  # looked at; where they hold few blocks, up to twice as many
BLOCK = 32
SUB = 8
SURFACE = 6  # modes of a quadratic surface
MOTION_SIDE = 480  # motion is looked for in pictures whose longer side is this to twice it
BLUR = 1.6  # sigma, in full-size pixels, so that motion follows the picture and not the grain
OFF_GRID, MOTION_SPREAD = 0.10, 0.25  # pixels
UNEVEN = 3.2  # a block's noisiest part over its middling one, in variance
MOST_BLOCKS = 700  # of a pair, evenly spread
LUMA_BINS = 12
LEAST_IN_BIN, LEAST_BLOCKS = 12, 48
CLIPPED = (1.0, 254.0)  # 8-bit codes
HELD = 0.6  # share of a block's samples that are the very same: the codec repeated it
ROUNDING = 1 / 12  # variance that rounding to codes adds, in codes squared
ENOUGH = 600  # blocks from which more add nothing to confidence
LEAST_PAIRS = 3  # that can be said to agree
# Pairs of frames whose strengths scatter by this (standard deviation over mean) are trusted by half. Before
# compression they scatter by .003 to .005; after x264 at CRF 10 by .012 to .03 (a tenth to a fifth of the
# grain is lost), at 16 by .025 to .05 (a fifth to a third), at 24 by .05 and more.
APART = 0.02


@dataclass(frozen=True, slots=True)
class Grain:
    """sigma: (luma, standard deviation in 8-bit codes) at rising luma, as a share (0..1) of the highest
    code; chroma: strength in Cb and Cr over luma's, None for grey clips; confidence: 0..1; blocks: how
    many it rests on.

    Confidence falls with few blocks, with blocks that the codec repeated instead of coding them, and where
    frames disagree: a codec spends more on some frames than on others. A compressed clip's grain is
    under-read: by 10 to 20 % at x264's CRF 10, where confidence is .3 to .7, and by half at CRF 24 (below .2).
    Before compression, sigma was found within 5 % (rms over luma) on six clips, real and generated."""

    sigma: tuple[tuple[float, float], ...]
    chroma: float | None
    confidence: float
    blocks: int


@dataclass(frozen=True, eq=False)
class Blocks:
    """What the blocks of one pair of frames say, n of them, in 8-bit codes and codes squared.

    luma: (n,) mean; changing: (n,) variance of one frame's grain; chroma: (n,) the same, mean of Cb and Cr,
    or NaN; tally: (n, 3, LUMA_BINS): for the
    pixels of each luma, how many, the sum of their luma, the sum of their grain squared.
    frame: the second frame's number; held, tried: how many blocks were the very same in both, of how many.
    """

    frame: int
    luma: Array
    changing: Array
    chroma: Array
    tally: Array
    held: int
    tried: int


@measure("grain", version=1, gives=Grain, after=("cuts",))
class GrainMeasure(Measure):
    def __init__(self, footage: Footage) -> None:
        self._length = footage.length
        self._every = max(1, footage.length // MOST_PAIRS)
        self._next = 1
        self._pairs: list[Blocks] = []
        self._same = True

    def see(self, step: Step) -> None:
        if step.before is None or step.frame.number < self._next:
            return
        if step.frame.luma.shape != step.before.luma.shape or step.frame.same_as(step.before):
            return  # a held frame: the next pair is tried instead
        self._same = False
        self._pairs.append(compare(step.before, step.frame))
        few = len(self._pairs[-1].luma) < ENOUGH / PAIRS
        self._next = step.frame.number + self._every * (1 if few else MOST_PAIRS // PAIRS)

    def found(self, known: Known) -> Grain | Unmeasured:
        if self._length < 2:
            return Unmeasured("one frame does not tell grain from texture")
        if self._same:
            return Unmeasured("frozen: every frame looked at repeats the one before it")
        cuts = known.get("cuts")
        starts = cuts.frames if isinstance(cuts, Cuts) else ()
        return grain_of([pair for pair in self._pairs if pair.frame not in starts])


def grain_of(pairs: list[Blocks]) -> Grain | Unmeasured:
    """The grain that the blocks of pairs of frames agree on."""
    if sum(len(pair.luma) for pair in pairs) < LEAST_BLOCKS:
        return Unmeasured(_why_so_few(pairs))
    luma, changing, chroma, tally = (
        np.concatenate([getattr(pair, name) for pair in pairs])
        for name in ("luma", "changing", "chroma", "tally")
    )
    chosen = _chosen(luma, changing)
    curve = _curve(tally[chosen])
    if not curve:
        return Unmeasured(f"fewer than {LEAST_IN_BIN} blocks of any one luma hold still enough")
    of_pair = np.repeat(np.arange(len(pairs)), [len(pair.luma) for pair in pairs])[chosen]
    relative = changing[chosen] / np.interp(luma[chosen], *_squared(curve)).clip(1e-6)
    held = sum(pair.held for pair in pairs) / sum(pair.tried for pair in pairs)
    confidence = min(1.0, len(chosen) / ENOUGH) ** 0.5 * (1 - held) * _agreement(relative, of_pair)
    return Grain(curve, _chroma(chroma[chosen], changing[chosen]), confidence, len(chosen))


def _why_so_few(pairs: list[Blocks]) -> str:
    if sum(pair.held for pair in pairs) > sum(pair.tried for pair in pairs) / 2:
        return (
            "most of the picture is repeated from frame to frame: its grain, if any, is frozen by the codec"
        )
    return "too little of the picture moves by whole pixels or stands still"


def _chosen(luma: Array, variance: Array) -> Array:
    """Which blocks hold grain and little else, judged among those of their own luma."""
    which = _bin_of(luma)
    found = [np.flatnonzero(which == one) for one in range(LUMA_BINS)]
    purest = [here[_purest(variance[here])] for here in found if len(here) >= LEAST_IN_BIN]
    return np.concatenate(purest) if purest else np.zeros(0, np.intp)


def _bin_of(luma: Array) -> Array:
    return np.minimum(luma * (LUMA_BINS / 256), LUMA_BINS - 1).astype(np.intp)


def _curve(tally: Array) -> tuple[tuple[float, float], ...]:
    """(luma, sigma) where enough pixels were. Grain goes by the luma of its own pixel: in a block of black
    and white, grain that is strongest in greys is weak, and its mean luma would say it is strong (-10 %)."""
    count, luma, energy = tally.sum(0)
    enough = count >= LEAST_IN_BIN * BLOCK**2
    return tuple(
        (float(y / n) / 255, float(np.sqrt(e / n)))
        for n, y, e in zip(count[enough], luma[enough], energy[enough], strict=True)
    )


def _purest(variance: Array) -> Array:
    """The blocks around the lowest crowd of variances: whatever else is in a block only adds to it."""
    centre = float(np.quantile(variance, 0.2))
    inside = np.ones(len(variance), bool)
    for _ in range(4):
        inside = (variance >= 0.5 * centre) & (variance <= 1.6 * centre)
        if not inside.any():
            return np.zeros(0, np.intp)
        centre = float(np.median(variance[inside]))
    return np.flatnonzero(inside)


def _squared(curve: tuple[tuple[float, float], ...]) -> tuple[Array, Array]:
    """(8-bit luma, variance) of a curve."""
    luma, sigma = np.array(curve).T
    return luma * 255, sigma**2


def _agreement(relative: Array, of_pair: Array) -> float:
    """How alike pairs of frames find the grain, 0..1. relative: each chosen block's variance over the
    curve's; of_pair: whose it is."""
    counts = np.bincount(of_pair)
    strong = np.flatnonzero(counts >= LEAST_IN_BIN)
    if len(strong) < LEAST_PAIRS:
        return 0.5
    levels = np.sqrt([np.median(relative[of_pair == pair]) for pair in strong])
    apart = float(levels.std() / levels.mean()) if levels.any() else 0.0
    return 1 / (1 + (apart / APART) ** 2)


def _chroma(chroma: Array, changing: Array) -> float | None:
    known = np.isfinite(chroma)
    total = float(changing[known].sum())
    return float(np.sqrt(chroma[known].sum() / total)) if total > 0 else None


def compare(a: Frame, b: Frame) -> Blocks:
    """What is to be learned of grain from two frames of the same size."""
    places, shifts = _steady_blocks(a, b)
    old = _cut(a.luma, places, BLOCK) / a.unit
    new = _cut(b.luma, places + shifts, BLOCK) / b.unit
    held = (old == new).mean((1, 2)) > HELD
    lowest, highest = np.minimum(old, new).min((1, 2)), np.maximum(old, new).max((1, 2))
    whole = ~held & (lowest > CLIPPED[0]) & (highest < CLIPPED[1])
    change = (new[whole] - old[whole]) / np.sqrt(2)
    even = _even(change)
    kept = np.flatnonzero(whole)[even]
    rounding = ROUNDING / a.unit**2
    grain = _about_surface(change[even]) - rounding
    return Blocks(
        frame=b.number,
        luma=(old[kept] + new[kept]).mean((1, 2)) / 2,
        changing=grain.mean((1, 2)).clip(0),
        chroma=(_chroma_change(a, b, places[kept], shifts[kept]) - rounding).clip(0),
        tally=_tally((old[kept] + new[kept]) / 2, grain),
        held=int(held.sum()),
        tried=len(places),
    )


def _tally(luma: Array, energy: Array) -> Array:
    """(n, 3, LUMA_BINS) of blocks of luma and of grain squared, (n, BLOCK, BLOCK) each."""
    from scipy.ndimage import uniform_filter

    # Averaged over 3 x 3: grain must not decide by itself which luma it is counted under.
    luma = uniform_filter(luma, (0, 3, 3))
    place = (_bin_of(luma) + LUMA_BINS * np.arange(len(luma))[:, None, None]).ravel()
    weights = (None, luma.ravel(), energy.ravel())
    bins = len(luma) * LUMA_BINS
    return np.stack(
        [np.bincount(place, one, minlength=bins).reshape(len(luma), LUMA_BINS) for one in weights], 1
    )


def _steady_blocks(a: Frame, b: Frame) -> tuple[Array, Array]:
    """(places, shifts), (n, 2) int each, y then x: blocks of `a` that moved as one by whole pixels into `b`."""
    motion, scale = _motion(a, b)
    side = BLOCK // scale
    rows, columns = motion.shape[0] // side, motion.shape[1] // side
    if rows < 1 or columns < 1:
        return np.zeros((0, 2), np.intp), np.zeros((0, 2), np.intp)
    parts = motion[: rows * side, : columns * side].reshape(rows, side, columns, side, 2)
    parts = parts.transpose(0, 2, 1, 3, 4).reshape(rows * columns, side * side, 2) * scale
    middle, spread = np.median(parts, axis=1), parts.std(axis=1)
    shifts = np.rint(middle).astype(np.intp)[:, ::-1]
    places = np.stack(np.divmod(np.arange(rows * columns), columns), 1) * BLOCK
    target = places + shifts
    limits = np.array(b.luma.shape) - BLOCK
    steady = (np.abs(middle - np.rint(middle)) < OFF_GRID).all(1) & (spread < MOTION_SPREAD).all(1)
    good = np.flatnonzero(steady & (target >= 0).all(1) & (target <= limits).all(1))
    good = good[:: -(-len(good) // MOST_BLOCKS)] if len(good) else good
    return places[good], shifts[good]


def _motion(a: Frame, b: Frame) -> tuple[Array, int]:
    """Motion in a reduced picture, and how many full-size pixels one of its pixels is across."""
    import cv2

    cv2.setNumThreads(1)
    reduced = [smaller(frame.luma, MOTION_SIDE) for frame in (a, b)]
    scale = a.luma.shape[1] // reduced[0].shape[1]
    eight_bit = [np.rint(plane / np.float32(a.unit)).astype(np.uint8) for plane in reduced]
    soft = [cv2.GaussianBlur(plane, (0, 0), BLUR / min(scale, 2)) for plane in eight_bit]
    if min(soft[0].shape) < BLOCK:
        return np.zeros((0, 0, 2), np.float32), scale
    search = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    return np.asarray(search.calc(soft[0], soft[1], None)), scale


def _cut(plane: Array, places: Array, side: int) -> Array:
    """The blocks at places, (n, side, side) float32, in codes."""
    every = np.lib.stride_tricks.sliding_window_view(plane, (side, side))
    return every[places[:, 0], places[:, 1]].astype(np.float32)


def _even(change: Array) -> Array:
    """Where a block's change is as strong in one part as in another."""
    parts = change.reshape(len(change), BLOCK // SUB, SUB, BLOCK // SUB, SUB)
    spreads = parts.var((2, 4)).reshape(len(change), (BLOCK // SUB) ** 2)
    return np.flatnonzero(spreads.max(1) <= UNEVEN * (np.median(spreads, 1) + 1e-6))


def _about_surface(blocks: Array) -> Array:
    """Squares of what a quadratic surface fitted to each block leaves of it, (n, side, side).

    The surface takes the slowest part of the grain with it: 3 % of sigma for a film's grain, much more
    than its 6 degrees of freedom in 1024. What it took is judged by the next four modes, the cubic ones,
    of all blocks together, and given back.
    """
    side = blocks.shape[1]
    flat = blocks.reshape(len(blocks), side * side)
    slow = flat @ _modes(side)
    rest = flat - slow[:, :SURFACE] @ _modes(side)[:, :SURFACE].T
    squares = rest**2
    left = float(squares.sum(dtype=np.float64))
    taken = SURFACE * float((slow[:, SURFACE:] ** 2).sum(dtype=np.float64)) / (slow.shape[1] - SURFACE)
    return squares.reshape(blocks.shape) * ((left + taken) / left if left else 1.0)


@cache
def _modes(side: int) -> Array:
    """An orthonormal basis of surfaces over a block, (side * side, 10) float32: SURFACE quadratic ones, then
    the cubic ones."""
    y, x = (np.mgrid[0:side, 0:side] / side - 0.5).reshape(2, -1)
    powers = [(i, n - i) for n in range(4) for i in range(n + 1)]
    return np.linalg.qr(np.stack([x**i * y**j for i, j in powers], 1))[0].astype(np.float32)


def _chroma_change(a: Frame, b: Frame, places: Array, shifts: Array) -> Array:
    """Variance of one frame's grain in Cb and Cr, their mean; NaN where it cannot be laid over itself."""
    out = np.full(len(places), np.nan)
    if not a.chroma:
        return out
    across = round(a.luma.shape[1] / a.chroma[0].shape[1])
    down = round(a.luma.shape[0] / a.chroma[0].shape[0])
    side = BLOCK // max(across, down)
    ratio = np.array([down, across])
    fits = np.flatnonzero((shifts % ratio == 0).all(1))
    old, new = places[fits] // ratio, (places[fits] + shifts[fits]) // ratio
    variances = [
        _about_surface((_cut(q, new, side) - _cut(p, old, side)) / np.float32(a.unit * np.sqrt(2))).mean(
            (1, 2)
        )
        for p, q in zip(a.chroma, b.chroma, strict=True)
    ]
    out[fits] = np.mean(variances, axis=0)
    return out
