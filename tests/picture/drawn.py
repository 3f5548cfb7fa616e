"""Shared by tests of layers: a frame to draw on, and what was drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from post.errors import JobError
from post.stage import LayerStage, Raster
from post.stage_knobs import make
from post.values import Format
from post.values.array import Array


@dataclass
class Frame:
    y: Array
    cb: Array
    cr: Array


def box(raster: Raster) -> tuple[int, int, int, int]:
    """Returns left, top, right, bottom of what is drawn."""
    rows, columns = (np.flatnonzero((raster.rgba[..., 3] > 0).any(axis)) for axis in (1, 0))
    return (
        raster.left + int(columns[0]), raster.top + int(rows[0]),
        raster.left + int(columns[-1]) + 1, raster.top + int(rows[-1]) + 1,
    )  # fmt: skip


def drawn_or_said(name: str, knobs: dict[str, object], canvas: Format) -> tuple[LayerStage, Raster] | str:
    """Returns a layer and what it draws, or the text of its error."""
    try:
        made = make(name, knobs)
        assert isinstance(made, LayerStage)
        return made, made.draw(canvas)
    except JobError as fault:
        return str(fault)
