"""Noise that flows: random, smooth in the frame and in time, the same on every machine."""

from __future__ import annotations

import numpy as np

from post.picture.kernel.fixed_point import row_hash
from post.values.array import Array

TOP = np.float32(1 << 32)


def random_numbers(count: int, seed: int) -> Array:
    """Returns `count` numbers, float32, 0 up to 1, evenly spread, that depend on the seed alone."""
    return np.asarray(row_hash(np.arange(count), seed * 0x9E3779B1) / TOP, np.float32)


def soft_noise(size: tuple[int, int], cells: tuple[int, int], time: float, seed: int) -> Array:
    """Returns smooth noise: size (rows, columns) float32, about 0..1.

    cells: how many random values there are down and across; time: it becomes another pattern with every step of 1,
    and flows from one to the next.
    """
    import cv2

    step = int(np.floor(time))
    part = np.float32(time - step)
    part = part * part * (3 - 2 * part)
    rows, columns = cells[0] + 1, cells[1] + 1
    first, last = (
        random_numbers(rows * columns, seed + 7919 * (step + k)).reshape(rows, columns) for k in (0, 1)
    )
    values = first + (last - first) * part
    return np.asarray(cv2.resize(values, (size[1], size[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def layered_noise(size: tuple[int, int], cells: tuple[int, int], time: float, seed: int) -> Array:
    """Returns smooth noise of three sizes, each finer and weaker than the one before: float32, about 0..1."""
    total = np.zeros(size, np.float32)
    for octave, weight in enumerate((0.57, 0.29, 0.14)):
        finer = (cells[0] << octave, cells[1] << octave)
        total += np.float32(weight) * soft_noise(size, finer, time * (1 + octave / 2), seed + 101 * octave)
    return total
