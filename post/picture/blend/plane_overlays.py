"""Turns a drawn layer into what each plane of the film keeps and gets, for the blend mode `normal`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from post.stage import FlatRaster, Raster
from post.values.array import Array
from post.values.colour import Format
from post.values.ycbcr import CodeRange, chroma_of_rgb, chroma_reach, code_range, luma_of, rgb_weights

STEPS = {"420": (2, 2), "422": (2, 1), "444": (1, 1)}  # luma samples across, down, for each chroma sample
Three = tuple[Array, Array, Array]


@dataclass(frozen=True, slots=True)
class PlaneOverlay:
    """One plane's part of a layer, float32. keep: share of the picture that stays; ink: codes times alpha;
    left, top: of its first sample, in the plane's own samples."""

    keep: Array
    ink: Array
    left: int
    top: int


@dataclass(frozen=True, slots=True)
class _Grid:
    """The luma samples that a layer and its chroma reach: whole chroma samples, from `left` and `top`.

    rows, columns: where the layer's own pixels lie in it; at_edge: whether its first column is the film's.
    """

    left: int
    top: int
    height: int
    width: int
    rows: slice
    columns: slice
    at_edge: bool

    def filled(self, sheet: Array) -> Array:
        """Returns a layer's sheet in this grid, 0 around it: itself where it fills the grid."""
        if sheet.shape == (self.height, self.width) and sheet.dtype == np.float32:
            return sheet
        out = np.zeros((self.height, self.width), np.float32)
        out[self.rows, self.columns] = sheet
        return out


def overlay_planes(
    drawn: Raster | FlatRaster, canvas: Format, phase: tuple[int, int], *, at_edge: bool = False
) -> tuple[PlaneOverlay, PlaneOverlay, PlaneOverlay]:
    """Returns Y, Cb and Cr of a layer that is moved by `phase`, (0 or 1, 0 or 1).

    at_edge: whether its first column is the film's, where the chroma filter repeats it.
    """
    steps = STEPS[canvas.chroma]
    if isinstance(drawn, FlatRaster):
        grid = _grid(drawn.left + phase[0], drawn.top + phase[1], drawn.alphas[0].shape, steps, at_edge)
        luma, chroma = _flat_inks(drawn, canvas, grid, steps)
    else:
        grid = _grid(drawn.left + phase[0], drawn.top + phase[1], drawn.rgba.shape[:2], steps, at_edge)
        luma, chroma = _inks(drawn, canvas, grid, steps)
    (keep, y), (thin_keep, cb, cr) = luma, chroma
    left, top = grid.left // steps[0], grid.top // steps[1]
    return (
        PlaneOverlay(keep, y, grid.left, grid.top),
        PlaneOverlay(thin_keep, cb, left, top),
        PlaneOverlay(thin_keep, cr, left, top),
    )


def _grid(left: int, top: int, shape: tuple[int, ...], steps: tuple[int, int], at_edge: bool) -> _Grid:
    # The filter of the chroma sample at x reads x-1, x and x+1.
    start, end = left - left % steps[0], left + shape[1] + (1 if steps[0] == 2 else 0)
    roof, foot = top - top % steps[1], top + shape[0]
    end, foot = end + end % steps[0], foot + foot % steps[1]
    rows = slice(top - roof, top - roof + shape[0])
    columns = slice(left - start, left - start + shape[1])
    return _Grid(start, roof, foot - roof, end - start, rows, columns, at_edge)


def _inks(
    raster: Raster, canvas: Format, grid: _Grid, steps: tuple[int, int]
) -> tuple[tuple[Array, Array], Three]:
    """Returns what luma keeps and gets; what chroma keeps, and what Cb and Cr get."""
    alpha = grid.filled(np.clip(raster.rgba[..., 3], 0, 1))

    def ink(colour: Array) -> Array:
        sheet = np.maximum(grid.filled(colour), 0)
        np.minimum(sheet, alpha if raster.premultiplied else 1, out=sheet)
        return sheet if raster.premultiplied else np.multiply(sheet, alpha, out=sheet)

    red, green, blue = (ink(raster.rgba[..., i]) for i in range(3))
    codes, weights = _codes(canvas), [np.float32(weight) for weight in rgb_weights(canvas.colour)]
    luma = red * weights[0] + green * weights[1] + blue * weights[2]
    highest = np.float32(2**canvas.depth - 1)

    def chroma(sheet: Array, reach: float) -> Array:
        ink = (sheet - luma) * np.float32(codes.chroma / reach) + alpha * np.float32(codes.neutral)
        # In full range, pure blue and pure red come half a code above the highest code.
        return sited(np.minimum(ink, alpha * highest), steps, grid.at_edge)

    to_blue, to_red = chroma_reach(canvas.colour)
    cb, cr, thin = chroma(blue, to_blue), chroma(red, to_red), sited(alpha, steps, grid.at_edge)
    y = luma * np.float32(codes.luma) + alpha * np.float32(codes.black)
    return (np.float32(1) - alpha, y), (np.float32(1) - thin, cb, cr)


def _flat_inks(
    flat: FlatRaster, canvas: Format, grid: _Grid, steps: tuple[int, int]
) -> tuple[tuple[Array, Array], Three]:
    """Returns what `_inks` does, from a few colours: each is multiplied once, and only shares are filtered."""
    shares, keep = _shares([grid.filled(alpha) for alpha in flat.alphas])
    thin = [sited(share, steps, grid.at_edge) for share in shares]
    y, cb, cr = zip(*(_colour_codes(colour, canvas) for colour in flat.colours), strict=True)
    cb_ink = _sum(thin, cb)
    cr_ink = cb_ink if cb == cr else _sum(thin, cr)
    thin_keep = np.float32(1) - _sum(thin, [np.float32(1)] * len(thin))
    return (keep, _sum(shares, y)), (thin_keep, cb_ink, cr_ink)


def _shares(alphas: list[Array]) -> tuple[list[Array], Array]:
    """Returns how much of each colour is seen, lowest first, and of the picture: what those above leave of each."""
    left, shares = np.float32(1) - alphas[-1], [alphas[-1]]
    for alpha in reversed(alphas[:-1]):
        share = alpha * left
        np.subtract(left, share, out=left)
        shares.insert(0, share)
    return shares, left


def _sum(sheets: Sequence[Array], factors: Sequence[np.float32]) -> Array:
    total = sheets[0] * factors[0]
    for sheet, factor in zip(sheets[1:], factors[1:], strict=True):
        total += sheet * factor
    return total


def _codes(canvas: Format) -> CodeRange:
    return code_range(canvas.colour.range, canvas.depth)


def _colour_codes(
    rgb: tuple[float, float, float], canvas: Format
) -> tuple[np.float32, np.float32, np.float32]:
    """Returns display-encoded R'G'B' as codes, not rounded. Source: BT.709-6 item 3, BT.2100 table 9."""
    codes, colour = _codes(canvas), np.clip(np.array(rgb, np.float64), 0, 1)
    luma = luma_of(colour, canvas.colour)
    cb, cr = (
        np.float32(min(float(c) * codes.chroma + codes.neutral, 2**canvas.depth - 1))
        for c in chroma_of_rgb(colour, luma, canvas.colour)
    )
    return np.float32(float(luma) * codes.luma + codes.black), cb, cr


def sited(sheet: Array, steps: tuple[int, int], at_edge: bool = False) -> Array:
    """Returns a full-size sheet filtered onto the chroma samples: 1 2 1 across (co-sited), 1 1 down (midway)."""
    across, down = steps
    if down == 2:
        sheet = (sheet[0::2] + sheet[1::2]) * np.float32(0.5)
    if across == 1:
        return sheet
    level, after = sheet[:, 0::2] * np.float32(0.5), sheet[:, 1::2] * np.float32(0.25)
    level += after
    level[:, 1:] += after[:, :-1]
    if at_edge:
        level[:, 0] += sheet[:, 0] * np.float32(0.25)
    return level
