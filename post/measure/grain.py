"""Grain: how strong it is at each luma, by what two frames that show the same thing differ by.

Texture stays out of it; it is what a measure of single frames reads 29 % too much from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.measure.blocks import BLOCK, LUMA_BINS, Blocks, bin_of, compare
from post.measure.cuts import Cuts
from post.measure.fact import Footage, Known, Measure, Unmeasured, measure
from post.measure.frames import Step
from post.stage import Array

PAIRS, MOST_PAIRS = 6, 12  # looked at; where they hold few blocks, up to twice as many
LEAST_IN_BIN, LEAST_BLOCKS = 12, 48
ENOUGH = 600  # blocks from which more add nothing to confidence
LEAST_PAIRS, TOO_FEW_TO_AGREE = 3, 0.3  # pairs that can be said to agree; trust where there are fewer
# Pairs of frames whose strengths scatter by this (standard deviation over mean) are trusted by half. Before
# compression they scatter by .002 to .009; after x264 at CRF 10 by .01 to .03 (a tenth to a fifth of the
# grain is lost), at 16 by .02 to .045 (a fifth to a third), at 24 by .04 and more.
APART = 0.02


@dataclass(frozen=True, slots=True)
class Grain:
    """sigma: (luma, standard deviation in 8-bit codes) at rising luma, as a share (0..1) of the highest
    code; chroma: strength in Cb and Cr over luma's, None for grey clips; confidence: 0..1; blocks: how
    many it rests on.

    Confidence falls with few blocks, with blocks that the codec repeated instead of coding them, with blocks
    where motion was not to be found, and where frames disagree: a codec spends more on some frames than on
    others. A compressed clip's grain is under-read: by 10 to 20 % at x264's CRF 10, where confidence is .4 to
    .8, and by half at CRF 24 (below .2). Before compression, sigma was within .6 to 4.5 % of the truth (rms
    over luma) on seven clips, real and generated.
    """

    sigma: tuple[tuple[float, float], ...]
    chroma: float | None
    confidence: float
    blocks: int


@measure("grain", version=1, gives=Grain, after=("cuts",))
class GrainMeasure(Measure):
    def __init__(self, footage: Footage) -> None:
        self._length = footage.length
        self._every = max(1, footage.length // MOST_PAIRS)
        self._next = 1
        self._pairs: list[Blocks] = []
        self._same, self._small = True, False

    def see(self, step: Step) -> None:
        self._small = min(step.frame.luma.shape) < BLOCK
        if step.before is None or step.frame.number < self._next:
            return
        if self._small or step.frame.luma.shape != step.before.luma.shape or step.frame.same_as(step.before):
            return  # where a frame is held, the next pair is tried instead
        self._same = False
        self._pairs.append(compare(step.before, step.frame))
        few = len(self._pairs[-1].luma) < ENOUGH / PAIRS
        self._next = step.frame.number + self._every * (1 if few else MOST_PAIRS // PAIRS)

    def found(self, known: Known) -> Grain | Unmeasured:
        if self._length < 2:
            return Unmeasured("one frame does not tell grain from texture")
        if self._small:
            return Unmeasured(f"grain is measured in blocks of {BLOCK} pixels, and the picture is smaller")
        if self._same:
            return Unmeasured("frozen: every frame looked at repeats the one before it")
        cuts = known.get("cuts")
        starts = cuts.frames if isinstance(cuts, Cuts) else ()
        return grain_of([pair for pair in self._pairs if pair.frame not in starts])


def grain_of(pairs: list[Blocks]) -> Grain | Unmeasured:
    """The grain that the blocks of pairs of frames agree on."""
    if sum(len(pair.luma) for pair in pairs) < LEAST_BLOCKS:
        return Unmeasured(_why_so_few(pairs))
    luma, changing, chroma, tally, sure = (
        np.concatenate([getattr(pair, name) for pair in pairs])
        for name in ("luma", "changing", "chroma", "tally", "sure")
    )
    chosen = _chosen(luma, changing, sure)
    curve = _curve(tally[chosen])
    if not curve:
        return Unmeasured(f"fewer than {LEAST_IN_BIN} blocks of any one luma hold still enough")
    of_pair = np.repeat(np.arange(len(pairs)), [len(pair.luma) for pair in pairs])[chosen]
    relative = changing[chosen] / np.interp(luma[chosen], *_squared(curve)).clip(1e-6)
    held = sum(pair.held for pair in pairs) / sum(pair.tried for pair in pairs)
    confidence = min(1.0, len(chosen) / ENOUGH) ** 0.5 * (1 - held) * _agreement(relative, of_pair)
    confidence *= (1 + float(sure[chosen].mean())) / 2
    return Grain(curve, _chroma(chroma[chosen], changing[chosen]), confidence, len(chosen))


def _why_so_few(pairs: list[Blocks]) -> str:
    if sum(pair.held for pair in pairs) > sum(pair.tried for pair in pairs) / 2:
        return (
            "most of the picture is repeated from frame to frame: its grain, if any, is frozen by the codec"
        )
    return "too little of the picture moves by whole pixels or stands still"


def _chosen(luma: Array, variance: Array, sure: Array) -> Array:
    """Which blocks hold grain and little else, judged among those of their own luma.

    Blocks of unsure motion only where there are too few others: they read 3 to 15 % too much.
    """
    which = bin_of(luma)
    chosen = [np.zeros(0, np.intp)]
    for one in range(LUMA_BINS):
        here = np.flatnonzero(which == one)
        known = here[sure[here]]
        if len(known) >= LEAST_IN_BIN:
            here = known
        if len(here) >= LEAST_IN_BIN:
            chosen.append(here[_purest(variance[here])])
    return np.concatenate(chosen)


def _curve(tally: Array) -> tuple[tuple[float, float], ...]:
    """(luma, sigma) where enough pixels were. Grain goes by the luma of its own pixel: in a block of black
    and white, grain that is strongest in greys is weak, and its mean luma would say it is strong (-10 %)."""
    count, luma, energy = tally.sum(0)
    enough = count >= LEAST_IN_BIN * BLOCK**2
    return tuple(
        (float(y / n) / 255, float(np.sqrt(max(e / n, 0.0))))
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
    parts = [relative[of_pair == pair] for pair in np.flatnonzero(np.bincount(of_pair) >= LEAST_IN_BIN)]
    if len(parts) < LEAST_PAIRS:
        return TOO_FEW_TO_AGREE
    levels = np.sqrt([part.mean() for part in parts])
    if not levels.all():
        return 0.0
    # What a few blocks scatter by themselves, as a share of sigma (half a variance's), is no disagreement.
    chance = np.mean([part.var() / part.mean() ** 2 / 4 / len(part) for part in parts])
    apart = max(0.0, float((levels.std() / levels.mean()) ** 2 - chance))
    return float(1 / (1 + apart / APART**2))


def _chroma(chroma: Array, changing: Array) -> float | None:
    known = np.isfinite(chroma)
    total = float(changing[known].sum())
    return float(np.sqrt(chroma[known].sum() / total)) if total > 0 else None
