"""Moves, turns, scales and bends pictures, with chroma on its own site and no sliver beyond an edge."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from post.picture.transitions.tools.mixing import chroma_step
from post.stage import Planes16
from post.values.array import Array

Beyond = Literal["mirror", "edge"]  # what is seen beyond the picture: itself mirrored, or its last samples
Quality = Literal["linear", "cubic"]


def shift(dx: float, dy: float) -> Array:
    """Returns the (3, 3) matrix that moves a picture right by dx and down by dy luma samples."""
    return np.array([[1.0, 0.0, -dx], [0.0, 1.0, -dy], [0.0, 0.0, 1.0]])


def turn_and_scale(degrees: float, scale: float, centre: tuple[float, float]) -> Array:
    """Returns the (3, 3) matrix that turns a picture clockwise and enlarges it about a point (x, y)."""
    x, y = centre
    angle = np.radians(degrees)
    cos, sin = np.cos(angle) / scale, np.sin(angle) / scale
    return np.array([[cos, sin, x - cos * x - sin * y], [-sin, cos, y + sin * x - cos * y], [0.0, 0.0, 1.0]])


def middle(planes: Planes16) -> tuple[float, float]:
    """Returns the middle of a picture, (x, y) in luma samples."""
    height, width = planes[0].shape
    return (width - 1) / 2, (height - 1) / 2


def warp(planes: Planes16, matrix: Array, beyond: Beyond = "mirror", quality: Quality = "cubic") -> Planes16:
    """Returns the picture moved. matrix: (3, 3), from a place in the result to one in the picture, luma samples."""
    import cv2

    y, cb, cr = (
        np.asarray(
            cv2.warpAffine(
                np.ascontiguousarray(plane),
                _for_plane(matrix, plane is not planes[0], planes)[:2],
                (plane.shape[1], plane.shape[0]),
                flags=(cv2.INTER_CUBIC if quality == "cubic" else cv2.INTER_LINEAR) | cv2.WARP_INVERSE_MAP,
                borderMode=cv2.BORDER_REFLECT if beyond == "mirror" else cv2.BORDER_REPLICATE,
            )
        )
        for plane in planes
    )
    return y, cb, cr


def _for_plane(matrix: Array, is_chroma: bool, planes: Planes16) -> Array:
    """Returns the matrix between places of one plane. Chroma sample (i, j) lies at luma (2 i, 2 j + 1/2) with 4:2:0."""
    if not is_chroma:
        return matrix
    across, down = chroma_step(planes)
    site = np.array([[across, 0.0, 0.0], [0.0, down, (down - 1) / 2], [0.0, 0.0, 1.0]])
    return np.asarray(np.linalg.inv(site) @ matrix @ site)


COARSE = 8  # luma samples between two places at which a smooth displacement is computed


def displace(
    planes: Planes16, move: Callable[[Array, Array], tuple[Array, Array]], beyond: Beyond = "mirror"
) -> Planes16:
    """Returns the picture bent. move: for places (x, y), float32 luma samples, how far away each takes its sample from.

    The displacement is to be smooth: it is computed at every eighth sample.
    """
    height, width = planes[0].shape
    rows, columns = -(-height // COARSE) + 1, -(-width // COARSE) + 1
    x, y = np.meshgrid(
        np.arange(columns, dtype=np.float32) * COARSE, np.arange(rows, dtype=np.float32) * COARSE
    )
    return displace_by(planes, move(x, y), beyond)


def displace_by(planes: Planes16, moves: tuple[Array, Array], beyond: Beyond = "mirror") -> Planes16:
    """Returns the picture bent. moves: (dx, dy) float32 luma samples, at every COARSE-th sample from the first on."""
    import cv2

    across, down = chroma_step(planes)
    maps = {
        False: _plane_maps(moves, planes[0].shape, (1.0, 1.0, 0.0)),
        True: _plane_maps(moves, planes[1].shape, (across, down, (down - 1) / 2)),
    }
    border = cv2.BORDER_REFLECT if beyond == "mirror" else cv2.BORDER_REPLICATE
    y, cb, cr = (
        np.asarray(
            cv2.remap(
                np.ascontiguousarray(plane),
                *maps[plane is not planes[0]],
                cv2.INTER_LINEAR,
                borderMode=border,
            )
        )
        for plane in planes
    )
    return y, cb, cr


def _plane_maps(
    moves: tuple[Array, Array], shape: tuple[int, ...], site: tuple[float, float, float]
) -> tuple[Array, Array]:
    """Returns where each sample of a plane is taken from, float32 samples of that plane.

    site: luma columns and rows to a sample, and the luma row of the first one.
    """
    import cv2

    across, down, first = site
    height, width = shape
    to_coarse = np.array([[across / COARSE, 0, 0], [0, down / COARSE, first / COARSE]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    dx, dy = (
        np.asarray(
            cv2.warpAffine(
                move.astype(np.float32),
                to_coarse,
                (width, height),
                flags=flags,
                borderMode=cv2.BORDER_REPLICATE,
            ),
            np.float32,
        )
        for move in moves
    )
    x, y = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)[:, None]
    return dx * np.float32(1 / across) + x, dy * np.float32(1 / down) + y
