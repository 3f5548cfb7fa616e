"""Moves a window along one axis of a take: where it keeps most of what counts, with as little motion as that takes.

Two steps, both exact and alike on every machine. First, over all ways on a grid of places and times at once, the way
whose losses and travels together are least (dynamic programming): it stands still unless moving keeps enough more. Then
that way is drawn smoothly by four running means of one length, a B-spline of third degree, which passes no place that
the way does not, keeps a stand still, and bounds the jerk: the means are made longer until it is below MOST_JERK.

Sources: M. Grundmann et al., "Auto-Directed Video Stabilization with Robust L1 Optimal Camera Paths", CVPR 2011, of
which the least travel is the first term; Google's AutoFlip, 2020.
"""

from __future__ import annotations

import numpy as np

from post.values.array import Array

PLACES = 96  # of a window, from one end to the other
# What a travel of one window's width costs, in looks that lose the whole subject.
TRAVEL = 0.6
WORTH_MOVING = 0.03  # of all that counts: a move that keeps less more than the best stand still is not made
FASTEST = 3.0  # window widths a second
MOST_JERK = 60.0  # window widths/s^3: a pan of one width in a second that starts and ends gently has 60
# Seconds of one running mean; a move begins and ends gently over four.
SHORTEST_MEAN_S, LONGEST_MEAN_S, LONGER = 0.1, 0.6, 1.15
MEANS = 4


def choose_way(losses: Array, reach: float, window: float, rate: float) -> Array:
    """Returns where the window starts at each look, (looks,) float64, 0..reach.

    losses: (looks, PLACES), of a window at each of the places that lie evenly from 0 to `reach`, 0..1; reach, window:
    in shares of the picture; rate: looks a second.
    """
    looks, places = losses.shape
    at = np.linspace(0, reach, places)
    still = losses.mean(axis=0)
    away = np.abs(at[:, None] - at[None]) / window
    price = np.where(away <= FASTEST / rate, TRAVEL * away, np.inf)
    best, ways = losses[0].astype(np.float64), np.zeros((looks, places), np.int64)
    for look in range(1, looks):
        total = best[:, None] + price
        ways[look] = total.argmin(axis=0)
        best = total[ways[look], np.arange(places)] + losses[look]
    place = int(best.argmin())
    found = [place]
    for look in range(looks - 1, 0, -1):
        place = int(ways[look, place])
        found.append(place)
    way = np.array(found[::-1])
    gained = float(still.min() - losses[np.arange(looks), way].mean())
    return np.asarray(at[way]) if gained > WORTH_MOVING else np.full(looks, at[int(still.argmin())])


def draw_smoothly(way: Array, window: float, rate: float) -> Array:
    """Returns the way with a jerk of MOST_JERK at most. way: where the window starts in each frame; rate: frames a
    second. A shot too short for that stands at the middle of its way."""
    if not np.ptp(way):
        return way
    mean_s = SHORTEST_MEAN_S
    while mean_s <= LONGEST_MEAN_S:
        drawn = _running_means(way, max(1, round(mean_s * rate)))
        if most_jerk(drawn, window, rate) <= MOST_JERK:
            return drawn
        mean_s *= LONGER
    return np.full_like(way, np.median(way))


def most_jerk(way: Array, window: float, rate: float) -> float:
    """Returns the largest jerk of a way, in window widths/s^3, as third differences of its frames have it."""
    if len(way) < 4:
        return 0.0
    return float(np.abs(np.diff(way, 3)).max()) * rate**3 / window


def _running_means(way: Array, frames: int) -> Array:
    """Returns the way after MEANS running means; before its start and after its end it stands still."""
    kernel = np.ones(1)
    for _ in range(MEANS):
        kernel = np.convolve(kernel, np.ones(frames) / frames)
    kernel = kernel[1:] if len(kernel) % 2 == 0 else kernel  # centred on a frame
    kernel = kernel / kernel.sum()
    reach = len(kernel) // 2
    padded = np.pad(way, reach, mode="edge")
    return np.asarray(np.convolve(padded, kernel, "valid"))
