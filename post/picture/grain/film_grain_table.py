"""AV1 film grain: a grain as a table in the bitstream, which the decoder lays over clean picture.

A decoder runs white noise through an auto-regressive filter once, cuts blocks from what comes out, and
scales them by the luma under them. Source: AV1 Bitstream & Decoding Process Specification, 5.9.30, 6.8.20
and 7.18.3; the text form is libaom's `filmgrn1`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from post.errors import JobError
from post.picture.grain.grain import Grain
from post.picture.kernel.noise import hash_frame
from post.values.array import Array
from post.values.time import Clock

LAG = 3
# What a sample is predicted from: the rows above, then what is to its left, as the bitstream orders them.
TAPS = tuple((y, x) for y in range(-LAG, 1) for x in range(-LAG, LAG + 1) if y < 0 or x < 0)
SIDE = 64
TICKS_HZ = 10_000_000  # a table's times
END_OF_TIME = 2**63 - 1
SEED_STEP = 3381
BLOCK_HEIGHT, BLOCK_WIDTH = 73, 82  # the field that blocks are cut from
WHITE = 32.0  # standard deviation of its white noise, in 8-bit codes
LOUDEST = 42.0  # of the filtered field: 3 of them reach the 127 it is clipped to
MOST_POINTS, MOST_CHROMA_POINTS = 14, 10
AR_SHIFTS, SCALING_SHIFTS = (9, 8, 7, 6), (11, 10, 9, 8)
MOST_GAIN_SHIFT = 3
LOUDEST_SCALE = 255
FINE = 64  # scale of the strongest grain below which 8 bits of it are too coarse (1 %)
# Shares of the variance taken as white noise, so that the filter's numbers stay small. The least that fits is used.
RIDGES = (1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 0.3)
GRAIN_SEEDS = 7  # the salt of the film's first seed
# Chroma's grain follows the luma beside it, as baked grain's does: 7.18.3.5, with its offsets.
BY_LUMA = "128 192 256"


@dataclass(frozen=True, slots=True)
class GrainFilter:
    """An auto-regressive filter: numbers by TAPS, over 2**shift; gain: of white noise's deviation."""

    numbers: tuple[int, ...]
    shift: int
    gain: float


@dataclass(frozen=True, slots=True)
class GrainTable:
    """Film grain parameters for every frame of a film, but for its seed.

    gain_shift: by how many bits the white noise is made weaker; points: (8-bit luma, scale 0..255) of luma
    and of each chroma plane, over 2**scaling_shift.
    """

    luma: GrainFilter
    colour: GrainFilter
    gain_shift: int
    scaling_shift: int
    points: tuple[tuple[int, int], ...]
    colour_points: tuple[tuple[int, int], ...]
    seed: int

    def seed_at(self, frame: int) -> int:
        """Returns the table's seed at a frame, 1..65535. frame: its seed, of which a shot's rise by one.

        libaom uses a table's seed for the first frame only, and adds SEED_STEP for each frame that it codes. So no
        seed is used twice within 65536 frames of a shot, across segments too.
        """
        stream, number = divmod(frame, 65536)
        return (hash_frame(stream, self.seed, GRAIN_SEEDS) + SEED_STEP * number) % 65536 or SEED_STEP

    def parameters(self) -> str:
        """Returns the parameters as the lines of a table file."""
        head = f"{LAG} {self.luma.shift} {self.gain_shift} {self.scaling_shift} 0 1 {BY_LUMA} {BY_LUMA}"
        luma, colour = (" ".join(map(str, each.numbers)) for each in (self.luma, self.colour))
        return (
            f"\tp {head}\n\tsY {_written(self.points)}\n"
            f"\tsCb {_written(self.colour_points)}\n\tsCr {_written(self.colour_points)}\n"
            f"\tcY {luma}\n\tcCb {colour} 0\n\tcCr {colour} 0\n"
        )


def write_grain_tables(tables: Sequence[GrainTable], clock: Clock, seeds: Sequence[int]) -> str:
    """Returns a segment's table file, as libaom reads it. tables, seeds: one for each frame."""
    frames = zip(tables, seeds, strict=True)
    changes = [0, *(n for n, (a, b) in enumerate(pairwise(frames), 1) if a != (b[0], b[1] - 1))]
    # Half a frame early, so that it does not matter how anybody rounds ticks.
    edges = [0, *(round((2 * n - 1) * TICKS_HZ / clock.rate / 2) for n in changes[1:]), END_OF_TIME]
    entries = (
        f"E {start} {stop} 1 {tables[n].seed_at(seeds[n])} 1\n{tables[n].parameters()}"
        for n, (start, stop) in zip(changes, pairwise(edges), strict=True)
    )
    return "filmgrn1\n" + "".join(entries)


def make_grain_table(grain: Grain, frame_height: int) -> GrainTable:
    """Returns the table for 4:2:0 frames of a height. Raises JobError where AV1 cannot hold such a grain."""
    squares = (grain.square(SIDE, frame_height), grain.colour_square(SIDE, frame_height // 2))
    shift = min(_shift_for(square) for square in squares)
    luma, colour = (_filter(square, shift) for square in squares)
    strongest = float(grain.sigma(np.arange(256) / 255).max())
    loudest = max(strongest / luma.gain, grain.chroma * strongest / colour.gain)
    gain_shift, scaling_shift = _loudness(max(luma.gain, colour.gain), loudest, grain.strength)
    lumas, chromas = (
        np.rint(np.linspace(0, 255, count)).astype(int) for count in (MOST_POINTS, MOST_CHROMA_POINTS)
    )
    scaled = 2.0**scaling_shift / (WHITE / 2**gain_shift)
    return GrainTable(
        luma=luma,
        colour=colour,
        gain_shift=gain_shift,
        scaling_shift=scaling_shift,
        points=_points(lumas, grain.sigma(lumas / 255) * scaled / luma.gain),
        colour_points=_points(chromas, grain.chroma * grain.sigma(chromas / 255) * scaled / colour.gain),
        seed=grain.seed,
    )


def _points(lumas: Array, scales: Array) -> tuple[tuple[int, int], ...]:
    """Returns (8-bit luma, scale) points; none, so no grain in the plane, where every scale is 0."""
    whole = np.clip(np.rint(scales), 0, 255).astype(int)
    return tuple(zip(lumas.tolist(), whole.tolist(), strict=True)) if whole.any() else ()


def _written(points: tuple[tuple[int, int], ...]) -> str:
    return " ".join([str(len(points)), *(f"{luma} {scale}" for luma, scale in points)])


def _loudness(gain: float, loudest: float, strength: float) -> tuple[int, int]:
    """Returns (gain shift, scaling shift), so that the field is not clipped and scales are as fine as 8 bits allow.

    gain: the larger gain of the two filters; loudest: the deviation to scale the white noise to, in codes, for a
    grain of `strength`.
    """
    gain_shift = 0
    while WHITE * gain / 2**gain_shift > LOUDEST and gain_shift < MOST_GAIN_SHIFT:
        gain_shift += 1
    while _scale(gain_shift, SCALING_SHIFTS[0], loudest) < FINE and gain_shift < MOST_GAIN_SHIFT:
        gain_shift += 1
    # Clipping one sample in 200 (2.6 deviations) is better than no table.
    least = max(0, gain_shift - 1)
    for gains in (gain_shift, least):
        for shift in SCALING_SHIFTS:
            if _scale(gains, shift, loudest) <= LOUDEST_SCALE:
                return gains, shift
    fits = strength * LOUDEST_SCALE / _scale(least, SCALING_SHIFTS[-1], loudest)
    # Rounded down, so that the strength the message names fits.
    raise _too_much("strength", f"up to {np.floor(fits * 100) / 100:g}", f"{strength:g}")


def _scale(gain_shift: int, scaling_shift: int, loudest: float) -> float:
    return loudest * 2.0 ** (scaling_shift + gain_shift) / WHITE


def _shift_for(square: Array) -> int:
    """Returns the most fraction bits at which every number of a spectrum's filter fits in 8 bits."""
    for shift in AR_SHIFTS:
        if _fits(square, shift) is not None:
            return shift
    raise _too_much("size", f"a grain that a filter with a reach of {LAG} pixels makes", "a coarser one")


def _filter(square: Array, shift: int) -> GrainFilter:
    fitting = _fits(square, shift)
    assert fitting is not None  # what fits with more fraction bits also fits with fewer
    return fitting


def _fits(square: Array, shift: int) -> GrainFilter | None:
    """Returns the closest stable filter with `shift` fraction bits; None where none fits."""
    correlation = np.fft.ifft2(square).real
    for ridge in RIDGES[: 1 if shift > AR_SHIFTS[-1] else None]:
        numbers = np.rint(_yule_walker(correlation, ridge) * 2**shift).astype(int)
        if abs(numbers).max() > 127:
            continue
        gain = _gain(numbers / 2**shift)
        if gain is not None:
            return GrainFilter(tuple(numbers.tolist()), shift, gain)
    return None


def _yule_walker(correlation: Array, ridge: float) -> Array:
    """Returns the predictor of a field, by TAPS, from its autocorrelation on a torus."""
    at = np.array(TAPS)
    between = at[:, None] - at[None]
    known = correlation[between[..., 0], between[..., 1]] + ridge * correlation[0, 0] * np.eye(len(at))
    return np.asarray(np.linalg.solve(known, correlation[at[:, 0], at[:, 1]]))


def _gain(weights: Array) -> float | None:
    """Returns the deviation of unit white noise after the filter, from the filter's impulse response.

    None where the response does not die away within the block.
    """
    response = np.zeros((BLOCK_HEIGHT, BLOCK_WIDTH + 2 * LAG))
    reach = (2 * LAG + 1) * LAG
    for y in range(LAG, BLOCK_HEIGHT):
        for x in range(LAG, BLOCK_WIDTH + LAG):
            above = response[y - LAG : y, x - LAG : x + LAG + 1].ravel() @ weights[:reach]
            beside = response[y, x - LAG : x] @ weights[reach:]
            response[y, x] = above + beside + (y == LAG and x == BLOCK_WIDTH // 2)
    energy = response**2
    whole = float(energy.sum())
    if not np.isfinite(whole) or energy[-BLOCK_HEIGHT // 3 :].sum() > 0.01 * whole:
        return None
    return float(np.sqrt(whole))


def _too_much(what: str, expected: str, got: str) -> JobError:
    return JobError(
        "more than an AV1 film grain table holds",
        where=f"grain.{what}",
        expected=expected,
        got=got,
        fix="ask for less, or bake the grain: `picture: {film_grain: baked}`",
    )
