"""Measures how strong grain is at each luma, from the difference of two frames that show the same thing.

Texture stays out of it; it is what a measure of single frames reads 29 % too much from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.measure.cuts import Cuts
from post.measure.fact import ClipLength, Known, Measure, Unmeasured, measure
from post.measure.frames import Frame, Step
from post.measure.grain.blocks import BLOCK, LUMA_BINS, Blocks, ChromaGrain, bin_of, compare
from post.measure.grain.spectrum import NODES, Table, table_of
from post.measure.grain.surface import survival
from post.measure.grain.temporal_grain import LEAST_REPEATED, repeated_grain
from post.values.array import Array
from post.values.colour import Range

PAIRS, MOST_PAIRS = 6, 12  # looked at; where they hold few blocks, up to twice as many
LEAST_IN_BIN, LEAST_BLOCKS = 12, 48
ENOUGH = 600  # blocks from which more add nothing to confidence
LEAST_PAIRS, TOO_FEW_TO_AGREE = 3, 0.3  # pairs that can be said to agree; trust where there are fewer
# Pairs of frames whose strengths scatter by this (standard deviation over mean) are trusted by half. Before
# compression they scatter by .002 to .009; after x264 at CRF 10 by .01 to .03 (a tenth to a fifth of the
# grain is lost), at 16 by .02 to .045 (a fifth to a third), at 24 by .04 and more.
APART = 0.02


TRIPLES = 3  # pairs whose next frame is looked at too, for what grain repeats


@dataclass(frozen=True, slots=True)
class MeasuredGrain:
    """The grain of a clip.

    sigma: (luma, standard deviation in 8-bit codes) at rising luma, as a share (0..1) of the highest
    code; chroma: strength in Cb and Cr over luma's, None for grey clips; confidence: 0..1; blocks: how
    many it rests on.

    lines: the picture's height, to which the spectra belong, and range: how its codes are to be read.
    spectrum: 9 rows by 9 columns, frequency down by frequency across, 0 to half a cycle a pixel: decibels
    over white noise of the same strength. chroma_spectrum: the same of Cb and Cr, by cycles a sample of
    4:2:0 chroma: finer chroma is averaged to that before it is measured. with_luma: correlation (-1..1) of
    Cb and of Cr with luma's grain; temporal: of a frame's grain with the next frame's. No stage makes such
    grain: they are for whoever reads a clip's facts, and nothing is decided by them. Each None where too
    little of the picture tells.

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
    lines: int
    range: Range
    spectrum: Table
    chroma_spectrum: Table | None
    with_luma: tuple[float, float] | None
    temporal: float | None


@measure("grain", version=2, gives=MeasuredGrain, after=("cuts",))
class GrainMeasure(Measure):
    def __init__(self, footage: ClipLength) -> None:
        self._length = footage.length
        self._every = max(1, footage.length // MOST_PAIRS)
        self._next = 1
        self._pairs: list[Blocks] = []
        self._triples: list[tuple[int, Array]] = []
        self._same, self._small = True, False
        self._last: Frame | None = None

    def see(self, step: Step) -> None:
        self._small = min(step.frame.luma.shape) < BLOCK
        self._last = step.frame
        if step.before is None or self._small or step.frame.luma.shape != step.before.luma.shape:
            return
        wanted, follows = step.frame.number >= self._next, self._follows(step)
        if not (wanted or follows) or step.frame.same_as(step.before):
            return  # where a frame is held, the next pair is tried instead
        found = compare(step.before, step.frame)
        if follows:
            self._triples.append((step.frame.number, repeated_grain(self._pairs[-1], found)))
        if wanted:
            self._same = False
            self._take(found)

    def _follows(self, step: Step) -> bool:
        """Returns whether this pair begins where the last used pair ends, and a triple is still needed."""
        return (
            bool(self._pairs)
            and self._pairs[-1].frame == step.frame.number - 1
            and len(self._triples) < TRIPLES
        )

    def _take(self, found: Blocks) -> None:
        if self._pairs:
            self._pairs[-1] = self._pairs[-1].without_samples()
        self._pairs.append(found)
        few = len(found.luma) < ENOUGH / PAIRS
        self._next = found.frame + self._every * (1 if few else MOST_PAIRS // PAIRS)

    def found(self, known: Known) -> MeasuredGrain | Unmeasured:
        if self._length < 2:
            return Unmeasured("one frame does not tell grain from texture")
        if self._small:
            return Unmeasured(f"grain is measured in blocks of {BLOCK} pixels, and the picture is smaller")
        if self._same or self._last is None:
            return Unmeasured("frozen: every frame looked at repeats the one before it")
        cuts = known.get("cuts")
        starts = cuts.frames if isinstance(cuts, Cuts) else ()
        pairs = [pair for pair in self._pairs if pair.frame not in starts]
        triples = [sums for frame, sums in self._triples if not {frame, frame - 1} & set(starts)]
        return measure_grain(pairs, triples, self._last)


def measure_grain(pairs: list[Blocks], triples: list[Array], like: Frame) -> MeasuredGrain | Unmeasured:
    """Returns the grain that the blocks of pairs of frames agree on.

    triples: results of `repeated_grain` for three frames each; like: any frame of the clip.
    """
    if sum(len(pair.luma) for pair in pairs) < LEAST_BLOCKS:
        return Unmeasured(_why_so_few(pairs))
    luma, changing, tally, power, sure = (
        np.concatenate([getattr(pair, name) for pair in pairs])
        for name in ("luma", "changing", "tally", "power", "sure")
    )
    chosen = _chosen(luma, changing, sure)
    curve = _curve(tally[chosen])
    if not curve:
        return Unmeasured(f"fewer than {LEAST_IN_BIN} blocks of any one luma hold still enough")
    of_pair = np.repeat(np.arange(len(pairs)), [len(pair.luma) for pair in pairs])[chosen]
    expected = np.interp(luma[chosen], *_squared(curve)).clip(1e-6)
    relative = changing[chosen] / expected
    held = sum(pair.held for pair in pairs) / sum(pair.tried for pair in pairs)
    confidence = min(1.0, len(chosen) / ENOUGH) ** 0.5 * (1 - held) * _agreement(relative, of_pair)
    confidence *= (1 + float(sure[chosen].mean())) / 2
    colour = _colour_of(pairs, chosen)
    return MeasuredGrain(
        sigma=curve,
        chroma=_chroma(colour, changing[chosen]),
        confidence=confidence,
        blocks=len(chosen),
        lines=like.luma.shape[0],
        range=like.range,
        spectrum=table_of((power[chosen] / expected[:, None, None]).mean(0), survival(BLOCK)),
        chroma_spectrum=_chroma_spectrum(colour, expected),
        with_luma=_with_luma(colour),
        temporal=_temporal(triples),
    )


def _why_so_few(pairs: list[Blocks]) -> str:
    if sum(pair.held for pair in pairs) > sum(pair.tried for pair in pairs) / 2:
        return (
            "most of the picture is repeated from frame to frame: its grain, if any, is frozen by the codec"
        )
    return "too little of the picture moves by whole pixels or stands still"


def _chosen(luma: Array, variance: Array, sure: Array) -> Array:
    """Returns which blocks hold grain and little else, judged among those of the same luma.

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
    """Returns (luma, sigma) where there are enough pixels.

    Grain is counted at the luma of its own pixel: in a block of black and white, grain that is strongest in greys
    is weak, and counting at the mean luma of the block reads 10 % too little.
    """
    count, luma, energy = tally.sum(0)
    enough = count >= LEAST_IN_BIN * BLOCK**2
    return tuple(
        (float(y / n) / 255, float(np.sqrt(max(e / n, 0.0))))
        for n, y, e in zip(count[enough], luma[enough], energy[enough], strict=True)
    )


def _purest(variance: Array) -> Array:
    """Returns the blocks around the lowest cluster of variances: anything else in a block only adds to it."""
    centre = float(np.quantile(variance, 0.2))
    inside = np.ones(len(variance), bool)
    for _ in range(4):
        inside = (variance >= 0.5 * centre) & (variance <= 1.6 * centre)
        if not inside.any():
            return np.zeros(0, np.intp)
        centre = float(np.median(variance[inside]))
    return np.flatnonzero(inside)


def _squared(curve: tuple[tuple[float, float], ...]) -> tuple[Array, Array]:
    """Returns (8-bit luma, variance) of a curve."""
    luma, sigma = np.array(curve).T
    return luma * 255, sigma**2


def _agreement(relative: Array, of_pair: Array) -> float:
    """Returns how well pairs of frames agree on the grain, 0..1. relative: variance of each chosen block over that of
    the curve; of_pair: the pair of each block."""
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


def _colour_of(pairs: list[Blocks], chosen: Array) -> ChromaGrain | None:
    """Returns the chroma grain of the chosen blocks, or None if it cannot be measured."""
    colours = [pair.colour for pair in pairs]
    if any(colour is None for colour in colours):
        return None
    joined = ChromaGrain(*(
        np.concatenate([getattr(colour, name) for colour in colours])[chosen] for name in ChromaGrain.__slots__
    ))  # fmt: skip
    return joined if np.isfinite(joined.luma).any() else None


def _chroma(colour: ChromaGrain | None, changing: Array) -> float | None:
    if colour is None:
        return None
    known = np.isfinite(colour.luma)
    total = float(changing[known].sum())
    return float(np.sqrt(colour.energy[known].mean(1).sum().clip(0) / total)) if total > 0 else None


def _chroma_spectrum(colour: ChromaGrain | None, expected: Array) -> Table | None:
    if colour is None or colour.power.shape[1] < NODES:
        return None
    known = np.isfinite(colour.luma)
    power = (colour.power[known] / expected[known, None, None]).mean(0)
    if known.sum() < LEAST_BLOCKS or power.mean() <= 0:
        return None
    return table_of(power, survival(2 * (power.shape[0] - 1)))


def _with_luma(colour: ChromaGrain | None) -> tuple[float, float] | None:
    if colour is None:
        return None
    known = np.isfinite(colour.luma)
    own, luma = colour.energy[known].sum(0), colour.luma[known].sum()
    if known.sum() < LEAST_BLOCKS or min(*own, luma) <= 0:
        return None
    cb, cr = np.clip(colour.with_luma[known].sum(0) / np.sqrt(own * luma), -1, 1)
    return float(cb), float(cr)


def _temporal(triples: list[Array]) -> float | None:
    """Returns the correlation of the grain of one frame with the next, if it decays exponentially.

    Two changes in a row share a frame: without correlation they correlate by -1/2, with r by -(1 - r) / 2.
    """
    count, shared, alone = np.sum(triples, axis=0) if triples else (0, 0.0, 0.0)
    if count < LEAST_REPEATED or alone <= 0:
        return None
    return float(np.clip(1 + 2 * shared / alone, -1, 1))
