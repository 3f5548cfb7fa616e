"""Lays a layer over the picture's own R'G'B', in its box: for the blend modes that need the colour below."""

from __future__ import annotations

import numpy as np

from post.picture.blend.modes import blended
from post.picture.blend.plane_overlays import STEPS, sited
from post.picture.kernel import chroma_at_full_size
from post.stage import Pose, Raster
from post.values.array import Array
from post.values.colour import Format
from post.values.ycbcr import chroma_reach, code_range, rgb_of, rgb_weights

Three = tuple[Array, Array, Array]


def mix_in(planes: Three, raster: Raster, canvas: Format, pose: Pose) -> None:
    """Blends a layer into planes of Y', Cb and Cr, in place, in its blend mode.

    The change of each pixel's colour is added to the codes, its chroma filtered as `sited` does: where alpha is 0, the
    bits stay as they are.
    """
    steps = STEPS[canvas.chroma]
    box = _box(planes, raster, pose, steps)
    if box is None:
        return
    (first, last), (start, end) = box
    rows, columns = slice(first * steps[1], last * steps[1]), slice(start * steps[0], end * steps[0])
    views = planes[0][rows, columns], planes[1][first:last, start:end], planes[2][first:last, start:end]
    height, width = views[0].shape
    left, top = raster.left + pose.dx - columns.start, raster.top + pose.dy - rows.start
    colour, alpha = _placed(raster, left, top, height, width)
    below = _rgb(views, canvas)
    change = blended(raster.blend, below, colour, alpha * np.float32(pose.opacity))
    _add(views, change, canvas, steps)


def _box(
    planes: Three, raster: Raster, pose: Pose, steps: tuple[int, int]
) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Returns the rows and columns of chroma that the layer reaches, with one more on each side to enlarge from; None
    where it lies outside the frame."""
    (height, width), (rows, columns) = raster.rgba.shape[:2], planes[1].shape
    left, top = raster.left + pose.dx, raster.top + pose.dy
    if left >= planes[0].shape[1] or top >= planes[0].shape[0] or left + width <= 0 or top + height <= 0:
        return None
    down = max(top // steps[1] - 1, 0), min(-(-(top + height) // steps[1]) + 1, rows)
    across = max(left // steps[0] - 1, 0), min(-(-(left + width) // steps[0]) + 1, columns)
    return down, across


def _placed(raster: Raster, left: int, top: int, height: int, width: int) -> tuple[Array, Array]:
    """Returns the layer's straight colours, (3, height, width), and its alpha, on a sheet of that size."""
    sheet = np.zeros((4, height, width), np.float32)
    rows = slice(max(top, 0), min(top + raster.rgba.shape[0], height))
    columns = slice(max(left, 0), min(left + raster.rgba.shape[1], width))
    part = raster.rgba[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    sheet[:, rows, columns] = np.moveaxis(part, -1, 0)
    np.clip(sheet, 0, 1, out=sheet)
    if raster.premultiplied:
        np.divide(sheet[:3], sheet[3], out=sheet[:3], where=sheet[3] > 0)
        np.minimum(sheet[:3], 1, out=sheet[:3])
    return sheet[:3], sheet[3]


def _rgb(views: Three, canvas: Format) -> Array:
    codes = code_range(canvas.colour.range, canvas.depth)
    y = (views[0].astype(np.float32) - np.float32(codes.black)) / np.float32(codes.luma)
    chroma = (
        (v.astype(np.float32) - np.float32(codes.neutral)) / np.float32(codes.chroma) for v in views[1:]
    )
    cb, cr = (chroma_at_full_size(c, canvas.chroma) for c in chroma)
    return np.asarray(np.clip(np.stack(rgb_of(y, cb, cr, canvas.colour)), 0, 1))


def _add(views: Three, change: Array, canvas: Format, steps: tuple[int, int]) -> None:
    codes = code_range(canvas.colour.range, canvas.depth)
    weights = [np.float32(weight) for weight in rgb_weights(canvas.colour)]
    luma = change[0] * weights[0] + change[1] * weights[1] + change[2] * weights[2]
    changes = [luma * np.float32(codes.luma)]
    for part, reach in zip((change[2], change[0]), chroma_reach(canvas.colour), strict=True):
        changes.append(sited((part - luma) * np.float32(codes.chroma / reach), steps, at_edge=True))
    for view, step in zip(views, changes, strict=True):
        np.copyto(view, np.clip(np.rint(view + step), 0, 2**canvas.depth - 1), casting="unsafe")
