"""Rounds off the flat tops of clipped sound."""

from __future__ import annotations

import numpy as np

from post.values.array import Array

SHORTEST = 3  # samples in a row at the same extreme
LONGEST_S = 0.0005  # of a flat top that is rounded: what was there beyond it cannot be known
QUIETEST = 0.1  # extremes below -20 dBFS are no converter's limit
LEAST = 0.01  # the top that a curve would have above the flat one; a low tone's own top is flat within a step
HEAVY_PC = 1.0  # of samples on flat tops: more cannot be mended
ABREAST = 8  # samples are compared side by side, which is faster
ROUNDEST = 2.0  # the most that a rounded top may rise to, over the flat one


def declipped(pcm: Array, rate_hz: int) -> tuple[Array, str]:
    """Returns sound with short flat tops rounded by cubics, and what was done; the same array and "" if it has none.

    pcm: (samples, channels) float. Tops are at the highest or the lowest sample of a channel. They rise over it: the
    mix holds more than full scale, and its limiter brings it down. Sound of which more than 1 % is flat is left.
    """
    tops = _all_tops(pcm)
    if not any(len(found) for _, _, found in tops):
        return pcm, ""
    flat_pc = _share_pc(tops, pcm)
    if flat_pc > HEAVY_PC:
        return pcm, f"heavily clipped, {flat_pc:.1f} % of its samples at their limit: left as it is"
    mended, rounded = pcm.copy(), 0
    for channel, _, found in tops:
        for first, stop in found[found[:, 1] - found[:, 0] <= LONGEST_S * rate_hz]:
            _round(mended[:, channel], int(first), int(stop))
            rounded += 1
    left = sum(len(found) for *_, found in tops) - rounded
    if not rounded:
        return pcm, f"clipped for longer than {1000 * LONGEST_S:g} ms at {_places(left)}: left as it is"
    return mended, f"clipped at {_places(rounded)}: rounded" + (f"; {left} longer ones left" if left else "")


def clipped_pc(pcm: Array) -> float:
    """Returns how many samples of a sound lie on flat tops, in percent. pcm: (samples, channels) float."""
    return _share_pc(_all_tops(pcm), pcm)


def flat_tops(pcm: Array) -> list[tuple[int, int, int]]:
    """Returns the flat tops of a sound in order, as (first sample, the one after the last, channel).

    pcm: (samples, channels) float.
    """
    tops = ((int(first), int(stop), channel) for channel, _, found in _all_tops(pcm) for first, stop in found)
    return sorted(tops)


def _all_tops(pcm: Array) -> list[tuple[int, int, Array]]:
    """Returns (channel, sign, its flat tops on that side) for both sides of each channel."""
    return [
        (channel, sign, _tops(pcm[:, channel], float(extreme), sign))
        for sign, extremes in zip((1, -1), _extremes(pcm), strict=True)
        for channel, extreme in enumerate(extremes)
    ]


def _share_pc(tops: list[tuple[int, int, Array]], pcm: Array) -> float:
    return 100 * sum(int((found[:, 1] - found[:, 0]).sum()) for *_, found in tops) / max(pcm.size, 1)


def _extremes(pcm: Array) -> tuple[Array, Array]:
    """Returns the highest and the lowest sample of each channel, 0 of no sound."""
    channels, side_by_side = pcm.shape[1], len(pcm) // ABREAST * ABREAST
    rows, rest = pcm[:side_by_side].reshape(-1, ABREAST * channels), pcm[side_by_side:]
    highest = rows.max(axis=0, initial=0).reshape(ABREAST, channels).max(axis=0)
    lowest = rows.min(axis=0, initial=0).reshape(ABREAST, channels).min(axis=0)
    return np.maximum(highest, rest.max(axis=0, initial=0)), np.minimum(lowest, rest.min(axis=0, initial=0))


def _places(count: int) -> str:
    return f"{count} place" if count == 1 else f"{count} places"


def _tops(sound: Array, extreme: float, sign: int) -> Array:
    """Returns the flat tops of one channel, (tops, 2): the first sample of each and the one after the last."""
    if sign * extreme < QUIETEST:
        return np.zeros((0, 2), np.intp)
    places = np.flatnonzero(sound == extreme)
    starts = np.flatnonzero(np.diff(places, prepend=-2) > 1)
    runs = np.stack([places[starts], places[np.append(starts[1:], len(places)) - 1] + 1], axis=1)
    runs = runs[(runs[:, 1] - runs[:, 0] >= SHORTEST) & (runs[:, 0] >= 2) & (runs[:, 1] <= len(sound) - 2)]
    return np.asarray(runs[_rises(sound, runs, sign) >= LEAST])


def _rises(sound: Array, runs: Array, sign: int) -> Array:
    """Returns how far a cubic through the slopes beside flat tops would rise above them."""
    into, out = _slopes(sound, runs[:, 0], runs[:, 1])
    return np.asarray(sign * (into - out) * (runs[:, 1] - runs[:, 0] + 1) / 8)


def _slopes(sound: Array, first: Array, stop: Array) -> tuple[Array, Array]:
    """Returns the slope at the sample before a top and at the one after it, per sample."""
    return np.asarray(sound[first - 1] - sound[first - 2]), np.asarray(sound[stop + 1] - sound[stop])


def _round(sound: Array, first: int, stop: int) -> None:
    """Replaces a flat top by the cubic that goes on with the slopes beside it, and is never below it."""
    into, out = (float(slope) for slope in _slopes(sound, np.array(first), np.array(stop)))
    start, end, span = float(sound[first - 1]), float(sound[stop]), stop - first + 1
    t = np.arange(1, span) / span
    curve = (
        (2 * t**3 - 3 * t**2 + 1) * start
        + (t**3 - 2 * t**2 + t) * span * into
        + (3 * t**2 - 2 * t**3) * end
        + (t**3 - t**2) * span * out
    )
    flat = float(sound[first])
    low, high = sorted((flat, flat * ROUNDEST))
    sound[first:stop] = np.clip(curve, low, high)
