"""Fits what the ten parameters leave as a smooth table, where many pixels show the same thing."""

from __future__ import annotations

from functools import cache

import numpy as np

from post.picture.colour.match import NODES, cell_corners
from post.values.array import Array

# What one squared unit of each is worth, in squared signal of the pixels' mean error. Tuned on the fit half
# of the benchmark's scenes, 2026-11-21; flat within a factor of 3 either way.
BEND, SIZE, CURVE_BEND, CURVE_SIZE = 3e-4, 1e-4, 3e-5, 1e-3
SOFT = 0.02  # signal: an error beyond this counts by its size
ROUNDS = 3


def fit_residual(source: Array, left: Array, weight: Array) -> Array:
    """Returns a (NODES, NODES, NODES, 3) table of what is `left`, (n, 3) signal, at `source`, (n, 3) R'G'B'.

    weight: (n,), sums to 1. The table is a sum of curves, one for each channel in and out, and of a free
    part: curves hold where there are no pixels.
    """
    design = _design(source)
    found = np.zeros((design.shape[1], 3))
    for _ in range(ROUNDS):
        error = np.linalg.norm(left - design @ found, axis=1)
        each = (weight / np.maximum(1, error / SOFT))[:, None]
        found = np.linalg.solve(design.T @ (design * each) + _held(), design.T @ (each * left))
    table = found[: NODES**3].reshape(NODES, NODES, NODES, 3)
    for axis, curve in enumerate(found[NODES**3 :].reshape(3, NODES, 3)):
        table = table + curve.reshape(*(NODES if each == axis else 1 for each in range(3)), 3)
    return np.asarray(table)


def _design(source: Array) -> Array:
    """Returns (n, NODES ** 3 + 3 * NODES): the weight of each node of table and curves in a colour."""
    node, share = cell_corners(source, NODES)
    places = [NODES**3 + axis * NODES + (node // NODES ** (2 - axis)) % NODES for axis in range(3)]
    design = np.zeros((len(source), NODES**3 + 3 * NODES))
    rows = np.arange(len(source))[:, None]
    for columns in (node, *places):
        np.add.at(design, (rows, columns), share)
    return design


@cache
def _held() -> Array:
    """Returns the penalty on bending and on size, (columns, columns)."""
    bend = np.diff(np.eye(NODES), 2, axis=0)
    bend, one, nodes = bend.T @ bend, np.eye(NODES), NODES**3
    held = np.zeros((nodes + 3 * NODES, nodes + 3 * NODES))
    cube = [np.kron(np.kron(a, b), c) for a, b, c in ((bend, one, one), (one, bend, one), (one, one, bend))]
    held[:nodes, :nodes] = BEND * np.sum(cube, axis=0) + SIZE * np.eye(nodes)
    curves = np.kron(np.eye(3), CURVE_BEND * bend + CURVE_SIZE * one)
    held[nodes:, nodes:] = curves
    return held
